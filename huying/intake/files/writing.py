"""Writing rows: CSV (UTF-8 with BOM, formulas guarded), XLSX (texts only) and JSON Lines, as a stream."""

import csv
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter

from .csv_rows import WATERMARK
from .formulas import guard
from .table import FileUnusable

XLSX_ROWS = 1_048_575  # below the header
XLSX_CELL = 32_767  # characters in one cell, a limit of the format


class Writer(AbstractContextManager["Writer"]):
    """An open file to write rows into; the file is its maker's, mode 0600."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path, self.header = path, header

    def write(self, cells: Sequence[Any]) -> None:
        """One row: texts, numbers, booleans, None."""
        raise NotImplementedError

    def finish(self, watermark: str) -> None:
        """Close the file with who made it and when."""
        raise NotImplementedError

    def abandon(self) -> None:
        """Close it without an end, after a fault."""
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.abandon()


def csv_cell(value: Any) -> str:
    """A value as it stands in a CSV: numbers as they are, texts guarded; None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return guard(value) if isinstance(value, str) else str(value)


class CsvWriter(Writer):
    """CSV; the watermark is the last line, which an import passes over."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        super().__init__(path, header)
        self._stream = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._stream)
        self._rows.writerow([csv_cell(name) for name in header])

    def write(self, cells: Sequence[Any]) -> None:
        """One row."""
        self._rows.writerow([csv_cell(cell) for cell in cells])

    def flush(self) -> None:
        """Hand what was written to the system."""
        self._stream.flush()

    def finish(self, watermark: str) -> None:
        """The watermark is a line of its own."""
        if watermark:
            self._rows.writerow([f"{WATERMARK} {watermark}", *[""] * (len(self.header) - 1)])
        self._stream.close()

    def abandon(self) -> None:
        """Close."""
        self._stream.close()


class XlsxWriter(Writer):
    """XLSX; the watermark stands in the properties of the file and in the footer of every printed page."""

    def __init__(self, path: Path, header: Sequence[str], title: str = "工单", author: str = "") -> None:
        super().__init__(path, header)
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._author, self._title = author, title
        self._sheet = self._book.add_worksheet(title)
        self._sheet.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True})
        for place, name in enumerate(header):
            self._sheet.write_string(0, place, name, bold)
        self._row = 0

    def write(self, cells: Sequence[Any]) -> None:
        """One row. Errors: FileUnusable `too_many_rows`."""
        self._row += 1
        if self._row > XLSX_ROWS:
            raise FileUnusable("too_many_rows", f"XLSX 最多{XLSX_ROWS}行，请加筛选条件，或导出为 CSV")
        for place, cell in enumerate(cells):
            if isinstance(cell, bool):
                self._sheet.write_string(self._row, place, "是" if cell else "否")
            elif isinstance(cell, int | float):
                self._sheet.write_number(self._row, place, cell)
            elif cell:
                if len(cell) > XLSX_CELL:
                    raise FileUnusable(
                        "cell_too_long",
                        f"第{self._row}行“{self.header[place]}”超过 XLSX 一格的上限（{XLSX_CELL}字），请导出为 CSV",
                    )
                self._sheet.write_string(self._row, place, cell)

    def finish(self, watermark: str) -> None:
        """Set the properties and close."""
        if watermark:
            self._book.set_properties({"title": self._title, "author": self._author, "comments": watermark})
            self._sheet.set_footer("&L" + watermark.replace("&", "&&")[:200] + "&R&P/&N")
        self._book.close()

    def abandon(self) -> None:
        """Close."""
        self._book.close()


class JsonWriter(Writer):
    """JSON Lines with names as keys; the watermark is in every row's own column."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        super().__init__(path, header)
        self._stream = path.open("w", encoding="utf-8", newline="\n")

    def write(self, cells: Sequence[Any]) -> None:
        """One object."""
        found = dict(zip(self.header, (_json(cell) for cell in cells), strict=True))
        self._stream.write(json.dumps(found, ensure_ascii=False) + "\n")

    def finish(self, watermark: str) -> None:
        """Close."""
        self._stream.close()

    def abandon(self) -> None:
        """Close."""
        self._stream.close()


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
