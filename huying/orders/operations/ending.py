"""办结: how every order ends, and with it those that were merged into it."""

from .. import history, notices
from ..flow import Outcome, State
from ..models import WorkOrder
from ..moving import Move


def close(move: Move, outcome: Outcome) -> None:
    """办结: end the order in one way; what was merged into it gets the same answer."""
    order = move.order
    move.state = State.CLOSED
    order.outcome = outcome
    order.closed_at = move.now
    order.explanation_pending = False
    if order.children_count:
        _answer_children(move)


def _answer_children(move: Move) -> None:
    """主单办结: every order merged into this one gets the same answer, ends with it, and its citizen is told."""
    children = (
        WorkOrder.objects.select_for_update(of=("self",), no_key=True)
        .select_related("citizen").defer("search").filter(parent=move.order)
    )  # fmt: skip
    for child in children.order_by("pk"):
        child.answer, child.closed_at = move.order.answer, move.now
        event = history.append(
            child, "answered_with_parent", by=move.by, told={"into": move.order.number}, from_state=child.state,
            to_state=child.state, at=move.now,
        )  # fmt: skip
        child.version += 1
        child.save(update_fields=["answer", "closed_at", "version", *history.HEAD])
        notices.enqueue(child, event.seq, "with_parent")
