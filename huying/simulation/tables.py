"""Reading the authored material 素材 in seed/: TOML whose texts hold one sentence a line, with {slots} to be filled."""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

SLOT = re.compile(r"\{(\w+)\}")


@cache
def table(name: str) -> dict[str, Any]:
    """The table of a seed file, named without its ending."""
    return tomllib.loads(files("huying.simulation").joinpath("seed", *f"{name}.toml".split("/")).read_text("utf-8"))


def lines(text: str) -> list[str]:
    """One sentence a line; a blank line inside stands for saying nothing."""
    return text.removeprefix("\n").removesuffix("\n").split("\n") if text.strip() else []


@cache
def replies(kind: str) -> tuple[str, ...]:
    """The sentences of one kind in replies.toml."""
    return tuple(lines(table("replies")[kind]))


def weighted(pairs: Iterable[tuple[Any, float]], rng: Random) -> Any:
    """One of the values, by weight."""
    values, weights = zip(*pairs, strict=True)
    return rng.choices(values, weights)[0]


def bigrams(text: str) -> frozenset[str]:
    """Neighbouring characters, slots left out: enough to tell which of a few sentences belong together."""
    plain = SLOT.sub("|", text)
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def closest(candidates: Sequence[str], to: str, rng: Random, *, noise: float = 0.9) -> str:
    """The candidate that shares most with a text; chance decides between equals."""
    wanted = bigrams(to)
    return max(candidates, key=lambda item: len(bigrams(item) & wanted) + noise * rng.random())


class Slots:
    """What {slots} mean in one text: each is decided once, so that title, text and reply name the same things.

    `fixed` values come first, then the topic's own choices, then `made` functions. Names in `fresh` differ each time.
    """

    def __init__(
        self, rng: Random, fixed: dict[str, str], choices: dict[str, list[str]], made: dict[str, Callable[[Random], str]],
        fresh: frozenset[str] = frozenset({"n", "nn"}),
    ) -> None:  # fmt: skip
        self.rng = rng
        self.known = dict(fixed)
        self.choices = choices
        self.made = made
        self.fresh = fresh

    def __getitem__(self, name: str) -> str:
        if name in self.known:
            return self.known[name]
        value = self.rng.choice(self.choices[name]) if name in self.choices else self.made[name](self.rng)
        if name not in self.fresh:
            self.known[name] = value
        return value

    def fill(self, template: str) -> str:
        """The template with its slots filled, also those that a filled value brings along. Errors: KeyError."""
        while SLOT.search(template):
            template = SLOT.sub(lambda found: self[found[1]], template)
        return template
