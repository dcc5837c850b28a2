"""情绪提示: how a caller may feel, from words and pace, and the calm side card for the operator.

平静, 着急, 激动, 崩溃, 有风险. A cue for the operator alone: it is never shown outside and never scored against anybody.
有风险 comes only from words of danger (`huying.language.danger`), never from loudness. The sentences of the card promise
nothing, and for one call the same one never comes twice in a row.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from huying.language.danger import SERIOUS, Alert
from huying.language.danger import alerts as find_alerts
from huying.language.phrases import Exceptions, Folded, Phrase, Why, fold, rows

LEVELS = {"calm": "平静", "anxious": "着急", "agitated": "激动", "breaking": "崩溃", "at_risk": "有风险"}
READ_CHARS = 8_000
RISKY_KINDS = frozenset({"self_harm", "violence", "threat"})
# From these sums on; the levels above calm in rising order.
_FROM = {"anxious": 1.5, "agitated": 2.5, "breaking": 3.0}
_FAST_SPEECH = 6.5  # characters a second; usual telephone speech is 4 to 5
_FAST_TYPING = 4.0
_REPEATED_CALLS = 3

_SHOUTED = re.compile(r"[！!]{2,}|[？?]{2,}|[！!？?]{3,}")
_REPEATED = re.compile(r"([\u4e00-\u9fff]{1,6}?)\1{2,}")
_SURNAMED = re.compile(r"[\u4e00-\u9fff]{1,2}(?:先生|女士|师傅|老师|阿姨|叔叔|大爷|大妈|同志)")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the caller speaks or types: characters a second, spoken or typed."""

    chars_per_second: float
    spoken: bool = True


@dataclass(frozen=True, slots=True)
class Emotion:
    """A level with the words behind it and, in plain sentences, what else spoke for it (pace, earlier calls)."""

    level: str
    label: str
    why: tuple[Why, ...]
    signs: tuple[str, ...]
    situation: str = "any"


@dataclass(frozen=True, slots=True)
class SideCard:
    """What the operator may say next: form of address, sentence that restates, empathic sentence, next step."""

    address: str
    restate: str
    empathy: str
    next_step: str
    comfort_mode: bool  # offer 安抚模式: the handling time of this call is not counted


_NEXT_STEPS = {
    "calm": "核对地点和联系方式，复述后按流程登记。",
    "anxious": "先问地点和是否正在发生，再补其余要素；说明下一步由谁联系，不说几天解决。",
    "agitated": "让对方说完不打断，复述一遍要点，再问一个能回答的小问题；不争对错，不替单位表态。",
    "breaking": "放慢语速，允许停顿，问身边有没有人；建议开启安抚模式，必要时请值班长旁听。",
    "at_risk": "保持通话，问清位置和身边的人；打开110、120、心理援助卡片，三方转接并报告值班长。",
}


def cue(
    text: str,
    *,
    pace: Pace | None = None,
    earlier_calls: int = 0,
    alerts: Sequence[Alert] | None = None,
) -> Emotion:
    """识情绪 of a text or transcript; `earlier_calls` are those of the last seven days about anything.

    `alerts` are those of `danger.alerts` when the caller has them already. Reads the first `READ_CHARS` characters.
    """
    folded = fold(text, READ_CHARS)
    situation = _situation(folded)
    found = find_alerts(text[:READ_CHARS]) if alerts is None else alerts
    risky = [alert for alert in found if alert.kind in RISKY_KINDS and alert.weight >= SERIOUS and _own(alert)]
    if risky:
        why = tuple(word for alert in risky for word in alert.why)
        return Emotion("at_risk", LEVELS["at_risk"], why, ("话里有危险的词",), situation)
    sums: dict[str, float] = dict.fromkeys(_FROM, 0.0)
    words: dict[str, list[Why]] = {level: [] for level in _FROM}
    politeness = 0.0
    for level, weight, phrase, exceptions in _cues():
        for start, end in phrase.found(folded.text):
            if exceptions.speak(folded, start, end):
                continue
            if level == "calm":
                politeness += weight
            else:
                sums[level] += weight
                words[level].append(folded.why(start, end))
            break
    signs = _signs(text[:READ_CHARS], pace, earlier_calls)
    for _, level, weight in signs:
        sums[level] += weight
    # Courtesy takes the edge off haste, but not off despair.
    sums["anxious"] += max(politeness, -1.0)
    for level in ("breaking", "agitated", "anxious"):
        if sums[level] >= _FROM[level]:
            spoken = tuple(sentence for sentence, of, _ in signs if of == level)
            return Emotion(level, LEVELS[level], tuple(words[level]), spoken, situation)
    return Emotion("calm", LEVELS["calm"], (), (), situation)


def side_card(
    emotion: Emotion,
    *,
    name: str = "",
    title: str = "",
    summary: str = "",
    call: str = "",
    turn: int = 0,
    last: str = "",
) -> SideCard:
    """安抚卡 for one moment of a call.

    `name` and `title` (先生, 女士) give the form of address; `summary` is that of `autofill`; `call` seeds the choice of
    the sentence, `turn` counts the cards of the call, `last` is the sentence shown before, which is not repeated.
    """
    return SideCard(
        form_of_address(name, title),
        summary or "我跟您核对一下：您说的地点和情况，我复述一遍，您听听对不对。",
        empathic_sentence(emotion, call=call, turn=turn, last=last),
        _NEXT_STEPS[emotion.level],
        emotion.level in ("breaking", "at_risk"),
    )


def form_of_address(name: str, title: str = "") -> str:
    """称呼: 王女士, 欧阳先生; without a title 您; a name that carries its title already stays."""
    name, title = name.strip(), title.strip()
    if not name or not re.fullmatch(r"[\u4e00-\u9fff·]{1,12}", name):
        return f"这位{title}" if title else "您"
    if _SURNAMED.fullmatch(name):
        return name
    if not title:
        return "您"
    surname = name[:2] if name[:2] in _COMPOUND_SURNAMES and len(name) > 2 else name[0]
    return surname + title


def empathic_sentence(emotion: Emotion, *, call: str = "", turn: int = 0, last: str = "") -> str:
    """共情句 for the level and situation, the same for the same call and turn, never `last`."""
    seed = int.from_bytes(hashlib.sha256(call.encode()).digest()[:4], "big")
    pool = [
        sentences[(seed + place) % len(sentences)]
        for sentences in _empathy(emotion.level, emotion.situation)
        for place in range(len(sentences))
    ]
    sentence = pool[turn % len(pool)]
    return sentence if sentence != last else pool[(turn + 1) % len(pool)]


def _own(alert: Alert) -> bool:
    """Being beaten is a danger, but says nothing of what the caller may do."""
    return alert.kind != "violence" or alert.weight > SERIOUS + 20


def _signs(text: str, pace: Pace | None, earlier_calls: int) -> list[tuple[str, str, float]]:
    """What speaks for a level besides words: sentence, level, weight."""
    signs: list[tuple[str, str, float]] = []
    if pace and pace.chars_per_second >= (_FAST_SPEECH if pace.spoken else _FAST_TYPING):
        signs.append(("语速明显偏快" if pace.spoken else "输入明显偏快", "anxious", 1.0))
    shouts = len(_SHOUTED.findall(text))
    if shouts:
        signs.append(("连续使用感叹号或问号", "agitated", min(1.0 + 0.25 * (shouts - 1), 1.5)))
    if _REPEATED.search(text):
        signs.append(("反复说同一句话", "anxious", 1.0))
    if earlier_calls >= _REPEATED_CALLS:
        signs.append((f"近7天已来电{earlier_calls}次", "agitated", 1.0))
    return signs


def _situation(folded: Folded) -> str:
    """The situation most spoken of; the first of the list among equals."""
    best, most = "any", 0
    for situation, phrase, exceptions in _situations():
        count = sum(not exceptions.speak(folded, *span) for span in phrase.found(folded.text[:2_000]))
        if count > most:
            best, most = situation, count
    return best


@lru_cache(maxsize=1)
def _cues() -> list[tuple[str, float, Phrase, Exceptions]]:
    return [
        (row["level"], float(row["weight"]), Phrase(row["cue"]), Exceptions(row["not_when"]))
        for row in rows("emotion_cues.csv")
    ]


@lru_cache(maxsize=1)
def _situations() -> list[tuple[str, Phrase, Exceptions]]:
    return [(row["situation"], Phrase(row["cue"]), Exceptions(row["not_when"])) for row in rows("situations.csv")]


@lru_cache(maxsize=128)
def _empathy(level: str, situation: str) -> tuple[tuple[str, ...], ...]:
    """Sentences for a level: those of the situation, then the general ones."""
    of_level = [row for row in rows("empathy.csv") if row["level"] == level]
    groups = [tuple(row["sentence"] for row in of_level if row["situation"] == of) for of in {situation: 0, "any": 0}]
    return tuple(group for group in groups if group)


_COMPOUND_SURNAMES = frozenset(
    re.findall(
        r"\w+",
        "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 轩辕 端木 南宫 呼延 独孤 申屠 澹台 西门",
    )
)
