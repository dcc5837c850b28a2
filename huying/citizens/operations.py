"""诉求人: find the one who asked before, or make a record."""

from datetime import datetime

from huying.kernel import crypto
from huying.kernel.errors import Invalid
from huying.kernel.text import digits_only

from .models import Citizen


def phone_hash(phone: str) -> bytes:
    """The keyed hash a number is found by."""
    return crypto.keyed_hash("phone", digits_only(phone))


def name_hash(name: str) -> bytes:
    """The keyed hash a name is found by."""
    return crypto.keyed_hash("name", name.strip())


def find_or_make(*, name: str, phone: str, title: str, anonymous: bool, now: datetime) -> Citizen:
    """The citizen with this number and name, else a new one. Anonymous ones are never looked up.

    Errors: Invalid `bad_phone` when the number has no plausible length (5 to 15 digits).
    """
    digits = digits_only(phone)
    if phone.strip() and not 5 <= len(digits) <= 15:
        raise Invalid("bad_phone", "联系电话有误，请核对", errors=[{"field": "citizen.phone", "sentence": "电话号码有误"}])
    if digits and not anonymous:
        hashed = phone_hash(digits)
        known = Citizen.objects.filter(phone_hash=hashed, name_hash=name_hash(name) if name else None, anonymous=False)
        found = known.exclude(key=None).first()
        if found:
            return found
    key = crypto.new_key()
    return Citizen.objects.create(
        key=key,
        name_sealed=crypto.encrypt(key, name) if name else None,
        phone_sealed=crypto.encrypt(key, digits) if digits else None,
        name_hash=name_hash(name) if name else None,
        phone_hash=phone_hash(digits) if digits else None,
        title=title,
        anonymous=anonymous,
        created_at=now,
    )
