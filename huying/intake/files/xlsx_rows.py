"""XLSX: one sheet, row by row. What a crafted file could do (a zip bomb, entities) is refused before it is opened."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from .table import FileUnusable, Progress, Row, Table, labels

MAX_UNPACKED = 1024 * 1024 * 1024  # bytes of all parts
MAX_STRINGS = 256 * 1024 * 1024  # bytes of the table of texts, the one part that is held in memory
MAX_PARTS = 5_000
MAX_GAP = 1_000  # blank rows after which the sheet is taken to have ended
ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))


class XlsxTable(Table):
    """An open sheet."""

    def __init__(self, path: Path, header_row: int, sheet: str) -> None:
        _guard(path)
        try:
            self._stream = path.open("rb")  # openpyxl judges a path by its ending
            self._book: Workbook = openpyxl.load_workbook(self._stream, read_only=True, data_only=True)
            self._sheet = _sheet(self._book, sheet)
            self._sheet.reset_dimensions()  # what the file says about its size is not to be trusted
            self._numbered = enumerate(self._sheet.iter_rows(values_only=True), 1)
            first = _header(self._numbered, header_row)
        except FileUnusable:
            raise
        except (
            InvalidFileException,
            zipfile.BadZipFile,
            KeyError,
            ValueError,
            TypeError,
            SyntaxError,
            AttributeError,
        ) as fault:
            # openpyxl raises any of these for a file that is not what its format says
            raise FileUnusable(
                "broken_xlsx", f"XLSX 文件已损坏，打不开（{type(fault).__name__}），请用表格软件另存一次"
            ) from None
        header, repeated = labels(first)
        super().__init__("xlsx", header, repeated)
        self.epoch: datetime = self._book.epoch  # 1900 or 1904
        others = [name for name in self._book.sheetnames if name != self._sheet.title]
        if others:
            self.notes.append(
                f"只导入工作表“{self._sheet.title}”；其他工作表未导入：{'、'.join(others)}（用 --sheet 指定）"
            )
        self._done = 0

    def rows(self) -> Iterator[Row]:
        """Rows with their number in the sheet; cells are texts, numbers, booleans or naive datetimes."""
        width, gap = len(self.header), 0
        try:
            for number, values in self._numbered:
                self._done = number
                cells = [_cell(value) for value in values[:width]]
                row = Row(number, cells + [None] * (width - len(cells)))
                extra = [str(value) for value in values[width:] if value not in (None, "")]
                if extra:
                    row.fault = ("wrong_columns", f"这一行在最后一列右边还有{len(extra)}格内容，没有对应的表头")
                    row.overflow = "\t".join(extra)
                elif any(cell in ERRORS for cell in cells if isinstance(cell, str)):
                    row.fault = ("cell_error", "这一行有公式错误（如 #N/A），请先在表格里改正")
                gap = gap + 1 if row.blank() else 0
                if (
                    gap <= MAX_GAP
                ):  # a stray cell far below is not lost, but the void above it is not counted row by row
                    yield row
        except (zipfile.BadZipFile, ValueError, SyntaxError, KeyError) as fault:
            raise FileUnusable(
                "broken_xlsx",
                f"XLSX 文件在第{self._done}行之后损坏（{type(fault).__name__}）：前面的行已处理，其余没有读到",
            ) from None

    def progress(self) -> Progress:
        """In rows; nobody knows how many there are."""
        return Progress(self._done, None, "行")

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()
        self._stream.close()


def open_xlsx(path: Path, *, header_row: int, sheet: str) -> XlsxTable:
    """Open a sheet (the first visible one when none is named). Errors: FileUnusable."""
    return XlsxTable(path, header_row, sheet)


def _guard(path: Path) -> None:
    """Refuse what would not fit when unpacked; a part never unpacks to more than it declares (zipfile stops there)."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise FileUnusable("broken_xlsx", "文件已损坏或没有传完整，打不开，请重新导出") from None
    strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED or strings > MAX_STRINGS:
        raise FileUnusable("zip_bomb", "XLSX 解压后过大，为安全起见不打开；数据确实这么多的，请导出为 CSV")
    if any(part.flag_bits & 1 for part in parts):
        raise FileUnusable("encrypted_xlsx", "文件设有密码，请取消密码后另存")


def _sheet(book: Workbook, wanted: str) -> Any:
    sheets = [sheet for sheet in book.worksheets if not wanted or sheet.title == wanted]
    if not sheets:
        raise FileUnusable("no_such_sheet", f"没有名为“{wanted}”的工作表，有：{'、'.join(book.sheetnames)}")
    return next((sheet for sheet in sheets if sheet.sheet_state == "visible"), sheets[0])


def _header(numbered: Iterator[tuple[int, tuple[Any, ...]]], header_row: int) -> tuple[Any, ...]:
    for number, values in numbered:
        if any(value not in (None, "") for value in values):
            header_row -= 1
            if header_row == 0:
                return values
        if number > MAX_GAP:
            break
    raise FileUnusable("no_header", "没有找到表头：第一行应是各列的名称")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        # how the format writes a carriage return inside a text; and what a copied CSV leaves at its beginning
        return value.replace("_x000D_", "\r").removeprefix("\ufeff")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value
