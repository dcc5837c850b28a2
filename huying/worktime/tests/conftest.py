"""Every test here starts with an empty calendar and ends with nothing kept."""

from collections.abc import Iterator

import pytest

from huying.worktime import queries
from huying.worktime.models import CalendarDay, CalendarYear, WorkSchedule


@pytest.fixture(autouse=True)
def empty_calendar(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take the sample city's calendar away (inside the test's transaction) and forget what is kept."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        for model in (CalendarDay, CalendarYear, WorkSchedule):
            model.objects.all().delete()
    queries.clear()
    yield
    queries.clear()
