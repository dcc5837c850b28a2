"""Fixtures for every test; huying/config/testing.py, a plugin, has seen to the environment before."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases

from tests.city import Desk, load


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_keepdb: bool, django_db_createdb: bool
) -> None:
    """The sample city is loaded once and kept; every test runs in a transaction on top of it.

    In place of the plugin's own, which makes no database when only tests without its marks were chosen: those would
    work on the database that the settings name.
    """
    with django_db_blocker.unblock():
        setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb and not django_db_createdb)
        load()


@pytest.fixture(autouse=True)
def fresh_reference() -> None:
    """Nothing kept in the process from one test's transaction to the next."""
    from huying.matters import queries as matters
    from huying.worktime import queries as worktime

    matters.clear()
    worktime.clear()


@pytest.fixture
def desk(db: None) -> Desk:
    """Signed-in accounts over HTTP."""
    return Desk(Client)


@pytest.fixture(scope="session")
def copied_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of a second database like the tests' own, for what must be seen committed: history cannot be taken back."""
    name = f"{connection.settings_dict['NAME']}_committed"
    with django_db_blocker.unblock():
        connection.close()  # a database with visitors cannot be copied
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{connection.settings_dict["NAME"]}"')
        yield name
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def committed_city(copied_city: str, django_db_blocker: Any) -> Iterator[None]:
    """This test works on the copy, where transactions really end; orders of the tests before are there."""
    with django_db_blocker.unblock():
        connection.close()
        own, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], copied_city
        yield
        connection.close()
        connection.settings_dict["NAME"] = own
