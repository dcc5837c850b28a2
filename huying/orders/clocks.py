"""Starting and stopping clocks 时限. A clock keeps the rule it started with."""

from datetime import date, datetime, time, timedelta

from huying.kernel.clock import LOCAL
from huying.matters import queries as matters
from huying.worktime import queries as worktime
from huying.worktime import rules as work

from .models import Assignment, Clock, WorkOrder

HALVED_KINDS = {"redo"}


def new(
    kind: str, order: WorkOrder, now: datetime, *, assignment: Assignment | None = None, days: int | None = None
) -> Clock | None:
    """A clock of a kind by the limits in force now, not yet saved; None when the city sets no such limit.

    Redo 重办 runs half of the handling limit. `days` overrides the amount in working days (延期).
    """
    unit = assignment.unit if assignment else None
    looked_up = "handle" if kind in HALVED_KINDS else kind
    span = matters.span_for(looked_up, order.nature, order.urgency, unit.pk if unit else None)
    if days is not None:
        span = work.Span(days, "working_days")
    if span is None:
        return None
    if kind in HALVED_KINDS:
        span = span.halved()
    schedule = unit.schedule if unit else "standard"
    deadline = work.deadline(now, span, worktime.calendar(), worktime.schedule(schedule))
    return Clock(
        order=order, assignment=assignment, kind=kind, amount=span.amount, measure=span.unit, schedule=schedule,
        started_at=now, warn_at=deadline.warn_at, due_at=deadline.due_at,
    )  # fmt: skip


def until(kind: str, order: WorkOrder, now: datetime, end: date, assignment: Assignment | None = None) -> Clock:
    """A clock to the end of a promised day (承诺办理), yellow in the last fifth."""
    due = datetime.combine(end, time(23, 59), LOCAL)
    return Clock(
        order=order, assignment=assignment, kind=kind, amount=(due - now).days, measure="hours", started_at=now,
        warn_at=now + (due - now) * 0.8, due_at=due,
    )  # fmt: skip


def resume(clock: Clock, now: datetime) -> None:
    """Move a paused clock by the (working) time of the pause."""
    if clock.paused_at is None:
        return
    clock.due_at, clock.warn_at = work.resume(
        clock.due_at, clock.warn_at, clock.paused_at, now, clock.measure,  # type: ignore[arg-type]  # choices of the column
        worktime.calendar(), worktime.schedule(clock.schedule),
    )  # fmt: skip
    clock.paused_at = None


def extend(clock: Clock, days: int) -> None:
    """顺延: move the due time by working days; the extended clock may show yellow and red again."""
    calendar, hours = worktime.calendar(), worktime.schedule(clock.schedule)
    span = work.Span(days, "working_days")
    moved = work.due(clock.due_at, span, calendar, hours)
    clock.warn_at = work.warn_at(clock.started_at, moved, span, calendar, hours)
    clock.due_at = max(moved, clock.due_at + timedelta(seconds=1))
    clock.warned_at = clock.breached_at = None


def words(clock_due: datetime, warn_at: datetime, measure: str, schedule: str, now: datetime) -> dict[str, str]:
    """The lamp in words: colour, how much is left, by when."""
    calendar, hours = worktime.calendar(), worktime.schedule(schedule)
    unit = measure if measure in ("minutes", "hours", "working_hours", "working_days") else "working_days"
    return {
        "color": work.lamp(now, warn_at, clock_due),
        "words": work.remaining_in_words(now, clock_due, calendar, hours, unit),  # type: ignore[arg-type]  # checked above
        "due_words": work.deadline_in_words(clock_due, now),
    }
