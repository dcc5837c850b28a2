"""危险词: words of danger in a text, each raised as an alert of its own.

An alert is raised by presence: whatever else the text says, a word of the list above the threshold is shown. What may
silence one is written down: exceptions of the entry (跳楼价), a plain negation right before it (没有漏气), nothing else.
A worry or a possibility (担心煤气泄漏) is no event, so such an alert is kept and only loses its urgency. Words people
speak as threats (kinds with `speech_act`) never lose it: 再不发钱就跳楼 is conditional and still a threat.

The list is an editable table with a version: `DangerWords.from_rows` takes the rows an editor saved.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from huying.language.phrases import SEED, Exceptions, Folded, Phrase, Why, fold, rows

CRITICAL, SERIOUS, WATCH = 80, 50, 20  # weights from here on
TEMPERED_MOST = 60  # the weight of a worry; below CRITICAL
REHEARSED_MOST = 30  # the weight of a drill, a lesson, an insurance
SHOWN_PER_WORD = 3
EXAMINED_PER_WORD = 200  # more of one word is raised unexamined

_NEGATIONS = "没有|并没有|并未|从未|从来没|没|未|无|不会|不是|不可能|绝不|不至于"
_PREVENTIONS = "防止|预防|避免|杜绝|谨防|以免|禁止|严禁|防范|(?<!消)防|免得"
_FILLERS = "再|去|有|人|发生|出现|任何|真的|要|过|造成|引发|引起|导致|存在|闻到|看到|听到|说|什么|被|这种|有人"
_NEGATED = re.compile(f"(?P<negation>{_NEGATIONS})(?:{_FILLERS}){{0,3}}$")
_PREVENTED = re.compile(f"(?:{_PREVENTIONS}|不想|不要)(?:{_FILLERS}){{0,3}}$")
# 以为我不会跳楼, 难道没有着火: said to affirm.
_AFFIRMED = re.compile("以为|谁说|难道|不得不|忍不住|不是没|是不是|有没有|是没|会不会|要不是")
_QUESTION_AFTER = re.compile("[了过的]{0,2}[吗么嘛]")
_WORRY_BEFORE = re.compile(
    "担心|害怕|生怕|恐怕|(?<!可)怕|万一|如果|要是|一旦|可能|极易|容易|会不会|早晚|迟早|怎么防|如何防"
)
_WORRY_AFTER = re.compile("(?:的|等)?(?:安全)?(?:隐患|风险|危险|可能|概率|怎么赔|怎么预防|怎么办理)")
# A suspicion with 了 speaks of what has happened: 可能漏气了.
_HAPPENED = re.compile("[了啦咧喽]")
_REHEARSED = re.compile(
    "(?:等|应急|的|逃生|疏散|处置|预防|防范|安全|知识){0,3}(?:演练|讲座|宣传|预案|科普|知识|保险|理赔|竞赛|常识)"
)
_REHEARSAL_BEFORE = re.compile("(?:演练|模拟)(?:中|时|的)?$")
# Said anywhere earlier in the sentence, these make it a thought; the plain worries above must stand close.
_SUPPOSED = re.compile(
    "一旦|如果|万一|假如|假设|难道|非得|非要等|等到|不要等|别等|不难想象|能保证|为了防|以防|不然|否则|避免|防止|杜绝"
)
_PAST = re.compile(
    "去年|前年|多年前|几年前|上个月|上半年|曾经|曾发生|历史上|当年|之前|以前|此前|经常|多次|年久|新闻|报道|外地"
)
_NOW = re.compile("现在|刚刚|刚才|正在|今天|今早|目前|此刻|马上|又")
_CLAUSE = re.compile("[，,、：:]")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a group of words means: label, numbers to transfer to by entry, steps the operator reads."""

    code: str
    label: str
    speech_act: bool
    steps: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One danger found: where, how heavy (0-100), whom to transfer to, what to do, and the sentence it stands in."""

    kind: str
    label: str
    word: str
    start: int
    end: int
    weight: int
    transfer: tuple[str, ...]
    advice: str
    sentence: str
    tempered: str = ""  # why the weight was lowered: worry, rehearsal, past; empty when it was not
    entry: str = ""  # the line of the list that found it

    @property
    def critical(self) -> bool:
        """True when the matter is one of minutes."""
        return self.weight >= CRITICAL

    @property
    def why(self) -> tuple[Why, ...]:
        """The words with their offsets."""
        return (Why(self.word, self.start, self.end),)


class _Entry:
    __slots__ = ("exceptions", "kind", "phrase", "transfer", "weight")

    def __init__(self, kind: Kind, row: Mapping[str, str]) -> None:
        self.kind = kind
        self.phrase = Phrase(row["word"])
        self.exceptions = Exceptions(row.get("not_when") or "")
        self.weight = int(row["weight"])
        if not 1 <= self.weight <= 100:
            raise ValueError("权重应在1到100之间")
        self.transfer = tuple(number for number in (row.get("advice") or "").split("+") if number)


class DangerWords:
    """A version of the list, ready to look texts up in; immutable and safe to share between threads."""

    def __init__(self, entries: Iterable[_Entry], version: str) -> None:
        self._entries = tuple(entries)
        self.version = version

    def __len__(self) -> int:
        return len(self._entries)

    @classmethod
    def from_rows(
        cls, listed: Iterable[Mapping[str, str]], *, kinds: Mapping[str, Kind] | None = None, version: str = ""
    ) -> "DangerWords":
        """The list from rows with kind, word, weight, advice, not_when.

        Raises ValueError with the number of the row and a sentence for the editor. Without a version a fingerprint of
        the rows serves as one.
        """
        known = kinds if kinds is not None else danger_kinds()
        entries: list[_Entry] = []
        print_of_rows = hashlib.sha256()
        for number, row in enumerate(listed, start=1):
            try:
                entries.append(_Entry(known[row["kind"]], row))
            except KeyError as missing:
                raise ValueError(f"第{number}行：没有这个种类或栏目{missing}") from None
            except ValueError as fault:
                raise ValueError(f"第{number}行：{fault}") from None
            print_of_rows.update("\x1f".join(str(value) for value in row.values()).encode())
        return cls(entries, version or print_of_rows.hexdigest()[:12])

    def found(self, folded: Folded) -> Iterable[Alert]:
        """Every alert of a folded text, in the order of the list."""
        for entry in self._entries:
            shown = 0
            for examined, (start, end) in enumerate(entry.phrase.found(folded.text)):
                if examined < EXAMINED_PER_WORD and _silenced(entry, folded, start, end):
                    continue
                yield _alert(entry, folded, start, end)
                shown += 1
                if shown == SHOWN_PER_WORD:
                    break


@lru_cache(maxsize=1)
def danger_kinds() -> dict[str, Kind]:
    """The kinds of danger of the seed."""
    listed = _seed_kinds()
    return {
        code: Kind(code, str(kind["label"]), bool(kind["speech_act"]), str(kind["steps"]))
        for code, kind in listed.items()
        if isinstance(kind, dict)
    }


@lru_cache(maxsize=1)
def seed_words() -> DangerWords:
    """The list that comes with the project."""
    return DangerWords.from_rows(rows("danger.csv"), version=str(_seed_kinds()["version"]))


def alerts(text: str, words: DangerWords | None = None, *, threshold: int = WATCH) -> list[Alert]:
    """识险: the alerts of a text, heaviest first; one per kind and place. Reads `phrases.READ_CHARS` characters."""
    folded = fold(text)
    found = [alert for alert in (words or seed_words()).found(folded) if alert.weight >= threshold]
    found.sort(key=lambda alert: (-alert.weight, alert.start, alert.start - alert.end))
    shown: list[Alert] = []
    for alert in found:
        if not any(alert.kind == other.kind and alert.start < other.end and other.start < alert.end for other in shown):
            shown.append(alert)
    return shown


def _alert(entry: _Entry, folded: Folded, start: int, end: int) -> Alert:
    begin, finish = folded.sentence(start, end)
    sentence = folded.why(begin, finish).word.strip()
    weight, tempered = entry.weight, ""
    if not entry.kind.speech_act:
        weight, tempered = _tempered(entry.weight, folded.text, start, end, begin, finish)
    why = folded.why(start, end)
    return Alert(
        entry.kind.code, entry.kind.label, why.word, why.start, why.end, weight, entry.transfer, entry.kind.steps,
        sentence, tempered, entry.phrase.written,
    )  # fmt: skip


def _silenced(entry: _Entry, folded: Folded, start: int, end: int) -> bool:
    if entry.exceptions.speak(folded, start, end):
        return True
    before = folded.text[max(0, start - 12) : start]
    negated = _NEGATED.search(before)
    if negated and not _AFFIRMED.search(before) and not _QUESTION_AFTER.match(folded.text, end):
        return True
    return not entry.kind.speech_act and bool(_PREVENTED.search(before))


def _tempered(weight: int, text: str, start: int, end: int, begin: int, finish: int) -> tuple[int, str]:
    """Lower the weight of what is feared, rehearsed or long past."""
    before = text[max(begin, start - 10) : start]
    if _REHEARSED.match(text, end) or _REHEARSAL_BEFORE.search(before):
        return min(weight, REHEARSED_MOST), "rehearsal"
    worried = bool(_WORRY_BEFORE.search(_CLAUSE.split(before)[-1])) and not _HAPPENED.match(text, end)
    if not worried and not _HAPPENED.match(text, end):
        worried = bool(_SUPPOSED.search(text, begin, start))
    if worried or _WORRY_AFTER.match(text, end):
        return min(weight, TEMPERED_MOST), "worry"
    if _PAST.search(text, begin, finish) and not _NOW.search(text, begin, finish):
        return min(weight, TEMPERED_MOST), "past"
    return weight, ""


@lru_cache(maxsize=1)
def _seed_kinds() -> dict[str, dict[str, str | bool] | str]:
    with (SEED / "danger_kinds.toml").open("rb") as file:
        return tomllib.load(file)
