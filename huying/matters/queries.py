"""Reading the catalogue, the limits and the policy. Kept in the process for a short time: they change seldom."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db.models import Q, QuerySet

from huying.kernel import clock
from huying.kernel.errors import Invalid
from huying.worktime.rules import Span

from .models import Duty, LimitRule, Matter, Policy
from .rules import Limit, Line, limit_for

T = TypeVar("T")
KEPT_SECONDS = 30
_kept: dict[str, tuple[float, object]] = {}


def _keep(name: str, read: Callable[[], T]) -> T:
    found = _kept.get(name)
    if found and found[0] > time.monotonic():
        return found[1]  # type: ignore[return-value]  # stored by this function under the same name
    value = read()
    _kept[name] = (time.monotonic() + KEPT_SECONDS, value)
    return value


def clear() -> None:
    """Forget what is kept, after a change in the admin or between tests."""
    _kept.clear()


def policy() -> Policy:
    """The policy in force: the newest version, or the shipping defaults."""
    return _keep("policy", lambda: Policy.objects.order_by("-version").first() or Policy(version=0))


def catalogue() -> tuple[Line, ...]:
    """The lines of the dispatch catalogue valid today."""

    def read() -> tuple[Line, ...]:
        today = clock.local(clock.now()).date()
        duties = (
            Duty.objects.filter(valid_from__lte=today)
            .filter(Q(valid_until=None) | Q(valid_until__gte=today))
            .prefetch_related("matters")
        )
        return tuple(
            Line(
                duty.code, duty.name, frozenset(matter.code for matter in duty.matters.all()), duty.lead,
                tuple(duty.assisting), duty.department_work, duty.basis, duty.basis_source,
            )
            for duty in duties
        )  # fmt: skip

    return _keep("catalogue", read)


def limits() -> tuple[Limit, ...]:
    """All active time limits."""

    def read() -> tuple[Limit, ...]:
        return tuple(
            Limit(rule.kind, rule.nature, rule.urgency, rule.unit_id, Span(float(rule.amount), rule.measure))  # type: ignore[arg-type]  # choices of the column
            for rule in LimitRule.objects.filter(active=True)
        )

    return _keep("limits", read)


def span_for(kind: str, nature: str, urgency: str, unit_id: int | None = None) -> Span | None:
    """The limit of one kind of clock for this nature, urgency and unit; None when the city sets none."""
    return limit_for(kind, nature, urgency, unit_id, limits())


def matter(code: str) -> Matter:
    """An active leaf, with its group and domain; Invalid `unknown_matter` when it is none."""
    found = Matter.objects.select_related("parent__parent").filter(code=code, active=True).first()
    if found is None or not found.leaf:
        raise Invalid("unknown_matter", f"没有编码为“{code}”的内容分类，请选到最末一级", errors=[{"field": "matter", "sentence": "分类不存在"}])
    return found


def search(q: str, *, leaf: bool, parent: str = "") -> QuerySet[Matter]:
    """内容分类 found by code, name, synonym, everyday word or definition; best matches first is the caller's work."""
    found = Matter.objects.filter(active=True).select_related("parent__parent")
    if parent:
        found = found.filter(parent_id=parent)
    if leaf:
        found = found.extra(where=["length(code) = 6"])
    for word in q.split():
        found = found.filter(
            Q(code__startswith=word)
            | Q(name__icontains=word)
            | Q(definition__icontains=word)
            | Q(synonyms__icontains=word)
            | Q(everyday__icontains=word)
        )
    return found
