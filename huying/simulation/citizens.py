"""Invented citizens 虚构的诉求人. No telephone number here can reach anybody.

The numbers are `1024` and seven digits. Mobile numbers of mainland China begin with 13 to 19, land lines do not begin
with 1, and no service number in public use begins with 102; yet 11 digits pass every check that a real one passes.
"""

from dataclasses import dataclass
from random import Random

from .tables import table

PREFIX = "1024"
ELDERLY_FROM = 65
REPEATING_SHARE = 0.3
HEAVY_CALLERS = 12


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who calls: `home` is the street lived in, `speech` the register of speech, "" for any."""

    name: str
    phone: str
    title: str
    age: int
    home: str
    marks: tuple[str, ...]


def invented_name(rng: Random, *, male: bool, old: bool) -> str:
    """A natural name; any likeness to a person is chance."""
    names = table("names")
    given = names["male" if male else "female"] + (" " + names["male_old" if male else "female_old"] if old else "")
    return f"{rng.choice(names['surnames'].split())}{rng.choice(given.split())}"


class Citizens:
    """Who calls: mostly somebody new, often somebody who called before, a few who call again and again."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.known: list[Person] = []
        self.phones: set[str] = set()

    def caller(self, street: str, rng: Random) -> Person:
        """Who calls about something in a street."""
        if len(self.known) > HEAVY_CALLERS and rng.random() < REPEATING_SHARE:
            pool = self.known[:HEAVY_CALLERS] if rng.random() < 0.3 else self.known
            return rng.choice(pool)
        made = self.made(street, rng)
        self.known.append(made)
        return made

    def made(self, street: str, rng: Random) -> Person:
        """A new person."""
        age = min(88, max(18, int(rng.gauss(42, 16))))
        male = rng.random() < 0.52
        phone = ""
        while not phone or phone in self.phones:
            phone = f"{PREFIX}{rng.randrange(10**7):07d}"
        self.phones.add(phone)
        title = ("大爷" if male else "阿姨") if age >= ELDERLY_FROM else ("先生" if male else "女士")
        marks = (("老年人",) if age >= ELDERLY_FROM else ()) + (
            ("听力不便",) if age > 78 and rng.random() < 0.4 else ()
        )
        return Person(invented_name(rng, male=male, old=age >= 55), phone, title, age, street, marks)
