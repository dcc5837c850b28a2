"""Where things happen 地点: real divisions, roads and stations from the gazetteer; estates are invented."""

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from huying.places.models import Division, Landmark

from .tables import table, weighted

# shares by district as in the weekly reports (hotline-domain 2.2), rounded
AREA_SHARES = {
    "610113": 22, "610116": 14, "610112": 13, "610104": 12, "610102": 9, "610103": 9, "610111": 8, "610115": 4,
    "610117": 4, "610118": 3, "610114": 2, "610122": 1.5, "610124": 1.5,
}  # fmt: skip
ESTATES_PER_STREET = 7
KNOWN_AS = {"metro": ("metro_station",), "scenic": ("scenic", "park"), "shop": ("mall", "market", "square")}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as citizens name it, and as it is filed."""

    name: str
    street: str
    street_name: str
    area_name: str
    community: str
    house: str
    lat: float | None
    lng: float | None

    @property
    def address(self) -> str:
        """District, street and place in one line."""
        return f"{self.area_name}{self.street_name}{self.name}"


class Gazetteer:
    """The city as far as callers know it, read once."""

    def __init__(self) -> None:
        divisions = list(Division.objects.order_by("code"))
        areas = {item.code: item for item in divisions if item.level == "area"}
        self.streets = {item.code: item for item in divisions if item.level == "street"}
        self.area_of = {code: areas[code[:6]] for code in self.streets}
        self.by_area: dict[str, list[str]] = defaultdict(list)
        for code in self.streets:
            self.by_area[code[:6]].append(code)
        self.communities: dict[str, list[str]] = defaultdict(list)
        for item in divisions:
            if item.level == "community" and item.parent_id in self.streets:
                self.communities[item.parent_id].append(item.name)
        self.marks: dict[tuple[str, str], list[tuple[str, str | None]]] = defaultdict(list)
        for mark in Landmark.objects.order_by("pk"):
            if mark.area_id:
                self.marks[mark.kind, mark.area_id].append((mark.name, mark.street_id))
        self.estates = {code: self._estates(code) for code in self.streets}

    @staticmethod
    def _estates(street: str) -> list[str]:
        names = table("names")
        rng = Random(street)
        fronts = rng.sample(names["estate_front"].split(), ESTATES_PER_STREET)
        return [front + rng.choice(names["estate_back"].split()) for front in fronts]

    def street_by_chance(self, rng: Random) -> str:
        """A street, as likely as its district is asked about."""
        return rng.choice(self.by_area[weighted(AREA_SHARES.items(), rng)])

    def spot(self, kind: str, rng: Random, street: str | None = None) -> Spot:
        """A place of a topic's kind: home, road, metro, scenic, shop, village or none."""
        street = street or self.street_by_chance(rng)
        name, street = self._name(kind, street, rng)
        row = self.streets[street]
        house = rng.choice(("", f"{rng.randint(1, 28)}号楼", f"{rng.randint(1, 28)}号楼{rng.randint(1, 4)}单元"))
        lat, lng = (
            (round(row.lat + rng.gauss(0, 0.004), 5), round(row.lng + rng.gauss(0, 0.005), 5))
            if row.lat is not None and row.lng is not None
            else (None, None)
        )
        return Spot(
            name, street, row.name, self.area_of[street].name, rng.choice(self.communities[street] or [row.short]),
            house if kind == "home" else "", lat, lng,
        )  # fmt: skip

    def _name(self, kind: str, street: str, rng: Random) -> tuple[str, str]:
        area = street[:6]
        communities = self.communities[street] or [self.streets[street].short]
        if kind == "none":
            return "", street
        if kind == "village":
            return rng.choice(
                [name for name in communities if name.endswith(("村", "村委会", "村民委员会"))] or communities
            ), street
        if kind == "home":
            return (rng.choice(communities) if rng.random() < 0.25 else rng.choice(self.estates[street])), street
        if kind in KNOWN_AS:
            found = [mark for one in KNOWN_AS[kind] for mark in self.marks[one, area]]
            if found and (kind != "shop" or rng.random() < 0.5):
                name, at = rng.choice(found)
                return name + ("附近" if kind == "shop" else ""), at or street
        return self._road(street, rng), street

    def _road(self, street: str, rng: Random) -> str:
        area = street[:6]
        roads = [name for name, at in self.marks["road", area] if at in (None, street) and not name.endswith("高速")]
        near = [
            name for one in ("metro_station", "school", "park") for name, at in self.marks[one, area] if at == street
        ]
        pick = rng.random()
        if roads and pick < 0.4:
            road = rng.choice(roads)
            return road + rng.choice(
                ("", "中段", "北口", "南口", f"{rng.randint(3, 260)}号门前", f"与{self.estates[street][0]}之间")
            )
        if near and pick < 0.65:
            return rng.choice(near) + rng.choice(("旁", "附近", "路口", "门口"))
        if pick < 0.85:
            return f"{rng.choice(self.estates[street])}{rng.choice(('北门', '南门', '东门', '西门', '门口'))}"
        return f"{rng.choice(self.communities[street] or [self.streets[street].short])}{rng.choice(('门口', '十字', '那条街'))}"
