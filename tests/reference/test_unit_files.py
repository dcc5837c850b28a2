"""The sample city's handling units are complete and hang together."""

import csv
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = ROOT / "huying" / "people" / "seed"
PLACES = ROOT / "huying" / "places" / "seed"


def rows(path: Path) -> list[dict[str, str]]:
    """Read one seed file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNITS = rows(PEOPLE / "units.csv")
DEPARTMENTS = rows(PEOPLE / "departments.csv")
DIVISIONS = rows(PLACES / "divisions.csv")
BY_CODE = {row["code"]: row for row in UNITS}


def test_counts() -> None:
    counts = Counter(row["kind"] for row in UNITS)
    assert len(DEPARTMENTS) == 68
    assert counts["area"] == 13
    assert counts["district_department"] == 13 * 22
    assert counts["street"] == 172
    assert counts["squad"] == 6
    assert len(UNITS) == 68 + 13 + 13 * 22 + 172 + 6


def test_codes_and_names_are_unique() -> None:
    assert len(BY_CODE) == len(UNITS)
    for column in ("name", "short"):
        repeated = [word for word, times in Counter(row[column] for row in UNITS).items() if times > 1]
        assert repeated == [], column


def test_every_unit_is_filled_in_and_marked_as_sample() -> None:
    for row in UNITS:
        assert all(row[column] for column in ("code", "name", "short", "tier", "kind", "duty")), row
        assert row["tier"] in {"1", "2", "3"}, row
        assert row["sample"] == "yes", row
        assert row["phone"] == "", row


def test_parents_and_areas_exist() -> None:
    areas = {row["code"] for row in DIVISIONS if row["level"] == "area"}
    for row in UNITS:
        assert (row["parent"] == "") == (row["tier"] != "3"), row
        if row["parent"]:
            above = BY_CODE[row["parent"]]
            assert above["kind"] == ("district_department" if row["kind"] == "squad" else "area"), row
            assert above["area"] == row["area"], row
        if row["tier"] == "3" or row["kind"] == "area":
            assert row["area"] in areas, row
        else:
            assert row["area"] == "", row


def test_departments_are_all_present_unchanged() -> None:
    for row in DEPARTMENTS:
        assert {column: BY_CODE[row["code"]][column] for column in row} == row


def test_every_area_has_every_kind_of_department() -> None:
    kinds = {row["kind"] for row in rows(PEOPLE / "district_kinds.csv")}
    for area in (row["code"] for row in DIVISIONS if row["level"] == "area"):
        assert BY_CODE[area]["kind"] == "area"
        assert {f"{area}-{kind}" for kind in kinds} <= BY_CODE.keys()


def test_every_street_has_its_office() -> None:
    for street in (row for row in DIVISIONS if row["level"] == "street"):
        office = BY_CODE[street["code"]]
        assert office["kind"] == "street"
        assert office["parent"] == street["parent"]
        assert office["short"] == street["name"]
        ending = "人民政府" if street["name"].endswith("镇") else "办事处"
        assert office["name"].endswith(street["name"] + ending)


def test_real_names_of_city_branches() -> None:
    named = {code: BY_CODE[code]["name"] for code in BY_CODE}
    assert named["610113-cg"] == "雁塔区城市管理和综合执法局"
    assert named["610113-ga"] == "西安市公安局雁塔分局"
    assert named["610113-jj"] == "西安市公安局交通警察支队雁塔大队"
    assert named["610113-xf"] == "雁塔区消防救援大队"
    assert named["610113-hb"] == "西安市生态环境局雁塔分局"
    assert named["610122-ga"] == "蓝田县公安局"
    assert named["610113003"] == "雁塔区长延堡街道办事处"
