"""The names of a gazetteer in a tree of characters, and the same names with one character left open."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

import rjieba
from pypinyin import Style, pinyin

from .terms import AREA, CITY, COMMUNITY, STREET, Entry
from .words import GENERIC

# Lower case; full width to half width, one character for one.
FOLD: dict[int, int] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0x3000: 0x20,
    **{code: code + 32 for code in range(ord("A"), ord("Z") + 1)},
}
_CAPITALS_FULL = {code: code - 0xFEE0 + 32 for code in range(0xFF21, 0xFF3B)}
FOLD.update(_CAPITALS_FULL)
# Lone surrogates are no text and would stop the dictionary.
FOLD.update(dict.fromkeys(range(0xD800, 0xE000), 0xFFFD))

_END = ""
_OPEN = "\0"
_SUFFIXES = {
    AREA: ("区", "县", "市"),
    STREET: ("街道", "镇", "乡", "街办", "街道办", "街道办事处"),
    COMMUNITY: ("社区", "村", "居委会", "村委会"),
}
_NAME_TAGS = ("ns", "nr", "nrt", "nz", "nt", "eng")


# Names that the dictionary takes for names and people for words as well.
COMMON = frozenset(
    ["新城", "高新", "经开", "航天", "航空", "中心", "公园", "广场", "火车站", "汽车站", "人民广场", "大学城"]
)


class Form:
    """One way of writing the name of one or several places.

    ``weak`` forms are short; they mean a place only where the words around say so. ``common`` ones are ordinary words
    besides (新城, 高新). ``only_after`` ones (communities without their 社区) follow their own street or district.
    """

    __slots__ = ("common", "entries", "only_after", "text", "weak")

    def __init__(self, text: str) -> None:
        self.text = text
        self.entries: list[tuple[Entry, float]] = []
        self.weak = self.common = self.only_after = False


class Index:
    """Every form of every entry."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.forms: dict[str, Form] = {}
        self.by_code: dict[str, Entry] = {}
        self._tree: dict[str, Any] = {}
        self._open: dict[str, list[str]] = defaultdict(list)
        self._heads: set[str] = set()
        self._tails: set[str] = set()
        strong: set[str] = set()
        for entry in entries:
            self.by_code[entry.code] = entry
            for text, weight, is_full in _ways(entry):
                form = self.forms.get(text)
                if form is None:
                    form = self.forms[text] = Form(text)
                if all(other.code != entry.code for other, _ in form.entries):
                    form.entries.append((entry, weight))
                if is_full:
                    strong.add(text)
        for text, form in self.forms.items():
            if text not in strong:
                form.weak = True
                form.common = _is_common(text)
                form.only_after = all(entry.kind == COMMUNITY for entry, _ in form.entries)
            elif len(text) >= 4:
                self._heads.add(text[:2])
                self._tails.add(text[-2:])
                for place in range(len(text)):
                    self._open[text[:place] + _OPEN + text[place + 1 :]].append(text)
            node = self._tree
            for character in text:
                node = node.setdefault(character, {})
            node[_END] = form

    def matches(self, folded: str) -> Iterator[tuple[int, Form]]:
        """Every form at every place of the text, the longest first at each place."""
        for start in range(len(folded)):
            for form in self.matches_at(folded, start):
                yield start, form

    def matches_at(self, folded: str, start: int) -> list[Form]:
        """The forms that begin at a place, the longest first."""
        here: list[Form] = []
        node = self._tree
        for place in range(start, len(folded)):
            below = node.get(folded[place])
            if below is None:
                break
            node = below
            if _END in node:
                here.insert(0, node[_END])
        return here

    def may_be_near(self, text: str) -> bool:
        """False where no name can differ in one character only: then two at one end of it are right."""
        return text[:2] in self._heads or text[-2:] in self._tails

    def nearly(self, text: str, *, homophones: bool = False) -> list[tuple[Form, bool]]:
        """Full names that differ from the text in one character, and whether the two characters sound alike.

        Sounding alike is enough for names of four characters, any other slip needs five.
        """
        found: dict[str, bool] = {}
        if not 4 <= len(text) <= 20:
            return []
        for place in range(len(text)):
            for name in self._open.get(text[:place] + _OPEN + text[place + 1 :], ()):
                if name == text:
                    continue
                alike = sounds_alike(text[place], name[place])
                if alike or (len(text) >= 5 and not homophones):
                    found[name] = alike
        return [(self.forms[name], alike) for name, alike in found.items()]


def sounds_alike(one: str, other: str) -> bool:
    """True for characters with a reading in common, tones apart."""
    return not readings(one).isdisjoint(readings(other))


@lru_cache(maxsize=20_000)
def readings(character: str) -> frozenset[str]:
    """The readings of a character without tones."""
    return frozenset(chain.from_iterable(pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")))


def _ways(entry: Entry) -> Iterator[tuple[str, float, bool]]:
    """The forms of an entry with the weight of each and whether it is a full name."""
    name = entry.name.translate(FOLD)
    yield name, 1.0, len(name) >= 3
    short = (entry.short or entry.name).translate(FOLD)
    if entry.kind in _SUFFIXES and len(short) >= 2:
        for suffix in _SUFFIXES[entry.kind]:
            if (
                short + suffix != name
                and (len(short) > 2 or not GENERIC.fullmatch(short + suffix))
                and (entry.kind != AREA or suffix == name[-1:])
            ):
                yield short + suffix, 0.9, True
    if short != name and len(short) >= 2:
        yield short, 0.8, entry.kind not in (CITY, AREA, STREET, COMMUNITY) and len(short) >= 4
    for alias in entry.aliases:
        folded = alias.translate(FOLD)
        if len(folded) >= 2:
            yield folded, 0.9, len(folded) >= 4 or (len(folded) == 3 and not _is_common(folded))
    if entry.kind == "metro_station" and name.endswith("地铁站") and len(name) >= 5:
        # 小寨 alone may be the station, the street or a town.
        yield name[:-3] + "站", 0.9, True
        yield name[:-3], 0.8, False


def _is_common(text: str) -> bool:
    if text in COMMON:
        return True
    tagged = rjieba.tag(text)
    return len(tagged) == 1 and not tagged[0][1].startswith(_NAME_TAGS)
