"""工作日历 reads: right, and free of SQL while they are fresh."""

from datetime import date, time

import pytest
from pytest_django import DjangoAssertNumQueries

from huying.kernel.errors import NotFound
from huying.worktime import queries, rules
from huying.worktime.models import CalendarDay, CalendarYear, WorkSchedule

pytestmark = pytest.mark.django_db


def test_calendar_holds_the_rows() -> None:
    CalendarDay.objects.create(on=date(2026, 2, 17), kind="holiday", name="春节")
    CalendarDay.objects.create(on=date(2026, 2, 14), kind="workday", name="春节调休")
    CalendarYear.objects.create(year=2026, source="通知", confirmed=True)
    CalendarYear.objects.create(year=2027, source="文件导入", confirmed=False)
    calendar = queries.calendar()
    assert calendar == rules.Calendar(frozenset({date(2026, 2, 17)}), frozenset({date(2026, 2, 14)}), frozenset({2026}))
    # An unchecked year is as unknown as a missing one.
    assert queries.unknown_years(date(2026, 5, 1), date(2028, 5, 1)) == (2027, 2028)


def test_fresh_answers_cost_no_sql(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):
        queries.calendar()
        queries.schedule()
    with django_assert_num_queries(0):
        for _ in range(20):
            queries.calendar()
            queries.schedule("all_day")
            queries.unknown_years(date(2026, 1, 1), date(2026, 1, 1))


def test_old_answers_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1_000.0
    monkeypatch.setattr("huying.worktime.queries.time.monotonic", lambda: moment)
    assert queries.calendar().holidays == frozenset()
    CalendarDay.objects.create(on=date(2026, 2, 17), kind="holiday")
    moment += queries.KEPT_SECONDS
    assert queries.calendar().holidays == frozenset()
    moment += 0.1
    assert queries.calendar().holidays == {date(2026, 2, 17)}


def test_schedules() -> None:
    assert queries.schedule() == rules.STANDARD
    assert queries.schedule("all_day") == rules.ALL_DAY
    WorkSchedule.objects.create(code="summer", name="夏季", blocks=[["08:30", "12:00"], ["15:00", "18:30"]])
    queries.clear()
    assert queries.schedule("summer").blocks[0] == (time(8, 30), time(12))
    with pytest.raises(NotFound) as refused:
        queries.schedule("winter")
    assert refused.value.code == "schedule_not_found"


def test_one_unreadable_schedule_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    WorkSchedule.objects.create(code="broken", name="坏", blocks=[["18:00", "09:00"]])
    assert queries.schedule("standard") == rules.STANDARD
    assert "broken" in caplog.text
    with pytest.raises(NotFound):
        queries.schedule("broken")


def test_warning_looks_ahead_from_november() -> None:
    CalendarYear.objects.create(year=2026, source="通知", confirmed=True)
    assert queries.warning(date(2026, 10, 31)) == ""
    assert "2027年" in queries.warning(date(2026, 11, 1))
    assert "2025年" in queries.warning(date(2025, 3, 1))
