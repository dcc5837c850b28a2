"""Finding and masking personal data in free text."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .addresses import details
from .fields import FOLD, mask_name
from .names import names
from .numbers import COVERS, SPOKEN_MOBILE, may_have_numbers

# Names are looked for in as much of a text as people write; numbers in all of it.
MAX_CHARS_FOR_NAMES = 50_000
_MASKED = re.compile(r"\*")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of personal data: ``text`` is ``whole[start:end]``.

    Kinds: phone, citizen_id, bank_card, plate, email, document, chat, address, name.
    """

    start: int
    end: int
    kind: str
    text: str


def find(text: str) -> list[Span]:
    """识别个人信息: personal data in the order of the text, without overlaps; offsets count its characters."""
    return [span for span, _ in _found(text)]


def mask(text: str) -> str:
    """脱敏: the text with personal data masked; everything else stays as it was written."""
    parts: list[str] = []
    done = 0
    for span, cover in _found(text):
        parts += (text[done : span.start], cover)
        done = span.end
    return "".join((*parts, text[done:])) if parts else text


def _found(text: str) -> list[tuple[Span, str]]:
    """Every span with what is shown in its place."""
    folded = text.translate(FOLD)
    found: list[tuple[Span, str]] = []
    if may_have_numbers(folded):
        for kind, pattern, cover in COVERS:
            folded = _cover(text, folded, pattern, cover, kind, found)
        folded = _marked(text, folded, details(folded), "address", _cover_address, found)
    if "一" in text or "幺" in text:
        folded = _cover(text, folded, SPOKEN_MOBILE, _cover_spoken, "phone", found)
    head = folded[:MAX_CHARS_FOR_NAMES]
    _marked(text, folded, names(head), "name", mask_name, found)
    found.sort(key=lambda pair: pair[0].start)
    return found


def _cover(
    text: str,
    folded: str,
    pattern: re.Pattern[str],
    cover: Callable[[re.Match[str]], str],
    kind: str,
    found: list[tuple[Span, str]],
) -> str:
    """Collect what the pattern finds (or only its group ``number``); patterns after it see the masked number."""
    group = "number" if "number" in pattern.groupindex else 0
    parts: list[str] = []
    done = 0
    for match in pattern.finditer(folded):
        shown = cover(match)
        begin, end = match.span(group)
        if shown == match[group] or "*" in match[group]:
            continue
        found.append((Span(begin, end, kind, text[begin:end]), shown))
        parts += (folded[done:begin], _stretched(shown, end - begin))
        done = end
    return "".join((*parts, folded[done:])) if parts else folded


def _marked(
    text: str,
    folded: str,
    places: Iterable[tuple[int, int]],
    kind: str,
    cover: Callable[[str], str],
    found: list[tuple[Span, str]],
) -> str:
    """Collect the places that nothing else covers, the longer of two first."""
    taken = bytearray(len(folded))
    for span, _ in found:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    for begin, end in sorted(set(places), key=lambda place: (place[0] - place[1], place[0])):
        if any(taken[begin:end]) or "*" in folded[begin:end]:
            continue
        taken[begin:end] = b"\1" * (end - begin)
        found.append((Span(begin, end, kind, text[begin:end]), cover(text[begin:end])))
    return folded


def _stretched(shown: str, length: int) -> str:
    """What stands for a masked number while the rest is looked at; offsets must not move."""
    if len(shown) > length:
        return "*" * length
    head, star, tail = shown.partition("*")
    return head + "*" * (length - len(shown)) + star + tail


def _cover_address(written: str) -> str:
    return re.sub(r"[\dA-Za-z一二三四五六七八九十]+", "*", written)


def _cover_spoken(match: re.Match[str]) -> str:
    digits = re.sub(r"[ ,，、\-]", "", match[0])
    return digits[:3] + "****" + digits[7:]
