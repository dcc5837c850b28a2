"""Numbers that tell who somebody is: how they are written, and which of them are no such numbers."""

import re
from collections.abc import Callable
from datetime import date

from .fields import LAND_LINE, mask_id, mask_phone

SPOKEN_DIGITS = "零〇一幺二三四五六七八九"
_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"

_GAP = r"[ \-.·]{0,2}"
_MOBILE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)86{_GAP}|86[ \-])?(?:"
    rf"1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
    # Rarer groupings only with equal gaps, else 1500-2000 300 is a telephone number.
    r"|1[3-9]\d\d(?P<a>[ \-.·])(?:\d{4}(?P=a)\d{3}|\d{3}(?P=a)\d{4})"
    r"|1[3-9]\d(?P<b>[ \-.·])\d{3}(?P=b)\d{5}"
    r"|1(?P<c>[ \-.·])[3-9](?:(?P=c)\d){9}"
    r")(?!\d)"
)
# Two or three numbers written without anything between them.
_GLUED_MOBILES = re.compile(r"(?<!\d)(?:1[3-9]\d{9}){2,3}(?!\d)")
# Dictated and written down by a machine: groups of three and four with pauses between.
SPOKEN_MOBILE = re.compile(
    rf"(?<![{SPOKEN_DIGITS}])[一幺][三四五六七八九][{SPOKEN_DIGITS}][ ,，、\-]?[{SPOKEN_DIGITS}]{{4}}[ ,，、\-]?"
    rf"[{SPOKEN_DIGITS}]{{4}}(?![{SPOKEN_DIGITS}])"
)
# Without an area code a land line is a number like any other; the word before it tells.
_NAMED_LAND_LINE = re.compile(
    r"(?:电话|座机|固话|致电|来电|拨打|联系|[Tt][Ee][Ll])[^\d\n]{0,6}"
    r"(?P<number>[2-8]\d{2,3}[ \-]?\d{4})(?![\d.元万千百次户人])"
)
_ID_18 = re.compile(r"(?<!\d)(\d{6})[ \-]?((?:18|19|20)\d{2})[ \-]?(\d{4})[ \-]?(\d{3})[ \-]?([\dXx])(?!\d)")
_ID_15 = re.compile(r"(?<!\d)(\d{6})(\d{2})(\d{4})(\d{3})(?!\d)")
_CARD = re.compile(r"(?<!\d)[3-69]\d{3}(?:[ \-]?\d{4}){2}[ \-]?\d{3,4}(?:[ \-]?\d{1,3})?(?!\d)")
# A slip in one digit breaks the check digit, not the privacy: the word before it is enough.
_NAMED_CARD = re.compile(
    r"(?:卡号|账号|帐号|账户|帐户|银行卡)[^\d\n]{0,12}(?P<number>\d{4}(?:[ \-]?\d{4}){2,3}(?:[ \-]?\d{1,4})?)(?!\d)"
)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@(?=[A-Za-z0-9])[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][ ·.•\-]?"
    r"(?=[A-Za-z]{0,2}\d)(?:[A-HJ-NP-Za-hj-np-z0-9]{5,6}|[A-HJ-NP-Za-hj-np-z0-9]{4}[挂学警港澳])(?![A-Za-z0-9])"
)
_NAMED_PLATE = re.compile(
    r"(?:车牌号?码?|牌照号?|车号)[是为：:，, （(]{0,3}(?P<number>[\u4e00-\u9fff]?[A-Za-z][ ·.•\-]?(?=[A-Za-z]{0,2}\d)[A-Za-z0-9]{4,6}[挂学警]?)(?![A-Za-z0-9])"
)
_DOCUMENT = re.compile(
    r"(?:护照|通行证|台胞证|回乡证|居留证|军官证|士兵证|驾驶证|残疾证|社保卡|医保卡|证件)[^\d\nA-Za-z]{0,8}(?P<number>[A-Za-z]{0,2}\d{7,20}[Xx]?)(?![\dA-Za-z])"
)
_CHAT = re.compile(
    r"(?:微信|[Ww][Xx]|[Vv]信|薇信|[Qq][Qq]|企鹅)(?:账号|帐号|号码|号|群|ID|id)?[是为：: （(]{0,3}"
    r"(?P<number>[A-Za-z][A-Za-z0-9_\-]{5,19}|[1-9]\d{4,10})(?![A-Za-z0-9_])"
)
_DIGIT_OR_AT = re.compile(r"[\d@]")


def is_citizen_id(number: str) -> bool:
    """True for an 18-character citizen ID whose province, birthday and check digit (GB 11643) are right."""
    upper = number.strip().upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", upper) or not _has_birthday(upper[:6], upper[6:14]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, upper, strict=False))
    return ID_CHECKS[total % 11] == upper[17]


def is_bank_card(number: str) -> bool:
    """True for 15 to 19 digits with a right Luhn check digit and a card's first digit."""
    if not re.fullmatch(r"[3-69][0-9]{14,18}", number):
        return False
    if len(number) == 15 and number[:2] not in ("34", "37"):
        return False
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def may_have_numbers(folded: str) -> bool:
    """False where no pattern of this module can match."""
    return bool(_DIGIT_OR_AT.search(folded)) or bool(_CHAT.search(folded))


def _has_birthday(region: str, day: str) -> bool:
    try:
        born = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    except ValueError:
        return False
    return int(region[:2]) in _PROVINCES and 1850 <= born.year <= 2100


def _cover_id(match: re.Match[str]) -> str:
    """A wrong check digit is a slip of the pen and still shows whose number it is, so it is masked as well."""
    region, year, day = match[1], match[2], match[3]
    # Numbers of 15 characters are of people born in the twentieth century.
    born = (year if len(year) == 4 else f"19{year}") + day
    return mask_id(re.sub(r"[ \-]", "", match[0])) if _has_birthday(region, born) else match[0]


def _last_four(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return "*" * (len(digits) - 4) + digits[-4:]


def _cover_card(match: re.Match[str]) -> str:
    return _last_four(match[0]) if is_bank_card(re.sub(r"\D", "", match[0])) else match[0]


def _cover_glued(match: re.Match[str]) -> str:
    return " ".join(mask_phone(match[0][begin : begin + 11]) for begin in range(0, len(match[0]), 11))


def _cover_email(match: re.Match[str]) -> str:
    name, _, domain = match[0].partition("@")
    return f"{name[0]}***@{domain}"


def _cover_plate(match: re.Match[str]) -> str:
    written = match["number"] if "number" in match.re.groupindex else match[0]
    plate = re.sub(r"[ ·.•\-]", "", written).upper()
    return plate[:2] + "*" * (len(plate) - 4) + plate[-2:]


def _cover_chat(match: re.Match[str]) -> str:
    return match["number"][:1] + "*" * (len(match["number"]) - 1)


Cover = Callable[[re.Match[str]], str]
# Long numbers first: a mobile number inside an ID number is not one.
COVERS: tuple[tuple[str, re.Pattern[str], Cover], ...] = (
    ("email", _EMAIL, _cover_email),
    ("citizen_id", _ID_18, _cover_id),
    ("bank_card", _CARD, _cover_card),
    ("citizen_id", _ID_15, _cover_id),
    ("phone", _GLUED_MOBILES, _cover_glued),
    ("phone", _MOBILE, lambda match: mask_phone(match[0])),
    ("phone", LAND_LINE, lambda match: mask_phone(match[0])),
    ("phone", _NAMED_LAND_LINE, lambda match: "****" + match["number"][-4:]),
    ("bank_card", _NAMED_CARD, lambda match: _last_four(match["number"])),
    ("plate", _PLATE, _cover_plate),
    ("plate", _NAMED_PLATE, _cover_plate),
    ("document", _DOCUMENT, lambda match: mask_id(match["number"])),
    ("chat", _CHAT, _cover_chat),
)
