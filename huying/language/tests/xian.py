"""The sample city's gazetteer from its seed files, and the marked sentences of places_xian.txt."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from huying.language.places import Entry, Gazetteer, Mention

SEED = Path(__file__).resolve().parents[2]
SENTENCES = Path(__file__).parent / "places_xian.txt"
_MARK = re.compile(r"\{([^|}]*)\|([^}]*)\}")


def _rows(path: str) -> list[dict[str, str]]:
    with (SEED / path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _degrees(text: str) -> float | None:
    return float(text) if text else None


def entries() -> list[Entry]:
    """Divisions, landmarks and managed zones."""
    found = [
        Entry(
            row["code"], row["name"], row["level"], row["short"], (), row["code"][:6] if len(row["code"]) > 4 else "",
            row["code"][:9] if len(row["code"]) > 6 else "", _degrees(row["lat"]), _degrees(row["lng"]), row["pinyin"],
            row["initials"],
        )
        for row in _rows("places/seed/divisions.csv")
    ]  # fmt: skip
    found += [
        Entry(
            f"landmark-{number}", row["name"], row["kind"], "", tuple(filter(None, row["aliases"].split("|"))),
            row["area_code"], row["street_code"], _degrees(row["lat"]), _degrees(row["lng"]), row["pinyin"], row["initials"],
        )
        for number, row in enumerate(_rows("places/seed/landmarks.csv"))
    ]  # fmt: skip
    for row in _rows("people/seed/departments.csv"):
        code, name, short, _tier, kind, *_rest = row.values()
        if kind == "zone":
            aliases = {name, re.sub("新?区$", "", short)} - {short}
            found.append(Entry(code, short, "zone", "", tuple(sorted(aliases))))
    return found


@cache
def city() -> Gazetteer:
    """The sample city."""
    return Gazetteer(entries())


@dataclass(frozen=True)
class Marked:
    """A sentence and what was marked in it: start, end and what is meant."""

    text: str
    marks: tuple[tuple[int, int, str], ...]


def sentences() -> Iterator[Marked]:
    """The marked sentences in the order of the file; even ones develop, odd ones report."""
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        text, done = "", 0
        marks = []
        for match in _MARK.finditer(line):
            text += line[done : match.start()]
            marks.append((len(text), len(text) + len(match[1]), match[2]))
            text += match[1]
            done = match.end()
        yield Marked(text + line[done:], tuple(marks))


def is_right(mention: Mention, meant: str) -> bool:
    """True when the mention was resolved to what was marked."""
    names = [candidate.name for candidate in mention.candidates]
    match meant[0]:
        case "?":
            return mention.status == "unknown"
        case "#":
            return mention.kind == "detail"
        case "!":
            return mention.status == "ambiguous" and meant[1:] in names
        case "+":
            return mention.kind == "crossing" and meant[1:] in names
    return mention.status == "resolved" and names[0] == meant
