"""工作日历 reads, kept in the process for a short while so that computing a deadline costs no SQL."""

import logging
import time
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import Generic, TypeVar

from huying.kernel.errors import NotFound

from . import rules
from .models import CalendarDay, CalendarYear, WorkSchedule

KEPT_SECONDS = 30.0

logger = logging.getLogger(__name__)

T = TypeVar("T")


class _Kept(Generic[T]):
    """A value that is read again once it is older than ``KEPT_SECONDS`` of monotonic time.

    One thread reads while the others wait, so that an expiry is one read. Age is counted from before the read, hence
    no answer is ever older than promised.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._lock = Lock()
        self._held: tuple[float, T] | None = None

    def get(self) -> T:
        """The value, at most ``KEPT_SECONDS`` old."""
        held = self._held
        if held is None or time.monotonic() - held[0] > KEPT_SECONDS:
            with self._lock:
                held = self._held
                if held is None or time.monotonic() - held[0] > KEPT_SECONDS:
                    held = self._held = (time.monotonic(), self._read())
        return held[1]

    def forget(self) -> None:
        """Read again at the next use."""
        with self._lock:
            self._held = None


def _read_calendar() -> rules.Calendar:
    days = list(CalendarDay.objects.values_list("on", "kind"))
    return rules.Calendar(
        holidays=frozenset(on for on, kind in days if kind == CalendarDay.Kind.HOLIDAY),
        workdays=frozenset(on for on, kind in days if kind == CalendarDay.Kind.WORKDAY),
        known_years=frozenset(CalendarYear.objects.filter(confirmed=True).values_list("year", flat=True)),
    )


def _read_schedules() -> dict[str, rules.Hours]:
    schedules = {"standard": rules.STANDARD, "all_day": rules.ALL_DAY}
    for code, blocks in WorkSchedule.objects.values_list("code", "blocks"):
        try:
            schedules[code] = rules.parse_hours(blocks)
        except ValueError:
            # The admin refuses such a row; one that came in another way must not stop every clock of the city.
            logger.exception("work schedule %s is unreadable and was left out", code)
    return schedules


_calendar = _Kept(_read_calendar)
_schedules = _Kept(_read_schedules)


def calendar() -> rules.Calendar:
    """The city's work calendar, at most 30 s old; two statements when it is read again, otherwise none."""
    return _calendar.get()


def schedule(code: str = "standard") -> rules.Hours:
    """Working hours by code, at most 30 s old; ``standard`` and ``all_day`` always exist; others may raise NotFound."""
    hours = _schedules.get().get(code)
    if hours is None:
        raise NotFound("schedule_not_found", f"没有编号为“{code}”的工时制度，请在“工作日历”中核对")
    return hours


def unknown_years(first: date, last: date) -> tuple[int, ...]:
    """Years between two days that have no checked calendar and fall back to Monday to Friday."""
    return calendar().unknown_years(first, last)


def warning(today: date) -> str:
    """Sentence to show when this year, or from November on the next, has no checked calendar; else empty.

    The official notice for the next year comes out in autumn, and limits of fifteen working days reach over New Year
    from the first days of December.
    """
    last = date(today.year + 1, 1, 1) if today.month >= 11 else today
    return rules.warning_in_words(unknown_years(today, last))


def clear() -> None:
    """Forget what was kept, in this process; others follow within 30 s."""
    _calendar.forget()
    _schedules.forget()
