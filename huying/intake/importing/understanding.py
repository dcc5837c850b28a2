"""From a row to a submission: which cell is what, in which code, at what time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huying.kernel import clock, crypto
from huying.matters.models import Matter
from huying.orders.operations.registering import Submission
from huying.places.models import Division

from ..fields import CODES, FIELDS, REJECT_COLUMNS, TRUTHS
from ..files import Row, Table
from ..files.encodings import UNDECODABLE
from .mapping import NOW, Mapping, Source
from .times import EXCEL_EPOCH, judged

HASH_PREFIX = "row:"
# what other systems write for nothing
NOTHING = frozenset(
    ("", "无", "-", "--", "—", "/", "\\N", "NULL", "null", "None", "N/A", "nan", "不详", "未知", "（空）")
)
MAY_BE_NOTHING = frozenset(
    ("citizen.name", "citizen.phone", "citizen.title", "place", "street", "lat", "lng", "matter", "urgency")
)
# 1.23457E+17: a spreadsheet program has thrown the last digits away
SHORTENED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is rejected: stable code and Chinese sentence."""

    code: str
    sentence: str


class RowFault(Exception):
    """A cell that cannot be used."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.problem = Problem(code, sentence)


class Understanding:
    """Reads the rows of one table by one mapping. `channel` overrides the mapping's. Errors: MappingWrong."""

    def __init__(self, table: Table, mapping: Mapping, *, channel: str = "", file_name: str = "") -> None:
        self._placed = mapping.placed(table.header, table.repeated)
        self._mapping, self._channel, self._file = mapping, channel, file_name
        self._epoch: datetime = getattr(table, "epoch", EXCEL_EPOCH)
        self._encoding = table.encoding
        is_rejects = all(name in table.header for name in REJECT_COLUMNS[:3])
        self._overflow = (
            table.header.index(REJECT_COLUMNS[3]) if is_rejects and REJECT_COLUMNS[3] in table.header else None
        )
        self._is_rejects = is_rejects
        self._codes = {name: codes | {code: code for code in codes.values()} for name, codes in CODES.items()}
        self._matters: dict[str, str | None] | None = None
        self._streets: dict[str, str | None] | None = None

    def submission(self, row: Row, now: datetime) -> Submission | Problem:
        """What the row asks to register, or why it cannot be understood."""
        if row.fault:
            return Problem(*row.fault)
        try:
            if self._overflow is not None and _text(row.cells[self._overflow]):
                raise RowFault("overflow_left", f"请把“{REJECT_COLUMNS[3]}”一列的内容放回各自的格子，改好后清空这一列")
            return self._read(row, now)
        except RowFault as fault:
            return self.because(row, fault.problem.code, fault.problem.sentence)

    def because(self, row: Row, code: str, sentence: str) -> Problem:
        """The reason as the row shows it: bytes that are no text are the cause of whatever else is wrong with it."""
        if any(isinstance(cell, str) and UNDECODABLE.search(cell) for cell in row.cells):
            return Problem(
                "bad_encoding", f"这一行有无法识别的字符（不是 {self._encoding} 编码），以“\ufffd”代替，请改正"
            )
        return Problem(code, sentence)

    def _read(self, row: Row, now: datetime) -> Submission:
        texts = {name: self._text_of(name, row) for name in FIELDS if name != "received_at"}
        if self._is_rejects and any("\ufffd" in text for text in texts.values()):
            raise RowFault("bad_encoding", "还有“\ufffd”，请改为正确的文字")
        for name in ("citizen.name", "citizen.phone"):
            if "*" in texts[name] or "＊" in texts[name]:
                raise RowFault("masked_value", f"{FIELDS[name].label}是脱敏的（含*），请用未脱敏的文件，或清空这一格")
        received_at = self._time(row, now)
        source_id = self._source_id(row, texts["source_id"])
        return Submission(
            channel=self._channel or self._coded("channel", texts["channel"]) or "import",
            nature=self._coded("nature", texts["nature"]), title=texts["title"], content=texts["content"],
            matter=self._matter(texts["matter"]), place_text=texts["place"], street=self._street(texts["street"]),
            lat=_number("lat", texts["lat"]), lng=_number("lng", texts["lng"]), citizen_name=texts["citizen.name"],
            citizen_phone=texts["citizen.phone"], citizen_title=texts["citizen.title"],
            anonymous=bool(self._truth("citizen.anonymous", texts["citizen.anonymous"])),
            urgency=self._coded("urgency", texts["urgency"]) or None,
            confidential=self._truth("confidential", texts["confidential"]),
            source_id=source_id or _fingerprint(texts, received_at), source_number=texts["source_number"],
            received_at=received_at or now, extra={"name": self._file, "row": row.number} if self._file else {},
        )  # fmt: skip

    def _text_of(self, name: str, row: Row) -> str:
        """The field's text: from its columns, else its constant or default; "" when there is nothing."""
        placed = self._placed.get(name)
        if placed is None:
            return _text(self._mapping.constants.get(name, self._mapping.defaults.get(name)))
        source, places = placed
        if len(places) == 1:
            text = _text(row.cells[places[0]])
        else:
            text = _combined(source, (_text(row.cells[place]) for place in places))
        if name in MAY_BE_NOTHING and text in NOTHING:
            text = ""
        return text or _text(self._mapping.defaults.get(name))

    def _source_id(self, row: Row, text: str) -> str:
        placed = self._placed.get("source_id")
        if placed and (
            SHORTENED.fullmatch(text)
            or any(isinstance(row.cells[place], float) and row.cells[place] >= 1e15 for place in placed[1])
        ):
            raise RowFault(
                "number_shortened", f"来源编号“{text[:30]}”被表格软件缩短了，后几位已丢失：请把这一列设为文本后重新导出"
            )
        return text

    def _time(self, row: Row, now: datetime) -> datetime | None:
        placed = self._placed.get("received_at")
        if placed is None:
            return None
        source, places = placed
        value = row.cells[places[0]]
        if len(places) > 1:
            value = _combined(source, (_text(row.cells[place]) for place in places), " ")
        if value is None or _text(value) in NOTHING:
            if self._mapping.defaults.get("received_at") == NOW:
                return None
            raise RowFault("time_missing", '受理时间空着：请补上，或在映射的 [defaults] 里写 received_at = "now"')
        found = judged(value, now, self._mapping.formats.get("received_at", ()), self._epoch)
        if isinstance(found, tuple):
            raise RowFault(*found)
        return found

    def _coded(self, name: str, text: str) -> str:
        """The code of a text of nature, channel or urgency."""
        own = self._mapping.values.get(name, {})
        text = str(own.get(text, own.get("*", text) if text and text not in self._codes[name] else text))
        if not text:
            if name == "nature":
                raise RowFault("nature_missing", "性质空着：请补上，或在映射的 [defaults] 里写 nature")
            return ""
        code = self._codes[name].get(text) or self._codes[name].get(text.lower())
        if code is None:
            raise RowFault(
                f"unknown_{name}",
                f"没有叫“{text[:30]}”的{FIELDS[name].label}，请在映射的 [values.{name}] 里对应，或改正这一格",
            )
        return code

    def _truth(self, name: str, text: str) -> bool | None:
        own = self._mapping.values.get(name, {})
        if text in own:
            return bool(own[text])
        if not text:
            return None
        found = TRUTHS.get(text.lower())
        if found is None:
            raise RowFault("bad_yes_no", f"{FIELDS[name].label}“{text[:20]}”看不懂，应填“是”或“否”")
        return found

    def _matter(self, text: str) -> str | None:
        if not text:
            return None
        text = str(self._mapping.values.get("matter", {}).get(text, text))
        if text.isdigit():
            return text
        if self._matters is None:
            leaves = Matter.objects.extra(where=["length(code) = 6"]).filter(active=True).values_list("name", "code")
            self._matters = _unique(leaves)
        return _looked_up(self._matters, text.rsplit("/", 1)[-1].strip(), "matter", text)

    def _street(self, text: str) -> str | None:
        if not text:
            return None
        text = str(self._mapping.values.get("street", {}).get(text, text))
        if text.isdigit():
            return text
        if self._streets is None:
            rows = Division.objects.filter(level=Division.Level.STREET).values_list(
                "name", "short", "parent__name", "code"
            )
            pairs = {
                (form, code)
                for name, short, area, code in rows
                for form in (name, short, f"{area}{name}", f"{area}{short}")
            }
            self._streets = _unique(pairs)
        return _looked_up(self._streets, text.replace(" ", ""), "street", text)


def _text(value: Any) -> str:
    """A cell as text."""
    if isinstance(value, str):
        return value.strip().removeprefix("\ufeff")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else clock.local(value).replace(tzinfo=None)).isoformat(" ")
    return str(value)


def _combined(source: Source, texts: Iterable[str], separator: str = "") -> str:
    filled = [text for text in texts if text]
    if source.how == "first":
        return filled[0] if filled else ""
    return (separator or source.separator).join(filled)


def _number(name: str, text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise RowFault("bad_coordinates", f"{FIELDS[name].label}“{text[:20]}”不是数字") from None


def _fingerprint(texts: dict[str, str], received_at: datetime | None) -> str:
    """The id of a row that has none: a keyed hash of what it says, so that nobody can guess a number from it."""
    said = [texts[name] for name in ("title", "content", "place", "citizen.name", "citizen.phone", "source_number")]
    said.append(received_at.isoformat() if received_at else "")
    return HASH_PREFIX + crypto.keyed_hash("import", "\x1f".join(said).encode(errors="replace").decode()).hex()[:40]


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """Name -> code; None for a name that several have."""
    found: dict[str, str | None] = {}
    for name, code in pairs:
        found[name] = code if found.get(name, code) == code else None
    return found


def _looked_up(names: dict[str, str | None], name: str, field: str, text: str) -> str:
    code = names.get(name)
    if code:
        return code
    label = FIELDS[field].label.removesuffix("编码")
    if name in names:
        raise RowFault(f"ambiguous_{field}", f"叫“{text[:30]}”的{label}不止一个，请填编码")
    raise RowFault(f"unknown_{field}", f"没有叫“{text[:30]}”的{label}，请填编码，或在映射的 [values.{field}] 里对应")
