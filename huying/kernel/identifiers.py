"""Order numbers 工单编号: date + 6 digits + check digit, readable over the phone.

The check digit is ISO 7064 MOD 11,10: it finds every single wrong digit and nearly every swap of neighbours.
"""

import unicodedata
from datetime import date

from .errors import Invalid

LENGTH = 15


def check_digit(digits: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of a string of digits."""
    product = 10
    for digit in digits:
        product = (((product + int(digit)) % 10 or 10) * 2) % 11
    return str((11 - product) % 10)


def order_number(on: date, sequence: int) -> str:
    """The number of the `sequence`-th order (modulo a million) of a day, 15 digits without separators."""
    body = f"{on:%Y%m%d}{sequence % 1_000_000:06d}"
    return body + check_digit(body)


def display(number: str) -> str:
    """20261124-000123-7: how it is shown and read out."""
    return f"{number[:8]}-{number[8:14]}-{number[14:]}"


def digits_of(text: str) -> str:
    """The number as typed or read out, without its dashes and blanks; full-width digits become plain ones."""
    return unicodedata.normalize("NFKC", "".join(ch for ch in text if ch not in "- —－\t\u3000"))


def parse_number(text: str) -> str:
    """The 15 digits of a number as people write it, or Invalid `bad_number` when the check digit is wrong."""
    digits = digits_of(text)
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()) or check_digit(digits[:-1]) != digits[-1]:
        raise Invalid("bad_number", "工单编号有误，请核对：编号共15位数字，末位为校验码")
    return digits


def looks_like_number(text: str) -> bool:
    """True when the text can only be meant as an order number."""
    digits = digits_of(text)
    return len(digits) == LENGTH and digits.isascii() and digits.isdigit()
