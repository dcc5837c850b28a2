"""办理: what the unit does, from signing to the reply, and what is decided above it."""

from datetime import date
from typing import Any

from huying.kernel.errors import Invalid
from huying.matters import queries as matters

from .. import clocks
from ..flow import AssignmentState, Outcome, State
from ..models import Application, Milestone
from ..moving import Move
from .dispatching import decide


def accept(move: Move, note: str = "") -> None:
    """签收."""
    move.change(move.share, state=AssignmentState.HANDLING, accepted_at=move.now)
    move.stop("sign", assignment=move.share)


def contact(move: Move, way: str, reached: bool, record: str) -> None:
    """联系诉求人: reaching the citizen stops the first-contact clock."""
    row = move.share
    if reached and row.contacted_at is None:
        move.change(row, contacted_at=move.now)
        move.stop("contact", assignment=row)


def extend(move: Move, days: int, reason: str, told_citizen: bool) -> None:
    """申请延期."""
    row = move.share
    cap = matters.policy().extension_cap_days
    running = move.running("handle", "redo", assignment=row)
    if running and running[0].measure == "working_days":
        cap = min(cap, max(1, int(running[0].amount)))
    if not 1 <= days <= cap:
        raise Invalid("bad_extension", f"延长天数须在1到{cap}个工作日之间", errors=[{"field": "days", "sentence": f"1到{cap}"}])
    if not told_citizen:
        raise Invalid("citizen_not_told", "申请延期前须告知诉求人", errors=[{"field": "told_citizen", "sentence": "请先告知诉求人"}])
    Application.objects.create(
        order=move.order, assignment=row, kind="extension", reason=reason, days=days, asked_at=move.now
    )
    move.change(row, pending_extension=True)
    move.start("extension_decision", row)


def approve_extension(move: Move, note: str = "") -> None:
    """同意延期."""
    row = move.share
    asked = decide(move, "extension", "approved", note)
    for item in move.running("handle", "redo", assignment=row):
        move.extend(item, asked.days or 1)
    move.change(row, pending_extension=False, extensions=row.extensions + 1)
    move.stop("extension_decision", assignment=row)
    move.notify("extended")


def refuse_extension(move: Move, reason: str) -> None:
    """驳回延期."""
    decide(move, "extension", "refused", reason)
    move.change(move.share, pending_extension=False)
    move.stop("extension_decision", assignment=move.share)


def promise(move: Move, until: date, milestones: list[dict[str, Any]], reason: str) -> None:
    """申请承诺办理."""
    Application.objects.create(
        order=move.order, assignment=move.share, kind="promise", reason=reason, until=until, asked_at=move.now,
        milestones=[{"title": item["title"], "due_on": item["due_on"].isoformat()} for item in milestones],
    )  # fmt: skip
    move.change(move.share, pending_promise=True)


def approve_promise(move: Move, note: str = "") -> None:
    """同意承诺办理: the handling clock gives way to the promised date."""
    row = move.share
    asked = decide(move, "promise", "approved", note)
    Milestone.objects.bulk_create(
        Milestone(order=move.order, title=item["title"], due_on=date.fromisoformat(item["due_on"]))
        for item in asked.milestones
    )
    move.order.open_milestones = len(asked.milestones)
    move.stop("handle", "redo", assignment=row)
    if asked.until:
        made = clocks.until("promise", move.order, move.now, asked.until, row)
        move.run(made)
        move.change(row, pending_promise=False, due_at=made.due_at)


def refuse_promise(move: Move, reason: str) -> None:
    """驳回承诺办理."""
    decide(move, "promise", "refused", reason)
    move.change(move.share, pending_promise=False)


def reach_milestone(move: Move, progress: str) -> None:
    """完成节点: the earliest open one."""
    first = Milestone.objects.filter(order=move.order, reached_at=None).first()
    if first:
        first.reached_at, first.progress = move.now, progress
        first.save(update_fields=["reached_at", "progress"])
        move.order.open_milestones = max(0, move.order.open_milestones - 1)


def reply(
    move: Move, result: str, content: str, policy_basis: str = "", unreachable_reason: str = ""
) -> None:
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
    move.stop(assignment=row)
    move.change(row, pending_extension=False, pending_promise=False)
    if row.part == "lead" and row.parent_id is None:
        move.order.answer = row.reply


def fail_unit_review(move: Move, reason: str) -> None:
    """本级退回修改."""
    move.change(move.share, state=AssignmentState.HANDLING)


def approve(move: Move, note: str = "") -> None:
    """答复审核通过."""
    move.notify("replied")


def reject(move: Move, reason: str) -> None:
    """退回重新答复: the lead's handling clock goes on from the limit it had (a rejected reply earns no new time)."""
    lead = next(row for row in move.assignments if row.part == "lead" and row.parent_id is None and row.state == "replied")
    move.change(lead, state=AssignmentState.HANDLING, replied_at=None)
    _restart_handling(move, lead)


def _restart_handling(move: Move, lead: Any) -> None:
    kind = "redo" if move.order.redo_count else "handle"
    made = clocks.new(kind, move.order, move.now, assignment=lead)
    if made is None:
        return
    if lead.due_at and lead.due_at > move.now:
        made.due_at = lead.due_at
        made.warn_at = min(made.warn_at, lead.due_at)
    else:
        move.change(lead, due_at=made.due_at)
    move.run(made)


def redo_lead(move: Move) -> None:
    """重办: the unit that replied works again, with half the limit."""
    move.order.redo_count += 1
    lead = next(row for row in move.assignments if row.part == "lead" and row.parent_id is None and row.state == "replied")
    move.change(lead, state=AssignmentState.HANDLING, replied_at=None, contacted_at=None)
    made = move.start("redo", lead)
    if made:
        move.change(lead, due_at=made.due_at)
    move.state = State.IN_PROGRESS


def outcome_of(result: str) -> Outcome:
    """How an order ends by the unit's result: 已解决 counts as solved, everything else as explained."""
    return Outcome.SOLVED if result in ("solved", "partly_solved") else Outcome.EXPLAINED


