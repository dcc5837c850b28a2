"""What citizens ask about 话题: authored topics with weights, season, leaves, natures and their own sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Any

from .tables import lines, table, weighted

DOMAINS = tuple(f"{number:02d}" for number in range(1, 11))
CONSULT_DIRECT = 0.93
CONSULT_WEIGHT = 1.8  # so that about half of all requests are answered on the spot (hotline-domain 2.2: 49.8 to 53 %)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. `weight` is its share in its season, `direct` the share answered on the spot (None: by nature)."""

    key: str
    weight: float
    leaves: tuple[str, ...]
    natures: tuple[tuple[str, float], ...]
    place: str
    harm: tuple[str, ...]
    title: tuple[str, ...]
    scene: tuple[str, ...]
    detail: tuple[str, ...]
    wish: tuple[str, ...]
    question: tuple[str, ...]
    answer: tuple[str, ...]
    measure: tuple[str, ...]
    choices: dict[str, list[str]]
    months: tuple[int, ...]
    urgency: str | None
    direct: float | None

    def in_season(self, on: date) -> bool:
        """True in the months this is asked about."""
        return not self.months or on.month in self.months

    def weight_on(self, on: date) -> float:
        """Heating starts with a storm of calls that ebbs within weeks (hotline-domain 2.2: 11,670 in the first week)."""
        if not self.in_season(on):
            return self.weight * 0.02
        if self.key.startswith("heat") and on.month == 11:
            return self.weight * (0.12 if on.day < 12 else 1.25 if on.day < 22 else 0.9)
        if self.key.startswith("heat") and on.month == 10:
            return self.weight * 0.3
        return self.weight

    def answered_at_once(self, nature: str) -> float:
        """The share of requests of a nature that the operator answers without dispatching."""
        if nature in ("consult", "praise"):
            return max(self.direct or 0, CONSULT_DIRECT if nature == "consult" else 0.7)
        by_nature = {"complaint": 0.14, "help": 0.3, "report": 0.0, "suggestion": 0.5}[nature]
        return by_nature if self.direct is None else min(self.direct, by_nature * 2)


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, in the order of domains."""
    return tuple(_topic(row) for domain in DOMAINS for row in table(f"topics/{domain}")["topic"])


def _topic(row: dict[str, Any]) -> Topic:
    words = row["natures"].split()
    return Topic(
        key=row["key"], weight=float(row["weight"]), leaves=tuple(row["leaves"].split()),
        natures=tuple((name, float(share)) for name, share in zip(words[::2], words[1::2], strict=True) if float(share)),
        place=row["place"], harm=tuple(row["harm"].split()),
        **{name: tuple(lines(row.get(name, ""))) for name in ("title", "scene", "detail", "wish", "question", "answer", "measure")},
        choices={name: value.split("|") for name, value in row.get("slots", {}).items()},
        months=tuple(int(month) for month in row.get("months", "").split()), urgency=row.get("urgency"),
        direct=row.get("direct"),
    )  # fmt: skip


@cache
def _weights(on: date) -> tuple[float, ...]:
    return tuple(topic.weight_on(on) for topic in topics())


def choose(on: date, rng: Random) -> Topic:
    """A topic, as likely as it is asked about on that day."""
    return rng.choices(topics(), _weights(on))[0]


def by_key(key: str) -> Topic:
    """The topic of a key. Errors: KeyError."""
    return {topic.key: topic for topic in topics()}[key]


def nature_of(topic: Topic, rng: Random) -> str:
    """性质 of a request about a topic."""
    return str(
        weighted(((name, share * (CONSULT_WEIGHT if name == "consult" else 1)) for name, share in topic.natures), rng)
    )


@cache
def _by_leaf() -> dict[str, Topic]:
    return {leaf: topic for topic in reversed(topics()) for leaf in topic.leaves}


@cache
def _by_group() -> dict[str, Topic]:
    return {leaf[:4]: topic for leaf, topic in _by_leaf().items()} | {
        leaf[:2]: topic for leaf, topic in _by_leaf().items()
    }


def of_leaf(code: str) -> Topic:
    """The topic nearest to a leaf: its own, one of its group, of its domain, else the first."""
    near = _by_leaf().get(code) or _by_group().get(code[:4]) or _by_group().get(code[:2])
    return near or topics()[0]


def leaves_used() -> Sequence[str]:
    """Every leaf that a topic files requests under."""
    return sorted(_by_leaf())
