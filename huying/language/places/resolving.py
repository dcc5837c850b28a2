"""Which place a name means: kind, districts named in the text, what the form already says, earlier places."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .terms import AREA, CITY, COMMUNITY, STREET, Candidate, Entry, Hints, Status

# The more a kind is named by itself, the higher.
_KINDS = {AREA: 0.3, STREET: 0.25, "metro_station": 0.22, CITY: 0.3, "zone": 0.28, COMMUNITY: 0.1}
_OTHER_KIND = 0.2
IN_STREET, IN_AREA, HINT_STREET, HINT_AREA, EARLIER = 0.6, 0.5, 0.4, 0.2, 0.3
CONTRADICTED = -0.5
CLEAR = 0.15
MOST = 8
FULL = 0.9


@dataclass
class Around:
    """What the rest of the text has settled."""

    areas: set[str] = field(default_factory=set)
    streets: set[str] = field(default_factory=set)


def ranked(
    entries: Iterable[tuple[Entry, float]], around: Around, hints: Hints, *, slip: str = "", sure: bool = True
) -> tuple[tuple[Candidate, ...], Status]:
    """The candidates, best first, and whether one stands out.

    ``slip`` says which slip of the pen was assumed; then nothing outside the district the text names is meant, and unless
    it is ``sure`` one must ask where the text names no district.
    """
    entries = list(entries)
    if slip:
        entries = [(entry, weight) for entry, weight in entries if not _contradicted(entry, around)]
    if any(weight >= FULL for _, weight in entries):
        # 锦业路 is the road; 锦业路社区 without its ending only where the road is none of ours.
        entries = [(entry, weight) for entry, weight in entries if weight >= FULL or entry.kind != COMMUNITY]
    scored = sorted(
        (_scored(entry, weight, around, hints, slip) for entry, weight in entries),
        key=lambda pair: (-pair[1].score, pair[1].code),
    )
    if not scored:
        return (), "unknown"
    best_entry, best = scored[0]
    # 小寨 the street and 小寨 the station are where each other is: no need to ask.
    rivals = [
        candidate
        for entry, candidate in scored[1:]
        if best.score - candidate.score < CLEAR and not _same_spot(best_entry, entry)
    ]
    candidates = [candidate for _, candidate in scored[:MOST]]
    if slip and not sure and not {best_entry.area, best_entry.street} & (around.areas | around.streets):
        return tuple(candidates), "ambiguous"
    if _contradicted(best_entry, around) and best_entry.kind not in (AREA, CITY):
        return tuple(candidates), "ambiguous"
    if rivals:
        count = len(rivals) + 1
        return tuple(
            Candidate(item.code, item.name, item.score, f"{item.why}；同名地点有{count}处，请选择")
            if place < count
            else item
            for place, item in enumerate(candidates)
        ), "ambiguous"
    return tuple(candidates), "resolved"


def _scored(entry: Entry, weight: float, around: Around, hints: Hints, slip: str) -> tuple[Entry, Candidate]:
    score = weight + _KINDS.get(entry.kind, _OTHER_KIND)
    why = [slip] if slip else []
    if entry.street and entry.street in around.streets and entry.kind not in (STREET, AREA):
        score += IN_STREET
        why.append("在文中提到的街道内")
    elif entry.area and entry.area in around.areas and entry.kind != AREA:
        score += IN_AREA
        why.append("在文中提到的区县内")
    elif _contradicted(entry, around) and entry.kind not in (AREA, CITY):
        score += CONTRADICTED
        why.append("与文中提到的区县不同，请核对")
    if hints.street and entry.street == hints.street:
        score += HINT_STREET
        why.append("在登记的街道内")
    elif hints.area and entry.area == hints.area:
        score += HINT_AREA
        why.append("在登记的区县内")
    if entry.code in hints.earlier or (entry.street and entry.street in hints.earlier):
        score += EARLIER
        why.append("诉求人以前提到过")
    return entry, Candidate(entry.code, entry.name, round(score, 3), "；".join(why) or "名称相符")


def _contradicted(entry: Entry, around: Around) -> bool:
    return bool(around.areas) and bool(entry.area) and entry.area not in around.areas


def _same_spot(one: Entry, other: Entry) -> bool:
    if one.street and other.street:
        return one.street == other.street
    if one.lat is not None and one.lng is not None and other.lat is not None and other.lng is not None:
        return abs(one.lat - other.lat) < 0.02 and abs(one.lng - other.lng) < 0.02
    return bool(one.area) and one.area == other.area and AREA not in (one.kind, other.kind)
