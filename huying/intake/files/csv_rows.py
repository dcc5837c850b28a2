"""CSV: read line by line, so that a file of any size needs the memory of one row.

A quote that is never closed would swallow the rest of the file. Such a row is given up at its first line, as a row with
a fault, and reading goes on at the line after it: what follows is not lost.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from .encodings import detect
from .formulas import unguard
from .table import FileUnusable, Progress, Row, Table, fitted, labels

MAX_LINE = 1024 * 1024  # characters; nothing a person wrote is longer
MAX_FIELD = 131_072  # the csv module's own limit, above the 100,000 characters that deserve a reason of their own
DELIMITERS = (",", "\t", ";", "|")
NAMED = {"comma": ",", "tab": "\t", "semicolon": ";", "\\t": "\t"}
WATERMARK = "#水印"  # how the last line of an export begins


class _Lines:
    """Lines of a text stream that remembers those of the row being read and can take them back."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self.stream = stream
        self.number = 0  # of the last line given
        self.row: list[str] = []
        self.back: deque[str] = deque()
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.back.popleft() if self.back else self._read()
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.row.append(line)
        return line

    def _read(self) -> str:
        line = self.stream.readline(MAX_LINE)
        rest = line
        while len(rest) == MAX_LINE and rest[-1] not in "\r\n":
            rest = self.stream.readline(MAX_LINE)  # too long: the row fails by its field or its columns
        return line

    def begin(self) -> None:
        """The next line begins a row."""
        self.row.clear()
        self.ended = False

    def give_back(self) -> str:
        """Take all lines of the row but the first back; the first is returned."""
        first, rest = self.row[0], self.row[1:]
        self.back.extendleft(reversed(rest))
        self.number -= len(rest)
        return first


class CsvTable(Table):
    """An open CSV file."""

    def __init__(self, path: Path, encoding: str, delimiter: str, header_row: int) -> None:
        self._raw = path.open("rb")
        self._size = path.stat().st_size
        text = io.TextIOWrapper(self._raw, encoding, errors="surrogateescape", newline="")
        self._lines = _Lines(text)
        first = _header(self._lines, delimiter, header_row)
        header, repeated = labels(map(unguard, first[1]))
        super().__init__("csv", header, repeated, encoding.removesuffix("-sig"), first[0])

    def rows(self) -> Iterator[Row]:
        """Rows with the number of the line they begin at."""
        lines, width = self._lines, len(self.header)
        reader = self._reader()
        while True:
            lines.begin()
            start = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                reader = self._reader()
                if len(lines.row) > 1:
                    yield self._given_up(start, "引号没有成对，与下面的行连在了一起，请检查这一行")
                    continue
                read = self._leniently(lines.row[0])
                if read is None:
                    yield self._given_up(start, f"引号没有成对，或一格超过{MAX_FIELD}字，请检查这一行")
                    continue
                cells = read
            row = fitted(start, [unguard(cell) if cell[:1] == "'" else cell for cell in cells], width)
            if row.fault and len(lines.row) > 1:
                reader = self._reader()
                row = self._given_up(start, "引号没有成对，与下面的行连在了一起，请检查这一行")
            elif cells and cells[0].startswith(WATERMARK) and not any(cells[1:]):
                continue
            yield row

    def _reader(self) -> Iterator[list[str]]:
        """Strict, for the lenient one takes a row with an open quote and all below it for one row."""
        return csv.reader(self._lines, delimiter=self.delimiter, strict=True)

    def _leniently(self, line: str) -> list[str] | None:
        """A line with quotes in odd places (5" 管), or None when it ends inside of them."""
        alone = _Lines(io.StringIO(line, newline=""))
        try:
            cells = next(csv.reader(alone, delimiter=self.delimiter))
        except csv.Error:
            return None
        return None if alone.ended else cells

    def _given_up(self, start: int, sentence: str) -> Row:
        """The first line as a row with a fault; the lines below it are read anew."""
        return Row(start, [None] * len(self.header), ("bad_quotes", sentence), self._lines.give_back())

    def progress(self) -> Progress:
        """In bytes."""
        return Progress(self._raw.tell() if not self._raw.closed else self._size, self._size, "B")

    def close(self) -> None:
        """Let go of the file."""
        self._lines.stream.close()


def open_csv(path: Path, *, encoding: str, header_row: int, delimiter: str) -> CsvTable:
    """Open a CSV; the delimiter is the one that cuts the header into most columns. Errors: FileUnusable."""
    wanted = NAMED.get(delimiter, delimiter)
    if len(wanted) > 1:
        raise FileUnusable("bad_delimiter", f"分隔符“{delimiter}”不正确，应是一个字符，或 comma、tab、semicolon")
    return CsvTable(path, detect(path, encoding), wanted, header_row)


def _header(lines: _Lines, delimiter: str, header_row: int) -> tuple[str, list[str]]:
    skip = header_row
    while True:
        lines.begin()
        line = next(lines, None)
        if line is None:
            raise FileUnusable("no_header", "没有找到表头：第一行应是各列的名称")
        text = line.strip("\r\n\ufeff ")
        if not text.strip(",;\t|"):
            continue
        if text.lower().startswith("sep=") and len(text) == 5:
            delimiter = delimiter or text[4]  # Excel's own way of naming the delimiter
            continue
        skip -= 1
        if skip == 0:
            break
    marks = (delimiter,) if delimiter else DELIMITERS
    mark = max(marks, key=lambda mark: len(_one(lines, mark)))  # the first of equals
    cells = _one(lines, mark)
    if not cells:
        raise FileUnusable("no_header", "没有找到表头：第一行的引号没有成对")
    return mark, cells


def _one(lines: _Lines, delimiter: str) -> list[str]:
    """The row that begins where the one just read began, cut by a delimiter."""
    first = lines.give_back()
    lines.back.appendleft(first)
    lines.number -= 1
    lines.begin()
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return []
