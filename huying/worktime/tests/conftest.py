"""Every test here starts and ends without kept calendars."""

from collections.abc import Iterator

import pytest

from huying.worktime import queries


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Forget the calendar before and after."""
    queries.clear()
    yield
    queries.clear()
