"""Text hygiene 文本清理: what cannot be stored or read is refused by name, the rest is kept as it was typed."""

import re
import unicodedata

from .errors import Invalid, TooLarge

# C0 and C1 controls but tab and newline; they are never typed by a person and break exports
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def clean(text: str, field: str, *, limit: int, label: str) -> str:
    """The text with unified line ends and no outer blanks.

    Refuses: `bad_text` for NUL, control characters and lone surrogates; TooLarge `text_too_long` above `limit`
    characters. Nothing is cut silently.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Invalid(
            "bad_text", f"{label}里有无法识别的字符，请删除后重试", errors=_at(field, "有无法识别的字符")
        ) from None
    if _CONTROL.search(text):
        raise Invalid("bad_text", f"{label}里有控制字符，请删除后重试", errors=_at(field, "有控制字符"))
    text = text.strip()
    if len(text) > limit:
        raise TooLarge(
            "text_too_long", f"{label}太长：最多{limit}字，现在{len(text)}字", errors=_at(field, f"最多{limit}字")
        )
    return text


def _at(field: str, sentence: str) -> list[dict[str, str]]:
    return [{"field": field, "sentence": sentence}]


def digits_only(text: str) -> str:
    """The digits of a pasted telephone number: full-width digits, blanks, dashes and +86 removed."""
    text = unicodedata.normalize("NFKC", text).translate(_DIGITS)
    digits = re.sub(r"[^0-9]", "", text)
    if text.lstrip().startswith("+86") or (len(digits) == 13 and digits.startswith("86")):
        digits = digits[2:]
    return digits
