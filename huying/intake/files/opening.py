"""Which kind of file it is: by its content first, and the ending of its name must not say something else."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from . import csv_rows, json_rows, parquet_rows, xlsx_rows
from .table import FileUnusable, Table

ENDINGS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "text", ".xlsx": "xlsx", ".xlsm": "xlsx", ".parquet": "parquet", ".pq": "parquet",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
}  # fmt: skip
NAMES = {"csv": "CSV", "xlsx": "XLSX", "parquet": "Parquet", "jsonl": "JSON Lines"}
HEAD = 64 * 1024

# content that is none of the four, by its first bytes, and what to do about it
OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"PARE", "encrypted_parquet", "这是加密的 Parquet 文件，请导出未加密的文件"),
    (b"%PDF", "wrong_type", "这是 PDF，不是表格，请导出为 CSV 或 XLSX"),
    (b"\x1f\x8b", "compressed", "这是压缩文件（gzip），请先解压"),
    (b"Rar!", "compressed", "这是压缩文件（RAR），请先解压"),
    (b"7z\xbc\xaf", "compressed", "这是压缩文件（7z），请先解压"),
    (b"PK\x05\x06", "empty_file", "这是空的压缩文件"),
    (b"\x89PNG", "wrong_type", "这是图片，不是表格"),
    (b"\xff\xd8\xff", "wrong_type", "这是图片，不是表格"),
    (b"SQLite format 3", "wrong_type", "这是 SQLite 数据库，请导出为 CSV"),
    (b"\xff\xfe", "utf_16", "文件是 UTF-16 编码（“Unicode 文本”），请另存为“CSV UTF-8”"),
    (b"\xfe\xff", "utf_16", "文件是 UTF-16 编码（“Unicode 文本”），请另存为“CSV UTF-8”"),
)
MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")


def open_table(
    path: Path, *, encoding: str = "auto", header_row: int = 1, sheet: str = "", delimiter: str = ""
) -> Table:
    """Open a file of any of the four kinds.

    `encoding` auto, utf-8 or gb18030, for CSV and JSON Lines; `header_row` counts from 1, blank rows before the header
    do not count; `sheet` for XLSX. Errors: FileUnusable for all that keeps it from being read.
    """
    kind = kind_of(path)
    readers: dict[str, Callable[[], Table]] = {
        "csv": lambda: csv_rows.open_csv(path, encoding=encoding, header_row=header_row, delimiter=delimiter),
        "xlsx": lambda: xlsx_rows.open_xlsx(path, header_row=header_row, sheet=sheet),
        "parquet": lambda: parquet_rows.open_parquet(path),
        "jsonl": lambda: json_rows.open_json_lines(path, encoding=encoding),
    }
    try:
        return readers[kind]()
    except OSError as fault:
        raise FileUnusable("file_unreadable", f"读不了文件 {path}（{fault.strerror or fault}）") from None


def kind_of(path: Path) -> str:
    """csv, xlsx, parquet or jsonl. Errors: FileUnusable."""
    head = _head(path)
    named = ENDINGS.get(path.suffix.lower(), "")
    kind = _kind_by_content(path, head, named)
    if named and kind != named and not (named == "text" and kind in ("csv", "jsonl")):
        right = {"csv": ".csv", "xlsx": ".xlsx", "parquet": ".parquet", "jsonl": ".jsonl"}[kind]
        raise FileUnusable(
            "wrong_type",
            f"文件名以 {path.suffix} 结尾，内容却是 {NAMES[kind]}：请核对是否选错文件；没有选错的，把文件名改为 {right} 结尾",
        )
    return kind


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise FileUnusable("is_folder", f"{path} 是文件夹，请指定文件")
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except FileNotFoundError:
        raise FileUnusable("file_missing", f"没有文件 {path}，请核对文件名和所在文件夹") from None
    except OSError as fault:
        raise FileUnusable("file_unreadable", f"读不了文件 {path}（{fault.strerror or fault}）") from None
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise FileUnusable("empty_file", f"文件 {path} 是空的")
    return head


def _kind_by_content(path: Path, head: bytes, named: str) -> str:
    for start, code, sentence in OTHERS:
        if head.startswith(start):
            raise FileUnusable(code, sentence)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _ole(path)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:20].lower().startswith(MARKUP):
        raise FileUnusable("wrong_type", "内容其实是网页（不少系统导出的 .xls 是这样），请用表格软件打开后另存为 .xlsx")
    if head.count(0) > len(head) // 10:
        raise FileUnusable(
            "not_a_table",
            "文件里有大量空字节，不是文本表格（可能是 UTF-16 编码或其他类型的文件），请另存为“CSV UTF-8”或 XLSX",
        )
    if text.startswith(b"{"):
        return "jsonl"
    if named == "jsonl":
        if text.startswith(b"["):
            raise FileUnusable("json_array", "内容是一个 JSON 数组，请改为 JSON Lines：每行一个对象，不要外面的方括号")
        raise FileUnusable("wrong_type", f"文件名以 {path.suffix} 结尾，内容却不是 JSON Lines：每行应是一个 JSON 对象")
    return "csv"


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise FileUnusable("broken_xlsx", "文件已损坏或没有传完整，打不开，请重新导出") from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        raise FileUnusable("wrong_type", "这是 Word 文档，不是表格，请导出为 CSV 或 XLSX")
    if "xl/workbook.bin" in names or any(name.endswith("content.xml") for name in names):
        raise FileUnusable("wrong_type", "这种表格格式（xlsb、ods）不能导入，请另存为 .xlsx")
    raise FileUnusable("compressed", "这是压缩文件（ZIP），请先解压")


def _ole(path: Path) -> FileUnusable:
    """An OLE container is an old .xls, or an .xlsx under a password: then it holds a stream of this name."""
    with path.open("rb") as stream:
        encrypted = "EncryptedPackage".encode("utf-16-le") in stream.read(64 * 1024 * 1024)
    if encrypted:
        return FileUnusable("encrypted_xlsx", "文件设有打开密码，请在表格软件里取消密码后另存")
    return FileUnusable("old_xls", "这是旧版 .xls（或其他旧版 Office 文件），请另存为 .xlsx")
