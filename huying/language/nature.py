"""性质: which of the six natures (咨询、求助、投诉、举报、建议、表扬) a text has, by cues of how people write.

Cues add up per nature, each once; a softmax over the sums gives the confidence. A text without cues is what most calls
are, a demand for help, with the confidence of a guess.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from huying.language.phrases import Exceptions, Folded, Phrase, Why, fold, rows

NATURES = {
    "consult": "咨询", "help": "求助", "complaint": "投诉", "report": "举报", "suggestion": "建议", "praise": "表扬",
}  # fmt: skip
# Of the softmax. On cases written before the cues were widened for them, mean confidence (0.41, 0.58) stood below the
# share of right answers (0.50, 0.80): rather too modest than too sure.
TEMPERATURE = 1.1
HEAD_CHARS = 40  # what the caller came for stands there
HEAD_FACTOR = 1.25  # a cue counts more at the beginning
READ_CHARS = 8_000
SHOWN_WORDS = 5
_BASE = {"consult": 0.0, "help": 0.7, "complaint": 0.3, "report": -0.2, "suggestion": -0.2, "praise": -0.4}


@dataclass(frozen=True, slots=True)
class NatureGuess:
    """One nature with its share of certainty (0-1) and the words that spoke for it, strongest first."""

    nature: str
    label: str
    confidence: float
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    phrase: Phrase
    nature: str
    weight: float
    head_only: bool
    exceptions: Exceptions


class NatureCues:
    """A list of cues ready for use; rows have nature, cue, weight, where (any or head), not_when."""

    def __init__(self, listed: Iterable[Mapping[str, str]]) -> None:
        self._cues: list[_Cue] = []
        for number, row in enumerate(listed, start=1):
            if row["nature"] not in NATURES or row["where"] not in ("any", "head"):
                raise ValueError(f"第{number}行：性质或位置不对")
            exceptions = Exceptions(row["not_when"])
            head_only = row["where"] == "head"
            self._cues.append(_Cue(Phrase(row["cue"]), row["nature"], float(row["weight"]), head_only, exceptions))

    def __len__(self) -> int:
        return len(self._cues)

    def weighed(self, folded: Folded) -> dict[str, list[tuple[float, Why]]]:
        """Per nature the cues found, each once, with what they weigh there."""
        found: dict[str, list[tuple[float, Why]]] = {nature: [] for nature in NATURES}
        for cue in self._cues:
            for start, end in cue.phrase.found(folded.text):
                if cue.head_only and start >= HEAD_CHARS:
                    break
                if cue.exceptions.speak(folded, start, end):
                    continue
                weight = cue.weight * (HEAD_FACTOR if start < HEAD_CHARS else 1.0)
                found[cue.nature].append((weight, folded.why(start, end)))
                break
        return found


@lru_cache(maxsize=1)
def seed_cues() -> NatureCues:
    """The cues that come with the project."""
    return NatureCues(rows("nature_cues.csv"))


def guess(text: str, cues: NatureCues | None = None) -> list[NatureGuess]:
    """判性质: all six natures, most certain first; confidences add up to 1. Reads the first `READ_CHARS` characters."""
    found = (cues or seed_cues()).weighed(fold(text, READ_CHARS))
    sums = {nature: _BASE[nature] + sum(weight for weight, _ in hits) for nature, hits in found.items()}
    most = max(sums.values())
    shares = {nature: math.exp((total - most) / TEMPERATURE) for nature, total in sums.items()}
    whole = sum(shares.values())
    guesses = [
        NatureGuess(nature, NATURES[nature], shares[nature] / whole, _strongest(found[nature])) for nature in NATURES
    ]
    return sorted(guesses, key=lambda each: -each.confidence)


def _strongest(hits: list[tuple[float, Why]]) -> tuple[Why, ...]:
    return tuple(why for _, why in sorted(hits, key=lambda hit: (-hit[0], hit[1].start))[:SHOWN_WORDS])
