"""导入地名: all rows or none, each fault with its line; outlines with their papers."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from huying.kernel.errors import Invalid
from huying.places import recognising
from huying.places.importing import import_addresses, import_boundaries
from huying.places.models import Boundary, Landmark

pytestmark = pytest.mark.django_db
HEADER = "名称,别名,类别,区县,街道,纬度,经度,来源\n"
GOOD = "绿洲云庭,绿洲云庭小区|云庭,小区,雁塔区,长延堡街道,34.21,108.94,市地名办\n"


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_taken_once(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "list.csv", HEADER + GOOD, encoding)
    outcome = import_addresses(path, datum="WGS-84")
    assert (outcome.added, outcome.changed, outcome.same) == (1, 0, 0)
    mark = Landmark.objects.get(name="绿洲云庭")
    assert (mark.kind, mark.area_id, mark.street_id, mark.source) == ("residence", "610113", "610113003", "市地名办")
    assert (mark.lat, mark.lng, mark.aliases, mark.initials) == (34.21, 108.94, ["绿洲云庭小区", "云庭"], "lzyt")
    assert import_addresses(path, datum="WGS-84").same == 1
    written(path, HEADER + GOOD.replace("34.21", "34.22"))
    assert import_addresses(path, datum="WGS-84").changed == 1
    assert Landmark.objects.get(name="绿洲云庭").lat == 34.22


def test_a_sheet_and_the_shift_of_published_maps(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADER.strip().split(","))
    book.active.append(["绿洲云庭", "", "residence", "雁塔", "长延堡", 34.21, 108.94, "市地名办"])
    book.save(tmp_path / "list.xlsx")
    import_addresses(tmp_path / "list.xlsx", datum="GCJ-02")
    mark = Landmark.objects.get(name="绿洲云庭")
    assert mark.lat is not None
    assert mark.lng is not None
    assert 0.001 < mark.lat - 34.21 < 0.003
    assert 0.003 < 108.94 - mark.lng < 0.006


def test_one_bad_row_keeps_all_out(tmp_path: Path) -> None:
    rows = [
        GOOD,
        "甲地,,小区,火星区,,,,来源\n",
        ",,小区,雁塔区,,,,来源\n",
        "乙地,,飞船,雁塔区,小寨街道,,,来源\n",
        "丙地,,小区,雁塔区,,108.9,34.2,来源\n",
        "丁地,,小区,雁塔区,,34.2,,来源\n",
        GOOD,
    ]
    before = Landmark.objects.count()
    with pytest.raises(Invalid) as refused:
        import_addresses(written(tmp_path / "list.csv", HEADER + "".join(rows)), datum="WGS-84")
    for words in (
        "第3行：没有“火星区”这个区县", "第4行：没有填“名称”", "第5行：没有“飞船”这个类别", "雁塔区没有“小寨街道”这个街道",
        "第6行：经度和纬度写反了", "第7行：经纬度须同时填写", "第8行：与第2行重复",
    ):  # fmt: skip
        assert words in refused.value.sentence
    assert Landmark.objects.count() == before


@pytest.mark.parametrize(
    ("name", "text", "datum", "code"),
    [
        ("list.csv", HEADER + GOOD, "", "unknown_datum"),
        ("list.csv", HEADER + GOOD, "BD-09", "unknown_datum"),
        ("list.csv", "名称,区县\n甲,雁塔区\n", "", "bad_file"),
        ("list.csv", "", "", "bad_file"),
        ("list.csv", HEADER, "", "bad_file"),
        ("list.csv", "a\0b", "", "bad_file"),
        ("list.xlsx", "no sheet", "", "bad_file"),
        ("list.pdf", "x", "", "bad_file"),
        ("list.geojson", "{", "", "bad_file"),
        ("list.geojson", "[" * 100_000, "", "bad_file"),
        ("list.geojson", '{"type": "Feature"}', "", "bad_file"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, name: str, text: str, datum: str, code: str) -> None:
    path = written(tmp_path / name, text)
    with pytest.raises(Invalid) as refused:
        import_boundaries(path) if name.endswith("geojson") else import_addresses(path, datum=datum)
    assert refused.value.code == code


def outlines(**changed: Any) -> dict[str, Any]:
    square = [[108.90, 34.20], [108.96, 34.20], [108.96, 34.24], [108.90, 34.24], [108.90, 34.20]]
    hole = [[108.92, 34.21], [108.93, 34.21], [108.93, 34.22], [108.92, 34.22], [108.92, 34.21]]
    return {
        "type": "FeatureCollection",
        "metadata": {"来源": "市自然资源局", "许可": "政务共享", "审图号": "陕S(2024)012号", "坐标系": "WGS-84"}
        | changed,
        "features": [
            {
                "type": "Feature",
                "properties": {"code": "610113003"},
                "geometry": {"type": "Polygon", "coordinates": [square, hole]},
            }
        ],
    }


def test_outlines_tell_the_street_of_a_pin(tmp_path: Path) -> None:
    path = written(tmp_path / "streets.geojson", json.dumps(outlines()))
    assert import_boundaries(path).added == 1
    row = Boundary.objects.get()
    assert (row.division_id, row.review_number, row.datum, row.west, row.north) == (
        "610113003", "陕S(2024)012号", "WGS-84", 108.90, 34.24,
    )  # fmt: skip
    assert recognising.street_at(34.205, 108.91) == "610113003"
    assert recognising.street_at(34.215, 108.925) is None
    assert recognising.street_at(30.0, 100.0) is None
    assert import_boundaries(path).same == 1
    shifted = written(path, json.dumps(outlines(坐标系="GCJ-02")))
    assert import_boundaries(shifted).changed == 1
    assert Boundary.objects.get().west < 108.90


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"审图号": ""}, "no_review_number", "没有审图号"),
        ({"审图号": "12345"}, "no_review_number", "写法不对"),
        ({"坐标系": ""}, "unknown_datum", "没有说明坐标系"),
        ({"坐标系": "BD-09"}, "unknown_datum", "不认识坐标系“BD-09”"),
        ({"许可": ""}, "bad_file", "没有写明许可"),
    ],
)
def test_outlines_without_their_papers(tmp_path: Path, changed: dict[str, str], code: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        import_boundaries(written(tmp_path / "streets.geojson", json.dumps(outlines(**changed))))
    assert (refused.value.code, words in refused.value.sentence) == (code, True)
    assert not Boundary.objects.exists()


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (None, "须是面"),
        ({"type": "Point", "coordinates": [1, 2]}, "须是面"),
        ({"type": "Polygon", "coordinates": [[[108.9, 34.2], [108.9, 34.3], [108.8, 34.2]]]}, "没有闭合"),
        ({"type": "Polygon", "coordinates": [[[34.2, 108.9], [34.3, 108.9], [34.2, 108.8], [34.2, 108.9]]]}, "写反了"),
        ({"type": "Polygon", "coordinates": [[[500000, 3800000]] * 4]}, "不在国内"),
        ({"type": "Polygon", "coordinates": [[["a", 3]] * 4]}, "须是数字"),
    ],
)
def test_outlines_that_are_none(tmp_path: Path, geometry: Any, words: str) -> None:
    document = outlines()
    document["features"].append(
        {"type": "Feature", "properties": {"name": "小寨路街道", "district": "雁塔区"}, "geometry": geometry}
    )
    with pytest.raises(Invalid) as refused:
        import_boundaries(written(tmp_path / "streets.geojson", json.dumps(document)))
    assert "第2个要素" in refused.value.sentence
    assert words in refused.value.sentence
    assert not Boundary.objects.exists()


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "list.csv", HEADER + GOOD)
    call_command("import_places", path, "--coordinates", "WGS-84", "--dry-run")
    assert "试运行（没有保存）：新增1条" in capsys.readouterr().out
    assert not Landmark.objects.filter(name="绿洲云庭").exists()
    with pytest.raises(SystemExit) as stopped:
        call_command("import_places", path)
    assert stopped.value.code == 2
    assert "没有说明坐标系" in capsys.readouterr().err
    call_command("import_places", written(tmp_path / "a.geojson", json.dumps(outlines())))
    assert "新增1条" in capsys.readouterr().out
