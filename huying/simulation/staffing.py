"""The city's invented staff 人员: operators in nine teams, dispatchers, unit staff. They have no password and cannot sign in."""

from collections import defaultdict
from datetime import datetime
from random import Random

from django.contrib.auth.hashers import make_password

from huying.kernel.clock import local
from huying.orders.flow import Actor
from huying.orders.reading import actor_of
from huying.people.models import Staff, Team, Unit
from huying.people.rules import DEMO_ACCOUNTS

from .citizens import invented_name

TEAMS = tuple(f"{number}班" for number in "一二三四五六七八九")
OPERATORS = 40
CENTRE = (("dispatcher", 5), ("approver", 3), ("callback", 5), ("supervisor", 2))
BUSY_KINDS = {Unit.Kind.UTILITY: 3, Unit.Kind.ZONE: 3, Unit.Kind.AREA: 2, Unit.Kind.DEPARTMENT: 2}
REVIEWING_UNITS = ("util-heat", "city-jjzd", "util-chengtou")
PREFIX = "city-"
DEMO_SHARE = 0.12
SHIFT_HOURS = 8


def employ(seed: int) -> int:
    """Make the staff that is missing; returns how many were made. Some units have replies reviewed by their own head."""
    if Staff.objects.filter(username__startswith=PREFIX).exists():
        return 0
    rng = Random(f"{seed}-staff")
    names: set[str] = {label.split(" ")[-1] for _, label in DEMO_ACCOUNTS.values()}
    made: list[Staff] = []
    sealed = make_password(None)
    centre = Unit.objects.get(code="city-gov-hotline")

    def hire(role: str, unit: Unit, team: Team | None = None) -> None:
        name = ""
        while not name or name in names:
            name = invented_name(rng, male=rng.random() < (0.35 if unit == centre else 0.6), old=rng.random() < 0.25)
        names.add(name)
        made.append(
            Staff(
                username=f"{PREFIX}{role}-{len(made) + 1:04d}",
                name=name,
                roles=[role],
                unit=unit,
                team=team,
                password=sealed,
            )
        )

    teams = [Team.objects.get_or_create(name=name)[0] for name in TEAMS]
    for team in teams[1:]:
        hire("leader", centre, team)
    for place in range(OPERATORS):
        hire("operator", centre, teams[place % len(teams)])
    for role, count in CENTRE:
        for _ in range(count):
            hire(role, centre)
    for unit in Unit.objects.exclude(pk=centre.pk).order_by("code"):
        for _ in range(BUSY_KINDS.get(unit.kind, 1)):  # type: ignore[call-overload]  # the column holds the enum's values
            hire("handler", unit)
        if unit.code in REVIEWING_UNITS:
            hire("head", unit)
    Staff.objects.bulk_create(made)
    Unit.objects.filter(code__in=REVIEWING_UNITS).update(own_review=True)
    return len(made)


class Crew:
    """Who acts: the staff as actors of the rules, read once."""

    def __init__(self) -> None:
        self.by_name: dict[str, Actor] = {}
        self.by_role: dict[str, list[Actor]] = defaultdict(list)
        self.by_team: dict[tuple[str, int | None], list[Actor]] = defaultdict(list)
        self.by_unit: dict[tuple[str, int | None], list[Actor]] = defaultdict(list)
        self.by_id: dict[int, Actor] = {}
        self.shown: set[int] = set()
        self.full_names: dict[int, str] = {}
        accounts = Staff.objects.select_related("unit", "team").filter(is_active=True).order_by("username")
        for staff in accounts:
            actor = actor_of(staff)
            self.by_name[staff.username] = actor
            self.by_id[staff.pk] = actor
            if staff.username in DEMO_ACCOUNTS:
                self.shown.add(staff.pk)
            if actor.role == "admin":
                continue
            self.by_role[actor.role].append(actor)
            self.by_team[actor.role, actor.team_id].append(actor)
            self.by_unit[actor.role, actor.unit_id].append(actor)
        self.teams = list(Team.objects.filter(name__in=TEAMS).order_by("pk"))

    def demo(self, username: str) -> Actor:
        """One of the accounts shown on the sign-in page."""
        return self.by_name[username]

    def somebody(self, role: str, rng: Random, *, demo: bool = True) -> Actor:
        """A person of the centre with a role; the shown account now and then."""
        own = [actor for actor in self.by_role[role] if actor.id in self.shown]
        others = [actor for actor in self.by_role[role] if actor.id not in self.shown]
        if own and (not others or (demo and rng.random() < DEMO_SHARE)):
            return own[0]
        return rng.choice(others)

    def operator(self, at: datetime, rng: Random, *, demo: bool = True) -> Actor:
        """An operator of one of the three teams on shift."""
        day = local(at)
        shift = day.toordinal() * 3 + day.hour // SHIFT_HOURS
        team = self.teams[(shift + rng.choice((0, 3, 6))) % len(self.teams)]
        found = [actor for actor in self.by_team["operator", team.pk] if demo or actor.id not in self.shown]
        return rng.choice(found)

    def leader(self, team_id: int | None) -> Actor:
        """The leader of a team."""
        return (self.by_team["leader", team_id] or self.by_role["leader"])[0]

    def of_unit(self, unit: Unit, rng: Random, role: str = "handler") -> Actor:
        """Somebody of a unit; who has no account acts through its liaison 联络员, known by name only."""
        found = self.by_unit[role, unit.pk]
        if found:
            return rng.choice(found)
        permissions = self.by_role[role][0].permissions
        return Actor(None, f"{unit.short}联络员", unit.pk, unit.short, unit.tier, None, role, permissions)
