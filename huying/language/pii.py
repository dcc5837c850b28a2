"""脱敏: masking of personal data, in single fields and inside free text.

Free text: mobile numbers (also written with spaces, hyphens, full-width or Chinese digits), land lines, citizen ID
numbers (18 and 15 characters), bank cards (Luhn), e-mail addresses, number plates. When in doubt a number is masked: an
export that hides one number too many does less harm than one that shows it. Names and addresses in free text are not
recognised here. Hotlines (12345, 400 numbers), order numbers, dates and amounts stay readable.
"""

import re
from collections.abc import Callable
from datetime import date

# One character becomes one, so that places found in the folded text are places in the original.
_ODD_SPACES = "\u00a0\u2002\u2003\u2009\u202f\u3000"
_ODD_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2212\uff0d\u30fc"
_FOLD: dict[int, str | int] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{ord(space): " " for space in _ODD_SPACES},
    **{ord(hyphen): "-" for hyphen in _ODD_HYPHENS},
}
_SPOKEN_DIGITS = "零〇一幺二三四五六七八九"

_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"

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
_SPOKEN_MOBILE = re.compile(
    rf"(?<![{_SPOKEN_DIGITS}])[一幺][三四五六七八九][{_SPOKEN_DIGITS}]{{9}}(?![{_SPOKEN_DIGITS}])"
)
_LAND_LINE = re.compile(
    r"(?<!\d)\(?(?:0(?:10|2\d)\)?[ \-]{0,2}[2-8]\d{3}[ \-]?\d{4}|0[3-9]\d\d\)?[ \-]{0,2}[2-8]\d{2,3}[ \-]?\d{4})(?!\d)"
)
# Without an area code a land line is a number like any other; the word before it tells.
_NAMED_LAND_LINE = re.compile(
    r"(?:电话|座机|固话|致电|来电|拨打|联系|[Tt][Ee][Ll])[^\d\n]{0,6}"
    r"(?P<number>[2-8]\d{2,3}[ \-]?\d{4})(?![\d.元万千百次户人])"
)
_ID_18 = re.compile(r"(?<!\d)(\d{6})[ \-]?((?:18|19|20)\d{2})[ \-]?(\d{4})[ \-]?(\d{3})[ \-]?([\dXx])(?!\d)")
_ID_15 = re.compile(r"(?<!\d)(\d{6})(\d{2})(\d{4})(\d{3})(?!\d)")
_CARD = re.compile(r"(?<!\d)[3-69]\d{3}(?:[ \-]?\d{4}){2}[ \-]?\d{3,4}(?:[ \-]?\d{1,3})?(?!\d)")
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@(?=[A-Za-z0-9])[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][ ·.•\-]?"
    r"(?=[A-Za-z]{0,2}\d)(?:[A-HJ-NP-Za-hj-np-z0-9]{5,6}|[A-HJ-NP-Za-hj-np-z0-9]{4}[挂学警港澳])(?![A-Za-z0-9])"
)
_DIGIT_OR_AT = re.compile(r"[\d@\uff10-\uff19\uff20]")

_COMPOUND_SURNAMES = frozenset(
    re.findall(
        r"\w+",
        "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 轩辕 端木 南宫 呼延 独孤 申屠 澹台 西门",
    )
)


def mask(text: str) -> str:
    """脱敏: the text with personal numbers and addresses masked; everything else stays as it was written."""
    if _DIGIT_OR_AT.search(text):
        folded = text.translate(_FOLD)
        for pattern, cover in _COVERS:
            folded, text = _cover(folded, text, pattern, cover)
    if "一" in text or "幺" in text:
        text = _SPOKEN_MOBILE.sub(lambda match: match[0][:3] + "****" + match[0][7:], text)
    return text


def mask_phone(number: str) -> str:
    """Mask a phone field: 138****5678, 029-****5678; of shorter numbers only the last quarter stays."""
    folded = number.translate(_FOLD).strip()
    digits = re.sub(r"\D", "", folded)
    if len(digits) > 11 and digits.startswith(("86", "0086")):
        digits = digits.removeprefix("00").removeprefix("86")
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return f"{digits[:3]}****{digits[-4:]}"
    if _LAND_LINE.fullmatch(folded):
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
    shown = 2 if stripped[:2] in _COMPOUND_SURNAMES and len(stripped) > 2 else 1
    return stripped[:shown] + "*" * (len(stripped) - shown)


def mask_id(number: str) -> str:
    """Mask a citizen ID or other document number; the first three and last two characters stay: 610*************34."""
    stripped = number.strip()
    if len(stripped) < 8:
        return "*" * len(stripped)
    return stripped[:3] + "*" * (len(stripped) - 5) + stripped[-2:]


def is_citizen_id(number: str) -> bool:
    """True for an 18-character citizen ID whose province, birthday and check digit (GB 11643) are right."""
    upper = number.strip().upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", upper) or not _has_birthday(upper[:6], upper[6:14]):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, upper, strict=False))
    return _ID_CHECKS[total % 11] == upper[17]


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


def _has_birthday(region: str, day: str) -> bool:
    try:
        born = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    except ValueError:
        return False
    return int(region[:2]) in _PROVINCES and 1850 <= born.year <= 2100


def _cover(folded: str, text: str, pattern: re.Pattern[str], cover: Callable[[re.Match[str]], str]) -> tuple[str, str]:
    """Replace what the pattern finds (or only its group ``number``), in the folded text and there in the original."""
    group = "number" if "number" in pattern.groupindex else 0
    folded_parts: list[str] = []
    text_parts: list[str] = []
    done = 0
    for match in pattern.finditer(folded):
        masked = cover(match)
        if masked == match[group]:
            continue
        begin, end = match.span(group)
        folded_parts += (folded[done:begin], masked)
        text_parts += (text[done:begin], masked)
        done = end
    if not done:
        return folded, text
    return "".join((*folded_parts, folded[done:])), "".join((*text_parts, text[done:]))


def _cover_id(match: re.Match[str]) -> str:
    """A wrong check digit is a slip of the pen and still shows whose number it is, so it is masked as well."""
    region, year, day = match[1], match[2], match[3]
    # Numbers of 15 characters are of people born in the twentieth century.
    born = (year if len(year) == 4 else f"19{year}") + day
    return mask_id(re.sub(r"[ \-]", "", match[0])) if _has_birthday(region, born) else match[0]


def _cover_card(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return "*" * (len(digits) - 4) + digits[-4:] if is_bank_card(digits) else match[0]


def _cover_glued(match: re.Match[str]) -> str:
    return " ".join(mask_phone(match[0][begin : begin + 11]) for begin in range(0, len(match[0]), 11))


def _cover_email(match: re.Match[str]) -> str:
    name, _, domain = match[0].partition("@")
    return f"{name[0]}***@{domain}"


def _cover_plate(match: re.Match[str]) -> str:
    plate = re.sub(r"[ ·.•\-]", "", match[0]).upper()
    return plate[:2] + "*" * (len(plate) - 4) + plate[-2:]


# Long numbers first: a mobile number inside an ID number is not one.
_COVERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_EMAIL, _cover_email),
    (_ID_18, _cover_id),
    (_CARD, _cover_card),
    (_ID_15, _cover_id),
    (_GLUED_MOBILES, _cover_glued),
    (_MOBILE, lambda match: mask_phone(match[0])),
    (_LAND_LINE, lambda match: mask_phone(match[0])),
    (_NAMED_LAND_LINE, lambda match: "****" + match["number"][-4:]),
    (_PLATE, _cover_plate),
)
