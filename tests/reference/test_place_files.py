"""The sample city's divisions, landmarks and managed streets are complete and agree."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "huying" / "places" / "seed"
KINDS = {
    *{"metro_station", "square", "park", "hospital", "university", "school", "station"},
    *{"market", "mall", "residence", "road", "scenic", "government", "other"},
}


def rows(name: str, folder: Path = SEED) -> list[dict[str, str]]:
    """Read one seed file."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DIVISIONS, LANDMARKS = rows("divisions.csv"), rows("landmarks.csv")
LEVEL_OF = {row["code"]: row["level"] for row in DIVISIONS}


def test_the_city_has_every_area_and_street() -> None:
    counts = Counter(row["level"] for row in DIVISIONS)
    assert (counts["city"], counts["area"], counts["street"]) == (1, 13, 172)
    assert counts["community"] > 3000
    areas = [row["name"] for row in DIVISIONS if row["level"] == "area"]
    assert sum(name.endswith("区") for name in areas) == 11
    assert sum(name.endswith("县") for name in areas) == 2


def test_division_codes_are_unique_and_nested() -> None:
    above = {"city": None, "area": "city", "street": "area", "community": "street"}
    digits = {"city": 4, "area": 6, "street": 9, "community": 12}
    assert len(LEVEL_OF) == len(DIVISIONS)
    for row in DIVISIONS:
        assert re.fullmatch(rf"\d{{{digits[row['level']]}}}", row["code"]), row
        assert LEVEL_OF.get(row["parent"]) == above[row["level"]], row
        assert row["code"].startswith(row["parent"]), row


def test_names_are_clean_and_spoken() -> None:
    for row in DIVISIONS:
        assert row["name"] and row["short"], row
        assert not re.search("办事处|居委会|村委会|委员会", row["name"]), row
    for row in DIVISIONS + LANDMARKS:
        assert row["name"] and row["name"] == row["name"].strip(), row
        assert re.fullmatch("[a-z0-9]+", row["pinyin"]), row
        assert re.fullmatch("[a-z0-9]+", row["initials"]), row
        assert row["initials"][0] == row["pinyin"][0], row


def test_local_readings() -> None:
    read = {row["name"]: row["pinyin"] for row in LANDMARKS + DIVISIONS}
    assert read["长延堡街道"] == "changyanbaojiedao"
    assert read["长安区"] == "changanqu"
    assert read["长乐西路街道"] == "changlexilujiedao"
    assert read["鄠邑区"] == "huyiqu"
    assert read["灞桥区"] == "baqiaoqu"
    assert read["栎阳街道"] == "yueyangjiedao"
    assert read["张卜街道"] == "zhangbujiedao"
    assert read["鱼化寨街道"] == "yuhuazhaijiedao"
    assert read["渼陂湖"] == "meibeihu"
    assert read["大差市地铁站"] == "dachaishiditiezhan"


def test_initials_find_a_street() -> None:
    found = [row["name"] for row in DIVISIONS if row["initials"] == "cybjd"]
    assert found == ["长延堡街道"]


def test_every_coordinate_is_in_the_city() -> None:
    for row in DIVISIONS + LANDMARKS:
        assert bool(row["lat"]) == bool(row["lng"]), row
        if row["lat"]:
            assert 33.6 < float(row["lat"]) < 34.8, row
            assert 107.6 < float(row["lng"]) < 109.9, row
    assert all(row["lat"] for row in DIVISIONS if row["level"] in {"city", "area"})


def test_landmarks_are_many_and_placed() -> None:
    assert len(LANDMARKS) >= 350
    names = [row["name"] for row in LANDMARKS]
    assert len(names) == len(set(names))
    assert {row["kind"] for row in LANDMARKS} == KINDS
    for row in LANDMARKS:
        assert LEVEL_OF.get(row["area_code"]) == "area", row
        if row["street_code"]:
            assert LEVEL_OF.get(row["street_code"]) == "street", row
            assert row["street_code"].startswith(row["area_code"]), row


def test_an_alias_names_one_landmark_in_its_area() -> None:
    owners: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in LANDMARKS:
        aliases = row["aliases"].split("|") if row["aliases"] else []
        assert all(aliases), row
        for word in [row["name"], *aliases]:
            owners[row["area_code"], word].add(row["name"])
    assert {word: names for word, names in owners.items() if len(names) > 1} == {}


def test_managed_streets_and_zones_exist() -> None:
    people = ROOT / "huying" / "people" / "seed"
    zones = {row["code"] for row in rows("departments.csv", people) if row["kind"] == "zone"}
    managed = rows("managed.csv")
    assert len({row["street_code"] for row in managed}) == len(managed)
    for row in managed:
        assert LEVEL_OF.get(row["street_code"]) == "street", row
        assert row["zone_code"] in zones, row
