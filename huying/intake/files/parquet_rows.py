"""Parquet: batch by batch, only as much in memory as one row group's pages."""

import importlib
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from .table import FileUnusable, Progress, Row, Table, labels

# untyped, and what it exports is known at run time only
pa: Any = importlib.import_module("pyarrow")
pq: Any = importlib.import_module("pyarrow.parquet")
BATCH = 1_000
MAX_ROW_GROUP = 2 * 1024 * 1024 * 1024  # bytes, unpacked


class ParquetTable(Table):
    """An open Parquet file."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = pq.ParquetFile(path)
            metadata = self._file.metadata
            groups = [metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups)]
        except (pa.ArrowException, OSError) as fault:
            raise FileUnusable(
                "broken_parquet", f"Parquet 文件已损坏，打不开（{type(fault).__name__}），请重新导出"
            ) from None
        if groups and max(groups) > MAX_ROW_GROUP:
            raise FileUnusable("zip_bomb", "Parquet 的一个行组解压后超过 2 GB，请用较小的行组重新导出")
        header, repeated = labels([name if name.strip() else "（空）" for name in self._file.schema_arrow.names])
        super().__init__("parquet", header, repeated)
        self._total, self._done = int(metadata.num_rows), 0

    def rows(self) -> Iterator[Row]:
        """Rows numbered from 1; cells are texts, numbers, booleans or datetimes (aware when the column has a zone)."""
        try:
            for batch in self._file.iter_batches(batch_size=BATCH):
                columns = [_values(column) for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    self._done += 1
                    bad = any(isinstance(cell, _Undecodable) for cell in cells)
                    fault = ("bad_encoding", "这一行有无法识别的字符（不是 UTF-8）") if bad else None
                    yield Row(self._done, [None if isinstance(cell, _Undecodable) else cell for cell in cells], fault)
        except (pa.ArrowException, OSError) as fault:
            raise FileUnusable(
                "broken_parquet",
                f"Parquet 文件在第{self._done}行之后损坏（{type(fault).__name__}）：前面的行已处理，其余没有读到",
            ) from None

    def progress(self) -> Progress:
        """In rows."""
        return Progress(self._done, self._total, "行")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class _Undecodable:
    """In place of bytes that are no text."""


def open_parquet(path: Path) -> ParquetTable:
    """Open a Parquet file. Errors: FileUnusable."""
    return ParquetTable(path)


def _values(column: Any) -> list[Any]:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)  # Python's datetime has no nanoseconds
    try:
        return [_plain(value) for value in column.to_pylist()]
    except UnicodeDecodeError:
        return [_text_or_not(value) for value in column]
    except (ValueError, OverflowError):  # a time out of Python's range: as the number it is
        return column.cast(pa.int64()).to_pylist() if pa.types.is_timestamp(kind) else [str(value) for value in column]


def _text_or_not(value: Any) -> Any:
    try:
        return _plain(value.as_py())
    except UnicodeDecodeError:
        return _Undecodable()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, float):
        return None if value != value else int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    if value is None or isinstance(value, str | bool | int | datetime):
        return value
    return str(value)
