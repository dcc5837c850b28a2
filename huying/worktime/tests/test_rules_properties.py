"""工作日历 rules as properties that hold for every calendar, schedule and moment."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from huying.kernel.clock import LOCAL
from huying.worktime import rules
from huying.worktime.rules import Calendar, Hours, Span

_EPOCH = datetime(2019, 1, 1, tzinfo=LOCAL)
_FIRST = date(2019, 1, 1)

moments = st.integers(0, 8 * 366 * 86_400 * 1_000).map(lambda ms: _EPOCH + timedelta(milliseconds=ms))
dates = st.integers(0, 9 * 366).map(lambda day: _FIRST + timedelta(days=day))
pauses = st.integers(-10 * 86_400, 60 * 86_400).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def _calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar, with some runs of holidays so that long gaps are met."""
    off = set(draw(st.frozensets(dates, max_size=20)))
    for first in draw(st.lists(dates, max_size=4)):
        off.update(first + timedelta(days=day) for day in range(9))
    return Calendar(frozenset(off), draw(st.frozensets(dates, max_size=20)), frozenset())


@st.composite
def _schedules(draw: st.DrawFn) -> Hours:
    """One to three blocks on whole minutes, sometimes until midnight."""
    edges = sorted(draw(st.lists(st.integers(0, 1_440), min_size=2, max_size=6, unique=True)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return Hours(tuple((_time(begin), _time(end)) for begin, end in pairs))


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


calendars, schedules = _calendars(), _schedules()
units = st.sampled_from(rules.UNITS)
amounts = st.one_of(st.integers(0, 40), st.sampled_from([0, 1, 250]))
working_units = st.sampled_from(["working_hours", "working_days"])


def _in_working_time(at: datetime, calendar: Calendar, hours: Hours) -> bool:
    """Brute force, by the definition: inside a block of a working day, both ends included."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    inside = calendar.is_working(at.date()) and any(a <= at - midnight <= b for a, b in hours.offsets)
    ends_yesterday = at == midnight and hours.closing == timedelta(days=1)
    return inside or (ends_yesterday and calendar.is_working(at.date() - timedelta(days=1)))


@given(moments, amounts, units, calendars, schedules)
def test_due_is_not_before_start_and_working_spans_end_in_working_time(
    start: datetime, amount: int, unit: rules.Unit, calendar: Calendar, hours: Hours
) -> None:
    due = rules.due(start, Span(amount, unit), calendar, hours)
    assert due >= start
    if unit in ("working_hours", "working_days"):
        assert _in_working_time(due, calendar, hours)


@given(moments, amounts, amounts, units, calendars, schedules)
def test_due_grows_with_the_amount(
    start: datetime, one: int, other: int, unit: rules.Unit, calendar: Calendar, hours: Hours
) -> None:
    low, high = sorted((one, other))
    shorter = rules.due(start, Span(low, unit), calendar, hours)
    assert shorter <= rules.due(start, Span(high, unit), calendar, hours)


@given(moments, moments, amounts, units, calendars, schedules)
def test_due_grows_with_the_start(
    one: datetime, other: datetime, amount: int, unit: rules.Unit, calendar: Calendar, hours: Hours
) -> None:
    first, last = sorted((one, other))
    span = Span(amount, unit)
    assert rules.due(first, span, calendar, hours) <= rules.due(last, span, calendar, hours)


@given(moments, st.integers(0, 2_000), calendars, schedules)
def test_working_minutes_elapsed_until_due_are_the_span(
    start: datetime, minutes: int, calendar: Calendar, hours: Hours
) -> None:
    amount = timedelta(minutes=minutes)
    end = rules.add_working_time(start, amount, calendar, hours)
    assert rules.working_time(start, end, calendar, hours) == amount


@given(moments, st.integers(1, 40), units, calendars, schedules)
def test_elapsed_until_due_is_the_span(
    start: datetime, amount: int, unit: rules.Unit, calendar: Calendar, hours: Hours
) -> None:
    due = rules.due(start, Span(amount, unit), calendar, hours)
    assert rules.elapsed(start, due, unit, calendar, hours) == amount


@given(moments, pauses, pauses, units, calendars, schedules)
def test_elapsed_never_falls_and_is_never_negative(
    start: datetime, one: timedelta, other: timedelta, unit: rules.Unit, calendar: Calendar, hours: Hours
) -> None:
    sooner, later = sorted((start + one, start + other))
    before = rules.elapsed(start, sooner, unit, calendar, hours)
    assert 0 <= before <= rules.elapsed(start, later, unit, calendar, hours)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=9)), calendars, schedules)
def test_working_time_agrees_with_counting_minutes(
    start: datetime, length: timedelta, calendar: Calendar, hours: Hours
) -> None:
    begin = start.replace(second=0, microsecond=0)
    minutes = min(length // timedelta(minutes=1), 3_000)
    counted = 0
    for minute in range(minutes):
        middle = begin + timedelta(minutes=minute, seconds=30)
        midnight = middle.replace(hour=0, minute=0, second=0)
        worked = any(opens <= middle - midnight < closes for opens, closes in hours.offsets)
        counted += worked and calendar.is_working(middle.date())
    end = begin + timedelta(minutes=minutes)
    assert rules.working_time(begin, end, calendar, hours) == timedelta(minutes=counted)


@given(dates, st.integers(-10, 400), calendars)
def test_counted_working_days_agree_with_walking(first: date, length: int, calendar: Calendar) -> None:
    walked = sum(calendar.is_working(first + timedelta(days=day)) for day in range(length))
    assert calendar.working_days(first, first + timedelta(days=length)) == walked


@given(moments, amounts, units, calendars, schedules)
def test_yellow_lies_between_start_and_due(
    start: datetime, amount: int, unit: rules.Unit, calendar: Calendar, hours: Hours
) -> None:
    span = Span(amount, unit)
    due = rules.due(start, span, calendar, hours)
    warns = rules.warn_at(start, due, span, calendar, hours)
    assert start <= warns <= due
    assert rules.lamp(due + timedelta(seconds=1), warns, due) == "red"
    assert rules.deadline(start, span, calendar, hours).warn_at == warns


@given(moments, st.integers(1, 40), units, pauses, pauses, calendars, schedules)
def test_as_much_is_left_after_a_pause_as_before(
    start: datetime,
    amount: int,
    unit: rules.Unit,
    running: timedelta,
    pause: timedelta,
    calendar: Calendar,
    hours: Hours,
) -> None:
    span = Span(amount, unit)
    due = rules.due(start, span, calendar, hours)
    warns = rules.warn_at(start, due, span, calendar, hours)
    paused_at = min(start + abs(running), due)
    now = paused_at + pause
    later, warns_later = rules.resume(due, warns, paused_at, now, unit, calendar, hours)
    assert later >= due
    assert warns_later >= warns
    assert warns_later <= later
    if pause <= timedelta(0):
        assert (later, warns_later) == (due, warns)
    elif span.round_the_clock:
        assert later - now == due - paused_at
    else:
        left = rules.working_time(paused_at, due, calendar, hours)
        assert rules.working_time(now, later, calendar, hours) == left


@given(moments, pauses, units, calendars, schedules)
def test_words_are_always_words(
    due: datetime, gap: timedelta, unit: rules.Unit, calendar: Calendar, hours: Hours
) -> None:
    now = due + gap
    words = rules.remaining_in_words(now, due, calendar, hours, unit)
    assert words.startswith("已超期" if now > due else "还剩")
    assert "-" not in words
    assert not words.endswith("还剩")
    assert rules.deadline_in_words(due, now).endswith("前办结")


@given(moments, moments)
def test_the_zone_has_no_summer_time(one: datetime, other: datetime) -> None:
    assert one.utcoffset() == other.utcoffset() == timedelta(hours=8)
