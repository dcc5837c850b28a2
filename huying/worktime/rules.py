"""工作日历 rules: pure deadline arithmetic over a calendar of exceptions and a day's working hours.

Two kinds of clocks: ``minutes`` and ``hours`` run round the clock; ``working_hours`` and ``working_days`` run only in
working time. All answers are in Beijing time, which has had no summer time since 1991, so wall clock arithmetic is
exact for every date a hotline meets. Working time counts both ends of a block: 12:00 is still working time, because a
deadline at the end of the morning is a good deadline.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Literal, get_args

from huying.kernel.clock import LOCAL

Unit = Literal["minutes", "hours", "working_hours", "working_days"]
Lamp = Literal["green", "yellow", "red"]

UNITS: tuple[Unit, ...] = get_args(Unit)
UNIT_LABELS: dict[Unit, str] = {
    "minutes": "分钟",
    "hours": "小时",
    "working_hours": "个工作小时",
    "working_days": "个工作日",
}

_ZERO = timedelta(0)
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_SATURDAY = 5

# A limit beyond ten years is a typing mistake; refusing it also bounds the walk over the days.
_MOST: dict[Unit, int] = {"minutes": 5_270_400, "hours": 87_840, "working_hours": 87_840, "working_days": 3_660}


def _from_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


@dataclass(frozen=True)
class Calendar:
    """Work calendar: the days that differ from "Monday to Friday", and the years whose official notice is known."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """True when people work on this day; a make-up workday (调休上班) beats a holiday and the weekend."""
        return day in self.workdays or (day.weekday() < _SATURDAY and day not in self.holidays)

    def working_days(self, first: date, last: date) -> int:
        """Number of working days from ``first`` (included) to ``last`` (not included); 0 when the order is wrong.

        Counted, not walked: imported orders may be years overdue, and a list shows a hundred of them.
        """
        return max(0, self._working_days_before(last) - self._working_days_before(first))

    def _working_days_before(self, day: date) -> int:
        # Day 1 of the proleptic calendar is a Monday.
        weeks, rest = divmod(day.toordinal() - 1, 7)
        off, worked = self._exceptions
        return weeks * 5 + min(rest, 5) - bisect_left(off, day) + bisect_left(worked, day)

    @cached_property
    def _exceptions(self) -> tuple[list[date], list[date]]:
        """Weekdays off and weekends worked, each in order."""
        off = sorted(day for day in self.holidays - self.workdays if day.weekday() < _SATURDAY)
        return off, sorted(day for day in self.workdays if day.weekday() >= _SATURDAY)

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """Years between two days (both included, in either order) that fall back to plain weekdays."""
        low, high = sorted((first.year, last.year))
        return tuple(year for year in range(low, high + 1) if year not in self.known_years)


@dataclass(frozen=True)
class Hours:
    """工时: the working blocks of one working day, in order; an end of 00:00 means midnight at the end of the day."""

    blocks: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        if not self.blocks:
            raise ValueError("工作时段不能为空")
        before = _ZERO
        for index, (begin, end) in enumerate(self.offsets):
            if begin >= end:
                raise ValueError("每个工作时段的结束时间应晚于开始时间")
            if index and begin < before:
                raise ValueError("工作时段应按先后排列，且不能重叠")
            before = end

    @cached_property
    def offsets(self) -> tuple[tuple[timedelta, timedelta], ...]:
        """The blocks as distances from midnight."""
        return tuple((_from_midnight(begin), _from_midnight(end) or _DAY) for begin, end in self.blocks)

    @cached_property
    def total(self) -> timedelta:
        """Working time of one whole working day."""
        return sum((end - begin for begin, end in self.offsets), _ZERO)

    @cached_property
    def closing(self) -> timedelta:
        """End of the last block, as distance from midnight."""
        return self.offsets[-1][1]

    def worked(self, begin: timedelta, end: timedelta) -> timedelta:
        """Working time between two distances from midnight of one working day; never negative."""
        worked = _ZERO
        for opens, closes in self.offsets:
            part = min(end, closes) - max(begin, opens)
            if part > _ZERO:
                worked += part
        return worked


STANDARD = Hours(((time(9), time(12)), (time(13), time(18))))
ALL_DAY = Hours(((time(0), time(0)),))


@dataclass(frozen=True)
class Span:
    """时限: an amount and its unit; working days are whole, nothing is negative, at most about ten years."""

    amount: float
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in _MOST:
            raise ValueError(f"时限单位不正确：{self.unit}")
        if not math.isfinite(self.amount) or not 0 <= self.amount <= _MOST[self.unit]:
            raise ValueError(f"时限应在 0 到 {_MOST[self.unit]} {UNIT_LABELS[self.unit]}之间")
        if self.unit == "working_days" and self.amount != int(self.amount):
            raise ValueError("工作日时限应为整数")

    @property
    def round_the_clock(self) -> bool:
        """True when nights and holidays count."""
        return self.unit in ("minutes", "hours")

    @property
    def label(self) -> str:
        """In words: 5个工作日, 24小时, 30分钟."""
        return f"{self.amount:g}{UNIT_LABELS[self.unit]}"

    def halved(self) -> "Span":
        """Half the limit, as a redo (重办) gets it; working days are rounded up: 5 becomes 3."""
        half = self.amount / 2
        return Span(math.ceil(half) if self.unit == "working_days" else half, self.unit)


@dataclass(frozen=True)
class Deadline:
    """A started limit: when it is due, when the lamp turns yellow, and which years had no known calendar."""

    due_at: datetime
    warn_at: datetime
    unknown_years: tuple[int, ...] = ()

    @property
    def warning(self) -> str:
        """Sentence for a clerk when the calendar was guessed, else empty."""
        return warning_in_words(self.unknown_years)


def parse_hours(blocks: object) -> Hours:
    """Read blocks such as ``[["09:00", "12:00"], ["13:00", "24:00"]]``; raises ValueError with a Chinese sentence."""
    if not isinstance(blocks, list | tuple) or not blocks:
        raise ValueError("工作时段不能为空，例如 09:00-12:00，13:00-18:00")
    read: list[tuple[time, time]] = []
    for block in blocks:
        if not isinstance(block, list | tuple) or len(block) != 2:
            raise ValueError("每个工作时段应有开始和结束两个时间")
        read.append((_parse_time(block[0]), time(0) if block[1] == "24:00" else _parse_time(block[1])))
    return Hours(tuple(read))


def due(start: datetime, span: Span, calendar: Calendar, hours: Hours) -> datetime:
    """When a limit that started at ``start`` runs out, in Beijing time.

    ``minutes`` and ``hours`` run round the clock. ``working_hours`` are counted exactly over blocks, nights and
    holidays. ``working_days`` are counted from the next day (次日起算): the day of dispatch itself is not counted,
    whether it is a working day or not, and the limit runs out at the end of working hours of the n-th working day
    after it. So 5 working days from Monday 10:00 end next Monday evening, and 1 working day from Saturday ends Monday
    evening. 0 working days means the same day (当日): the end of today's working hours, or, when those are over or it
    is no working day, the end of the next working day. Raises ValueError for a naive ``start``.
    """
    at = _local(start)
    if span.unit == "minutes":
        return _shift(at, timedelta(minutes=span.amount))
    if span.unit == "hours":
        return _shift(at, timedelta(hours=span.amount))
    if span.unit == "working_hours":
        return add_working_time(at, timedelta(hours=span.amount), calendar, hours)
    day, offset = _split(at)
    left = int(span.amount)
    if left == 0:
        if calendar.is_working(day) and offset <= hours.closing:
            return _join(day, hours.closing)
        left = 1
    while left:
        day += _DAY
        if calendar.is_working(day):
            left -= 1
    return _join(day, hours.closing)


def deadline(start: datetime, span: Span, calendar: Calendar, hours: Hours) -> Deadline:
    """Due time, yellow time and unknown years of a limit in one answer; see ``due`` and ``warn_at``."""
    due_at = due(start, span, calendar, hours)
    unknown = () if span.round_the_clock else calendar.unknown_years(_local(start).date(), due_at.date())
    return Deadline(due_at, warn_at(start, due_at, span, calendar, hours), unknown)


def add_working_time(start: datetime, amount: timedelta, calendar: Calendar, hours: Hours) -> datetime:
    """The moment at which ``amount`` of working time has passed since ``start``; 0 gives the next working moment."""
    day, offset = _split(_local(start))
    left = amount
    while True:
        if calendar.is_working(day):
            if offset == _ZERO and left > hours.total:
                left -= hours.total
            else:
                for opens, closes in hours.offsets:
                    if offset > closes:
                        continue
                    begin = max(offset, opens)
                    if left <= closes - begin:
                        return _join(day, begin + left)
                    left -= closes - begin
        day += _DAY
        offset = _ZERO


def working_time(start: datetime, end: datetime, calendar: Calendar, hours: Hours) -> timedelta:
    """Working time between two moments; zero when ``end`` is not after ``start``."""
    first, begin = _split(_local(start))
    last, finish = _split(_local(end))
    if (last, finish) <= (first, begin):
        return _ZERO
    if first == last:
        return hours.worked(begin, finish) if calendar.is_working(first) else _ZERO
    worked = hours.worked(begin, _DAY) if calendar.is_working(first) else _ZERO
    worked += calendar.working_days(first + _DAY, last) * hours.total
    if calendar.is_working(last):
        worked += hours.worked(_ZERO, finish)
    return worked


def elapsed(start: datetime, end: datetime, unit: Unit, calendar: Calendar, hours: Hours) -> float:
    """How much of a limit has passed, in ``unit``; 0.0 when the clock went backwards.

    Working days follow the rule of ``due``: the start day does not count, the last day counts by its share of worked
    time, so that ``elapsed(start, due(start, n working days))`` is n.
    """
    began, ended = _local(start), _local(end)
    if ended <= began:
        return 0.0
    if unit == "minutes":
        return (ended - began) / _MINUTE
    if unit == "hours":
        return (ended - began) / _HOUR
    if unit == "working_hours":
        return working_time(began, ended, calendar, hours) / _HOUR
    first, (last, finish) = began.date(), _split(ended)
    if last == first:
        return 0.0
    share = hours.worked(_ZERO, finish) / hours.total if calendar.is_working(last) else 0.0
    return calendar.working_days(first + _DAY, last) + share


def warn_at(start: datetime, due: datetime, span: Span, calendar: Calendar, hours: Hours) -> datetime:
    """When the lamp turns yellow, between ``start`` and ``due``.

    More than one working day: one working day before due, or when 80 % of the working time is used, whichever comes
    first. One working day or less, and hours of either kind: at 80 %.
    """
    began, ends = _local(start), _local(due)
    if ends <= began:
        return ends
    worked = _ZERO if span.round_the_clock else working_time(began, ends, calendar, hours)
    if worked == _ZERO:
        return _shift(began, (ends - began) * 4 // 5)
    warns = add_working_time(began, worked * 4 // 5, calendar, hours)
    if span.unit == "working_days" and span.amount > 1:
        warns = min(warns, _one_working_day_before(ends, calendar, hours))
    return max(began, min(warns, ends))


def working_days_before(at: datetime, days: int, calendar: Calendar, hours: Hours) -> datetime:
    """The same time of day so many working days earlier; ``at`` itself, in Beijing time, for 0."""
    moment = _local(at)
    for _ in range(days):
        moment = _one_working_day_before(moment, calendar, hours)
    return moment


def lamp(now: datetime, warn_at: datetime, due: datetime) -> Lamp:
    """警示灯: red once ``due`` is past, yellow from ``warn_at`` on, green before; at ``due`` itself still yellow."""
    if now > due:
        return "red"
    return "yellow" if now >= warn_at else "green"


def resume(
    due: datetime,
    warn_at: datetime,
    paused_at: datetime,
    now: datetime,
    unit: Unit,
    calendar: Calendar,
    hours: Hours,
) -> tuple[datetime, datetime]:
    """恢复计时: due and yellow times of a suspended clock that resumes at ``now``.

    Both move by the time that passed in the pause: all of it for round-the-clock clocks, its working time for the
    others, so that exactly as much is left as when the clock stopped. A ``now`` before ``paused_at`` moves nothing.
    """
    paused, resumed = _local(paused_at), _local(now)
    if resumed <= paused:
        return _local(due), _local(warn_at)
    if unit in ("minutes", "hours"):
        return _shift(due, resumed - paused), _shift(warn_at, resumed - paused)
    pause = working_time(paused, resumed, calendar, hours)
    if pause == _ZERO:
        return _local(due), _local(warn_at)
    return add_working_time(due, pause, calendar, hours), add_working_time(warn_at, pause, calendar, hours)


def remaining_in_words(
    now: datetime, due: datetime, calendar: Calendar, hours: Hours, unit: Unit = "working_days"
) -> str:
    """剩余时间 in words: 还剩1个工作日3小时, 还剩40分钟, 已超期2小时; rounded down to what is shown.

    For round-the-clock units nights count and days are plain days (还剩1天3小时). An overdue clock that has not yet
    met any working time says 已超期 alone, so that a weekend does not make the figure jump back on Monday.
    """
    at, ends = _local(now), _local(due)
    late = at > ends
    first, last = (ends, at) if late else (at, ends)
    gap, day, day_label = last - first, _DAY, "天"
    if unit in ("working_hours", "working_days"):
        worked = working_time(first, last, calendar, hours)
        # Before due without any working time left (a due time at the start of a block): the plain gap says more.
        if late or worked >= _MINUTE:
            gap, day, day_label = worked, hours.total, "个工作日"
    if gap < _MINUTE:
        return "已超期" if late else "还剩不到1分钟"
    return ("已超期" if late else "还剩") + _span_in_words(gap, day, day_label)


def deadline_in_words(due: datetime, now: datetime | None = None, deed: str = "办结") -> str:
    """期限 in words: 应于11月25日 17:30前办结; `deed` is what must be done by then.

    With the year when it differs from ``now``'s, or without ``now``.
    """
    day, offset = _split(_local(due))
    if offset == _ZERO:
        day, offset = day - _DAY, _DAY
    hour, minute = divmod(offset // _MINUTE, 60)
    year = "" if now is not None and _local(now).year == day.year else f"{day.year}年"
    return f"应于{year}{day.month}月{day.day}日 {hour:02d}:{minute:02d}前{deed}"


def warning_in_words(years: tuple[int, ...]) -> str:
    """Sentence that says which years have no known calendar; empty when all are known."""
    if not years:
        return ""
    listed = "、".join(f"{year}年" for year in years)
    return f"{listed}的放假和调休安排尚未录入或核对，期限暂按周一至周五为工作日计算，请管理员在“工作日历”中补充"


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("时间必须带时区")
    return at.astimezone(LOCAL)


def _shift(at: datetime, amount: timedelta) -> datetime:
    return (at.astimezone(UTC) + amount).astimezone(LOCAL)


def _split(at: datetime) -> tuple[date, timedelta]:
    return at.date(), _from_midnight(at.time())


def _join(day: date, offset: timedelta) -> datetime:
    return datetime.combine(day, time.min, LOCAL) + offset


def _one_working_day_before(at: datetime, calendar: Calendar, hours: Hours) -> datetime:
    day, offset = _split(at)
    if offset == _ZERO and hours.closing == _DAY:
        # Midnight that ends a day belongs to that day, not to the next.
        day, offset = day - _DAY, _DAY
    day -= _DAY
    while not calendar.is_working(day):
        day -= _DAY
    return _join(day, offset)


def _span_in_words(gap: timedelta, day: timedelta, day_label: str) -> str:
    days, rest = divmod(gap, day)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    words = f"{days}{day_label}" if days else ""
    if hours:
        words += f"{hours}小时"
    # Minutes beside days are noise, beside hours they are what the clerk looks at.
    if minutes and not days:
        words += f"{minutes}分钟"
    return words or f"{minutes}分钟"


def _parse_time(text: object) -> time:
    if isinstance(text, str) and len(text) == 5 and text[2] == ":":
        try:
            return time.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"时间“{text}”不正确，应写成 09:00 这样的时和分") from error
    raise ValueError(f"时间“{text}”不正确，应写成 09:00 这样的时和分")
