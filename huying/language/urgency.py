"""紧急程度: 一般, 紧急 or 特急, from the default of the matter, the dangers found, and cues of hazard.

What kind of hazard it is decides, not how loudly it is told: words of emotion (急急急, 十万火急) never raise the level and
are reported as heard. An outage that meets infants, elders or the sick is raised; a question about an outage is not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from huying.language.danger import CRITICAL, SERIOUS, Alert
from huying.language.phrases import Exceptions, Folded, Phrase, Why, fold, rows

LEVELS = ("normal", "urgent", "critical")
LABELS = {"normal": "一般", "urgent": "紧急", "critical": "特急"}
READ_CHARS = 8_000
# Natures in which the default of a matter says nothing: nobody hurries to answer thanks.
_UNHURRIED = frozenset({"consult", "suggestion", "praise"})
_OUTAGES = frozenset({"water_cut", "power_cut", "gas_cut", "heat_cut"})
# Being angry or crowded is serious but a matter of hours; what may cost a life is one of minutes.
_KINDS_OF_HOURS = frozenset({"mass_petition_blocking"})

_VULNERABLE = Phrase(
    "婴儿|月子|新生儿|刚出生|宝宝|小婴|吃奶的娃|月娃|老人|八十|九十|高龄|老汉|瘫痪|卧床|病人|孕妇|产妇|残疾|术后|化疗|透析|手术后|幼儿|小孩|孩子|老太太"
)
_ASKING = Phrase("请问|咨询|什么时候停|几点停|停到几点|怎么申请|如何办理|怎么报停|通知说|计划停")
_LOUD = Phrase("急急急|十万火急|火烧眉毛|马上|立刻|立即|赶快|赶紧|快点|特急|加急|紧急|急死|等不了|一分钟都")


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence a clerk understands, with the words behind it (none for the default of the matter)."""

    sentence: str
    level: str
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class UrgencyVerdict:
    """A level (normal, urgent, critical) with its reasons, heaviest first; `loud` are words of haste that did not count."""

    level: str
    label: str
    reasons: tuple[Reason, ...]
    loud: tuple[Why, ...] = ()

    @property
    def why(self) -> tuple[Why, ...]:
        """The words behind the level."""
        return tuple(why for reason in self.reasons if reason.level == self.level for why in reason.why)


class UrgencyCues:
    """A list of cues ready for use; rows have hazard, cue, level, why, not_when."""

    def __init__(self, listed: Iterable[Mapping[str, str]]) -> None:
        self._cues: list[tuple[str, str, str, Phrase, Exceptions]] = []
        for number, row in enumerate(listed, start=1):
            if row["level"] not in LEVELS:
                raise ValueError(f"第{number}行：紧急程度不对")
            self._cues.append(
                (row["hazard"], row["level"], row["why"], Phrase(row["cue"]), Exceptions(row["not_when"]))
            )

    def found(self, folded: Folded) -> Iterable[tuple[str, Reason]]:
        """Hazards of a text with their reasons."""
        for hazard, level, sentence, phrase, exceptions in self._cues:
            for start, end in phrase.found(folded.text):
                if not exceptions.speak(folded, start, end):
                    yield hazard, Reason(sentence, level, (folded.why(start, end),))
                    break


@lru_cache(maxsize=1)
def seed_cues() -> UrgencyCues:
    """The cues that come with the project."""
    return UrgencyCues(rows("urgency_cues.csv"))


def urgency(
    text: str,
    leaf_default: str = "normal",
    alerts: Sequence[Alert] = (),
    *,
    nature: str = "",
    cues: UrgencyCues | None = None,
) -> UrgencyVerdict:
    """定紧急程度 of a text; `leaf_default` is the level of its matter, `alerts` those of `danger.alerts`.

    Raises ValueError for a level that does not exist. Reads the first `READ_CHARS` characters.
    """
    if leaf_default not in LEVELS:
        raise ValueError(f"没有这个紧急程度：{leaf_default}")
    folded = fold(text, READ_CHARS)
    reasons = [_reason(alert) for alert in alerts if alert.weight >= SERIOUS]
    unhurried = nature in _UNHURRIED
    hazards = [
        (hazard, reason)
        for hazard, reason in (cues or seed_cues()).found(folded)
        if not (unhurried and (hazard in _OUTAGES or reason.level == "urgent"))
    ]
    reasons += [reason for _, reason in hazards]
    outages = [(hazard, reason) for hazard, reason in hazards if hazard in _OUTAGES]
    if outages and not any(_ASKING.found(folded.text)):
        reasons += _weak_ones(folded, outages)
    if not unhurried and leaf_default != "normal":
        reasons.append(Reason(f"该事项默认{LABELS[leaf_default]}", leaf_default))
    reasons.sort(key=lambda reason: -LEVELS.index(reason.level))
    level = reasons[0].level if reasons else "normal"
    loud = tuple(folded.why(*span) for span in _LOUD.found(folded.text))[:3]
    return UrgencyVerdict(level, LABELS[level], tuple(reasons), loud)


def _reason(alert: Alert) -> Reason:
    level = "critical" if alert.weight >= CRITICAL and alert.kind not in _KINDS_OF_HOURS else "urgent"
    return Reason(f"{alert.label}：{alert.word}", level, alert.why)


def _weak_ones(folded: Folded, outages: Sequence[tuple[str, Reason]]) -> list[Reason]:
    """Those who stand an outage badly; two services cut at once with such people in the home is a matter of minutes."""
    people = tuple(folded.why(*span) for span in _VULNERABLE.found(folded.text))[:3]
    if not people:
        return []
    level = "critical" if len({hazard for hazard, _ in outages}) > 1 else "urgent"
    return [Reason("停供家庭有老幼病弱", level, people)]
