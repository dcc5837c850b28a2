"""回访、办结与其后: call-back, redo, closing, merging, reopening, archiving; and urging and supervising on the way."""

from datetime import date

from huying.kernel.errors import Invalid, Refused
from huying.kernel.identifiers import parse_number

from .. import history, notices
from ..flow import ACTIVE, Outcome, State
from ..models import Assignment, CallBackAttempt, Supervision, WorkOrder
from ..moving import Move, locked
from .dispatching import withdraw_shares
from .handling import outcome_of, redo_lead
from .registering import close


def call_back(
    move: Move, way: str, reached: bool, solved: bool | None = None, satisfied: str = "", reason: str = "",
    opinion: str = "", next: str = "",
) -> None:  # fmt: skip
    """回访: not reached waits for another try; unsatisfied and true is done again; the rest closes."""
    order = move.order
    CallBackAttempt.objects.create(
        order=order, at=move.now, by_id=move.by.id, way=way, reached=reached, solved=solved, satisfied=satisfied,
        reason=reason, round=order.redo_count,
    )  # fmt: skip
    if not reached:
        order.failed_attempts += 1
        return
    order.failed_attempts = 0
    order.solved, order.satisfied = solved, satisfied
    unhappy = satisfied in ("unsatisfied", "very_unsatisfied") or solved is False
    wanted = next or ("redo" if unhappy else "close")
    if wanted == "redo":
        if order.redo_count >= _max_redo():
            raise Refused("redo_used_up", "已达到重办次数上限，请解释后办结或转督办")
        redo_lead(move)
        return
    if unhappy and wanted == "close":
        raise Invalid("unhappy_needs_choice", "诉求人不满意或未解决的，请选择“重办”或“已尽责，解释后办结”", errors=[{"field": "next", "sentence": "请选择"}])
    _close_answered(move)


def _max_redo() -> int:
    from huying.matters.queries import policy

    return policy().max_redo


def _close_answered(move: Move) -> None:
    lead = next((row for row in move.assignments if row.part == "lead" and row.parent_id is None and row.state in ACTIVE), None)
    close(move, outcome_of(lead.result if lead else ""))
    move.state = State.CLOSED
    move.notify("closed")
    answer_children(move)


def answer_children(move: Move) -> None:
    """主单办结: every order merged into this one gets the same answer, and its citizen is told."""
    if not move.order.children_count:
        return
    children = (
        WorkOrder.objects.select_for_update(of=("self",), no_key=True).select_related("citizen").filter(parent=move.order)
    )
    for child in children.order_by("pk"):
        child.answer = move.order.answer
        event = history.append(
            child, "answered_with_parent", by=move.by, told={"into": move.order.number}, from_state=child.state,
            to_state=child.state,
        )  # fmt: skip
        child.version += 1
        child.save(update_fields=["answer", "version", "last_seq", "last_hash"])
        notices.enqueue(child, event.seq, "with_parent")


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
    withdraw_shares(move, [row for row in move.assignments if row.state in ACTIVE])
    close(move, Outcome.MERGED)
    move.order.parent = parent
    move.told["into"] = number
    parent.children_count += 1
    parent.save(update_fields=["children_count"])
    if parent.state in (State.CLOSED, State.ARCHIVED):
        move.order.answer = parent.answer
        move.notify("with_parent")


def unmerge(move: Move, reason: str) -> None:
    """解除并单."""
    parent = move.order.parent
    if parent is not None:
        parent = WorkOrder.objects.select_for_update(of=("self",), no_key=True).get(pk=parent.pk)
        parent.children_count = max(0, parent.children_count - 1)
        parent.save(update_fields=["children_count"])
    _open_again(move)
    move.order.parent = None


def _open_again(move: Move) -> None:
    order = move.order
    order.outcome, order.closed_at, order.answer = "", None, ""
    order.solved, order.satisfied, order.failed_attempts = None, "", 0
    order.lead_unit = None
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
