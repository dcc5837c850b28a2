"""What a gazetteer is made of and what it finds; plain values."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["resolved", "ambiguous", "unknown"]

CITY, AREA, STREET, COMMUNITY = "city", "area", "street", "community"
CROSSING = "crossing"
DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the gazetteer.

    ``kind`` is a level (city, area, street, community) or the kind of a landmark. ``area`` and ``street`` are the codes
    of the district and street that contain it, empty where unknown; a district is its own area, a street its own street.
    """

    code: str
    name: str
    kind: str
    short: str = ""
    aliases: tuple[str, ...] = ()
    area: str = ""
    street: str = ""
    lat: float | None = None
    lng: float | None = None
    pinyin: str = ""
    initials: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known besides the text: the district and street of the form, and the codes of earlier places of the caller."""

    area: str = ""
    street: str = ""
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place the words may mean; ``why`` is a short Chinese reason, ``score`` is comparable within one mention only."""

    code: str
    name: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text: ``text`` is ``whole[start:end]``.

    ``kind`` is the kind of the best candidate or, of an unknown place, what its ending says; two roads that meet are one
    mention of kind ``crossing``. ``detail`` is what follows a place (3号楼2单元): it has no candidates and is resolved by
    the place before it. ``ambiguous`` means: ask, the candidates are the choices.
    """

    start: int
    end: int
    text: str
    kind: str
    candidates: tuple[Candidate, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Spot:
    """Words that look like the name of a place, from the words alone."""

    start: int
    end: int
    kind: str
