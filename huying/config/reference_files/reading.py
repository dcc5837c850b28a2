"""导入基础数据: every row is checked first, then all are written or none; what the files do not name stays as it is."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from huying.people.models import Unit

from .layout import DOMAINS, OPTIONAL, REQUIRED, columns, kind_of

LARGEST = 20 * 1024 * 1024
MOST_FAULTS = 200
TRUTHS = {"yes": True, "no": False}


@dataclass(slots=True)
class Taken:
    """How many rows of each table were added, changed, or already so."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Line:
    """One row of a file, with where it stands."""

    file: str
    number: int
    cells: dict[str, str]
    report: Callable[[str, int, str], None]

    def fault(self, sentence: str) -> None:
        """Say what is wrong with this row."""
        self.report(self.file, self.number, sentence)

    def text(self, name: str) -> str:
        """The cell, without outer blanks."""
        return (self.cells.get(name) or "").strip()

    def parts(self, name: str) -> list[str]:
        """The parts of a `|` separated cell."""
        return [part.strip() for part in self.text(name).split("|") if part.strip()]

    def truth(self, name: str, default: bool) -> bool:
        """yes or no; an empty cell is the default."""
        text = self.text(name).lower()
        if text and text not in TRUTHS:
            self.fault(f"{name} 须为 yes 或 no")
        return TRUTHS.get(text, default)

    def number_or_none(self, name: str) -> float | None:
        """A number, None for an empty cell."""
        text = self.text(name)
        try:
            return float(Decimal(text)) if text else None
        except (InvalidOperation, OverflowError):
            self.fault(f"{name} 须为数字")
            return None

    def day_or_none(self, name: str) -> date | None:
        """A date, None for an empty cell."""
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.fault(f"{name} 须为日期，如2026-11-24")
            return None


class Folder:
    """The files, read into lines; every fault is kept with its file and line."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[dict[str, str]] = []

    def report(self, file: str, number: int, sentence: str) -> None:
        """Keep a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append({"field": f"{file} 第{number}行", "sentence": sentence})

    def files(self) -> list[str]:
        """The files of the layout that are there."""
        wanted = [name for name in REQUIRED if name.endswith(".csv")]
        for kind in ("matters/taxonomy", "matters/catalogue"):
            wanted += [f"{kind}/{domain}.csv" for domain in DOMAINS]
        return [name for name in wanted if (self.root / name).is_file()]

    def lines(self, *files: str) -> Iterator[Line]:
        """The rows of files, those without anything in them left out."""
        for file in files:
            yield from self._lines(file)

    def _lines(self, file: str) -> Iterator[Line]:
        text = self._text(self.root / file, file)
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        try:
            names = reader.fieldnames or []
            missing = [name for name in REQUIRED[kind_of(file)] if name not in names]
            unknown = [name for name in names if name not in columns(file)]
            if missing or unknown:
                said = f"缺少列 {'、'.join(missing)}" if missing else f"不认识的列 {'、'.join(unknown)[:60]}"
                self.report(file, 1, f"{said}；第一行应为 {','.join(REQUIRED[kind_of(file)])}")
                return
            for cells in reader:
                line = Line(file, reader.line_num, cells, self.report)
                if None in cells or None in cells.values():
                    line.fault("列数与第一行不符")
                elif any(value.strip() for value in cells.values()):
                    yield line
        except csv.Error:
            self.report(file, reader.line_num + 1, "不是正确的CSV格式（引号没有配对？）")

    def _text(self, path: Path, file: str) -> str:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        if not content:
            self.report(file, 1, "文件是空的，或者太大")
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" in text:
                break
            return text
        self.report(file, 1, "编码无法识别，请另存为UTF-8编码的CSV")
        return ""


def check(line: Line, row: models.Model) -> None:
    """The table's own limits: lengths, choices, numbers. References are checked by whoever made the row."""
    references = {item.name for item in row._meta.fields if item.is_relation}
    try:
        row.clean_fields(exclude=references)
    except ValidationError as fault:
        for name, sentences in fault.message_dict.items():
            label = row._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # clean_fields names plain fields
            line.fault(f"{label}：{sentences[0]}")


def write(
    made: Mapping[Any, models.Model], there: Mapping[Any, models.Model], names: tuple[str, ...], taken: Taken
) -> None:
    """Insert what is new, update what differs in `names`, count the rest; keys are whatever both were read by."""
    added = [row for key, row in made.items() if key not in there]
    changed = []
    for key, row in made.items():
        old = there.get(key)
        if old is None:
            continue
        if any(getattr(old, name) != getattr(row, name) for name in names):
            row.pk = old.pk
            changed.append(row)
    for rows, counter in ((added, taken.added), (changed, taken.changed)):
        if rows:
            counter[str(rows[0]._meta.verbose_name)] += len(rows)
    if same := len(made) - len(added) - len(changed):
        taken.same[str(next(iter(made.values()))._meta.verbose_name)] += same
    model: Any = type(next(iter(made.values()))) if made else None
    if added:
        model.objects.bulk_create(added)
    if changed:
        model.objects.bulk_update(changed, names, batch_size=500)


def units_by_code() -> dict[str, Unit]:
    """All units, also those switched off."""
    return {unit.code: unit for unit in Unit.objects.all()}


def optional(line: Line, name: str) -> bool:
    """True when the file has an optional column."""
    return name in OPTIONAL.get(kind_of(line.file), ()) and name in line.cells
