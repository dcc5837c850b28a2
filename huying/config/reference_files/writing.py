"""导出基础数据: units, places, taxonomy, catalogue and limits as CSV files."""

import csv
from collections.abc import Iterable
from pathlib import Path

from django.db.models import Model, QuerySet
from django.db.models.functions import Length

from huying.kernel import clock
from huying.matters.models import Duty, LimitRule, Matter
from huying.people.models import Unit
from huying.places.models import Division, Landmark

from .layout import cell, columns

Row = dict[str, object]


def export(folder: Path) -> dict[str, int]:
    """Write every file (UTF-8, one line per row, in a fixed order); how many rows each got.

    Of the catalogue the versions in force today; what ended is history and stays in the database.
    """
    written: dict[str, list[Row]] = {
        "places/divisions.csv": [_division(row) for row in Division.objects.order_by("code")],
        "places/managed.csv": [
            {"street_code": row.code, "zone_code": row.zone} for row in Division.objects.exclude(zone="").order_by("code")
        ],
        "places/landmarks.csv": [_landmark(row) for row in Landmark.objects.order_by("pk")],
        "people/units.csv": [_unit(row) for row in Unit.objects.select_related("parent").order_by("tier", "code")],
        "matters/groups.csv": [
            {"code": row.code, "name": row.name, "active": row.active} for row in _matters(2, 4)
        ],
        "matters/limits.csv": [
            _limit(row) for row in LimitRule.objects.select_related("unit").order_by("kind", "nature", "urgency", "unit__code", "pk")
        ],
    }  # fmt: skip
    leaves, lines = [_leaf(row) for row in _matters(6)], [_duty(row) for row in in_force()]
    for domain in sorted({str(row["code"])[:2] for row in (*leaves, *lines)}):
        written[f"matters/taxonomy/{domain}.csv"] = [row for row in leaves if str(row["code"]).startswith(domain)]
        written[f"matters/catalogue/{domain}.csv"] = [row for row in lines if str(row["code"]).startswith(domain)]
    for file, rows in written.items():
        _write(folder / file, columns(file), rows)
    return {file: len(rows) for file, rows in written.items()}


def in_force() -> QuerySet[Duty]:
    """The lines of the catalogue valid today."""
    today = clock.local(clock.now()).date()
    found = Duty.objects.filter(valid_from__lte=today).exclude(valid_until__lt=today)
    return found.prefetch_related("matters").order_by("code")


def _write(file: Path, names: tuple[str, ...], rows: Iterable[Row]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([cell(row[name]) for name in names] for row in rows)


def _values(row: Model, *names: str) -> Row:
    return {name: getattr(row, name) for name in names}


def _division(row: Division) -> Row:
    return _values(row, "code", "name", "short", "level", "pinyin", "initials", "lat", "lng") | {
        "parent": row.parent_id
    }


def _landmark(row: Landmark) -> Row:
    places = {"area_code": row.area_id, "street_code": row.street_id}
    return _values(row, "name", "kind", "aliases", "lat", "lng", "pinyin", "initials") | places


def _unit(row: Unit) -> Row:
    names = (
        "code",
        "name",
        "short",
        "tier",
        "kind",
        "area",
        "duty",
        "phone",
        "sample",
        "schedule",
        "own_review",
        "active",
    )
    return _values(row, *names) | {"parent": row.parent.code if row.parent else ""}


def _matters(*digits: int) -> QuerySet[Matter]:
    return Matter.objects.annotate(digits=Length("code")).filter(digits__in=digits).order_by("code")


def _leaf(row: Matter) -> Row:
    return _values(row, "code", "name", "definition", "synonyms", "everyday", "urgency", "questions", "active")


def _duty(row: Duty) -> Row:
    names = ("code", "lead", "assisting", "department_work", "basis", "basis_source", "valid_from", "valid_until")
    return _values(row, *names) | {"duty": row.name, "matters": sorted(matter.pk for matter in row.matters.all())}


def _limit(row: LimitRule) -> Row:
    return _values(row, "kind", "nature", "urgency", "amount", "measure", "active") | {
        "unit": row.unit.code if row.unit else ""
    }
