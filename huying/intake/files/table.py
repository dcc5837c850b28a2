"""What every kind of file is read as: a header and rows, one at a time, in bounded memory."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from huying.kernel.errors import Invalid

MAX_COLUMNS = 1_000


class FileUnusable(Invalid):
    """The file as a whole cannot be read; `code` says why, the sentence what to do."""


@dataclass(slots=True)
class Row:
    """One row: `number` is where a person finds it in the file (line, sheet row, or place from 1).

    `fault` = (code, sentence) when it could not be taken apart; `overflow` keeps what belongs to no column.
    """

    number: int
    cells: list[Any]
    fault: tuple[str, str] | None = None
    overflow: str = ""

    def blank(self) -> bool:
        """True when nothing was written in it."""
        return (
            not self.fault and not self.overflow and all(cell is None or str(cell).strip() == "" for cell in self.cells)
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading is, in bytes or rows; `total` None when nobody knows."""

    done: int
    total: int | None
    unit: str


@dataclass
class Table(AbstractContextManager["Table"]):
    """An open file. `header` holds unique labels: the second of two columns named 内容 is 内容#2."""

    kind: str
    header: list[str]
    repeated: frozenset[str] = frozenset()
    encoding: str = ""
    delimiter: str = ""
    notes: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows below the header, blank ones too; `cells` as long as the header unless `fault`."""
        raise NotImplementedError

    def progress(self) -> Progress:
        """How much was read."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the file."""

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def labels(names: Iterable[Any]) -> tuple[list[str], frozenset[str]]:
    """Unique labels of a header, and the names that stand there more than once.

    Errors: FileUnusable `too_many_columns`, `no_header`.
    """
    cleaned = [_name(name) for name in names]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    if not any(cleaned):
        raise FileUnusable("no_header", "没有找到表头：第一行应是各列的名称")
    if len(cleaned) > MAX_COLUMNS:
        raise FileUnusable(
            "too_many_columns", f"表头有{len(cleaned)}列，最多{MAX_COLUMNS}列，请检查分隔符或是否选错文件"
        )
    counts: dict[str, int] = {}
    taken = set(cleaned)
    found: list[str] = []
    for place, name in enumerate(cleaned, 1):
        label = name or f"第{place}列"
        counts[label] = counts.get(label, 0) + 1
        if counts[label] > 1:
            label = next(
                made for extra in range(counts[label], 2 * MAX_COLUMNS) if (made := f"{label}#{extra}") not in taken
            )
            taken.add(label)
        found.append(label)
    return found, frozenset(name for name, count in counts.items() if count > 1)


def _name(name: Any) -> str:
    return "" if name is None else " ".join(str(name).replace("\ufeff", "").replace("\u200b", "").split())


def fitted(number: int, cells: Sequence[Any], width: int) -> Row:
    """A row of a file whose rows must be as wide as the header; empty cells behind the last column do not count."""
    found = list(cells)
    while len(found) > width and found[-1] in ("", None):
        found.pop()
    if len(found) == width or not found:
        return Row(number, found or [None] * width)
    kept, rest = found[:width], "\t".join(map(str, found[width:])) or f"缺少{width - len(found)}列"
    sentence = f"这一行有{len(found)}列，表头有{width}列：请检查分隔符、引号和多余的换行"
    return Row(number, kept + [None] * (width - len(kept)), ("wrong_columns", sentence), rest)
