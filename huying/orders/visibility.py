"""Who may see which order 可见范围. The only read door: lists, counts, exports, attachments and live hints go through it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from huying.kernel.errors import Forbidden

from .flow import Actor
from .flow.states import ACTIVE
from .models import Assignment, WorkOrder


def visible_to(actor: Actor) -> QuerySet[WorkOrder]:
    """The orders this person may know about.

    Everyone with `see_all` sees orders that are not confidential; confidential ones need `see_confidential`, or to
    have registered it (and to register still), to lead the team that did, or to be about to call the citizen back. A
    unit sees what was given to it or, for its own hand-downs, to the units below it. Everything else does not exist for
    them (404).

    For a unit the first condition is an EXISTS that stands alone, not in an OR: only then can the database start from
    the unit's assignments instead of looking at every order. A confidential order is a unit's while its share
    is active.
    """
    orders = WorkOrder.objects.all()
    if actor.system or (actor.may("see_all") and actor.may("see_confidential")):
        return orders
    allowed = Q(operator_id=actor.id) if actor.id is not None and actor.may("register") else Q()
    if actor.may("see_all"):
        allowed |= Q(confidential=False)
        if actor.may("review") and actor.team_id:
            allowed |= Q(team_id=actor.team_id)
        if actor.may("call_back"):
            allowed |= Q(state="to_call_back")
    if actor.unit_id and (actor.may("handle") or actor.may("approve_unit")):
        own = Assignment.objects.filter(order=OuterRef("pk"), unit_id=actor.unit_id)
        allowed |= Q(Exists(own)) & (Q(confidential=False) | Q(Exists(own.filter(state__in=ACTIVE))))
    return orders.filter(allowed) if allowed else orders.none()


def require_share(order: WorkOrder, actor: Actor) -> None:
    """A unit acts on an order only while it has a share of it. Errors: Forbidden `share_ended` once it was taken away."""
    if actor.system or actor.may("see_all") or not actor.unit_id:
        return
    if not Assignment.objects.filter(order=order, unit_id=actor.unit_id, state__in=ACTIVE).exists():
        raise Forbidden("share_ended", "这张工单已不由贵单位承办，只能查看，不能再看诉求人信息或添加附件")
