"""办理: what the unit does, from signing to the reply, and what is decided above it."""

from datetime import date
from typing import Any

from huying.kernel.errors import Invalid, Refused
from huying.matters import queries as matters

from .. import clocks
from ..flow import ACTIVE, UNFINISHED, AssignmentState, Outcome, State
from ..models import Application, Assignment, Clock, Milestone, Supervision
from ..moving import Move
from .dispatching import decide, withdraw_shares
from .ending import close


def accept(move: Move, note: str = "") -> None:
    """签收."""
    move.change(move.share, state=AssignmentState.HANDLING, accepted_at=move.now)
    move.stop("sign", assignment=move.share)


def contact(move: Move, way: str, reached: bool, record: str) -> None:
    """联系诉求人: reaching the citizen stops the first-contact clock, also that of the unit that handed it down."""
    row: Assignment | None = move.share
    while reached and row is not None:
        if row.contacted_at is None:
            move.change(row, contacted_at=move.now)
            move.stop("contact", assignment=row)
        above = row.parent_id
        row = next((other for other in move.assignments if other.pk == above), None) if above else None


def extend(move: Move, days: int, reason: str, told_citizen: bool) -> None:
    """申请延期: by working days, at most as many as the limit had and the policy allows at a time."""
    row = move.share
    running = move.running("handle", "redo", assignment=row)
    if not running:
        raise Refused("no_handling_limit", "没有正在计时的办理时限，无需延期")
    cap = clocks.longest_extension(running[0], matters.policy().extension_cap_days)
    if cap < 1:
        raise Refused("limit_too_short", "办理时限不足一天的工单不能延期，请立即办理")
    if not 1 <= days <= cap:
        raise Invalid(
            "bad_extension", f"延长天数须在1到{cap}个工作日之间", errors=[{"field": "days", "sentence": f"1到{cap}"}]
        )
    Application.objects.create(
        order=move.order, assignment=row, kind="extension", reason=reason, days=days, asked_at=move.now
    )
    move.change(row, pending_extension=True)
    if not move.running("extension_decision", assignment=row):
        move.start("extension_decision", row)


def approve_extension(move: Move, note: str = "") -> None:
    """同意延期."""
    row = move.share
    asked = decide(move, "extension", "approved", note)
    for share in (row, *_below(move, row)):
        for item in move.running("handle", "redo", assignment=share):
            move.extend(item, asked.days or 1)
    move.change(row, pending_extension=False, extensions=row.extensions + 1)
    _decided(move)
    move.notify("extended")


def _decided(move: Move) -> None:
    """The clock of those who decide stops when the unit waits for nothing more."""
    if not (move.share.pending_extension or move.share.pending_promise):
        move.stop("extension_decision", assignment=move.share)


def _below(move: Move, row: Assignment) -> list[Assignment]:
    """What was handed down from a share and is not answered yet."""
    return [other for other in move.assignments if other.parent_id == row.pk and other.state in UNFINISHED]


def refuse_extension(move: Move, reason: str) -> None:
    """驳回延期."""
    decide(move, "extension", "refused", reason)
    move.change(move.share, pending_extension=False)
    _decided(move)


def promise(move: Move, until: date, milestones: list[dict[str, Any]], reason: str) -> None:
    """申请承诺办理."""
    Application.objects.create(
        order=move.order, assignment=move.share, kind="promise", reason=reason, until=until, asked_at=move.now,
        milestones=[{"title": item["title"], "due_on": item["due_on"].isoformat()} for item in milestones],
    )  # fmt: skip
    move.change(move.share, pending_promise=True)
    if not move.running("extension_decision", assignment=move.share):
        move.start("extension_decision", move.share)


def approve_promise(move: Move, note: str = "") -> None:
    """同意承诺办理: the handling clock gives way to the promised date, and the citizen is told it."""
    row = move.share
    asked = decide(move, "promise", "approved", note)
    move.lapse([row])
    # what is left of an earlier promise is superseded; its words stay in the history
    Milestone.objects.filter(order=move.order, reached_at=None).delete()
    Milestone.objects.bulk_create(
        Milestone(order=move.order, title=item["title"], due_on=date.fromisoformat(item["due_on"]))
        for item in asked.milestones
    )
    move.order.open_milestones = len(asked.milestones)
    if asked.until is None:
        raise Invalid("promise_without_end", "承诺办理申请没有完成日期，请驳回后重新申请")
    for share in (row, *_below(move, row)):
        move.stop("handle", "redo", assignment=share)
        made = clocks.until("promise", move.order, move.now, asked.until, share)
        move.run(made)
        move.due_by(share, made)
    move.notify("promised")


def refuse_promise(move: Move, reason: str) -> None:
    """驳回承诺办理."""
    decide(move, "promise", "refused", reason)
    move.change(move.share, pending_promise=False)
    _decided(move)


def reach_milestone(move: Move, progress: str) -> None:
    """完成节点: the earliest open one."""
    first = Milestone.objects.filter(order=move.order, reached_at=None).first()
    if first:
        first.reached_at, first.progress = move.now, progress
        first.save(update_fields=["reached_at", "progress"])
        move.order.open_milestones = max(0, move.order.open_milestones - 1)


def reply(move: Move, result: str, content: str, policy_basis: str = "", unreachable_reason: str = "") -> None:
    """答复: to the citizen by way of the reviewers, or from a lower unit to the one above it."""
    row = move.share
    reviewed_first = row.unit.own_review
    move.change(
        row, result=result, reply=content, policy_basis=policy_basis, unreachable_reason=unreachable_reason,
        state=AssignmentState.UNIT_REVIEW if reviewed_first else AssignmentState.REPLIED,
        replied_at=None if reviewed_first else move.now,
    )  # fmt: skip
    if not reviewed_first:
        _replied(move)


def pass_unit_review(move: Move, note: str = "") -> None:
    """本级审核通过."""
    move.change(move.share, state=AssignmentState.REPLIED, replied_at=move.now)
    _replied(move)


def _replied(move: Move) -> None:
    row = move.share
    move.lapse([row])
    move.stop(assignment=row)
    if row.part == "lead" and row.parent_id is None:
        move.order.answer = row.reply


def fail_unit_review(move: Move, reason: str) -> None:
    """本级退回修改."""
    move.change(move.share, state=AssignmentState.HANDLING)


def approve(move: Move, excluded: bool = False, note: str = "") -> None:
    """答复审核通过: on to the call-back; or the order that the call-back asks to explain is closed, 剔除 from the rates or not."""
    if move.order.explanation_pending:
        move.order.excluded = excluded
        close(move, Outcome.EXPLAINED)
        move.notify("closed")
        return
    move.state = State.TO_CALL_BACK
    move.notify("replied")


def reject(move: Move, reason: str) -> None:
    """退回重新答复: the lead's clock goes on as if it had waited (a rejected reply earns no new time and costs none)."""
    if move.order.explanation_pending:
        redo_lead(move)
        return
    lead = _replied_lead(move)
    move.change(lead, state=AssignmentState.HANDLING, replied_at=None)
    last = (
        Clock.objects.filter(assignment=lead, kind__in=clocks.HANDLING_KINDS)
        .exclude(stopped_at=None)
        .order_by("-pk")
        .first()
    )
    if last is None:
        return
    made = clocks.again(last, move.now)
    move.run(made)
    move.due_by(lead, made)
    if made.kind == "promise":
        move.state = State.PROMISED


def _replied_lead(move: Move) -> Assignment:
    return next(
        row for row in move.assignments if row.part == "lead" and row.parent_id is None and row.state == "replied"
    )


def redo_lead(move: Move) -> None:
    """重办: the unit that replied works again, with half the limit; the second time under supervision 督办.

    The third time it is escalated 提级: taken from the unit, and a meeting appoints who does it.
    """
    order = move.order
    order.redo_count += 1
    order.failed_attempts = 0
    order.explanation_pending = False
    if order.redo_count > matters.policy().max_redo:
        withdraw_shares(move, [row for row in move.assignments if row.state in ACTIVE])
        order.lead_unit = None
        move.state = State.DISPUTED
        supervise_automatically(move, "escalated", "多次重办后诉求人仍不满意，提级办理")
        return
    lead = _replied_lead(move)
    move.change(lead, state=AssignmentState.HANDLING, replied_at=None, contacted_at=None)
    move.start("contact", lead)
    made = move.start("redo", lead)
    if made:
        move.due_by(lead, made)
    move.state = State.IN_PROGRESS
    if order.redo_count > 1:
        supervise_automatically(move, "supervise", "重办后诉求人仍不满意，转督办")


def supervise_automatically(move: Move, kind: str, opinion: str) -> None:
    """转督办 by rule; one that is running already is raised to the new kind."""
    running = Supervision.objects.filter(order=move.order, finished_at=None).first() if move.order.supervised else None
    if running is None:
        running = Supervision(order=move.order, started_at=move.now)
    running.kind, running.opinion = kind, opinion
    running.save()
    move.order.supervised = True
    move.told["consequence"] = opinion


def outcome_of(result: str) -> Outcome:
    """How an order ends by the unit's result: 已解决 counts as solved, everything else as explained."""
    return Outcome.SOLVED if result in ("solved", "partly_solved") else Outcome.EXPLAINED
