"""The taxonomy and the dispatch catalogue hold together: every leaf can be found, asked about and given to a unit."""

import csv
import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from huying.matters.rules import Line, Where, lines_for, unit_code

ROOT = Path(__file__).resolve().parents[2] / "huying"
SEED = ROOT / "matters" / "seed"
DOMAINS = [f"{number:02d}" for number in range(1, 11)]
MOST_QUESTIONS = 5
# hotline-domain.md 5.3: leaves per group, group by group; the shipped tree may have more, not fewer
TARGETS = (
    "14 10 16 10 8 14 8 10 12 8|18 8 8 12 8 8 14 8 10 10 6|22 14 12 12 12 12 11|12 14 12 8 14 12 14 9 10|20 14 10 8 8 6 6 8|"
    "14 10 12 10 16 10 10 6 10 7|14 12 6 6 18 14 6 8 6|12 8 10 10 10 8 8 8 6 12|8 10 6 10 14 8 9 8 6 6|10 8 10 6 12 8 10 6"
)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def parts(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


GROUPS = rows(SEED / "groups.csv")
LEAVES = [row for domain in DOMAINS for row in rows(SEED / "taxonomy" / f"{domain}.csv")]
CATALOGUE = [row for domain in DOMAINS for row in rows(SEED / "catalogue" / f"{domain}.csv")]
UNITS = {row["code"]: row for row in rows(ROOT / "people" / "seed" / "units.csv")}
DIVISIONS = rows(ROOT / "places" / "seed" / "divisions.csv")
AREAS = [row["code"] for row in DIVISIONS if row["level"] == "area"]
STREETS = [row for row in DIVISIONS if row["level"] == "street"]
ZONES = {row["street_code"]: row["zone_code"] for row in rows(ROOT / "places" / "seed" / "managed.csv")}
LINES = tuple(
    Line(
        row["code"], row["duty"], frozenset(parts(row["matters"])), row["lead"], tuple(parts(row["assisting"])),
        row["department_work"] == "yes", row["basis"], row["basis_source"],
    )
    for row in CATALOGUE
)  # fmt: skip
PLACES = [Where(street["parent"], street["code"], ZONES.get(street["code"], "")) for street in STREETS]


def test_ten_domains_with_groups_and_over_900_leaves() -> None:
    codes = [row["code"] for row in (*GROUPS, *LEAVES)]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if len(code) == 2] == DOMAINS
    assert len(LEAVES) >= 900
    for code in codes:
        assert re.fullmatch(r"(\d\d){1,3}", code), code
        assert len(code) == 2 or code[:-2] in codes, f"{code} hangs on nothing"


def test_groups_have_the_leaves_they_were_planned_with() -> None:
    planned = {
        f"{domain}{number:02d}": int(target)
        for domain, targets in zip(DOMAINS, TARGETS.split("|"), strict=True)
        for number, target in enumerate(targets.split(), 1)
    }
    counted = Counter(row["code"][:4] for row in LEAVES)
    assert planned.keys() == {row["code"] for row in GROUPS if len(row["code"]) == 4} == counted.keys()
    assert {group: counted[group] for group, target in planned.items() if counted[group] < target} == {}


@pytest.mark.parametrize("domain", DOMAINS)
def test_leaves_are_complete(domain: str) -> None:
    for leaf in (leaf for leaf in LEAVES if leaf["code"].startswith(domain)):
        words, questions = [*parts(leaf["synonyms"]), *parts(leaf["everyday"])], parts(leaf["questions"])
        assert 2 <= len(leaf["name"]) <= 20, leaf
        assert 10 <= len(leaf["definition"]) <= 200, leaf
        assert leaf["definition"].endswith("。"), leaf
        assert leaf["definition"].rstrip("。") != leaf["name"], leaf
        assert parts(leaf["synonyms"]), leaf
        assert len(parts(leaf["everyday"])) >= 3, leaf
        assert leaf["urgency"] in {"normal", "urgent", "critical"}, leaf
        assert len(questions) <= MOST_QUESTIONS, leaf
        assert all(question.endswith("？") and len(question) <= 100 for question in questions), leaf
        assert [word for word, times in Counter(words).items() if times > 1] == [], leaf
        assert leaf["name"] not in words, f"{leaf}: a synonym that is the name finds nothing new"
        assert all(len(word) <= 60 for word in words), leaf
        assert not re.search(r"\s", "".join(leaf.values())), leaf


def bare(name: str) -> str:
    """The name without what carries no meaning."""
    return re.sub(r"[\W]|[与和及的等]|问题|情况|事项|相关", "", name)


def distance(one: str, other: str) -> int:
    """Levenshtein's."""
    before = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (left != right)))
        before = row
    return before[-1]


def pairs_of_two(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


def test_no_two_leaves_have_the_same_name() -> None:
    """Nor the same letters in another order, in the whole tree."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for leaf in LEAVES:
        owners["".join(sorted(bare(leaf["name"])))].append(leaf["code"])
    assert [codes for codes in owners.values() if len(codes) > 1] == []


def alike(mine: set[str], its: set[str]) -> float:
    """How much of two sets is the same (Jaccard)."""
    return len(mine & its) / len(mine | its)


def test_near_names_mean_different_things() -> None:
    """Names one letter in four apart (停水, 停电) differ in their definitions."""
    # the rest of a group (其他...) is named after it
    named = [(bare(leaf["name"]), set(leaf["name"]), leaf) for leaf in LEAVES if not leaf["name"].startswith("其他")]
    near = []
    for (left, mine, one), (right, its, other) in combinations(named, 2):
        longest = max(len(left), len(right))
        if len(mine & its) < longest * 0.75 - 2 or distance(left, right) > longest * 0.25:
            continue
        if alike(pairs_of_two(one["definition"]), pairs_of_two(other["definition"])) > 0.4:
            near.append((one["code"], one["name"], other["code"], other["name"]))
    assert near == []


def test_no_definition_is_copied() -> None:
    definitions = {leaf["code"]: pairs_of_two(leaf["definition"]) for leaf in LEAVES if "其他" not in leaf["name"]}
    times = Counter(pair for pairs in definitions.values() for pair in pairs)
    # two sets that are more than 0.6 alike share one of the rarest two fifths of each
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for code, pairs in definitions.items():
        for pair in sorted(pairs, key=lambda pair: (times[pair], pair))[: len(pairs) * 2 // 5 + 1]:
            holders[pair].append(code)
    candidates = {couple for codes in holders.values() for couple in combinations(codes, 2)}
    assert [(one, other) for one, other in candidates if alike(definitions[one], definitions[other]) > 0.6] == []
    rest = [leaf["definition"] for leaf in LEAVES if "其他" in leaf["name"]]
    assert len(set(rest)) == len(rest)


@pytest.mark.parametrize("column", ["synonyms", "everyday"])
def test_a_word_leads_to_one_leaf(column: str) -> None:
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for leaf in LEAVES:
        for word in parts(leaf[column]):
            owners[word].append(leaf["code"])
    assert {word: codes for word, codes in owners.items() if len(codes) > 1} == {}
    names = {leaf["name"]: leaf["code"] for leaf in LEAVES}
    assert {word: codes for word, codes in owners.items() if word in names and names[word] not in codes} == {}


# -- the dispatch catalogue


def test_catalogue_lines_are_complete() -> None:
    codes = [row["code"] for row in CATALOGUE]
    assert len(set(codes)) == len(codes)
    assert len({row["duty"] for row in CATALOGUE}) == len(codes)
    known = {row["code"] for row in (*GROUPS, *LEAVES) if len(row["code"]) > 2}
    for row in CATALOGUE:
        assert re.fullmatch(r"\d\d-\d{3}", row["code"]), row
        assert row["duty"] and parts(row["matters"]), row
        assert set(parts(row["matters"])) <= known, row
        assert row["basis"].endswith("。") and 8 <= len(row["basis"]) <= 300, row
        assert row["basis_source"], row
        assert row["department_work"] in {"yes", "no"}, row
        assert row["lead"] not in parts(row["assisting"]), row


def test_every_leaf_is_somebodys_duty() -> None:
    assert [leaf["code"] for leaf in LEAVES if not lines_for(leaf["code"], LINES)] == []


def test_department_work_is_not_led_by_a_street() -> None:
    assert [line.code for line in LINES if line.department_work and line.lead == "S"] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_lines_name_units_that_exist_wherever_it_happens(domain: str) -> None:
    for line in (line for line in LINES if line.code.startswith(domain)):
        for target in (line.lead, *line.assisting):
            assert re.fullmatch(r"U:[\w-]+|A:[a-z]+|A|S", target), (line.code, target)
            meant = {unit_code(target, where) for where in PLACES}
            assert meant <= UNITS.keys(), (line.code, target, meant - UNITS.keys())
        # with the district known and the street not, whoever leads is known, too, unless it is the street itself
        if line.lead != "S":
            assert {unit_code(line.lead, Where(area)) for area in AREAS} <= UNITS.keys(), line.code


def test_a_street_run_by_a_zone_is_the_zones_work() -> None:
    street, zone = next(iter(ZONES.items()))
    where = Where(street[:6], street, zone)
    assert unit_code("A:cg", where) == unit_code("A", where) == zone
    assert UNITS[zone]["kind"] == "zone"
    assert unit_code("U:city-jtj", where) == "city-jtj"
    assert unit_code("S", where) == street
