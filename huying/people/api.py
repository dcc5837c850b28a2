"""HTTP: signing in, who am I, units."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema
from pydantic import Field

from . import queries
from .models import Staff, Unit
from .rules import DEMO_ACCOUNTS, DEMO_PASSWORD, ROLES, permissions_of
from .signing import sign_in

router = Router(tags=["people"])


class Credentials(Schema):
    username: str = Field(max_length=150)
    password: str = Field(max_length=200)


def unit_shown(unit: Unit) -> dict[str, Any]:
    """A unit as lists show it."""
    return {
        "code": unit.code, "name": unit.name, "short": unit.short, "tier": unit.tier, "kind": unit.kind,
        "kind_label": unit.get_kind_display(), "parent": unit.parent.short if unit.parent else None, "duty": unit.duty,
    }  # fmt: skip


def me_shown(staff: Staff) -> dict[str, Any]:
    """The signed-in person."""
    unit, team = staff.unit, staff.team
    return {
        "id": staff.pk,
        "username": staff.username,
        "name": staff.name or staff.username,
        "unit": {"code": unit.code, "name": unit.name, "short": unit.short, "tier": unit.tier} if unit else None,
        "team": {"id": team.pk, "name": team.name} if team else None,
        "roles": [{"code": code, "label": ROLES[code].label} for code in staff.roles if code in ROLES],
        "permissions": sorted(permissions_of(staff.roles)),
    }


@router.get("/welcome", auth=None)
def welcome(request: HttpRequest) -> dict[str, Any]:
    """What the sign-in page needs; sets the CSRF cookie. Demo accounts appear in demo mode only."""
    get_token(request)
    demo = settings.HUYING_MODE == "demo"
    host = request.get_host().rsplit(":", 1)[0]
    return {
        "mode": settings.HUYING_MODE,
        "city": "西安市",
        "hotline": "12345",
        "demo_accounts": [
            {"username": name, "name": label, "role": ROLES[role].label} for name, (role, label) in DEMO_ACCOUNTS.items()
        ] if demo else [],
        "demo_password": DEMO_PASSWORD if demo else None,
        "stream_url": settings.PUBLIC_STREAM_URL or f"{request.scheme}://{host}:{settings.STREAM_PORT}/api/v1/stream",
    }  # fmt: skip


@router.post("/sessions", auth=None)
def open_session(request: HttpRequest, payload: Credentials) -> dict[str, Any]:
    """登录."""
    staff, token = sign_in(request, payload.username, payload.password)
    return {"token": token, "me": me_shown(staff)}


@router.delete("/sessions", response={204: None})
def close_session(request: HttpRequest) -> tuple[int, None]:
    """退出."""
    logout(request)
    return 204, None


@router.get("/me")
def me(request: Any) -> dict[str, Any]:
    """The signed-in person."""
    get_token(request)
    return me_shown(request.auth)


@router.get("/units")
def units(
    request: HttpRequest, q: str = "", tier: int | None = None, kind: str = "", parent: str = "", limit: int = 20
) -> dict[str, Any]:
    """承办单位 by name, short name, pinyin or initials; exact and shorter names first."""
    found = list(queries.search_units(q, tier=tier, kind=kind, parent=parent)[:200])
    found.sort(key=lambda unit: (q not in (unit.short, unit.name), len(unit.short)) if q else (False, 0))
    return {"items": [unit_shown(unit) for unit in found[: max(1, min(limit, 100))]]}
