"""Masks of single fields: what of a number or name stays."""

import re

from .surnames import COMPOUND

# One character becomes one, so that places found in the folded text are places in the original.
_ODD_SPACES = "\u00a0\u2002\u2003\u2009\u202f\u3000"
_ODD_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2212\uff0d\u30fc"
FOLD: dict[int, str | int] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{ord(space): " " for space in _ODD_SPACES},
    **{ord(hyphen): "-" for hyphen in _ODD_HYPHENS},
    # Lone surrogates are no text and would stop the dictionary.
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
LAND_LINE = re.compile(
    r"(?<!\d)\(?(?:0(?:10|2\d)\)?[ \-]{0,2}[2-8]\d{3}[ \-]?\d{4}|0[3-9]\d\d\)?[ \-]{0,2}[2-8]\d{2,3}[ \-]?\d{4})(?!\d)"
)


def mask_phone(number: str) -> str:
    """Mask a phone field: 138****5678, 029-****5678; of shorter numbers only the last quarter stays."""
    folded = number.translate(FOLD).strip()
    digits = re.sub(r"\D", "", folded)
    if len(digits) > 11 and digits.startswith(("86", "0086")):
        digits = digits.removeprefix("00").removeprefix("86")
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return f"{digits[:3]}****{digits[-4:]}"
    if LAND_LINE.fullmatch(folded):
        area = 3 if digits.startswith(("010", "02")) else 4
        return f"{digits[:area]}-****{digits[-4:]}"
    shown = min(len(digits) // 4, 4)
    return "*" * (len(digits) - shown) + digits[len(digits) - shown :]


def mask_name(name: str) -> str:
    """Mask a name: 杨**, 欧阳*, J***; a name of one character is hidden whole."""
    stripped = name.strip()
    if len(stripped) < 2:
        return "*" * len(stripped)
    if stripped[0].isascii() or "·" in stripped:
        # The length of a foreign or transcribed name says a lot, so it is not kept.
        return stripped[0] + "***"
    shown = 2 if stripped[:2] in COMPOUND and len(stripped) > 2 else 1
    return stripped[:shown] + "*" * (len(stripped) - shown)


def mask_id(number: str) -> str:
    """Mask a citizen ID or other document number; the first three and last two characters stay: 610*************34."""
    stripped = number.strip()
    if len(stripped) < 8:
        return "*" * len(stripped)
    return stripped[:3] + "*" * (len(stripped) - 5) + stripped[-2:]
