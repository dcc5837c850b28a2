"""短语: the small pattern language in which editors write cues, and the folding of texts that cues are looked for in.

A phrase is a word (``跳楼``), alternatives (``砍人|杀人``), or parts that follow each other inside one sentence:
``煤气|燃气~泄漏|漏气`` allows up to 8 characters between the parts, ``~~`` up to 20. ``吗$`` stands at the end of a
clause. Exceptions are written the same
way: ``跳楼价|跳楼甩卖`` speak against a finding they overlap, ``@电影`` against one anywhere in its sentence.

Folding makes width and case one, takes out blanks and signs between characters (自 杀, 自*杀) and remembers where every
character stood, so that findings are shown in the text as it was typed.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SEED = Path(__file__).parent / "seed"
READ_CHARS = 20_000  # of one text, as the search reads; Folded.unread counts the rest
SHORT_GAP = 8
LONG_GAP = 20
SENTENCE_CHARS = 60  # shown on either side of a finding

_ENDS = "。！？!?；;\n"
_KEPT_SIGNS = frozenset("，,、：:…“”\"'‘’（）()《》%％℃" + _ENDS)
_TRADITIONAL = str.maketrans(
    "殺樓氣燒毀鬧車門傷銃槍藥彈煙霧漏濟險斷墜橋電壓後來說員廠學網線給這個發為還沒麼時間請問謝讚議訴舉報訪堵",
    "杀楼气烧毁闹车门伤铳枪药弹烟雾漏济险断坠桥电压后来说员厂学网线给这个发为还没么时间请问谢赞议诉举报访堵",
)
_FOLD: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "！？，；：（）％"},
    **{code: code - 0xFEE0 + 32 for code in range(0xFF21, 0xFF3B)},
    **{code: code + 32 for code in range(ord("A"), ord("Z") + 1)},
    **_TRADITIONAL,
    ord("\r"): "\n",
    0x2028: "\n",
}
# Letters spread out one by one are a trick; blanks between English words are not.
_WORD_BLANKS = re.compile(r"(?<=[a-z]{2})[ \t]+(?=[a-z])|(?<=[a-z])[ \t]+(?=[a-z]{2})")
# One character on each line.
_SPREAD_LINES = re.compile(r"(?<=[^\n])\n(?=[^\n](?:\n|$))")
_GAPS = re.compile(r"(~~?)")
_SENTENCE_END = re.compile(f"[{_ENDS}]")


@dataclass(frozen=True, slots=True)
class Why:
    """A word of the text that drove a suggestion; `start` and `end` are places in the text as it was given."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made ready for looking up phrases; `unread` counts the characters beyond the limit."""

    original: str
    text: str
    places: Sequence[int]
    unread: int

    def why(self, start: int, end: int) -> Why:
        """The finding of the folded text as words of the original."""
        begin, finish = self.places[start], self.places[end - 1] + 1
        return Why(self.original[begin:finish], begin, finish)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Bounds, in the folded text, of the sentence around a finding; a long one is cut on both sides."""
        begin, finish = max(0, start - SENTENCE_CHARS), min(len(self.text), end + SENTENCE_CHARS)
        for sign in _SENTENCE_END.finditer(self.text, begin, start):
            begin = sign.end()
        closing = _SENTENCE_END.search(self.text, end, finish)
        return begin, closing.start() if closing else finish


def fold(text: str, limit: int = READ_CHARS) -> Folded:
    """The text with width, case and common traditional characters made one, without blanks and strange signs."""
    read = text[:limit].translate(_FOLD)
    if len(read) != min(len(text), limit):  # pragma: no cover - every entry maps one to one
        raise AssertionError("folding changed the length of a text")
    read = _WORD_BLANKS.sub(lambda blanks: "," * len(blanks[0]), _SPREAD_LINES.sub(" ", read))
    dropped = {sign for sign in set(read) if not (sign.isalnum() or sign in _KEPT_SIGNS)}
    unread = max(0, len(text) - limit)
    if not dropped:
        return Folded(text, read, range(len(read)), unread)
    places = [place for place, sign in enumerate(read) if sign not in dropped]
    return Folded(text, "".join([read[place] for place in places]), places, unread)


class Phrase:
    """One compiled phrase; raises ValueError on an empty part."""

    __slots__ = ("parts", "pattern", "written")

    def __init__(self, written: str) -> None:
        self.written = written
        pieces = _GAPS.split(_folded_word(written))
        self.parts = [piece.split("|") for piece in pieces[::2]]
        if any(not alternative.rstrip("$") for part in self.parts for alternative in part):
            raise ValueError(f"“{written}”里有空的词")
        source = ""
        for part, gap in zip(self.parts, [*pieces[1::2], ""], strict=True):
            source += "(?:" + "|".join(map(_literal, sorted(part, key=len, reverse=True))) + ")"
            if gap:
                source += f"[^{_ENDS}]{{0,{LONG_GAP if len(gap) == 2 else SHORT_GAP}}}?"
        self.pattern = re.compile(source)

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of the phrase in a folded text, left to right."""
        # A search for plain words is much faster than the pattern and says no nearly always.
        if all(any(word.rstrip("$") in text for word in part) for part in self.parts):
            for match in self.pattern.finditer(text):
                yield match.span()


class Exceptions:
    """What speaks against a finding: phrases that overlap it, and words anywhere in its sentence."""

    __slots__ = ("around", "overlapping")

    def __init__(self, written: str) -> None:
        pieces = [piece.strip() for piece in written.split("|") if piece.strip()]
        self.around = tuple(_folded_word(piece[1:]) for piece in pieces if piece.startswith("@"))
        self.overlapping = tuple(_folded_word(piece) for piece in pieces if not piece.startswith("@"))

    def speak(self, folded: Folded, start: int, end: int) -> bool:
        """True when one of them applies to the finding."""
        text = folded.text
        for word in self.overlapping:
            place = text.find(word, max(0, start - len(word) + 1), end + len(word) - 1)
            if place >= 0:
                return True
        if self.around:
            begin, finish = folded.sentence(start, end)
            return any(text.find(word, begin, finish) >= 0 for word in self.around)
        return False


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a seed list; empty cells are empty strings."""
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]


def _folded_word(written: str) -> str:
    # Blanks between English words are commas in a folded text.
    return written.strip().translate(_FOLD).replace(" ", ",")


def _literal(word: str) -> str:
    """Latin spellings must stand alone: zisha is no part of a longer word."""
    if word.endswith("$"):
        return f"{_literal(word[:-1])}(?=[，,{_ENDS}]|$)"
    before = "(?<![a-z])" if word[0].isascii() and word[0].isalpha() else ""
    after = "(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return f"{before}{re.escape(word)}{after}"
