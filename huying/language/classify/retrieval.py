"""The first-minute stage 无史可依: leaves found by the taxonomy's own words, before a single order was confirmed.

Each leaf is a small document of its name, synonyms, everyday words, definition, and the names of its group and domain, each
part with a weight of its own; a text is a query. Ranked by BM25F (Robertson and Zaragoza, The Probabilistic Relevance
Framework, 2009) over pairs of characters and words; scores become shares by a softmax.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from .features import plain, words

K1 = 1.2
B = 0.6
WEIGHTS = {"name": 3.0, "synonyms": 2.5, "everyday": 2.0, "definition": 1.0, "group": 1.5, "domain": 0.5}
TEMPERATURE = 0.35  # of the softmax over scores; chosen by calibration on the labelled messages' train part
READ_TERMS = 300  # of a text, the rarest ones
_EMPTY = frozenset(
    "的了着过地得是在有和与及或就都也很还又再才不没之其此这那我你您他她它们个被把给让向从到对为以于而且但因所如若则吗呢吧啊"
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """What the taxonomy says of one leaf."""

    code: str
    name: str
    definition: str = ""
    synonyms: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()
    group: str = ""
    domain: str = ""


def terms(text: str) -> Iterable[str]:
    """Pairs of neighbouring characters, and words of three and more characters, of a plain text."""
    for first, second in pairwise(text):
        if first.isalnum() and second.isalnum() and not (first in _EMPTY and second in _EMPTY):
            yield first + second
    yield from (word for word in words(text) if len(word) > 2)


class Retrieval:
    """An index over the leaves."""

    def __init__(self, leaves: Iterable[Leaf]) -> None:
        self.leaves = list(leaves)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        lengths: list[float] = []
        bags: list[Counter[str]] = []
        for leaf in self.leaves:
            bag: Counter[str] = Counter()
            for part, texts in _parts(leaf).items():
                for text in texts:
                    for term in terms(plain(text)):
                        bag[term] += WEIGHTS[part]  # type: ignore[assignment]  # a Counter holds weights as well
            bags.append(bag)
            lengths.append(sum(bag.values()))
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        for number, bag in enumerate(bags):
            norm = K1 * (1 - B + B * lengths[number] / mean)
            for term, weight in bag.items():
                self._postings[term].append((number, weight * (K1 + 1) / (weight + norm)))
        total = len(self.leaves)
        self._rarity = {
            term: math.log(1 + (total - len(rows) + 0.5) / (len(rows) + 0.5)) for term, rows in self._postings.items()
        }

    def scores(self, text: str) -> dict[str, float]:
        """Code -> BM25F score of the leaves that share a term with the text."""
        found: dict[int, float] = defaultdict(float)
        asked = Counter(term for term in terms(plain(text)) if term in self._rarity)
        for term, count in sorted(asked.items(), key=lambda item: -self._rarity[item[0]])[:READ_TERMS]:
            often = self._rarity[term] * (1 + math.log(count))
            for number, weight in self._postings[term]:
                found[number] += often * weight
        return {self.leaves[number].code: score for number, score in found.items()}

    def spread(self, text: str) -> dict[str, float]:
        """Code -> share, all shares adding up to 1; empty when nothing fits."""
        return _shares(self.scores(text))

    def drivers(self, text: str, code: str, most: int = 5) -> list[str]:
        """The leaf's own phrases that the text shares most with."""
        leaf = next((leaf for leaf in self.leaves if leaf.code == code), None)
        if leaf is None:
            return []
        asked = set(terms(plain(text)))
        phrases = [leaf.name, *leaf.synonyms, *leaf.everyday]
        met = {
            phrase: sum(self._rarity.get(term, 0) for term in set(terms(plain(phrase))) & asked) for phrase in phrases
        }
        return [phrase for phrase, weight in sorted(met.items(), key=lambda item: -item[1]) if weight > 0][:most]


def _parts(leaf: Leaf) -> Mapping[str, tuple[str, ...]]:
    return {
        "name": (leaf.name,), "synonyms": leaf.synonyms, "everyday": leaf.everyday, "definition": (leaf.definition,),
        "group": (leaf.group,), "domain": (leaf.domain,),
    }  # fmt: skip


def _shares(scores: Mapping[str, float]) -> dict[str, float]:
    if not scores:
        return {}
    top = max(scores.values())
    raised = {code: math.exp((score - top) * TEMPERATURE) for code, score in scores.items()}
    total = sum(raised.values())
    return {code: value / total for code, value in raised.items()}
