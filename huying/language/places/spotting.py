"""Names of places found from the words alone: an ending that tells a place, and where the name before it begins.

The words come from rjieba's dictionary. A name begins after punctuation, a verb, a preposition, an administrative unit
or one of the listed words; what is left is refused when it is an ordinary word (马路, 本村, 居民小区).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import rjieba

from . import words
from .terms import Spot

MAX_CORE = 10
# 街道办事 is 街道 and 办事.
_ENDINGS = re.compile(
    "|".join(sorted(words.ENDINGS, key=len, reverse=True))
    .replace("街道办|", "街道办(?!事)|")
    .replace("街办|", "街办(?!事)|")
)
_HAN = re.compile("[\u4e00-\u9fff]")
_NUMBERED = re.compile(
    r"(?P<metro>(?:地铁)?\d{1,2}号线[\u4e00-\u9fff]{2,6}?站)|(?P<road>[A-Za-z]?\d{2,3}(?:国道|省道|县道|乡道|干道))"
    r"|(?P<school>(?<![\d初高])(?:第?[一二三四五六七八九十]{1,2}|\d{1,3})(?:中学(?!校)|中(?=学校)|中(?![国心间级介午文年共旬医药考标到等的一二三学])|完小|小学|幼儿园))"
    r"|(?P<hospital>第[一二三四五六七八九十]{1,2}人民医院|(?:人民|中医|中心|妇幼保健|妇幼|附属|[一二三四五])医院)"
)
_ALONE = frozenset(["hospital", "market", "station", "school", "park", "square", "mall"])
_UNIT_BEFORE = re.compile(r"(?:[A-Za-z\d][市县区州]+|[市县区乡]|(?<![乡城])镇|街道)$")
_OWN_NAME = re.compile("汽车[东西南北]站")
_VILLAGERS = frozenset("支民委干务里长")
_WAYS = ("道路", "马路", "铁路", "线路", "思路", "网路", "电路", "出路", "走路", "让路")
_NOT_BEFORE = {
    "路": "灯局网政由",
    "街": "舞头坊边",
    "桥": "梁洞",
    "镇": "守静痛",
    "乡": "亲音",
    "河": "道流床",
    "村": "官庄霸",
}
_INNER = re.compile("[村镇乡](?!路|镇|道|街|口|花|公)|街道|社区|小区|办事处|[^\\d一二三四五六七八九十]组")
_INNER_OF_ROAD = re.compile(_INNER.pattern + "|路|大道|大学")
_GUARD = re.compile(r"[^\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Words:
    """A text cut into words, with the beginning of each and its part of speech."""

    text: str
    starts: tuple[int, ...]
    tags: tuple[str, ...]
    at: tuple[int, ...]
    """For every character the number of its word."""

    def word(self, number: int) -> str:
        """The word of a number."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : end]

    def begins(self, place: int) -> bool:
        """True where a word begins, and at the end of the text."""
        return place >= len(self.at) or self.starts[self.at[place]] == place


def cut(text: str) -> Words:
    """The words of a text."""
    starts: list[int] = []
    tags: list[str] = []
    at: list[int] = []
    place = 0
    for word, tag in rjieba.tag(text):
        # What the dictionary's cutter leaves out of its output would shift everything behind it.
        found = text.find(word, place)
        if found < 0:
            continue
        if found > place:
            starts.append(place)
            tags.append("x")
            at += [len(starts) - 1] * (found - place)
        starts.append(found)
        tags.append(tag)
        at += [len(starts) - 1] * len(word)
        place = found + len(word)
    if place < len(text):
        starts.append(place)
        tags.append("x")
        at += [len(starts) - 1] * (len(text) - place)
    return Words(text, tuple(starts), tuple(tags), tuple(at))


def spots(cutting: Words) -> list[Spot]:
    """Names of places, not overlapping, in the order of the text."""
    found = [
        *_numbered(cutting),
        *_ended(cutting),
        *_before_detail(cutting),
        *_weakly_ended(cutting),
        *_grouped(cutting),
    ]
    return longest(found)


def longest(found: list[Spot]) -> list[Spot]:
    """Of overlapping spots the longest, in the order of the text."""
    taken = bytearray(max((spot.end for spot in found), default=0))
    kept: list[Spot] = []
    for spot in sorted(found, key=lambda spot: (spot.start - spot.end, spot.start)):
        if not any(taken[spot.start : spot.end]):
            taken[spot.start : spot.end] = b"\1" * (spot.end - spot.start)
            kept.append(spot)
    return sorted(kept, key=lambda spot: spot.start)


def _numbered(cutting: Words) -> Iterator[Spot]:
    for match in _NUMBERED.finditer(cutting.text):
        kind = {"metro": "metro_station"}.get(match.lastgroup or "", match.lastgroup or "other")
        start = match.start()
        if kind in ("school", "hospital"):
            if match[0].endswith("中") and not cutting.begins(match.end()):
                continue
            start = name_start(cutting, start) if kind == "hospital" else start
        yield Spot(start, match.end(), kind)


def _ended(cutting: Words) -> Iterator[Spot]:
    text = cutting.text
    for match in _ENDINGS.finditer(text):
        kind = words.ENDINGS[match[0]]
        end = match.end()
        if not _ending_stands(cutting, match):
            continue
        start = trimmed(text, name_start(cutting, match.start()), match.start(), is_road=kind == "road")
        if start == match.start():
            # 雁塔区火车站: of its kind the only one there.
            if (
                len(match[0]) > 2
                and kind in _ALONE
                and (_UNIT_BEFORE.search(text, 0, start) or _OWN_NAME.match(match[0]))
            ):
                yield Spot(start, end, kind)
            continue
        name = text[start:end]
        if (
            name[-1] == name[-2]
            or len(name) < 3
            or words.GENERIC.fullmatch(name)
            or not _HAN.search(text, start, match.start())
        ):
            continue
        if (
            match[0] == "村"
            and text[end : end + 1] in _VILLAGERS
            and not cutting.begins(end)
            and not _is_name(cutting, start, match.start())
        ):
            continue
        yield Spot(start, end, kind)


def _ending_stands(cutting: Words, match: re.Match[str]) -> bool:
    """The ending is not the middle of a longer word: 路灯, 村民, 街舞, 乡亲, 桥梁, 广场舞."""
    text, end = cutting.text, match.end()
    after = text[end : end + 2]
    number = cutting.at[end - 1]
    word = cutting.word(number)
    rest = word[end - cutting.starts[number] :]
    if rest and match[0] not in ("村", "乡", "镇", "街道") and rjieba.has_word(word) and rest[0] not in "口":
        return False
    if match[0] == "路" and word.endswith(_WAYS):
        return False
    if match[0] in _NOT_BEFORE and after[:1] and after[0] in _NOT_BEFORE[match[0]]:
        return False
    return not (match[0] in ("广场", "公园") and after[:1] == "舞")


def name_start(cutting: Words, ending: int, most: int = MAX_CORE) -> int:
    """Where the name before an ending begins; the ending itself where there is none."""
    text = cutting.text
    start = ending
    while start > 0 and ending - start < most:
        number = cutting.at[start - 1]
        begin = cutting.starts[number]
        word, tag = text[begin:start], cutting.tags[number]
        whole = cutting.word(number)
        if word in ("市", "县", "区", "州", "省") and not (start == ending and begin and _HAN.match(text[begin - 1])):
            break
        if _GUARD.search(word):
            break
        if word in words.STOP_WORDS or (len(word) == 1 and word in words.STOP_CHARS):
            break
        is_name = word in words.NAMES_ALL_THE_SAME or (start == ending and word in words.VERB_NAMES)
        if len(word) > 1 and word == whole and tag.startswith(words.STOP_TAGS) and not is_name:
            break
        if tag == "m" and len(word) > 2:
            break
        if words.ENDINGS.get(word) in ("street", "community", "residence", "road") and start != ending:
            break
        if start != ending and len(word) > 1 and word[-1] in "市县区镇乡村" and word not in ("开发区",):
            break
        if start != ending and len(word) > 2 and word.endswith(("街道", "社区", "小区", "大道", "路")):
            break
        start = begin
    if ending - start == 1 and start and text[start - 1] in "建强封" and _HAN.match(text[start]):
        # 建工路: one character is too short for a name.
        start -= 1
    return max(start, ending - most)


def trimmed(text: str, start: int, ending: int, *, is_road: bool = False) -> int:
    """The beginning without words that are no part of a name."""
    while start < ending and start and text[start - 1].isascii() and text[start - 1].isalnum():
        # A3区, 09年
        if text[start] not in "市县区州省年月日号个":
            break
        start += 1
        while start < ending and text[start] in "市县区":
            start += 1
    while match := words.BEFORE_NAME.match(text[start:ending]):
        left = ending - start - match.end()
        if left < 1 or (left < 2 and match[0] in ("建", "修", "拆", "进", "出")):
            break
        start += match.end()
    inner = list((_INNER_OF_ROAD if is_road else _INNER).finditer(text, start, ending))
    if inner and inner[-1].end() - start >= 3 and ending - inner[-1].end() >= 2:
        start = inner[-1].end()
    return start


def _is_name(cutting: Words, start: int, end: int) -> bool:
    """True for words that the dictionary does not know or knows as a name."""
    numbers = {cutting.at[place] for place in range(start, end)}
    return any(
        cutting.tags[number] in ("nr", "ns", "nz", "nrt", "nt") or len(cutting.word(number)) == 1 for number in numbers
    )


def _anchored(cutting: Words, end: int, least: int) -> Spot | None:
    """A name without a telling ending that stops at a place where something else says that it is one."""
    text = cutting.text
    if end == 0 or not _HAN.match(text[end - 1]) or not cutting.begins(end):
        return None
    start = trimmed(text, name_start(cutting, end, 8), end)
    name = text[start:end]
    if len(name) < least or words.GENERIC.fullmatch(name) or name in words.STOP_WORDS or name[-1] in words.STOP_CHARS:
        return None
    return Spot(start, end, "residence")


def _before_detail(cutting: Words) -> Iterator[Spot]:
    """左岸春天 before A2栋, 山水城 before 物业."""
    for match in words.HOME_AFTER.finditer(cutting.text):
        spot = _anchored(cutting, match.start(), 3)
        if spot and match[0].strip() != "小区":
            yield spot


def _weakly_ended(cutting: Words) -> Iterator[Spot]:
    """天下城 and the like where the words around say so."""
    text = cutting.text
    for match in words.WEAK_ENDINGS.finditer(text):
        end = match.end()
        if not words.HOME_AFTER.match(text, end):
            continue
        spot = _anchored(cutting, end, 3)
        if spot:
            yield spot
    for match in words.HILL_ENDINGS.finditer(text):
        spot = _anchored(cutting, match.end(), 3)
        if spot:
            yield Spot(spot.start, spot.end, "other")


def _grouped(cutting: Words) -> Iterator[Spot]:
    """长乐坊 before 四组."""
    for match in words.GROUP_AFTER.finditer(cutting.text):
        spot = _anchored(cutting, match.start(), 2)
        if spot and match[0] not in ("路段", "地段"):
            yield Spot(spot.start, spot.end, "community")
