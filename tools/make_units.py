"""Regenerate the handling units (承办单位) of the sample city, ``huying/people/seed/units.csv``.

Usage::

    python tools/make_units.py

Built from ``departments.csv`` and ``district_kinds.csv`` beside it and from the areas and streets
of ``huying/places/seed/divisions.csv`` (run ``tools/make_places.py`` first). Standard library only;
the same input always gives the same bytes. See ``huying/people/seed/README.md``.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent / "huying"
PEOPLE, PLACES = SEEDS / "people" / "seed", SEEDS / "places" / "seed"
FIELDS = [
    *["code", "name", "short", "tier", "kind", "parent", "area", "duty"],
    *["phone", "sample"],
]

AREA_DUTY = "统筹辖区诉求办理，协调区级部门与街道（镇），承担属地管理责任"
STREET_DUTY = "辖区环境卫生、社区服务、基层治理与诉求办理"
TOWN_DUTY = "镇域环境卫生、村（社区）服务、农村事务、基层治理与诉求办理"
SQUAD_DUTY = "街道辖区占道经营、乱停乱放、市容环境与违法建设的日常巡查和执法"

# Bodies that answer to the city bureau: (name, short); {area} = 雁塔区, {stem} = 雁塔.
CITY_BRANCHES = {
    "ga": ("西安市公安局{stem}分局", "{stem}公安分局"),
    "jj": ("西安市公安局交通警察支队{stem}大队", "{stem}交警大队"),
    "hb": ("西安市生态环境局{stem}分局", "{stem}生态环境分局"),
    "zg": ("西安市自然资源和规划局{stem}分局", "{stem}资源规划分局"),
    "xf": ("{area}消防救援大队", "{area}消防大队"),
}
# The two counties keep bureaus of their own for police, traffic police and land.
COUNTY_BUREAUS = {
    "ga": ("{area}公安局", "{area}公安局"),
    "jj": ("{area}公安局交通警察大队", "{area}交警大队"),
    "zg": ("{area}自然资源局", "{area}资源局"),
}
# Sample enforcement squads of one district, each named after the street it patrols.
SQUAD_PARENT, SQUAD_AREA = "610113-cg", "610113"
SQUAD_STREETS = ["小寨路", "大雁塔", "长延堡", "电子城", "等驾坡", "曲江"]


def read(path: Path) -> list[dict[str, str]]:
    """Read a CSV file with a header line."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def unit(code: str, name: str, short: str, tier: int, kind: str, *, duty: str, **rest: str) -> dict[str, str]:
    """Make one row; ``parent`` and ``area`` are empty unless given."""
    own = {"code": code, "name": name, "short": short, "tier": str(tier), "kind": kind}
    return {**dict.fromkeys(FIELDS, ""), **own, "duty": duty, **rest, "sample": "yes"}


def department_names(area: str, stem: str, kind: dict[str, str]) -> tuple[str, str]:
    """Name one district department, full and short, as its signboard does."""
    full, short = CITY_BRANCHES.get(kind["kind"], ("{area}" + kind["suffix"], "{area}" + kind["short"]))
    if area.endswith("县"):
        full, short = COUNTY_BUREAUS.get(kind["kind"], (full, short))
    return full.format(area=area, stem=stem), short.format(area=area, stem=stem)


def units() -> Iterator[dict[str, str]]:
    """Give every unit: the city's, the areas, their departments, the streets, the sample squads."""
    divisions = read(PLACES / "divisions.csv")
    areas = {row["code"]: row for row in divisions if row["level"] == "area"}
    for row in read(PEOPLE / "departments.csv"):
        yield unit(row["code"], row["name"], row["short"], int(row["tier"]), row["kind"], duty=row["duty"])
    for code, row in areas.items():
        name = f"西安市{row['name']}人民政府"
        yield unit(code, name, row["name"], 2, "area", area=code, duty=AREA_DUTY)
    kinds = read(PEOPLE / "district_kinds.csv")
    for code, row in areas.items():
        for kind in kinds:
            full, short = department_names(row["name"], row["short"], kind)
            yield unit(
                *(f"{code}-{kind['kind']}", full, short, 3, "district_department"),
                parent=code,
                area=code,
                duty=kind["duty"],
            )
    for row in divisions:
        if row["level"] != "street":
            continue
        town = row["name"].endswith("镇")
        area = areas[row["parent"]]
        yield unit(
            row["code"],
            area["name"] + row["name"] + ("人民政府" if town else "办事处"),
            row["name"],
            3,
            "street",
            parent=area["code"],
            area=area["code"],
            duty=TOWN_DUTY if town else STREET_DUTY,
        )
    for number, street in enumerate(SQUAD_STREETS, start=1):
        yield unit(
            f"{SQUAD_PARENT}-{number:02}",
            f"{areas[SQUAD_AREA]['name']}城市管理和综合执法局{street}执法中队",
            f"{street}执法中队",
            3,
            "squad",
            parent=SQUAD_PARENT,
            area=SQUAD_AREA,
            duty=SQUAD_DUTY,
        )


def main() -> None:
    """Write units.csv."""
    rows = list(units())
    with (PEOPLE / "units.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"units.csv: {len(rows)} rows")


if __name__ == "__main__":
    main()
