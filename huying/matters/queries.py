"""Reading the catalogue, the limits and the policy. Kept in the process for a short time: they change seldom."""

from collections.abc import Iterable
from typing import NoReturn

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from huying.kernel import clock
from huying.kernel.errors import Invalid
from huying.kernel.keeping import forget, keep
from huying.worktime.rules import Span

from .models import Duty, LimitRule, Matter, Policy
from .rules import Limit, Line, limit_for

LEAF_DIGITS = 6


def clear() -> None:
    """Forget what is kept, after a change in the admin or between tests."""
    forget()


def policy() -> Policy:
    """The policy in force: the newest version, or the shipping defaults."""
    return keep("policy", lambda: Policy.objects.order_by("-version").first() or Policy(version=0))


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

    return keep("catalogue", read)


def limits() -> tuple[Limit, ...]:
    """All active time limits."""

    def read() -> tuple[Limit, ...]:
        return tuple(
            Limit(rule.kind, rule.nature, rule.urgency, rule.unit_id, Span(float(rule.amount), rule.measure))  # type: ignore[arg-type]  # choices of the column
            for rule in LimitRule.objects.filter(active=True)
        )

    return keep("limits", read)


def span_for(kind: str, nature: str, urgency: str, unit_id: int | None = None) -> Span | None:
    """The limit of one kind of clock for this nature, urgency and unit; None when the city sets none."""
    return limit_for(kind, nature, urgency, unit_id, limits())


def leaves(codes: Iterable[str]) -> dict[str, Matter]:
    """Active leaves by code, with their groups and domains; codes that are none are left out. Kept, hence no statement."""
    known = named()
    return {code: known[code] for code in codes if len(code) == LEAF_DIGITS and code in known and known[code].active}


def named() -> dict[str, Matter]:
    """All matters by code, each with the one above it at hand."""

    def read() -> dict[str, Matter]:
        found = {row.code: row for row in Matter.objects.defer("definition", "synonyms", "everyday")}
        for row in found.values():
            if row.parent_id in found:
                row.parent = found[row.parent_id]
        return found

    return keep("matters", read)


def unknown(code: str) -> NoReturn:
    """Refuse a code that is no active leaf: Invalid `unknown_matter`."""
    raise Invalid(
        "unknown_matter",
        f"没有编码为“{code}”的内容分类，请选到最末一级",
        errors=[{"field": "matter", "sentence": "分类不存在"}],
    )


def matter(code: str) -> Matter:
    """An active leaf, with its group and domain; Invalid `unknown_matter` when it is none."""
    return leaves([code]).get(code) or unknown(code)


def search(q: str, *, leaf: bool, parent: str = "") -> QuerySet[Matter]:
    """内容分类 found by code, name, synonym, everyday word or definition; best matches first is the caller's work."""
    found = Matter.objects.filter(active=True).select_related("parent__parent")
    if parent:
        found = found.filter(parent_id=parent)
    if leaf:
        found = found.alias(digits=Length("code")).filter(digits=LEAF_DIGITS)
    for word in q.split():
        found = found.filter(
            Q(code__startswith=word)
            | Q(name__icontains=word)
            | Q(definition__icontains=word)
            | Q(synonyms__icontains=word)
            | Q(everyday__icontains=word)
        )
    return found
