"""How long things take 节奏: in the history by the city's clock and office hours, in the living city by its speed."""

from datetime import datetime, timedelta
from random import Random

from huying.kernel.clock import local
from huying.worktime import queries as worktime
from huying.worktime.rules import add_working_time, working_days_before

OPENS, CLOSES = 9, 17


class Pace:
    """When the next move of a request happens."""

    def __init__(self, now: datetime, rng: Random) -> None:
        self.now = now
        self.rng = rng

    def soon(self, low: float, high: float) -> datetime:
        """After some minutes, at any hour; more often near the low end."""
        return self.now + timedelta(minutes=self._minutes(low, high))

    def in_office(self, low: float, high: float) -> datetime:
        """After some working minutes."""
        minutes = timedelta(minutes=self._minutes(low, high))
        found = add_working_time(self.now, minutes, worktime.calendar(), worktime.schedule())
        return max(self.now + timedelta(seconds=20), found) + timedelta(seconds=self.rng.randint(0, 50))

    def by_day(self, low: float, high: float) -> datetime:
        """After some minutes, between eight and twenty o'clock on any day."""
        at = self.soon(low, high)
        there = local(at)
        if there.hour < 8:
            return at + timedelta(hours=8 - there.hour, minutes=self.rng.randint(0, 50))
        return at + timedelta(hours=32 - there.hour, minutes=self.rng.randint(0, 90)) if there.hour >= 20 else at

    def share(self, until: datetime | None, share: float, *, office: bool) -> datetime:
        """At a share of the time that is left; with `office` moved into office hours, but not beyond the limit."""
        if until is None:
            return self.in_office(60, 600)
        at = self.now + max(timedelta(minutes=3), (until - self.now) * share)
        if not office or (until - self.now) < timedelta(hours=8):
            return at
        moved = add_working_time(
            at, timedelta(minutes=self.rng.randint(4, 150)), worktime.calendar(), worktime.schedule()
        )
        if share < 1 and moved >= until:
            moved = until - timedelta(minutes=self.rng.randint(10, 120))
        return max(moved, self.now + timedelta(minutes=2))

    def working_days(self, days: float) -> datetime:
        """After working days."""
        return add_working_time(self.now, worktime.schedule().total * days, worktime.calendar(), worktime.schedule())

    def _minutes(self, low: float, high: float) -> float:
        return low + (high - low) * self.rng.betavariate(1.6, 3.2)


class Hurried(Pace):
    """The living city: as many simulated minutes in a real one as `speed` says, and nobody goes home."""

    def __init__(self, now: datetime, rng: Random, speed: float) -> None:
        super().__init__(now, rng)
        self.speed = speed

    def _after(self, minutes: float) -> datetime:
        return self.now + timedelta(minutes=minutes / self.speed)

    def soon(self, low: float, high: float) -> datetime:
        """After some simulated minutes."""
        return self._after(self._minutes(low, high))

    def in_office(self, low: float, high: float) -> datetime:
        """The same: there are no office hours here."""
        return self.soon(low, high)

    def by_day(self, low: float, high: float) -> datetime:
        """The same."""
        return self.soon(low, high)

    def share(self, until: datetime | None, share: float, *, office: bool) -> datetime:
        """The share of what is left, shortened by the speed."""
        left = (until - self.now).total_seconds() / 60 if until else 600
        return self._after(max(2.0, left * share))

    def working_days(self, days: float) -> datetime:
        """Days, shortened by the speed."""
        return self._after(days * 1440)


def working_hours_back(now: datetime, hours: float) -> datetime:
    """The moment so many working hours ago (eight to a working day)."""
    days, rest = divmod(hours, 8)
    calendar, schedule = worktime.calendar(), worktime.schedule()
    at = working_days_before(now, int(days), calendar, schedule)
    target = timedelta(hours=rest)
    step = timedelta(minutes=15)
    while target > timedelta(0):
        at -= step
        day = local(at)
        if calendar.is_working(day.date()) and OPENS <= day.hour < CLOSES:
            target -= step
    return at
