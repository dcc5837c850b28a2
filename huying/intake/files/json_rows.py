"""JSON Lines: one object per line; nested objects become names with dots (citizen.phone), lists stay JSON."""

import io
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from .encodings import UNDECODABLE, detect
from .table import FileUnusable, Progress, Row, Table, labels

MAX_LINE = 4 * 1024 * 1024
HEADER_ROWS = 1_000  # the columns are all names that occur in so many lines
MAX_DEPTH = 8


class JsonTable(Table):
    """An open JSON Lines file."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._raw = path.open("rb")
        self._size = path.stat().st_size
        self._text = io.TextIOWrapper(self._raw, encoding, errors="surrogateescape", newline="\n")
        self._parsed = self._objects()
        self._first: list[tuple[int, dict[str, Any] | str, str]] = []
        names: dict[str, None] = {}
        for entry in self._parsed:
            self._first.append(entry)
            if isinstance(entry[1], dict):
                names.update(dict.fromkeys(entry[1]))
            if len(self._first) >= HEADER_ROWS:
                break
        if not names:
            raise FileUnusable("no_header", '文件里没有 JSON 对象：每行应是一个对象，如 {"content": "…"}')
        self._keys = list(names)
        header, repeated = labels([name if name.strip() else "（空）" for name in names])
        super().__init__("jsonl", header, repeated, encoding.removesuffix("-sig"))

    def _objects(self) -> Iterator[tuple[int, dict[str, Any] | str, str]]:
        """(line number, flattened object or what is wrong, the line as it is)."""
        number = 0
        while line := self._text.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE and not line.endswith("\n"):
                while (rest := self._text.readline(MAX_LINE)) and not rest.endswith("\n"):
                    pass  # the rest of a line that is too long is not kept
                yield number, f"这一行超过{MAX_LINE // 1024 // 1024} MB", line[:1000]
                continue
            text = line.strip().removeprefix("\ufeff")
            if not text:
                continue
            try:
                found = json.loads(text)
                if not isinstance(found, dict):
                    raise ValueError("not an object")
                yield number, _flat(found), text
            except RecursionError:
                yield number, "这一行嵌套太深", text
            except ValueError:
                yield number, "这一行不是完整的 JSON 对象", text

    def rows(self) -> Iterator[Row]:
        """Rows numbered by line."""
        width, known = len(self.header), set(self._keys)
        for number, found, text in chain(self._first, self._parsed):
            if isinstance(found, str):
                yield Row(number, [None] * width, ("bad_json", found), text)
                continue
            extra = {name: value for name, value in found.items() if name not in known}
            row = Row(number, [found.get(name) for name in self._keys])
            if extra:
                row.fault = ("wrong_columns", f"这一行有前{HEADER_ROWS}行里没有的字段：{'、'.join(list(extra)[:5])}")
                row.overflow = json.dumps(extra, ensure_ascii=False)
            elif UNDECODABLE.search(text):
                row.fault = ("bad_encoding", f"这一行有无法识别的字符（不是 {self.encoding} 编码）")
            yield row

    def progress(self) -> Progress:
        """In bytes."""
        return Progress(self._raw.tell() if not self._raw.closed else self._size, self._size, "B")

    def close(self) -> None:
        """Let go of the file."""
        self._text.close()


def open_json_lines(path: Path, *, encoding: str) -> JsonTable:
    """Open a JSON Lines file. Errors: FileUnusable."""
    return JsonTable(path, detect(path, encoding))


def _flat(found: dict[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in found.items():
        if isinstance(value, dict) and depth < MAX_DEPTH:
            flat |= _flat(value, f"{before}{name}.", depth + 1)
        elif isinstance(value, dict | list):
            flat[before + name] = json.dumps(value, ensure_ascii=False)
        else:
            flat[before + name] = value
    return flat
