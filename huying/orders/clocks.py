"""Starting and stopping clocks 时限. A clock keeps the rule it started with."""

from datetime import date, datetime, time, timedelta

from huying.kernel.clock import LOCAL
from huying.matters import queries as matters
from huying.worktime import queries as worktime
from huying.worktime import rules as work

from .models import Assignment, Clock, WorkOrder

HALVED_KINDS = {"redo"}
# what is to be done before a clock runs out, as its deadline says it; all others say 办结
DEEDS = {
    "review": "审核", "dispatch": "派单", "arbitrate": "指定承办单位", "sign": "签收", "contact": "联系诉求人", "return_decision": "审核退单",
    "extension_decision": "审核延期", "reply_review": "审核答复", "call_back": "回访", "return_window": "退单",
}  # fmt: skip
HANDLING_KINDS = ("handle", "redo", "promise")
DAY_HOURS = 24
WORKING_DAY_HOURS = 8


def new(kind: str, order: WorkOrder, now: datetime, *, assignment: Assignment | None = None) -> Clock | None:
    """A clock of a kind by the limits in force now, not yet saved; None when the city sets no such limit.

    Redo 重办 runs half of the handling limit.
    """
    unit = assignment.unit if assignment else None
    looked_up = "handle" if kind in HALVED_KINDS else kind
    span = matters.span_for(looked_up, order.nature, order.urgency, unit.pk if unit else None)
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
        order=order, assignment=assignment, kind=kind, amount=round((due - now) / timedelta(hours=1), 2), measure="hours",
        started_at=now, warn_at=now + (due - now) * 0.8, due_at=due,
    )  # fmt: skip


def again(stopped: Clock, now: datetime) -> Clock:
    """A stopped clock going on as if it had waited: exactly as much is left, or as much is overdue, as when it stopped."""
    clock = Clock(
        order=stopped.order, assignment=stopped.assignment, kind=stopped.kind, amount=stopped.amount,
        measure=stopped.measure, schedule=stopped.schedule, started_at=stopped.started_at, warn_at=stopped.warn_at,
        due_at=stopped.due_at, paused_at=stopped.stopped_at, warned_at=stopped.warned_at, breached_at=stopped.breached_at,
    )  # fmt: skip
    resume(clock, now)
    return clock


def cap(clock: Clock, latest: datetime) -> None:
    """Let a clock run out at `latest` when it would later, yellow in the last fifth."""
    if clock.due_at > latest:
        clock.due_at = latest
        clock.warn_at = min(clock.warn_at, clock.started_at + max(latest - clock.started_at, timedelta()) * 0.8)


def extension_until(clock: Clock, margin_days: int) -> datetime:
    """The last moment to ask for more time: some working days before due; for shorter limits until it is due."""
    if clock.measure != "working_days" or clock.amount <= margin_days:
        return clock.due_at
    calendar, hours = worktime.calendar(), worktime.schedule(clock.schedule)
    return work.working_days_before(clock.due_at, margin_days, calendar, hours)


def longest_extension(clock: Clock, cap_days: int) -> int:
    """The most working days one extension may give: the original limit, never above the cap; 0 below one day."""
    days = {
        "working_days": clock.amount,
        "working_hours": clock.amount / WORKING_DAY_HOURS,
        "hours": clock.amount / DAY_HOURS,
    }.get(clock.measure, 0)
    return min(cap_days, int(days))


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
    moved = work.due(clock.due_at, work.Span(days, "working_days"), calendar, hours)
    clock.warn_at = work.warn_at(clock.started_at, moved, work.Span(days + 1, "working_days"), calendar, hours)
    clock.due_at = max(moved, clock.due_at + timedelta(seconds=1))
    clock.warned_at = clock.breached_at = None


def words(
    kind: str, clock_due: datetime, warn_at: datetime, measure: str, schedule: str, now: datetime
) -> dict[str, str]:
    """The lamp in words: colour, how much is left, by when what must be done."""
    calendar, hours = worktime.calendar(), worktime.schedule(schedule)
    unit = measure if measure in ("minutes", "hours", "working_hours", "working_days") else "working_days"
    return {
        "color": work.lamp(now, warn_at, clock_due),
        "words": work.remaining_in_words(now, clock_due, calendar, hours, unit),  # type: ignore[arg-type]  # checked above
        "due_words": work.deadline_in_words(clock_due, now, DEEDS.get(kind, "办结")),
    }
