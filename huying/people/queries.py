"""Reading units and staff."""

from datetime import timedelta
from hashlib import sha256

from django.db.models import Q, QuerySet

from huying.kernel import clock
from huying.kernel.errors import Invalid

from .models import ApiToken, Staff, Unit

TOKEN_LIFE = timedelta(days=30)


def staff_by_token(token: str) -> Staff | None:
    """The account a bearer token acts as, or None when unknown, expired or disabled. One statement."""
    digest = sha256(token.encode()).digest()
    found = (
        ApiToken.objects.select_related("staff__unit", "staff__team")
        .filter(digest=digest, expires_at__gt=clock.now(), staff__is_active=True)
        .first()
    )
    return found.staff if found else None


def staff_by_id(pk: int) -> Staff | None:
    """The signed-in account with its unit and team. One statement."""
    return Staff.objects.select_related("unit", "team").filter(pk=pk, is_active=True).first()


def search_units(q: str = "", *, tier: int | None = None, kind: str = "", parent: str = "") -> QuerySet[Unit]:
    """承办单位 whose name, short name, code, pinyin or initials contain the words."""
    found = Unit.objects.filter(active=True).exclude(kind=Unit.Kind.HOTLINE).select_related("parent")
    if tier:
        found = found.filter(tier=tier)
    if kind:
        found = found.filter(kind=kind)
    if parent:
        found = found.filter(parent__code=parent)
    q = q.strip().lower()
    if q:
        found = found.filter(
            Q(name__icontains=q)
            | Q(short__icontains=q)
            | Q(code=q)
            | Q(initials__startswith=q)
            | Q(pinyin__startswith=q)
        )
    return found


def units_by_code(codes: list[str]) -> dict[str, Unit]:
    """Active units by code; Invalid `unknown_unit` naming the first that is none."""
    found = active_units(codes)
    for code in codes:
        if code not in found:
            raise Invalid(
                "unknown_unit",
                f"没有编码为“{code}”的承办单位，请重新选择",
                errors=[{"field": "unit", "sentence": "单位不存在"}],
            )
    return found


def active_units(codes: list[str]) -> dict[str, Unit]:
    """Active units by code; codes that are none are left out. One statement, none for no codes."""
    return {unit.code: unit for unit in Unit.objects.filter(code__in=codes, active=True)} if codes else {}
