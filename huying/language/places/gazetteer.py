"""地名识别: places in free text, found with their offsets and resolved within the city."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace

from . import words
from .indexing import FOLD, Form, Index
from .resolving import Around, ranked
from .spotting import Words, cut, spots
from .terms import AREA, CITY, COMMUNITY, CROSSING, DETAIL, STREET, Entry, Hints, Mention, Spot, Status

MAX_CHARS = 20_000
# Words tried for slips of the pen.
MAX_WORDS = 400
_JOINED = re.compile(r"[与和、跟同于及]?")
_CROSSING_AFTER = re.compile(
    r"(?:的)?(?:交叉口|交汇处|交会处|交界处|交叉路口|交叉处|交接处|交口|十字路口|丁字路口|十字|什字|丁字|路口|立交桥?|转盘|口(?=[，。、东西南北处有的]|$))"
)
_HOUSE_OF_ROAD = re.compile("(?:甲|乙|副)?[\\d]{1,4}(?:-\\d{1,3})?号(?!线|店|文|公告)")
_CROSSING_WORDS = ("十字", "什字", "立交", "转盘", "路口", "丁字", "交")
_ROADS = ("road", CROSSING)


@dataclass(slots=True)
class _Found:
    start: int
    end: int
    kind: str
    entries: list[tuple[Entry, float]]
    slip: str = ""
    sure: bool = True
    guess: Spot | None = None


class Gazetteer:
    """The places of one city; built once, then only read, so that threads may share it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._index = Index(entries)

    def __len__(self) -> int:
        return len(self._index.by_code)

    def entry(self, code: str) -> Entry | None:
        """The entry of a code."""
        return self._index.by_code.get(code)

    def find(self, text: str, *, hints: Hints | None = None) -> list[Mention]:
        """识别地名: the places a text mentions, in its order, without overlaps.

        Offsets count characters of ``text`` as given. Of a longer text the first ``MAX_CHARS`` characters are read.
        """
        text = text[:MAX_CHARS]
        folded = text.translate(FOLD)
        cutting = cut(folded)
        found = self._known(folded, cutting)
        guessed = [spot for spot in spots(cutting) if not _elsewhere(folded, spot.start, spot.end)]
        found = self._with_guesses(text, folded, found, guessed)
        found += self._misspelt(folded, cutting, found)
        found.sort(key=lambda item: item.start)
        found = self._after_their_own(folded, found)
        mentions = self._resolved(text, found, hints or Hints())
        return _with_details(text, _crossings(text, mentions))

    def _known(self, folded: str, cutting: Words) -> list[_Found]:
        """Names of the gazetteer, the longest at each place; short ones only where the words around allow."""
        found: list[_Found] = []
        done = 0
        for start, form in self._index.matches(folded):
            end = start + len(form.text)
            if start < done or form.only_after or _elsewhere(folded, start):
                continue
            if form.weak and not _stands(form, folded, start, end, cutting):
                continue
            if not form.weak and not _may_be_full(form, folded, start, end, cutting):
                continue
            found.append(_Found(start, end, form.entries[0][0].kind, form.entries))
            done = end
        return found

    def _with_guesses(self, text: str, folded: str, found: list[_Found], guessed: list[Spot]) -> list[_Found]:
        """Unknown names join the known ones; a guess that runs on behind a known name is a longer name (长安街)."""
        kept: list[_Found] = []
        dropped: set[int] = set()
        begins = [item.start for item in found]
        for spot in guessed:
            first = max(0, bisect_left(begins, spot.start) - 1)
            over = [number for number in range(first, bisect_left(begins, spot.end)) if found[number].end > spot.start]
            start = spot.start
            if over:
                last = found[over[-1]]
                full = not self._index.forms[folded[last.start : last.end]].weak
                # 北二环 in 北二环高架 is the road of that name.
                if last.end >= spot.end or spot.kind == CROSSING or (full and spot.kind == last.kind == "road"):
                    continue
                if full and last.kind in (STREET, AREA, COMMUNITY, CITY):
                    start = last.end
                    over = []
                    if spot.end - start < 3:
                        continue
                elif last.start > start and full:
                    start = last.start
                dropped.update(over)
            kept.append(self._guess(folded, Spot(start, spot.end, spot.kind)))
        return [item for number, item in enumerate(found) if number not in dropped] + kept

    def _guess(self, folded: str, spot: Spot) -> _Found:
        """A name that is not in the gazetteer, unless it is one with a slip of the pen."""
        for start in range(spot.start, spot.end - 3):
            near = self._index.nearly(folded[start : spot.end])
            alike = [form for form, is_alike in near if is_alike] or [form for form, _ in near]
            # 新安镇 and 草滩镇 are no slips of each other: two common characters are too few.
            alike = [form for form in alike if _core_length(form) >= 2]
            if alike:
                entries = [(entry, weight - 0.3) for form in alike for entry, weight in form.entries]
                sounds = any(is_alike for _, is_alike in near)
                slip = f"{'读音相同' if sounds else '差一个字'}，可能是“{alike[0].text}”"
                return _Found(start, spot.end, entries[0][0].kind, entries, slip, sounds, spot)
        return _Found(spot.start, spot.end, spot.kind, [])

    def _misspelt(self, folded: str, cutting: Words, found: list[_Found]) -> list[_Found]:
        """Names of four to six characters of which one was written with another of the same sound: 丰庆公圆."""
        taken = _taken(folded, found)
        more: list[_Found] = []
        for start in cutting.starts[:MAX_WORDS]:
            for length in (6, 5, 4):
                end = start + length
                if end > len(folded) or any(taken[start:end]) or not cutting.begins(end):
                    continue
                if not self._index.may_be_near(folded[start:end]):
                    continue
                forms = [form for form, alike in self._index.nearly(folded[start:end], homophones=True) if alike]
                if forms:
                    entries = [(entry, weight - 0.3) for form in forms for entry, weight in form.entries]
                    slip = f"读音相同，可能是“{forms[0].text}”"
                    more.append(_Found(start, end, entries[0][0].kind, entries, slip, True, None))
                    taken[start:end] = b"\1" * length
                    break
        return more

    def _after_their_own(self, folded: str, found: list[_Found]) -> list[_Found]:
        """Communities named without 社区 directly after their own street or district: 长延堡街道长丰园."""
        ends = {item.end: item for item in found if item.kind in (AREA, STREET)}
        if not ends:
            return found
        more: list[_Found] = []
        taken = _taken(folded, found)
        for start, above in ends.items():
            for form in self._index.matches_at(folded, start):
                end = start + len(form.text)
                if not form.only_after or any(taken[start:end]):
                    continue
                codes = {entry.code for entry, _ in above.entries}
                own = [(entry, weight) for entry, weight in form.entries if codes & {entry.street, entry.area}]
                if own:
                    more.append(_Found(start, end, COMMUNITY, own))
                    break
        return sorted(found + more, key=lambda item: item.start) if more else found

    def _resolved(self, text: str, found: list[_Found], hints: Hints) -> list[Mention]:
        """Districts first, then streets within them, then the rest."""
        around = Around()
        done: dict[int, Mention] = {}
        for kinds in ((AREA, CITY), (STREET,), None):
            for number, item in enumerate(found):
                if number in done or (kinds is not None and item.kind not in kinds):
                    continue
                candidates, status = ranked(item.entries, around, hints, slip=item.slip, sure=item.sure)
                if item.guess is not None and not candidates:
                    item.start, item.end, item.kind = item.guess.start, item.guess.end, item.guess.kind
                best = self._index.by_code.get(candidates[0].code) if candidates else None
                if best is not None and status == "resolved":
                    if best.kind == AREA and not item.slip:
                        around.areas.add(best.code)
                    if best.kind == STREET:
                        around.streets.add(best.code)
                        around.areas.add(best.area)
                kind = best.kind if best else item.kind
                done[number] = Mention(item.start, item.end, text[item.start : item.end], kind, candidates, status)
        # A slip that turned out to be none was no name to begin with, unless the words alone say so.
        return [done[n] for n, item in enumerate(found) if done[n].candidates or not item.slip or item.guess]


def _taken(text: str, found: list[_Found]) -> bytearray:
    """One byte for every character, 1 where a place was found."""
    taken = bytearray(len(text))
    for item in found:
        taken[item.start : item.end] = b"\1" * (item.end - item.start)
    return taken


def _core_length(form: Form) -> int:
    entry = form.entries[0][0]
    return len(entry.short or entry.name)


def _elsewhere(text: str, start: int, end: int = 0) -> bool:
    """True for names behind the name of another city, or beginning with it: 北京长安街."""
    if words.CITIES_ELSEWHERE.search(text, max(0, start - 8), start):
        return True
    return any(words.CITIES_ELSEWHERE.search(text, start, place) for place in range(start + 2, min(end, start + 5)))


def _may_be_full(form: Form, folded: str, start: int, end: int, cutting: Words) -> bool:
    """A full name of three characters may be two other words: 小区 in 长安区, 东新村 in 东新村民."""
    after = folded[end : end + 1]
    if form.text[-1] == "村" and after in ("民", "支", "干", "委") and not cutting.begins(end):
        return len(form.text) > 3
    if form.text.endswith("街道办") and after == "事":
        return False
    if form.text[-1:] in ("路", "街") and after in ("灯", "道", "政", "由"):
        return after in ("灯", "道")
    if len(form.text) == 3 and not cutting.begins(start):
        # 在新城区 is fine, 老新城区 is as well; 创新城区 is not.
        word = cutting.word(cutting.at[start])
        return (
            len(word) > 3
            or not cutting.tags[cutting.at[start]].startswith(("v", "n", "a", "d"))
            or word[-1] != form.text[0]
        )
    return True


def _stands(form: Form, folded: str, start: int, end: int, cutting: Words) -> bool:
    """A short name means the place here."""
    if not cutting.begins(start) and not words.PLACE_BEFORE_STRONG.search(folded, max(0, start - 4), start):
        return False
    if not cutting.begins(end) and not words.PLACE_AFTER.match(folded, end):
        return False
    strong = words.PLACE_BEFORE_STRONG.search(folded, max(0, start - 4), start)
    after = words.PLACE_AFTER.match(folded, end)
    if form.common:
        return bool(strong and after and after[0] != "的") or bool(
            after and len(after[0]) > 1 and words.PLACE_BEFORE.search(folded, max(0, start - 4), start)
        )
    if strong or after:
        return True
    # Another noun behind makes it the first half of a longer word (长安汽车) unless a place goes before.
    if end < len(folded) and cutting.tags[cutting.at[end]].startswith(("n", "a", "b")):
        return (
            bool(words.PLACE_BEFORE.search(folded, max(0, start - 4), start))
            and folded[start - 1 : start] not in "，。、"
        )
    return True


def _crossings(text: str, mentions: list[Mention]) -> list[Mention]:
    """Two roads that meet are one mention; so is a place with its 十字."""
    joined: list[Mention] = []
    for mention in mentions:
        previous = joined[-1] if joined else None
        tail = _CROSSING_AFTER.match(text, mention.end)
        is_road = mention.kind in _ROADS
        if (
            previous is not None
            and is_road
            and previous.kind == "road"
            and (tail or mention.kind == CROSSING)
            and _JOINED.fullmatch(text, previous.end, mention.start)
        ):
            end = tail.end() if tail else mention.end
            codes = {candidate.code for candidate in previous.candidates}
            both = previous.candidates + tuple(item for item in mention.candidates if item.code not in codes)
            known = previous.status == "resolved" and mention.status == "resolved"
            status: Status = "resolved" if known else "ambiguous" if both else "unknown"
            joined[-1] = Mention(
                previous.start, end, text[previous.start : end], CROSSING,
                tuple(replace(item, why=f"两条路的交叉口之一；{item.why}") for item in both), status,
            )  # fmt: skip
            continue
        may_cross = is_road or mention.kind in ("metro_station", STREET, "square", "mall", "other")
        if tail and may_cross and tail[0].startswith(_CROSSING_WORDS) and mention.text[-1] not in "道镇乡":
            joined.append(replace(mention, end=tail.end(), text=text[mention.start : tail.end()], kind=CROSSING))
            continue
        joined.append(mention)
    return joined


def _with_details(text: str, mentions: list[Mention]) -> list[Mention]:
    """House, building and unit after a place as a span of its own."""
    found: list[Mention] = []
    for number, mention in enumerate(mentions):
        found.append(mention)
        limit = mentions[number + 1].start if number + 1 < len(mentions) else len(text)
        match = words.DETAIL.match(text, mention.end, limit)
        if match is None and mention.kind == "road":
            match = _HOUSE_OF_ROAD.match(text, mention.end, limit)
        if match:
            shift = len(match[0]) - len(match[0].lstrip(" ，,"))
            start, end = match.start() + shift, match.end()
            found.append(Mention(start, end, text[start:end], DETAIL, (), "resolved"))
    return found
