"""Reading places: divisions and the gazetteer, found by name, alias, pinyin or initials."""

from dataclasses import dataclass

from django.db.models import Q

from huying.kernel.errors import Invalid

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


def street(code: str) -> Division:
    """A street with its area; Invalid `unknown_street`."""
    found = Division.objects.select_related("parent").filter(code=code, level=Division.Level.STREET).first()
    if found is None:
        raise Invalid("unknown_street", f"没有编码为“{code}”的街道，请重新选择", errors=[{"field": "place", "sentence": "街道不存在"}])
    return found


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
    found = [(rank[item.level], _exact(item.short, item.name, item.initials, q), _of_division(item)) for item in divisions]
    found += [(2, _exact(item.name, item.name, item.initials, q), _of_landmark(item)) for item in marks]
    found.sort(key=lambda entry: (not entry[1], entry[0], len(entry[2].name)))
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
