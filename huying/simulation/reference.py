"""Loading the sample city 样例数据: units, places, taxonomy, catalogue, limits, demo accounts. Running it again changes nothing."""

import csv
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from pypinyin import Style, lazy_pinyin

from huying.matters.models import Duty, LimitRule, Matter, Policy
from huying.matters.queries import clear
from huying.matters.rules import DEFAULT_LIMITS
from huying.people.models import Staff, Team, Unit
from huying.people.rules import DEMO_ACCOUNTS, DEMO_PASSWORD
from huying.places.models import Division, Landmark
from huying.worktime.operations import seed

VALID_FROM = date(2017, 12, 30)  # the day the hotline opened
DOMAINS = [f"{number:02d}" for number in range(1, 11)]


def rows(package: str, name: str) -> Iterator[dict[str, str]]:
    """The lines of a seed file."""
    with files(f"huying.{package}").joinpath("seed", *name.split("/")).open(encoding="utf-8-sig") as stream:
        yield from csv.DictReader(stream)


def listed(text: str) -> list[str]:
    """The parts of a `|` separated value."""
    return [part.strip() for part in (text or "").split("|") if part.strip()]


@transaction.atomic
def load() -> dict[str, int]:
    """Load what is missing; returns how many rows each table holds."""
    if not Division.objects.exists():
        _places()
    if not Unit.objects.exists():
        _units()
    if not Matter.objects.exists():
        _matters()
    if not Duty.objects.exists():
        _catalogue()
    if not LimitRule.objects.exists():
        LimitRule.objects.bulk_create(
            LimitRule(kind=kind, nature=nature, urgency=urgency, amount=amount, measure=measure)
            for kind, nature, urgency, amount, measure in DEFAULT_LIMITS
        )
    Policy.objects.get_or_create(version=1)
    seed()
    clear()
    return {model._meta.label: model.objects.count() for model in (Division, Landmark, Unit, Matter, Duty, LimitRule)}


def _number(text: str) -> float | None:
    return float(text) if text else None


def _places() -> None:
    zones = {row["street_code"]: row["zone_code"] for row in rows("places", "managed.csv")}
    Division.objects.bulk_create(
        Division(
            code=row["code"], name=row["name"], short=row["short"], level=row["level"], parent_id=row["parent"] or None,
            pinyin=row["pinyin"], initials=row["initials"], lat=_number(row["lat"]), lng=_number(row["lng"]),
            zone=zones.get(row["code"], ""),
        )
        for row in rows("places", "divisions.csv")
    )  # fmt: skip
    Landmark.objects.bulk_create(
        Landmark(
            name=row["name"], kind=row["kind"], aliases=listed(row["aliases"]), area_id=row["area_code"] or None,
            street_id=row["street_code"] or None, lat=_number(row["lat"]), lng=_number(row["lng"]), pinyin=row["pinyin"],
            initials=row["initials"],
        )
        for row in rows("places", "landmarks.csv")
    )  # fmt: skip


def _units() -> None:
    made: dict[str, Unit] = {}
    pending = list(rows("people", "units.csv"))
    for tier in ("1", "2", "3"):
        layer = [row for row in pending if row["tier"] == tier and (row["parent"] in made or not row["parent"])]
        late = [row for row in pending if row["tier"] == tier and row not in layer]
        for group in (layer, late):
            units = [
                Unit(
                    code=row["code"], name=row["name"], short=row["short"], tier=int(row["tier"]), kind=row["kind"],
                    parent=made.get(row["parent"]), area=row["area"][:6], duty=row["duty"], phone=row["phone"],
                    pinyin="".join(lazy_pinyin(row["short"]))[:200],
                    initials="".join(lazy_pinyin(row["short"], style=Style.FIRST_LETTER))[:60], sample=True,
                )
                for row in group
            ]  # fmt: skip
            made |= {unit.code: unit for unit in Unit.objects.bulk_create(units)}


def _matters() -> None:
    Matter.objects.bulk_create(
        Matter(code=row["code"], name=row["name"], parent_id=row["code"][:-2] or None)
        for row in rows("matters", "groups.csv")
    )
    for domain in DOMAINS:
        Matter.objects.bulk_create(
            Matter(
                code=row["code"], name=row["name"], parent_id=row["code"][:4], definition=row["definition"],
                synonyms=listed(row["synonyms"]), everyday=listed(row["everyday"]), urgency=row["urgency"],
                questions=listed(row["questions"]),
            )
            for row in rows("matters", f"taxonomy/{domain}.csv")
        )  # fmt: skip


def _catalogue() -> None:
    for domain in DOMAINS:
        links: list[Any] = []
        for row in rows("matters", f"catalogue/{domain}.csv"):
            duty = Duty.objects.create(
                code=row["code"], name=row["duty"], lead=row["lead"], assisting=listed(row["assisting"]),
                department_work=row["department_work"] == "yes", basis=row["basis"], basis_source=row["basis_source"],
                valid_from=VALID_FROM,
            )  # fmt: skip
            links += [Duty.matters.through(duty_id=duty.pk, matter_id=code) for code in listed(row["matters"])]
        Duty.matters.through.objects.bulk_create(links)


def load_accounts() -> None:
    """The demo accounts, one per role; refused in production by the safety check."""
    centre = Unit.objects.get(code="city-gov-hotline")
    team, _ = Team.objects.get_or_create(name="一班")
    hashed = make_password(DEMO_PASSWORD)
    units = {"handler": Unit.objects.get(code="610113-cg")}
    for username, (role, name) in DEMO_ACCOUNTS.items():
        Staff.objects.get_or_create(
            username=username,
            defaults={
                "name": name.split(" ")[-1], "roles": [role], "unit": units.get(username, centre),
                "team": team if role in ("operator", "leader") else None, "password": hashed,
                "is_staff": username == "admin",
            },
        )  # fmt: skip
