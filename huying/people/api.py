"""HTTP: signing in, who am I, units."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import Query, Router, Schema, Status
from ninja.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from . import queries
from .models import Staff, Unit
from .rules import DEMO_ACCOUNTS, DEMO_PASSWORD, ROLES, permissions_of
from .signing import sign_in, sign_out

router = Router(tags=["people"])


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")

    username: str = Field(min_length=1, max_length=150)
    password: str = Field(min_length=1, max_length=200)


class UnitSearch(Schema):
    q: str = Field("", max_length=50)
    tier: int | None = Field(None, ge=1, le=3)
    kind: str = Field("", max_length=24)
    parent: str = Field("", max_length=40)
    limit: int = Field(20, ge=1, le=100)


class UnitShown(Schema):
    code: str
    name: str
    short: str
    tier: int
    kind: str
    kind_label: str
    parent: str | None
    duty: str


class UnitList(Schema):
    items: list[UnitShown]


class OwnUnit(Schema):
    code: str
    name: str
    short: str
    tier: int


class OwnTeam(Schema):
    id: int
    name: str


class RoleShown(Schema):
    code: str
    label: str


class Me(Schema):
    id: int
    username: str
    name: str
    unit: OwnUnit | None
    team: OwnTeam | None
    roles: list[RoleShown]
    permissions: list[str]


class SignedIn(Schema):
    token: str
    me: Me


class DemoAccount(Schema):
    username: str
    name: str
    role: str


class Welcome(Schema):
    mode: str
    city: str
    hotline: str
    demo_accounts: list[DemoAccount]
    demo_password: str | None
    stream_url: str


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


@router.get("/welcome", auth=None, response=Welcome)
def welcome(request: HttpRequest) -> HttpResponse:
    """What the sign-in page needs; sets the CSRF cookie. Demo accounts appear in demo mode only."""
    get_token(request)
    demo = settings.HUYING_MODE == "demo"
    host = request.get_host().rsplit(":", 1)[0]
    accounts = [
        {"username": name, "name": label, "role": ROLES[role].label} for name, (role, label) in DEMO_ACCOUNTS.items()
    ]
    return Response(
        {
            "mode": settings.HUYING_MODE,
            "city": "西安市",
            "hotline": "12345",
            "demo_accounts": accounts if demo else [],
            "demo_password": DEMO_PASSWORD if demo else None,
            "stream_url": settings.PUBLIC_STREAM_URL
            or f"{request.scheme}://{host}:{settings.STREAM_PORT}/api/v1/stream",
        }
    )


@router.post("/sessions", auth=None, response=SignedIn)
def open_session(request: HttpRequest, payload: Credentials) -> HttpResponse:
    """登录. Errors: Unauthenticated `wrong_password`, TooMany `too_many_attempts`."""
    staff, token = sign_in(request, payload.username, payload.password)
    return Response({"token": token, "me": me_shown(staff)})


@router.delete("/sessions", response={204: None})
def close_session(request: HttpRequest) -> Status[None]:
    """退出."""
    sign_out(request)
    return Status(204, None)


@router.get("/me", response=Me)
def me(request: Any) -> HttpResponse:
    """The signed-in person."""
    get_token(request)
    return Response(me_shown(request.auth))


@router.get("/units", response=UnitList)
def units(request: HttpRequest, asked: Query[UnitSearch]) -> HttpResponse:
    """承办单位 by name, short name, pinyin or initials; exact and shorter names first."""
    q = asked.q.strip()
    found = list(queries.search_units(q, tier=asked.tier, kind=asked.kind, parent=asked.parent)[:200])
    found.sort(key=lambda unit: (q not in (unit.short, unit.name), len(unit.short)) if q else (False, 0))
    return Response({"items": [unit_shown(unit) for unit in found[: asked.limit]]})
