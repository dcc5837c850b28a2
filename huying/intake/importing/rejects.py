"""退回文件: the rows that did not go in, as they were, with number, code and reason; corrected, it is imported again."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..fields import REJECT_COLUMNS
from ..files import FileUnusable, Row
from ..files.writing import CsvWriter
from .understanding import Problem

_UNWRITABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MAX_CELL = 100_000  # what can be read again by the csv module


class Rejects:
    """A CSV that is made at once, so that an unwritable place is known before the first row, and gone when unneeded.

    An existing file is never overwritten, somebody may be correcting it: the name gets a number. Errors: FileUnusable
    `rejects_unwritable`.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._kept = [place for place, name in enumerate(header) if name not in REJECT_COLUMNS]
        self.count = 0
        try:
            self.path = _claimed(path)
            self._writer = CsvWriter(self.path, [_plain(header[place]) for place in self._kept] + list(REJECT_COLUMNS))
        except OSError as fault:
            raise FileUnusable(
                "rejects_unwritable",
                f"退回文件 {path} 写不了（{fault.strerror or fault}）：请换一个位置（--rejects），或关闭正在打开它的程序",
            ) from None

    def add(self, row: Row, problem: Problem) -> None:
        """One row with its reason."""
        self.count += 1
        cells = [_plain(row.cells[place]) for place in self._kept]
        self._writer.write([*cells, row.number, problem.code, _plain(problem.sentence), _plain(row.overflow)])

    def flush(self) -> None:
        """What was added is on its way to the disk, before the next batch is registered."""
        self._writer.flush()

    def close(self) -> Path | None:
        """The file, or None (and no file) when nothing was rejected."""
        self._writer.finish("")
        if self.count:
            return self.path
        self.path.unlink(missing_ok=True)
        return None


def default_path(source: Path) -> Path:
    """Where rejects go when nobody says: beside the file."""
    return source.with_name(f"{source.stem}.rejects.csv")


def _claimed(path: Path) -> Path:
    for extra in range(1, 1000):
        wanted = path if extra == 1 else path.with_name(f"{path.stem}.{extra}{path.suffix}")
        try:
            os.close(os.open(wanted, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            continue
        return wanted
    raise FileExistsError(17, "同名的退回文件太多")


def _plain(value: Any) -> Any:
    """A cell as it can be written and read again; numbers stay numbers."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = _UNWRITABLE.sub("\ufffd", value if isinstance(value, str) else str(value))
    return text if len(text) <= MAX_CELL else f"{text[:MAX_CELL]}……（共{len(text)}字，此处截断）"
