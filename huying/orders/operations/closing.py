"""回访、办结与其后: call-back, redo, closing, merging, reopening, archiving; and urging and supervising on the way."""

from datetime import date, timedelta

from huying.kernel.errors import Invalid, Refused
from huying.kernel.identifiers import parse_number
from huying.matters import queries as matters

from .. import history
from ..flow import ACTIVE, Outcome, State
from ..flow.guards import UNHAPPY
from ..models import Assignment, CallBackAttempt, Supervision, WorkOrder
from ..moving import Move, locked
from .dispatching import withdraw_shares
from .ending import close
from .handling import outcome_of, redo_lead


def call_back(
    move: Move, way: str, reached: bool, solved: bool | None = None, satisfied: str = "", reason: str = "",
    opinion: str = "", next: str = "",
) -> None:  # fmt: skip
    """回访: not reached waits for another try at another time; unsatisfied and true is done again; satisfied closes.

    Unsatisfied though the unit did what it could: a reviewer decides whether it may be closed as explained.
    """
    order = move.order
    counted = not reached and _at_another_time(move)
    CallBackAttempt.objects.create(
        order=order, at=move.now, by_id=move.by.id, way=way, reached=reached, solved=solved, satisfied=satisfied,
        reason=reason, round=order.redo_count, counted=counted,
    )  # fmt: skip
    if not reached:
        order.failed_attempts += counted
        return
    order.failed_attempts = 0
    order.solved, order.satisfied = solved, satisfied
    unhappy = satisfied in UNHAPPY or solved is False
    if not unhappy:
        _close_answered(move)
    elif next == "explain_close":
        order.explanation_pending = True
        order.proposed_by_id = move.by.id
        move.state = State.REPLY_REVIEW
    else:
        redo_lead(move)


def _at_another_time(move: Move) -> bool:
    """True when enough time has passed since the last try that counts: three rings in a minute are one try."""
    tries = CallBackAttempt.objects.filter(order=move.order, counted=True, round=move.order.redo_count)
    last = tries.order_by("-at").first() if move.order.failed_attempts else None
    return last is None or move.now >= last.at + timedelta(hours=matters.policy().call_back_gap_hours)


def _close_answered(move: Move) -> None:
    lead = next(
        (row for row in move.assignments if row.part == "lead" and row.parent_id is None and row.state in ACTIVE), None
    )
    close(move, outcome_of(lead.result if lead else ""))
    move.notify("closed")


def redo(move: Move, reason: str) -> None:
    """重办."""
    redo_lead(move)


def close_unreached(move: Move, note: str = "") -> None:
    """未联系上办结."""
    _close_answered(move)


def urge(move: Move, note: str = "") -> None:
    """催办."""
    move.order.urge_count += 1


def supervise(move: Move, kind: str, opinion: str, due_on: date | None = None) -> None:
    """督办."""
    Supervision.objects.create(order=move.order, kind=kind, opinion=opinion, due_on=due_on, started_at=move.now)
    move.order.supervised = True


def finish_supervision(move: Move, conclusion: str) -> None:
    """督办办结."""
    Supervision.objects.filter(order=move.order, finished_at=None).update(finished_at=move.now, conclusion=conclusion)
    move.order.supervised = False


def suspend(move: Move, reason: str) -> None:
    """挂起."""
    move.order.resume_to = move.order.state
    move.notify("suspended")


def resume(move: Move, note: str = "") -> None:
    """恢复办理."""
    move.state = State(move.order.resume_to or State.TO_DISPATCH)
    move.order.resume_to = ""


def merge(move: Move, into: str, note: str = "") -> None:
    """并单: into an order that is not itself merged; locked second, and never into itself or a child of it."""
    number = parse_number(into)
    if number == move.order.number:
        raise Invalid("merge_into_itself", "不能并入自己", errors=[{"field": "into", "sentence": "请填写另一张工单"}])
    parent = locked(number, move.by)
    if parent.outcome in (Outcome.MERGED, Outcome.VOIDED, Outcome.WITHDRAWN) or parent.parent_id:
        raise Refused("bad_parent", "主单已并入其他工单、作废或撤回，请选择有效的主单")
    if parent.confidential != move.order.confidential:
        # the parent's answer goes to the child, the child's number to the parent: neither may leave its circle
        raise Refused("confidentiality_differs", "一张保密、一张不保密，不能并单，请分别办理")
    withdraw_shares(move, _active(move))
    close(move, Outcome.MERGED)
    move.order.parent = parent
    move.told["into"] = number
    parent.children_count += 1
    _tell_parent(move, parent, "took_in")
    if parent.state in (State.CLOSED, State.ARCHIVED):
        move.order.answer = parent.answer
        move.notify("with_parent")
    else:
        move.notify("merged")


def _tell_parent(move: Move, parent: WorkOrder, fact: str) -> None:
    history.append(
        parent,
        fact,
        by=move.by,
        told={"number": move.order.number},
        from_state=parent.state,
        to_state=parent.state,
        at=move.now,
    )
    parent.save(update_fields=["children_count", *history.HEAD])


def unmerge(move: Move, reason: str) -> None:
    """解除并单."""
    if move.order.parent_id is not None:
        # locked before this order was, by moving.lock_pair
        parent = WorkOrder.objects.select_related("citizen").defer("search").get(pk=move.order.parent_id)
        parent.children_count -= 1
        _tell_parent(move, parent, "let_go")
    _open_again(move)
    move.order.parent = None


def _open_again(move: Move) -> None:
    order = move.order
    order.outcome, order.closed_at, order.answer = "", None, ""
    order.solved, order.satisfied, order.failed_attempts = None, "", 0
    order.refusal_reason, order.explanation_pending, order.excluded = "", False, False
    order.lead_unit = None
    # a new round: 重新办理 gets its whole limit and its own returns (hotline-domain 4.3); the history keeps the past
    order.redo_count = order.return_count = 0
    order.returns_by_unit = {}
    for row in move.assignments:
        if row.state in ACTIVE:
            move.change(row, state="recalled")


def void(move: Move, reason: str) -> None:
    """作废."""
    withdraw_shares(move, _active(move))
    close(move, Outcome.VOIDED)


def withdraw(move: Move, reason: str) -> None:
    """诉求人撤回."""
    withdraw_shares(move, _active(move))
    close(move, Outcome.WITHDRAWN)


def _active(move: Move) -> list[Assignment]:
    return [row for row in move.assignments if row.state in ACTIVE]


def reopen(move: Move, reason: str) -> None:
    """重新办理."""
    _open_again(move)


def archive(move: Move, note: str = "") -> None:
    """归档."""


def note_down(move: Move, note: str) -> None:
    """记备注."""
