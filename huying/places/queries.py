"""Reading places: divisions and the gazetteer, found by name, alias, pinyin or initials."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from django.db.models import Q
from pypinyin import Style, lazy_pinyin

from huying.kernel.errors import Invalid
from huying.kernel.keeping import keep

from .models import Division, Landmark


@dataclass(frozen=True, slots=True)
class Found:
    """One place a person may have meant."""

    code: str | None
    name: str
    kind: str
    kind_label: str
    path: str
    street: str | None
    area: str | None
    lat: float | None
    lng: float | None


KINDS = {
    "metro_station": "地铁站", "square": "广场", "park": "公园", "hospital": "医院", "university": "高校", "school": "学校",
    "station": "车站", "market": "市场", "mall": "商场", "residence": "小区", "road": "道路", "scenic": "景点",
    "government": "政府机关", "other": "地点",
}  # fmt: skip


def streets(codes: Iterable[str]) -> dict[str, Division]:
    """Streets by code, with their areas; codes that are none are left out. Kept, hence no statement."""
    known = named()
    return {code: known[code] for code in codes if code in known and known[code].level == Division.Level.STREET}


def named() -> dict[str, Division]:
    """Areas and streets by code, each with the one above it at hand."""

    def read() -> dict[str, Division]:
        found = {row.code: row for row in Division.objects.exclude(level=Division.Level.COMMUNITY)}
        for row in found.values():
            if row.parent_id in found:
                row.parent = found[row.parent_id]
        return found

    return keep("divisions", read)


def unknown_street(code: str) -> NoReturn:
    """Refuse a code that is no street: Invalid `unknown_street`."""
    raise Invalid(
        "unknown_street", f"没有编码为“{code}”的街道，请重新选择", errors=[{"field": "place", "sentence": "街道不存在"}]
    )


def street(code: str) -> Division:
    """A street with its area; Invalid `unknown_street`."""
    return streets([code]).get(code) or unknown_street(code)


def search(q: str, limit: int = 10) -> list[Found]:
    """Places whose name, alias, pinyin or initials begin with (first) or contain the words; streets before the rest."""
    q = q.strip().lower()
    if not q:
        return []
    starts = Q(name__startswith=q) | Q(short__startswith=q) | Q(initials__startswith=q) | Q(pinyin__startswith=q)
    divisions = list(
        Division.objects.exclude(level=Division.Level.CITY)
        .filter(starts | Q(name__contains=q))
        .select_related("parent__parent")[: limit * 4]
    )
    marks = list(
        Landmark.objects.filter(
            Q(name__contains=q) | Q(aliases__icontains=q) | Q(initials__startswith=q) | Q(pinyin__startswith=q)
        ).select_related("area", "street")[: limit * 2]
    )
    rank = {"street": 0, "area": 1, "community": 3}
    found = [
        (rank[item.level], _exact(item.short, item.name, item.initials, q), _of_division(item)) for item in divisions
    ]
    found += [(2, _exact(item.name, item.name, item.initials, q), _of_landmark(item)) for item in marks]
    found.sort(key=lambda entry: (not entry[1], entry[0], len(entry[2].name)))
    if not found and len(q) > 2 and not q.isascii():
        # 长延保 sounds like 长延堡: once more by the sound, which is ASCII and so goes round no further.
        sound = "".join(lazy_pinyin(q, style=Style.NORMAL)).replace("ü", "v")
        return search(sound, limit) if sound.isascii() else []
    return [place for _, _, place in found[:limit]]


def _exact(short: str, name: str, initials: str, q: str) -> bool:
    return q in (short.lower(), name.lower(), initials)


def _of_division(item: Division) -> Found:
    parent = item.parent
    above = parent.parent if parent else None
    street_code: str | None
    area: str | None
    level = Division.Level(item.level)
    if level is Division.Level.AREA:
        street_code, area, path = None, item.code, "西安市"
    elif level is Division.Level.STREET:
        street_code, area, path = item.code, parent.code if parent else None, parent.name if parent else ""
    else:
        street_code, area = (parent.code if parent else None), (above.code if above else None)
        path = f"{above.name if above else ''} {parent.name if parent else ''}".strip()
    return Found(item.code, item.name, item.level, str(level.label), path, street_code, area, item.lat, item.lng)


def _of_landmark(item: Landmark) -> Found:
    path = " ".join(part.name for part in (item.area, item.street) if part)
    return Found(
        None, item.name, item.kind, KINDS.get(item.kind, "地点"), path, item.street_id, item.area_id, item.lat, item.lng
    )
