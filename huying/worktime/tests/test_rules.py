"""工作日历 rules by hand: examples a clerk can check against a paper calendar."""

import time as clock
from datetime import UTC, date, datetime, time, timedelta

import pytest

from huying.kernel.clock import LOCAL
from huying.worktime import rules
from huying.worktime.rules import ALL_DAY, STANDARD, Calendar, Hours, Span


def days(*ranges: str) -> frozenset[date]:
    """Dates from texts such as ``2026-02-15:9`` (nine days from there)."""
    found: set[date] = set()
    for item in ranges:
        first, _, count = item.partition(":")
        found.update(date.fromisoformat(first) + timedelta(days=n) for n in range(int(count or 1)))
    return frozenset(found)


# Spring Festival 2026: off from 15 to 23 February, worked on Saturday 14 and Saturday 28. National Day: off from
# 1 to 7 October, worked on Sunday 20 September and Saturday 10 October.
YEAR_2026 = Calendar(
    holidays=days("2026-02-15:9", "2026-10-01:7"),
    workdays=days("2026-02-14", "2026-02-28", "2026-09-20", "2026-10-10"),
    known_years=frozenset({2026}),
)
PLAIN = Calendar()


def at(text: str) -> datetime:
    """Beijing time from ``2026-02-13 10:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        # Monday morning, five working days: next Monday evening.
        ("2026-11-23 10:00", 5, "working_days", "2026-11-30 18:00"),
        ("2026-11-23 10:00", 1, "working_days", "2026-11-24 18:00"),
        # Friday evening, Saturday and Sunday all begin to count on Monday.
        ("2026-11-27 20:00", 1, "working_days", "2026-11-30 18:00"),
        ("2026-11-28 08:00", 1, "working_days", "2026-11-30 18:00"),
        ("2026-11-29 23:59", 1, "working_days", "2026-11-30 18:00"),
        # The same day, while there is some of it left.
        ("2026-11-23 10:00", 0, "working_days", "2026-11-23 18:00"),
        ("2026-11-23 18:00", 0, "working_days", "2026-11-23 18:00"),
        ("2026-11-23 18:01", 0, "working_days", "2026-11-24 18:00"),
        ("2026-11-28 10:00", 0, "working_days", "2026-11-30 18:00"),
        # Over Spring Festival: Friday 13 February -> Saturday 14 is worked, then 24, 25, 26, 27.
        ("2026-02-13 10:00", 1, "working_days", "2026-02-14 18:00"),
        ("2026-02-13 10:00", 2, "working_days", "2026-02-24 18:00"),
        ("2026-02-13 10:00", 5, "working_days", "2026-02-27 18:00"),
        ("2026-02-13 10:00", 6, "working_days", "2026-02-28 18:00"),
        ("2026-02-13 10:00", 15, "working_days", "2026-03-12 18:00"),
        ("2026-02-17 12:00", 1, "working_days", "2026-02-24 18:00"),
        # Working hours over lunch, night, weekend, festival.
        ("2026-11-23 11:00", 1, "working_hours", "2026-11-23 12:00"),
        ("2026-11-23 11:00", 2, "working_hours", "2026-11-23 14:00"),
        ("2026-11-23 12:30", 4, "working_hours", "2026-11-23 17:00"),
        ("2026-11-23 16:30", 4, "working_hours", "2026-11-24 11:30"),
        ("2026-11-27 17:00", 4, "working_hours", "2026-11-30 12:00"),
        ("2026-02-14 17:00", 4, "working_hours", "2026-02-24 12:00"),
        ("2026-11-23 06:00", 0, "working_hours", "2026-11-23 09:00"),
        ("2026-11-23 12:00", 0, "working_hours", "2026-11-23 12:00"),
        ("2026-11-28 12:00", 0, "working_hours", "2026-11-30 09:00"),
        ("2026-11-23 09:00", 0.25, "working_hours", "2026-11-23 09:15"),
        # Round the clock: nights and festivals count.
        ("2026-02-16 23:30", 2, "hours", "2026-02-17 01:30"),
        ("2026-02-16 23:30", 24, "hours", "2026-02-17 23:30"),
        ("2026-02-16 23:45", 30, "minutes", "2026-02-17 00:15"),
        ("2026-02-16 23:45", 0, "minutes", "2026-02-16 23:45"),
    ],
)
def test_due(start: str, amount: float, unit: rules.Unit, expected: str) -> None:
    assert rules.due(at(start), Span(amount, unit), YEAR_2026, STANDARD) == at(expected)


def test_due_takes_any_zone_and_answers_in_beijing_time() -> None:
    answer = rules.due(datetime(2026, 11, 22, 18, 30, tzinfo=UTC), Span(1, "working_days"), PLAIN, STANDARD)
    assert answer == at("2026-11-24 18:00")
    assert answer.tzinfo is LOCAL


def test_due_round_the_clock_schedule_ends_at_midnight() -> None:
    assert rules.due(at("2026-11-23 10:00"), Span(1, "working_days"), PLAIN, ALL_DAY) == at("2026-11-25 00:00")
    assert rules.due(at("2026-11-27 23:00"), Span(2, "working_hours"), PLAIN, ALL_DAY) == at("2026-11-30 01:00")
    assert rules.elapsed(at("2026-11-23 10:00"), at("2026-11-25 00:00"), "working_days", PLAIN, ALL_DAY) == 1
    warns = rules.warn_at(at("2026-11-23 23:00"), at("2026-11-26 00:00"), Span(2, "working_days"), PLAIN, ALL_DAY)
    assert warns == at("2026-11-25 00:00")


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        rules.due(datetime(2026, 11, 23), Span(1, "hours"), PLAIN, STANDARD)


@pytest.mark.parametrize("unit", rules.UNITS)
@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf"), 1e12])
def test_absurd_spans_are_refused(amount: float, unit: rules.Unit) -> None:
    with pytest.raises(ValueError, match="时限"):
        Span(amount, unit)


def test_half_working_days_and_unknown_units_are_refused() -> None:
    with pytest.raises(ValueError, match="整数"):
        Span(2.5, "working_days")
    with pytest.raises(ValueError, match="单位"):
        Span(2, "fortnights")  # type: ignore[arg-type] # what a wrong policy row would hold


def test_huge_spans_end() -> None:
    start = at("2026-11-23 10:00")
    assert rules.due(start, Span(3_660, "working_days"), PLAIN, STANDARD).year == 2040
    assert rules.due(start, Span(87_840, "working_hours"), PLAIN, STANDARD).year == 2068
    assert rules.due(start, Span(87_840, "hours"), PLAIN, STANDARD).year == 2036


def test_spans_in_words_and_halves() -> None:
    assert Span(5, "working_days").label == "5个工作日"
    assert Span(24, "hours").label == "24小时"
    assert Span(1.5, "working_hours").label == "1.5个工作小时"
    assert Span(5, "working_days").halved() == Span(3, "working_days")
    assert Span(1, "working_days").halved() == Span(1, "working_days")
    assert Span(24, "hours").halved() == Span(12, "hours")
    assert Span(2, "hours").round_the_clock
    assert not Span(4, "working_hours").round_the_clock


def test_elapsed() -> None:
    start = at("2026-11-23 10:00")
    assert rules.elapsed(start, at("2026-11-23 11:30"), "minutes", PLAIN, STANDARD) == 90
    assert rules.elapsed(start, at("2026-11-24 10:00"), "hours", PLAIN, STANDARD) == 24
    assert rules.elapsed(start, at("2026-11-24 10:00"), "working_hours", PLAIN, STANDARD) == 8
    assert rules.elapsed(start, at("2026-11-23 18:00"), "working_days", PLAIN, STANDARD) == 0
    assert rules.elapsed(start, at("2026-11-24 14:00"), "working_days", PLAIN, STANDARD) == 0.5
    assert rules.elapsed(start, at("2026-11-29 14:00"), "working_days", PLAIN, STANDARD) == 4
    for unit in rules.UNITS:
        assert rules.elapsed(start, start - timedelta(days=3), unit, PLAIN, STANDARD) == 0.0
        assert rules.elapsed(start, start, unit, PLAIN, STANDARD) == 0.0


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        # Five working days: 80 % comes a little before the last working day, by what was left of the first day.
        ("2026-11-23 18:00", 5, "working_days", "2026-11-27 18:00"),
        ("2026-11-23 09:00", 5, "working_days", "2026-11-27 16:24"),
        # Two working days: one working day before.
        ("2026-11-23 10:00", 2, "working_days", "2026-11-24 18:00"),
        # Fifteen: 80 % comes three days before.
        ("2026-11-01 10:00", 15, "working_days", "2026-11-17 18:00"),
        # One day or hours: 80 %.
        ("2026-11-23 10:00", 1, "working_days", "2026-11-24 15:00"),
        ("2026-11-23 09:00", 4, "working_hours", "2026-11-23 13:12"),
        ("2026-11-23 22:00", 24, "hours", "2026-11-24 17:12"),
        ("2026-11-23 22:00", 30, "minutes", "2026-11-23 22:24"),
    ],
)
def test_warn_at(start: str, amount: float, unit: rules.Unit, expected: str) -> None:
    span = Span(amount, unit)
    assert rules.warn_at(at(start), rules.due(at(start), span, PLAIN, STANDARD), span, PLAIN, STANDARD) == at(expected)


def test_warn_at_never_leaves_its_span() -> None:
    start = at("2026-11-23 10:00")
    span = Span(2, "working_days")
    assert rules.warn_at(start, start, span, PLAIN, STANDARD) == start
    assert rules.warn_at(start, start - timedelta(hours=1), span, PLAIN, STANDARD) == start - timedelta(hours=1)
    # A due time set by hand on a weekend has no working time before it: 80 % of the plain time.
    saturday = at("2026-11-28 10:00")
    assert rules.warn_at(saturday, saturday + timedelta(hours=5), span, PLAIN, STANDARD) == at("2026-11-28 14:00")


def test_lamp() -> None:
    warns, ends = at("2026-11-24 15:00"), at("2026-11-24 18:00")
    assert rules.lamp(warns - timedelta(seconds=1), warns, ends) == "green"
    assert rules.lamp(warns, warns, ends) == "yellow"
    assert rules.lamp(ends, warns, ends) == "yellow"
    assert rules.lamp(ends + timedelta(seconds=1), warns, ends) == "red"


def test_resume() -> None:
    ends, warns = at("2026-11-27 18:00"), at("2026-11-26 18:00")
    pause = at("2026-11-24 10:00")
    # Two hours of pause in the morning and two in the afternoon.
    assert rules.resume(ends, warns, pause, at("2026-11-24 15:00"), "working_days", PLAIN, STANDARD) == (
        at("2026-11-30 14:00"),
        at("2026-11-27 14:00"),
    )
    assert rules.resume(ends, warns, pause, at("2026-11-25 10:00"), "working_days", PLAIN, STANDARD) == (
        at("2026-11-30 18:00"),
        at("2026-11-27 18:00"),
    )
    # A pause over a night and over a weekend costs a working clock nothing, a round-the-clock clock all of it.
    night, weekend = at("2026-11-27 19:00"), at("2026-11-29 19:00")
    assert rules.resume(ends, warns, night, weekend, "working_hours", PLAIN, STANDARD) == (ends, warns)
    assert rules.resume(ends, warns, night, weekend, "hours", PLAIN, STANDARD) == (
        ends + timedelta(days=2),
        warns + timedelta(days=2),
    )
    # A clock that went backwards.
    assert rules.resume(ends, warns, weekend, night, "hours", PLAIN, STANDARD) == (ends, warns)


@pytest.mark.parametrize(
    ("now", "unit", "expected"),
    [
        ("2026-11-26 15:00", "working_days", "还剩1个工作日3小时"),
        ("2026-11-27 17:20", "working_days", "还剩40分钟"),
        ("2026-11-27 10:30", "working_days", "还剩6小时30分钟"),
        ("2026-11-26 18:00", "working_days", "还剩1个工作日"),
        ("2026-11-26 22:00", "working_days", "还剩1个工作日"),
        ("2026-11-27 17:59:30", "working_days", "还剩不到1分钟"),
        ("2026-11-27 18:00", "working_days", "还剩不到1分钟"),
        ("2026-11-27 18:00:01", "working_days", "已超期"),
        ("2026-11-29 12:00", "working_days", "已超期"),
        ("2026-11-30 11:00", "working_days", "已超期2小时"),
        ("2026-12-01 11:00", "working_days", "已超期1个工作日2小时"),
        ("2026-11-26 15:00", "hours", "还剩1天3小时"),
        ("2026-11-27 19:05", "minutes", "已超期1小时5分钟"),
        ("2026-11-29 18:00", "hours", "已超期2天"),
    ],
)
def test_remaining_in_words(now: str, unit: rules.Unit, expected: str) -> None:
    assert rules.remaining_in_words(at(now), at("2026-11-27 18:00"), PLAIN, STANDARD, unit) == expected


def test_remaining_when_due_at_the_start_of_a_block() -> None:
    words = rules.remaining_in_words(at("2026-11-27 12:30"), at("2026-11-27 13:00"), PLAIN, STANDARD)
    assert words == "还剩30分钟"


def test_deadline_in_words() -> None:
    due = at("2026-11-25 17:30")
    assert rules.deadline_in_words(due, at("2026-11-20 09:00")) == "应于11月25日 17:30前办结"
    assert rules.deadline_in_words(due, at("2025-12-31 09:00")) == "应于2026年11月25日 17:30前办结"
    assert rules.deadline_in_words(due) == "应于2026年11月25日 17:30前办结"
    # The end of a day is the midnight people call 24:00, and belongs to that day's year.
    assert rules.deadline_in_words(at("2027-01-01 00:00"), at("2026-12-20 09:00")) == "应于12月31日 24:00前办结"


def test_unknown_years_warn() -> None:
    assert YEAR_2026.unknown_years(date(2026, 1, 1), date(2026, 12, 31)) == ()
    assert YEAR_2026.unknown_years(date(2028, 1, 1), date(2026, 12, 31)) == (2027, 2028)
    limit = rules.deadline(at("2026-12-28 10:00"), Span(5, "working_days"), YEAR_2026, STANDARD)
    assert limit.due_at == at("2027-01-04 18:00")
    assert limit.unknown_years == (2027,)
    assert "2027年" in limit.warning
    known = rules.deadline(at("2026-11-23 10:00"), Span(5, "working_days"), YEAR_2026, STANDARD)
    assert known.warning == ""
    assert known.warn_at < known.due_at
    assert rules.deadline(at("2026-12-31 23:00"), Span(2, "hours"), YEAR_2026, STANDARD).unknown_years == ()


def test_parse_hours() -> None:
    assert rules.parse_hours([["09:00", "12:00"], ["13:00", "18:00"]]) == STANDARD
    assert rules.parse_hours([["00:00", "24:00"]]) == ALL_DAY
    assert STANDARD.total == timedelta(hours=8)
    assert ALL_DAY.total == timedelta(days=1)


@pytest.mark.parametrize(
    "blocks",
    [
        *[None, [], "09:00", {}, [[]], [["09:00"]], [["9:00", "12:00"]], [["09:00", "25:00"]], [["T0900", "12:00"]]],
        *[[["12:00", "09:00"]], [["09:00", "09:00"]], [["09:00", "12:00"], ["11:00", "18:00"]]],
        *[
            [["13:00", "18:00"], ["09:00", "12:00"]],
            [[9, 12]],
            [["24:00", "12:00"]],
            [["13:00", "24:00"], ["00:00", "01:00"]],
        ],
    ],
)
def test_parse_hours_refuses(blocks: object) -> None:
    with pytest.raises(ValueError, match="时"):
        rules.parse_hours(blocks)


def test_one_minute_hours_work() -> None:
    tiny = Hours(((time(9), time(9, 1)),))
    assert rules.due(at("2026-11-23 10:00"), Span(1, "working_hours"), PLAIN, tiny).year == 2027


def test_fifteen_working_days_take_less_than_200_microseconds() -> None:
    start, span = at("2026-02-13 10:00"), Span(15, "working_days")
    best = float("inf")
    for _ in range(5):
        before = clock.perf_counter()
        for _ in range(100):
            rules.due(start, span, YEAR_2026, STANDARD)
        best = min(best, (clock.perf_counter() - before) / 100)
    assert best < 200e-6


def test_the_deadline_names_what_must_be_done() -> None:
    assert rules.deadline_in_words(at("2026-11-25 17:30"), at("2026-11-20 09:00"), "派单") == "应于11月25日 17:30前派单"
