"""映射: which column of a file fills which field of a registration.

TOML, because a clerk edits it: it takes comments, Chinese keys in quotes, and has no trailing-comma traps. It names
columns and codes only, never content of the file.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huying.kernel.errors import Invalid

from ..fields import CODES, EXPORT_MARK, FIELDS, REJECT_COLUMNS, TRUTH_FIELDS

SECTIONS = ("columns", "constants", "defaults", "formats", "values", "file")
FILE_KEYS: dict[str, type] = {"encoding": str, "delimiter": str, "header_row": int, "sheet": str}
MAX_BYTES = 256 * 1024
SHIPPED = Path(__file__).resolve().parents[1] / "seed" / "mappings"
NOW = "now"  # the one default of received_at


class MappingWrong(Invalid):
    """The mapping cannot be used, or does not fit the file."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field comes from: one column, several joined, or the first that is not empty."""

    columns: tuple[str, ...]
    how: str = "join"
    separator: str = "\n"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping as read; `name` for messages."""

    columns: dict[str, Source]
    constants: dict[str, Any] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    formats: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    file: dict[str, Any] = field(default_factory=dict)
    name: str = ""

    def placed(
        self, header: Sequence[str], repeated: frozenset[str] = frozenset()
    ) -> "dict[str, tuple[Source, list[int]]]":
        """For each mapped field where its columns stand. Errors: MappingWrong `column_missing`, `column_ambiguous`."""
        places = {name: place for place, name in enumerate(header)}
        found: dict[str, tuple[Source, list[int]]] = {}
        for target, source in self.columns.items():
            at = []
            for column in source.columns:
                if column in repeated:
                    raise MappingWrong(
                        "column_ambiguous", f"表头里有多个“{column}”，请在映射里写成“{column}#1”或“{column}#2”"
                    )
                place = places.get(column)
                if place is None and column.endswith("#1") and column[:-2] in repeated:
                    place = places[column[:-2]]
                if place is None:
                    raise MappingWrong(
                        "column_missing",
                        f"映射里的列“{column}”（{FIELDS[target].label}）在文件里没有；文件的列：{_listed(header)}",
                    )
                at.append(place)
            found[target] = (source, at)
        return found


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file, or one that comes with the platform by its name (board_2019).

    Errors: MappingWrong, with a sentence that names the line or key.
    """
    shipped = SHIPPED / f"{path.name}.toml"
    if not path.suffix and not path.exists() and shipped.is_file():
        path = shipped
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise MappingWrong("mapping_missing", f"没有映射文件 {path}") from None
    except OSError as fault:
        raise MappingWrong("mapping_unreadable", f"读不了映射文件 {path}（{fault.strerror or fault}）") from None
    if len(raw) > MAX_BYTES:
        raise MappingWrong("mapping_unreadable", f"{path} 太大，不是映射文件")
    return understood(_toml(raw, path.name), path.name)


def _toml(raw: bytes, name: str) -> dict[str, Any]:
    for encoding in ("utf-8-sig", "gb18030"):  # editors on Chinese systems write either
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise MappingWrong("mapping_unreadable", f"映射文件 {name} 的编码无法识别，请另存为 UTF-8")
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as fault:
        raise MappingWrong(
            "mapping_unreadable", f"映射文件 {name} 的格式有误（{fault}）：中文的键和值都要加英文双引号"
        ) from None


def understood(read: dict[str, Any], name: str) -> Mapping:
    """A mapping from plain values. Errors: MappingWrong `mapping_wrong`."""
    for section, content in read.items():
        if section not in SECTIONS:
            raise _wrong(name, f"不认识的段落 [{section}]，可用：{'、'.join(SECTIONS)}")
        if not isinstance(content, dict):
            raise _wrong(name, f"{section} 应是段落：[{section}]")
        known = FILE_KEYS if section == "file" else FIELDS
        for key in content:
            if key not in known:
                raise _wrong(
                    name,
                    f'[{section}] 里不认识“{key}”，可用：{"、".join(known)}（带点的名字要加引号，如 "citizen.name"）',
                )
    columns = {target: _source(target, value, name) for target, value in read.get("columns", {}).items()}
    constants: dict[str, Any] = read.get("constants", {})
    defaults: dict[str, Any] = read.get("defaults", {})
    both = columns.keys() & constants.keys()
    if both:
        raise _wrong(name, f"“{min(both)}”不能既在 [columns] 又在 [constants]；空格的补充值写在 [defaults]")
    for section, fixed in (("constants", constants), ("defaults", defaults)):
        for target, value in fixed.items():
            if not isinstance(value, str | int | float | bool):
                raise _wrong(name, f"[{section}] 的 {target} 应是文字、数字或 true/false")
            if target in CODES and value not in CODES[target]:
                raise _wrong(name, f"[{section}] 的 {target} 没有“{value}”，可用：{'、'.join(CODES[target])}")
            if target == "received_at" and value != NOW:
                raise _wrong(name, f'[{section}] 的 received_at 只能是 "{NOW}"（导入的时间）')
            if target == "source_id":
                raise _wrong(name, f"source_id 每行都不同，不能写在 [{section}]")
    for key, value in read.get("file", {}).items():
        if not isinstance(value, FILE_KEYS[key]) or isinstance(value, bool) or (isinstance(value, int) and value < 1):
            raise _wrong(name, f"[file] 的 {key} 应是{'从 1 起的整数' if FILE_KEYS[key] is int else '文字'}")
    if "content" not in columns:
        raise MappingWrong(
            "no_content_column", f'映射 {name} 没有说哪一列是诉求内容：请在 [columns] 里写 content = "列名"'
        )
    return Mapping(columns, constants, defaults, _formats(read, name), _values(read, name), read.get("file", {}), name)


def _source(target: str, value: Any, name: str) -> Source:
    if isinstance(value, str) and value:
        return Source((value,))
    if isinstance(value, list) and value and all(isinstance(item, str) and item for item in value):
        return Source(tuple(value))
    if (
        isinstance(value, dict)
        and len(value.keys() & {"join", "first"}) == 1
        and value.keys() <= {"join", "first", "with"}
    ):
        how = "join" if "join" in value else "first"
        columns, separator = value[how], value.get("with", "\n")
        if (
            isinstance(columns, list)
            and columns
            and all(isinstance(item, str) for item in columns)
            and isinstance(separator, str)
        ):
            return Source(tuple(columns), how, separator)
    raise _wrong(
        name,
        f'[columns] 的 {target} 应是列名，或 ["列一", "列二"]，或 {{ first = ["列一", "列二"] }}，或 {{ join = [...], with = "，" }}',
    )


def _formats(read: dict[str, Any], name: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for target, value in read.get("formats", {}).items():
        forms = [value] if isinstance(value, str) else value
        if (
            target != "received_at"
            or not isinstance(forms, list)
            or not all(isinstance(form, str) and "%" in form for form in forms)
        ):
            raise _wrong(name, '[formats] 只用于 received_at，如 received_at = ["%m/%d/%Y %H:%M"]')
        found[target] = tuple(forms)
    return found


def _values(read: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for target, table in read.get("values", {}).items():
        if not isinstance(table, dict):
            raise _wrong(name, f'[values.{target}] 应是段落，每行一个："文件里的写法" = "编码"')
        for said, code in table.items():
            if (target in CODES and code not in CODES[target]) or (
                target in TRUTH_FIELDS and not isinstance(code, bool)
            ):
                choices = "true、false" if target in TRUTH_FIELDS else "、".join(CODES[target])
                raise _wrong(name, f"[values.{target}] 的“{said}”对应的“{code}”不正确，可用：{choices}")
            if not isinstance(code, str | bool):
                raise _wrong(name, f"[values.{target}] 的“{said}”应对应文字")
        found[target] = {str(said).strip(): code for said, code in table.items()}
    return found


def _wrong(name: str, sentence: str) -> MappingWrong:
    return MappingWrong("mapping_wrong", f"映射文件 {name}：{sentence}")


def _listed(header: Sequence[str]) -> str:
    return "、".join(header[:30]) + (f"……共{len(header)}列" if len(header) > 30 else "")


def proposed(header: Sequence[str], repeated: frozenset[str] = frozenset()) -> Mapping:
    """The mapping that the names of a header suggest. Errors: MappingWrong `no_content_column`."""
    usable = [name for name in header if name not in REJECT_COLUMNS and name != EXPORT_MARK]
    plain = {name.lower(): name for name in reversed(usable)}
    columns: dict[str, Source] = {}
    taken: set[str] = set()
    for target, told in FIELDS.items():
        for name in (target, told.label, *told.known_as):
            column = plain.get(name.lower())
            if column is not None and column not in taken:
                columns[target] = Source((f"{column}#1" if column in repeated else column,))
                taken.add(column)
                break
    if "content" not in columns:
        raise MappingWrong(
            "no_content_column", f"看不出哪一列是诉求内容，请用映射文件指定（--mapping）；文件的列：{_listed(header)}"
        )
    constants: dict[str, Any] = {} if "nature" in columns else {"nature": "help"}
    defaults: dict[str, Any] = {"nature": "help"} if "nature" in columns else {}
    return Mapping(columns, constants, defaults, name="按表头自动对应")


def written(mapping: Mapping) -> str:
    """A mapping as TOML with comments, to be saved and corrected."""
    lines = [
        "# 呼应导入映射：左边是登记项，右边是文件里的列名。核对后保存为 .toml 文件，用 --mapping 指定。",
        "",
        "[columns]",
    ]
    for target, told in FIELDS.items():
        source = mapping.columns.get(target)
        if source is None:
            lines.append(f'# {_key(target)} = ""  # {told.label}：文件里没有认出这一列')
        elif len(source.columns) == 1:
            lines.append(f"{_key(target)} = {_text(source.columns[0])}  # {told.label}")
        else:
            listed = ", ".join(_text(column) for column in source.columns)
            lines.append(
                f"{_key(target)} = {{ {source.how} = [{listed}], with = {_text(source.separator)} }}  # {told.label}"
            )
    lines += ["", "# 文件里没有、每一行都一样的值", "[constants]"]
    lines += [f"{_key(target)} = {_value(value)}" for target, value in mapping.constants.items()]
    lines += [
        '# channel = "board"',
        "",
        '# 空着的格子用什么值；受理时间空着时写 received_at = "now" 才会导入',
        "[defaults]",
    ]
    lines += [f"{_key(target)} = {_value(value)}" for target, value in mapping.defaults.items()]
    lines += ["", "# 文件里的写法对应什么编码", "# [values.nature]", '# "投诉类" = "complaint"', ""]
    return "\n".join(lines)


def _key(name: str) -> str:
    return _text(name) if "." in name else name


def _value(value: Any) -> str:
    return _text(value) if isinstance(value, str) else str(value).lower()


def _text(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(plain, escaped)
    return f'"{text}"'
