"""诉求人: find the one who asked before, or make a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huying.kernel import crypto
from huying.kernel.copying import insert_many
from huying.kernel.errors import Invalid
from huying.kernel.text import digits_only

from .models import Citizen


def phone_hash(phone: str) -> bytes:
    """The keyed hash a number is found by."""
    return crypto.keyed_hash("phone", digits_only(phone))


def name_hash(name: str) -> bytes:
    """The keyed hash a name is found by."""
    return crypto.keyed_hash("name", name.strip())


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as far as is known: cleaned name, digits of the telephone."""

    name: str
    digits: str
    title: str = ""
    anonymous: bool = False


def phone_digits(phone: str) -> str:
    """The digits of a number as typed, empty for none. Errors: Invalid `bad_phone` when there are not 5 to 15."""
    digits = digits_only(phone)
    if phone.strip() and not 5 <= len(digits) <= 15:
        raise Invalid(
            "bad_phone", "联系电话有误，请核对", errors=[{"field": "citizen.phone", "sentence": "电话号码有误"}]
        )
    return digits


def find_or_make_many(callers: Sequence[Caller], *, now: datetime) -> list[Citizen]:
    """For each caller the citizen with this number and name, else a new one. Anonymous ones are never looked up.

    At most three statements, however many there are.
    """
    keys = [_key(caller) for caller in callers]
    hashes = {key[0] for key in keys if key}
    known: dict[tuple[bytes, bytes], Citizen] = {}
    if hashes:
        # the earliest record wins, as it did when there was only one caller to look up
        for row in Citizen.objects.filter(phone_hash__in=hashes, anonymous=False).exclude(key=None).order_by("-pk"):
            known[bytes(row.phone_hash or b""), bytes(row.name_hash or b"")] = row
    made: list[Citizen] = []
    found: list[Citizen] = []
    for caller, key in zip(callers, keys, strict=True):
        citizen = known.get(key) if key else None
        if citizen is None:
            citizen = _new(caller, now)
            made.append(citizen)
            if key:
                known[key] = citizen
        found.append(citizen)
    insert_many(made)
    return found


def _key(caller: Caller) -> tuple[bytes, bytes] | None:
    """What a caller is recognised by; None for one who is not to be."""
    if caller.anonymous or not caller.digits:
        return None
    return phone_hash(caller.digits), name_hash(caller.name) if caller.name else b""


def _new(caller: Caller, now: datetime) -> Citizen:
    key = crypto.new_key()
    return Citizen(
        key=key,
        name_sealed=crypto.encrypt(key, caller.name) if caller.name else None,
        phone_sealed=crypto.encrypt(key, caller.digits) if caller.digits else None,
        name_hash=name_hash(caller.name) if caller.name else None,
        phone_hash=phone_hash(caller.digits) if caller.digits else None,
        title=caller.title,
        anonymous=caller.anonymous,
        created_at=now,
    )
