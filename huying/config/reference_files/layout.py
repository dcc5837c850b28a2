"""The files, their columns, and how a value stands in a cell."""

from datetime import date
from decimal import Decimal

DOMAINS = tuple(f"{number:02d}" for number in range(1, 100))  # a city may have more domains than ten
OPTIONAL = {
    # what the shipped seed leaves out has the default of the table
    "people/units.csv": ("schedule", "own_review", "active"),
    "matters/groups.csv": ("active",),
    "matters/taxonomy": ("active",),
    "matters/catalogue": ("valid_from", "valid_until"),
}
REQUIRED = {
    "places/divisions.csv": ("code", "name", "short", "level", "parent", "pinyin", "initials", "lat", "lng"),
    "places/managed.csv": ("street_code", "zone_code"),
    "places/landmarks.csv": ("name", "kind", "aliases", "area_code", "street_code", "lat", "lng", "pinyin", "initials"),
    "people/units.csv": ("code", "name", "short", "tier", "kind", "parent", "area", "duty", "phone", "sample"),
    "matters/groups.csv": ("code", "name"),
    "matters/taxonomy": ("code", "name", "definition", "synonyms", "everyday", "urgency", "questions"),
    "matters/catalogue": (
        "code", "duty", "matters", "lead", "assisting", "department_work", "basis", "basis_source",
    ),
    "matters/limits.csv": ("kind", "nature", "urgency", "unit", "amount", "measure", "active"),
}  # fmt: skip


def kind_of(file: str) -> str:
    """The entry of the tables above that a file belongs to."""
    return file if file in REQUIRED else file.rpartition("/")[0]


def columns(file: str) -> tuple[str, ...]:
    """All columns of a file."""
    return REQUIRED[kind_of(file)] + OPTIONAL.get(kind_of(file), ())


def cell(value: object) -> str:
    """A value as it stands in a file."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return "|".join(value)
        case float() | Decimal():
            return f"{value:f}".rstrip("0").rstrip(".")
        case date():
            return value.isoformat()
    return str(value)
