"""地名识别 with the city's own gazetteer: built from the tables, again only when they changed."""

import re
from typing import Any

from django.db.models import F

from huying.kernel.keeping import keep
from huying.language.places import Entry, Gazetteer, Hints, Mention
from huying.people.models import Unit

from .geometry import contains
from .models import Boundary, Division, Landmark

ZONE = "zone"
_built: tuple[int, Gazetteer] | None = None


def gazetteer() -> Gazetteer:
    """The gazetteer as the tables are, or were at most 30 seconds ago."""
    return keep("gazetteer", _read)


def find(text: str, *, area: str = "", street: str = "", earlier: tuple[str, ...] = ()) -> list[Mention]:
    """识别地名: the places of a text, given the codes of the form's district and street and the caller's earlier places.

    Codes of landmarks are `landmark-<id>`, of managed zones those of their units.
    """
    return gazetteer().find(text, hints=Hints(area, street, earlier))


def street_at(lat: float, lng: float) -> str | None:
    """The code of the street whose outline holds a WGS-84 point; the smallest where several do, None where none does."""
    rows = Boundary.objects.filter(west__lte=lng, east__gte=lng, south__lte=lat, north__gte=lat).filter(
        division__level=Division.Level.STREET
    )
    rows = rows.annotate(size=(F("east") - F("west")) * (F("north") - F("south"))).order_by("size", "pk")
    return next((row.pk for row in rows if contains(row.polygons, lng, lat)), None)


def _read() -> Gazetteer:
    global _built
    divisions = list(
        Division.objects.order_by("code").values_list(
            "code", "name", "short", "level", "lat", "lng", "pinyin", "initials"
        )
    )
    landmarks = list(
        Landmark.objects.order_by("pk").values_list(
            "pk", "name", "kind", "aliases", "area_id", "street_id", "lat", "lng", "pinyin", "initials"
        )
    )
    zones = list(
        Unit.objects.filter(kind=Unit.Kind.ZONE, active=True).order_by("code").values_list("code", "name", "short")
    )
    mark = hash(repr((divisions, landmarks, zones)))
    if _built is None or _built[0] != mark:
        _built = mark, Gazetteer([*map(_of_division, divisions), *map(_of_landmark, landmarks), *map(_of_zone, zones)])
    return _built[1]


def _of_division(row: tuple[Any, ...]) -> Entry:
    code, name, short, level, lat, lng, pinyin, initials = row
    # Codes of divisions begin with those above them.
    return Entry(
        code, name, level, short, (), code[:6] if len(code) >= 6 else "", code[:9] if len(code) >= 9 else "", lat, lng,
        pinyin, initials,
    )  # fmt: skip


def _of_landmark(row: tuple[Any, ...]) -> Entry:
    key, name, kind, aliases, area, street, lat, lng, pinyin, initials = row
    return Entry(
        f"landmark-{key}", name, kind, "", tuple(aliases), area or "", street or "", lat, lng, pinyin, initials
    )


def _of_zone(row: tuple[Any, ...]) -> Entry:
    code, name, short = row
    aliases = {name, re.sub("新?区$", "", short)} - {short}
    return Entry(code, short, ZONE, "", tuple(sorted(aliases)))
