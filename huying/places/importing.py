"""导入地名: a city's own address list (CSV, XLSX) and outlines (GeoJSON); all rows or none, each fault with its line."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from openpyxl import load_workbook

from huying.kernel import clock
from huying.kernel.errors import Invalid
from huying.kernel.keeping import forget
from huying.people.administration import spoken

from . import geometry
from .models import Boundary, Division, Landmark
from .queries import KINDS

MOST_BYTES = 100_000_000
MOST_ROWS = 200_000
MOST_FAULTS = 50
MOST_POINTS = 2_000_000

_COLUMNS = {
    "name": ("名称", "地名", "标准地名", "name"),
    "aliases": ("别名", "俗称", "aliases"),
    "kind": ("类别", "类型", "kind"),
    "district": ("区县", "所属区县", "district", "area"),
    "street": ("街道", "街道镇", "所属街道", "street"),
    "lat": ("纬度", "lat", "latitude"),
    "lng": ("经度", "lng", "lon", "longitude"),
    "source": ("来源", "数据来源", "source"),
}
_REQUIRED = ("name", "kind", "district", "source")
_LABELS = {key: names[0] for key, names in _COLUMNS.items()}
_METADATA = {
    "source": ("source", "来源", "数据来源"),
    "licence": ("licence", "license", "许可", "使用许可"),
    "review_number": ("review_number", "审图号"),
    "datum": ("coordinate_system", "坐标系", "坐标系统"),
}
_METADATA_LABELS = {"source": "来源", "licence": "许可", "review_number": "审图号", "datum": "坐标系"}
# 陕S(2024)012号, GS京(2023)1234号, GS(2022)4316号
_REVIEW_NUMBER = re.compile(r"(?:GS)?[\u4e00-\u9fff]{0,3}S?\s?[(（〔\[]\d{4}[)）〕\]]\s?第?\d{1,5}号")
_KIND_OF_LABEL = {label: code for code, label in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    added: int = 0
    changed: int = 0
    same: int = 0


@dataclass(slots=True)
class _Faults:
    found: list[dict[str, str]] = field(default_factory=list)

    def note(self, where: str, sentence: str) -> None:
        self.found.append({"field": where, "sentence": sentence})

    def stop(self) -> None:
        """Raise when there are any."""
        if self.found:
            shown = "；".join(f"{fault['field']}：{fault['sentence']}" for fault in self.found[:MOST_FAULTS])
            rest = len(self.found) - MOST_FAULTS
            more = f"；另有{rest}处" if rest > 0 else ""
            raise Invalid(
                "bad_rows", f"没有导入任何内容，请改正以下各处：{shown}{more}", errors=self.found[:MOST_FAULTS]
            )


def import_addresses(path: Path, *, datum: str = "", try_only: bool = False) -> Imported:
    """导入地址表: rows by name and district, new or changed; coordinates are stored in WGS-84.

    `datum` is the coordinate system of lat and lng (WGS-84, GCJ-02 or CGCS2000), needed when the file has any. Errors:
    Invalid `bad_file`, `unknown_datum`, `bad_rows` with line numbers; then nothing was stored.
    """
    rows = list(_table(path))
    if not rows:
        raise Invalid("bad_file", "文件里没有内容")
    header = {name: place for place, name in enumerate(rows[0][1])}
    columns = {key: next((header[name] for name in names if name in header), None) for key, names in _COLUMNS.items()}
    missing = [_LABELS[key] for key in _REQUIRED if columns[key] is None]
    if missing:
        raise Invalid("bad_file", f"缺少列：{'、'.join(missing)}。第一行须是列名")
    told = geometry.datum_named(datum) if datum else None
    if datum and told is None:
        raise _unknown_datum(datum)
    faults = _Faults()
    areas, streets = _named_divisions()
    wanted: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for line, cells in rows[1:]:
        row = {key: _cell(cells, place) for key, place in columns.items()}
        if not any(row.values()):
            continue
        where = f"第{line}行"
        values = _address(row, where, areas, streets, told, faults)
        if values is None:
            continue
        key = (values["name"], values["area_id"])
        if key in wanted:
            faults.note(where, f"与{wanted[key][0]}重复：同一区县里有两个“{values['name']}”")
        wanted[key] = (where, values)
    if not wanted and not faults.found:
        raise Invalid("bad_file", "除列名外没有内容")
    faults.stop()
    return _store_addresses([values for _, values in wanted.values()], try_only=try_only)


def import_boundaries(path: Path, *, try_only: bool = False) -> Imported:
    """导入边界: outlines of streets and districts from GeoJSON, stored in WGS-84 with their metadata.

    The file's own members, or those of its member `metadata`, must give source, licence, review number (审图号) and
    coordinate system. Errors: Invalid `bad_file`, `no_review_number`, `unknown_datum`, `bad_rows` with the number of the
    feature; then nothing was stored.
    """
    text = _text(path)
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Invalid("bad_file", "这不是有效的 GeoJSON 文件") from None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise Invalid("bad_file", "这不是 GeoJSON 的要素集合（FeatureCollection）")
    told = _metadata(document)
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise Invalid("bad_file", "文件里没有要素")
    faults = _Faults()
    areas, streets = _named_divisions()
    known = {row.code: row for row in areas.values()} | {row.code: row for row in streets.values()}
    rows: dict[str, Boundary] = {}
    points = 0
    for number, feature in enumerate(features, 1):
        where = f"第{number}个要素"
        division = _division_of(feature, known, areas, streets)
        if division is None:
            faults.note(where, "属性里没有本市的区划编码（code），也没有能对上的名称（name、district）")
            continue
        if division.code in rows:
            faults.note(where, f"“{division.name}”出现了两次")
            continue
        try:
            polygons = _polygons(feature.get("geometry"), told["datum"])
        except ValueError as fault:
            faults.note(where, f"“{division.name}”{fault}")
            continue
        outer = [point for polygon in polygons for point in polygon[0]]
        points += len(outer)
        if points > MOST_POINTS:
            raise Invalid("bad_file", f"轮廓太细：最多{MOST_POINTS // 10_000}万个点，请先简化")
        rows[division.code] = Boundary(
            division=division, polygons=polygons,
            west=min(x for x, _ in outer), east=max(x for x, _ in outer),
            south=min(y for _, y in outer), north=max(y for _, y in outer),
            imported_at=clock.now(), **told,
        )  # fmt: skip
    faults.stop()
    return _store_boundaries(rows, try_only=try_only)


def _table(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line numbers as the file's own program shows them, and the cells as text."""
    if path.suffix.lower() == ".xlsx":
        _size(path)
        try:
            book = load_workbook(path, read_only=True, data_only=True)
        except Exception as fault:  # openpyxl lets the errors of zip, XML and its own through
            raise Invalid("bad_file", "这个 XLSX 文件打不开，请用表格软件另存一次") from fault
        with_rows = book.worksheets[0].iter_rows(values_only=True) if book.worksheets else ()
        cells: Iterable[tuple[int, list[str]]] = (
            (line, ["" if value is None else str(value).strip() for value in row])
            for line, row in enumerate(with_rows, 1)
        )
    elif path.suffix.lower() in (".csv", ".txt"):
        reader = csv.reader(io.StringIO(_text(path), newline=""))
        cells = ((reader.line_num, [cell.strip() for cell in row]) for row in reader)
    else:
        raise Invalid("bad_file", "只能导入 CSV、XLSX（地址表）或 GeoJSON（边界）")
    try:
        for count, (line, row) in enumerate(cells):
            if count > MOST_ROWS:
                raise Invalid("bad_file", f"行数太多：最多{MOST_ROWS // 10_000}万行，请分成几个文件")
            yield line, row
    except csv.Error:
        raise Invalid("bad_file", "CSV 文件的格式有误，请检查引号") from None


def _size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise Invalid("bad_file", f"找不到文件“{path.name}”") from None
    if size > MOST_BYTES:
        raise Invalid("bad_file", f"文件太大：最多{MOST_BYTES // 1_000_000}MB")


def _text(path: Path) -> str:
    _size(path)
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Invalid("bad_file", "文件的编码无法识别，请存为 UTF-8")


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _named_divisions() -> tuple[dict[str, Division], dict[tuple[str, str], Division]]:
    """Districts by name, short name and code; streets by those and the district's code."""
    areas: dict[str, Division] = {}
    streets: dict[tuple[str, str], Division] = {}
    for row in Division.objects.filter(level=Division.Level.AREA):
        areas |= {row.short: row, row.name: row, row.code: row}
    for row in Division.objects.filter(level=Division.Level.STREET).select_related("parent"):
        above = row.parent_id or ""
        streets |= {(above, row.short): row, (above, row.name): row, (above, row.code): row}
    return areas, streets


def _address(
    row: dict[str, str],
    where: str,
    areas: dict[str, Division],
    streets: dict[tuple[str, str], Division],
    datum: str | None,
    faults: _Faults,
) -> dict[str, Any] | None:
    """The values of a landmark, None where the row has faults."""
    before = len(faults.found)
    for key in _REQUIRED:
        if not row[key]:
            faults.note(where, f"没有填“{_LABELS[key]}”")
    for key, limit in (("name", 80), ("source", 100)):
        if len(row[key]) > limit:
            faults.note(where, f"“{_LABELS[key]}”太长，最多{limit}字")
    kind = row["kind"] if row["kind"] in KINDS else _KIND_OF_LABEL.get(row["kind"])
    if row["kind"] and kind is None:
        faults.note(where, f"没有“{row['kind'][:20]}”这个类别，可用：{'、'.join(KINDS.values())}")
    area = areas.get(row["district"])
    if row["district"] and area is None:
        faults.note(where, f"没有“{row['district'][:20]}”这个区县")
    street = streets.get((area.code, row["street"])) if area and row["street"] else None
    if area and row["street"] and street is None:
        faults.note(where, f"{area.name}没有“{row['street'][:20]}”这个街道")
    aliases = list(dict.fromkeys(part.strip() for part in re.split(r"[|｜、;；\n]", row["aliases"]) if part.strip()))
    if len(aliases) > 50 or any(len(alias) > 80 for alias in aliases):
        faults.note(where, "别名太多或太长：最多50个，每个最多80字")
    point = _point(row["lng"], row["lat"], where, datum, faults)
    if len(faults.found) > before or area is None or kind is None:
        return None
    return {
        "name": row["name"], "aliases": aliases, "kind": kind, "area_id": area.code,
        "street_id": street.code if street else None, "lat": point[1], "lng": point[0], "source": row["source"],
    }  # fmt: skip


def _point(lng: str, lat: str, where: str, datum: str | None, faults: _Faults) -> tuple[float | None, float | None]:
    if not lng and not lat:
        return None, None
    if datum is None:
        raise _unknown_datum("")
    try:
        x, y = float(lng), float(lat)
    except ValueError:
        faults.note(where, "经纬度须同时填写，且为数字")
        return None, None
    if not (73 <= x <= 136 and 3 <= y <= 54):
        swapped = 73 <= y <= 136 and 3 <= x <= 54
        faults.note(where, "经度和纬度写反了" if swapped else "经纬度不在国内")
        return None, None
    x, y = geometry.to_wgs84(x, y, datum)
    return round(x, 7), round(y, 7)


def _unknown_datum(name: str) -> Invalid:
    said = f"不认识坐标系“{name[:30]}”" if name else "有经纬度，但没有说明坐标系"
    return Invalid("unknown_datum", f"{said}。请写明 WGS-84、GCJ-02 或 CGCS2000；不清楚时请向提供数据的单位核实")


def _metadata(document: dict[str, Any]) -> dict[str, str]:
    inner = document.get("metadata")
    members = document | (inner if isinstance(inner, dict) else {})
    told = {
        key: next((str(members[name]).strip() for name in names if members.get(name)), "")
        for key, names in _METADATA.items()
    }
    if not told["review_number"]:
        raise Invalid("no_review_number", "文件里没有审图号。向公众展示的地图须经审核，请补上审图号后再导入")
    if not _REVIEW_NUMBER.fullmatch(told["review_number"]):
        raise Invalid("no_review_number", f"审图号“{told['review_number'][:40]}”的写法不对，应如“陕S(2024)012号”")
    missing = [label for key, label in _METADATA_LABELS.items() if key != "datum" and not told[key]]
    if missing:
        raise Invalid("bad_file", f"文件里没有写明{'、'.join(missing)}，请补上后再导入")
    if any(len(told[key]) > 200 for key in ("source", "licence")):
        raise Invalid("bad_file", "来源或许可太长，最多200字")
    datum = geometry.datum_named(told["datum"])
    if datum is None:
        raise _unknown_datum(told["datum"])
    return told | {"datum": datum}


def _division_of(
    feature: Any, known: dict[str, Division], areas: dict[str, Division], streets: dict[tuple[str, str], Division]
) -> Division | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None
    code = str(properties.get("code") or properties.get("编码") or "")
    if code:
        return known.get(code)
    name = str(properties.get("name") or properties.get("名称") or "")
    above = areas.get(str(properties.get("district") or properties.get("区县") or ""))
    return streets.get((above.code, name)) if above else areas.get(name)


def _polygons(shape: Any, datum: str) -> list[list[list[list[float]]]]:
    """MultiPolygon coordinates in WGS-84; ValueError with a Chinese sentence."""
    kind = shape.get("type") if isinstance(shape, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError("的几何须是面（Polygon 或 MultiPolygon）")
    parts = shape.get("coordinates")
    parts = [parts] if kind == "Polygon" else parts
    if not isinstance(parts, list) or not parts:
        raise ValueError("没有坐标")
    polygons = []
    for rings in parts:
        if not isinstance(rings, list) or not rings:
            raise ValueError("没有坐标")
        polygons.append([_ring(ring, datum) for ring in rings])
    return polygons


def _ring(ring: Any, datum: str) -> list[list[float]]:
    if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
        raise ValueError("的轮廓没有闭合（首尾须是同一点，至少四个点）")
    points = []
    for point in ring:
        if (
            not isinstance(point, list)
            or len(point) < 2
            or not all(isinstance(value, int | float) for value in point[:2])
        ):
            raise ValueError("的坐标须是数字")
        x, y = float(point[0]), float(point[1])
        if not (73 <= x <= 136 and 3 <= y <= 54):
            swapped = 73 <= y <= 136 and 3 <= x <= 54
            raise ValueError("的经度和纬度写反了（GeoJSON 先经度后纬度）" if swapped else "的坐标不在国内，须是经纬度")
        x, y = geometry.to_wgs84(x, y, datum)
        points.append([round(x, 7), round(y, 7)])
    return points


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _store_addresses(wanted: list[dict[str, Any]], *, try_only: bool) -> Imported:
    added, changed, same = [], [], 0
    with transaction.atomic():
        stored = {
            (mark.name, mark.area_id): mark
            for mark in Landmark.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        }
        for values in wanted:
            mark = stored.get((values["name"], values["area_id"]))
            if mark is None:
                pinyin, initials = spoken(values["name"])
                added.append(Landmark(pinyin=pinyin, initials=initials, **values))
            elif any(getattr(mark, key) != value for key, value in values.items()):
                for key, value in values.items():
                    setattr(mark, key, value)
                changed.append(mark)
            else:
                same += 1
        if not try_only:
            Landmark.objects.bulk_create(added, batch_size=1_000)
            fields = ("aliases", "kind", "street", "lat", "lng", "source")
            Landmark.objects.bulk_update(changed, fields, batch_size=1_000)
            transaction.on_commit(forget)
    return Imported(len(added), len(changed), same)


def _store_boundaries(rows: dict[str, Boundary], *, try_only: bool) -> Imported:
    told = ("polygons", "source", "licence", "review_number", "datum")
    with transaction.atomic():
        stored = {row.pk: row for row in Boundary.objects.select_for_update().filter(pk__in=rows)}
        same = {
            code for code, row in stored.items() if all(getattr(row, key) == getattr(rows[code], key) for key in told)
        }
        wanted = [row for code, row in rows.items() if code not in same]
        if not try_only:
            for row in wanted:
                row.save(force_insert=row.pk not in stored, force_update=row.pk in stored)
    return Imported(len(rows) - len(stored), len(stored) - len(same), len(same))
