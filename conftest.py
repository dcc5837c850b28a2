"""Where the tests find their database and settings: a cluster of their own below HUYING_HOME, without fsync."""

import os
from pathlib import Path

ROOT = Path(__file__).parent
os.environ.setdefault("HUYING_MODE", "test")
os.environ.setdefault("HUYING_HOME", str(ROOT / ".huying" / "test"))


import pytest  # noqa: E402 - after the environment is set
from django.test import Client  # noqa: E402

from tests.city import Desk, load  # noqa: E402


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """The sample city is loaded once; every test runs in a transaction on top of it."""
    with django_db_blocker.unblock():
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
