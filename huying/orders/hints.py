"""Live hints 实时提示: which listener may hear that which order moved, and whether a listener may listen still.

A trigger on the history notifies `huying_hints` with `<order id> <event kind>`, in the transaction of every move,
registration and recorded fact: no verb can forget it and it costs no statement. The number and the version are read
here, through the visibility door, after the commit. A bulk insert says `many` once instead.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.handlers.asgi import ASGIRequest

from huying.kernel import clock as kernel_clock
from huying.people.models import ApiToken, Staff
from huying.people.signing import bearer, signed_in

from .flow import ACTIONS, Actor
from .models import Assignment
from .reading import SYSTEM, actor_of
from .visibility import visible_to

CHANNEL = "huying_hints"
MANY = "many"
REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Moved:
    """One event, as its notification tells it."""

    order_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What a listener is told; version 0 means that a fact was recorded, which raises no version: read in any case."""

    number: str
    version: int
    kind: str


@dataclass(frozen=True, slots=True)
class Credential:
    """What a listener signed in with, for looking again later: a session or a bearer token."""

    staff_id: int
    session_key: str = ""
    session_hash: str = ""
    token_digest: bytes = b""


def understood(payload: str) -> Moved | None:
    """The event of a notification; None for a bulk insert, and for what a later version may send."""
    order, _, kind = payload.partition(" ")
    return Moved(int(order), kind) if kind and order.isascii() and order.isdigit() else None


# -- who hears what


def parts(actor: Actor) -> frozenset[Actor]:
    """Weaker actors who together see exactly what this one sees (a test holds this against `visible_to`).

    What people have in common becomes the same part, so that one query answers for everybody who has it.
    """
    if actor.system:
        return frozenset({SYSTEM})
    bare = Actor(None, "", None, "", 0, None, "", frozenset())

    def may(*permissions: str) -> Actor:
        return replace(bare, permissions=frozenset(permissions))

    if actor.may("see_all") and actor.may("see_confidential"):
        return frozenset({may("see_all", "see_confidential")})
    found: set[Actor] = set()
    if actor.id is not None and actor.may("register"):
        found.add(replace(may("register"), id=actor.id))
    if actor.may("see_all"):
        found.add(may("see_all"))
        if actor.may("review") and actor.team_id:
            found.add(replace(may("see_all", "review"), team_id=actor.team_id))
        if actor.may("call_back"):
            found.add(may("see_all", "call_back"))
    if actor.unit_id and (actor.may("handle") or actor.may("approve_unit")):
        found.add(replace(may("handle"), unit_id=actor.unit_id))
    return frozenset(found)


def heard(moved: Collection[Moved], actors: Iterable[Actor]) -> dict[Actor, list[Hint]]:
    """For each actor the hints of the orders visible to it, in the order of the events.

    Two statements tell which units and people the orders touch; then one per part that could see any of them, not one
    per listener: 3,000 units that wait for nothing cost nothing.
    """
    ids = {item.order_id for item in moved}
    rows = {
        pk: (number, version, operator, team)
        for pk, number, version, operator, team in visible_to(SYSTEM)
        .filter(pk__in=ids)
        .values_list("pk", "number", "version", "operator_id", "team_id")
    }
    units = set(Assignment.objects.filter(order_id__in=ids).values_list("unit_id", flat=True))
    operators = {row[2] for row in rows.values()}
    teams = {row[3] for row in rows.values()}
    asked: dict[Actor, set[int]] = {}

    def sees(part: Actor) -> set[int]:
        if part not in asked:
            touched = (
                (part.id is None or part.id in operators)
                and (part.unit_id is None or part.unit_id in units)
                and (part.team_id is None or part.team_id in teams)
            )
            asked[part] = set(visible_to(part).filter(pk__in=ids).values_list("pk", flat=True)) if touched else set()
        return asked[part]

    found: dict[Actor, list[Hint]] = {}
    for actor in actors:
        visible: set[int] = set()
        # what everybody shares first: the personal part is asked only for what is still missing
        for part in sorted(parts(actor), key=lambda item: (item.id is not None, item.team_id or 0, item.unit_id or 0)):
            if visible >= rows.keys():
                break
            visible |= sees(part)
        found[actor] = [_hint(item, rows) for item in moved if item.order_id in visible and item.order_id in rows]
    return found


def _hint(item: Moved, rows: Mapping[int, tuple[Any, ...]]) -> Hint:
    number, version, *_ = rows[item.order_id]
    raises_version = item.kind in ACTIONS or item.kind == REGISTERED
    return Hint(number, version if raises_version else 0, item.kind)


# -- who may listen


def admit(scope: dict[str, Any]) -> tuple[Actor, Credential]:
    """The account of an ASGI request, as `signed_in` knows it. Errors: Unauthenticated."""
    request = ASGIRequest(scope, BytesIO())
    engine = import_module(settings.SESSION_ENGINE)
    request.session = engine.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    staff = signed_in(request)
    token = bearer(request)
    if token is not None:
        return actor_of(staff), Credential(staff.pk, token_digest=sha256(token.encode()).digest())
    return actor_of(staff), Credential(
        staff.pk, session_key=request.session.session_key or "", session_hash=staff.get_session_auth_hash()
    )


def still_admitted(credentials: Collection[Credential]) -> dict[Credential, Actor]:
    """Those that may listen still, with the roles and units they have now. Three statements for all of them."""
    now = kernel_clock.now()
    by_staff: dict[int, list[Credential]] = defaultdict(list)
    for credential in credentials:
        by_staff[credential.staff_id].append(credential)
    keys = {item.session_key for item in credentials if item.session_key}
    digests = {item.token_digest for item in credentials if item.token_digest}
    sessions = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("session_key", flat=True)
    )
    tokens = {
        bytes(digest)
        for digest in ApiToken.objects.filter(digest__in=digests, expires_at__gt=now).values_list("digest", flat=True)
    }
    found: dict[Credential, Actor] = {}
    for staff in Staff.objects.select_related("unit", "team").filter(pk__in=by_staff, is_active=True):
        actor = actor_of(staff)
        present_hash = staff.get_session_auth_hash()  # changes with the password
        for item in by_staff[staff.pk]:
            by_session = item.session_key in sessions and item.session_hash == present_hash
            if by_session or item.token_digest in tokens:
                found[item] = actor
    return found
