"""Numbers as people write and say them: 15, 十五, 一百二十, 两, 半, 十几."""

import re

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
NUMBER = r"(?:\d{1,7}(?:\.\d{1,2})?|[零〇一二两三四五六七八九十百千万]{1,8}|半)"
VAGUE = r"(?:好?几|数|若干)"


def value(written: str) -> float | None:
    """The number written; 半 is 0.5; None for what is no number or only vague (几)."""
    if written == "半":
        return 0.5
    if re.fullmatch(r"\d+(?:\.\d+)?", written):
        return float(written)
    if not written or not set(written) <= set(DIGITS) | set(_UNITS):
        return None
    if all(sign in DIGITS for sign in written):  # read out one by one: 二零二六
        return float("".join(str(DIGITS[sign]) for sign in written))
    whole, section, digit = 0, 0, 0
    for sign in written:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign == "万":
            whole, section, digit = (whole + section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * _UNITS[sign]
            digit = 0
    return float(whole + section + digit)


def whole(written: str) -> int | None:
    """The whole number written, None when there is none."""
    number = value(written)
    return int(number) if number is not None and number == int(number) else None
