"""批量导出: what a person may see, into a file, with a record of who took what out, when and why."""

import base64
import hashlib
import os
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from huying.kernel import clock, crypto
from huying.kernel.errors import Forbidden, Invalid
from huying.language.pii import mask, mask_name, mask_phone
from huying.orders import queries
from huying.orders.flow import Actor, Channel, Nature, Outcome, State, Urgency
from huying.orders.history import SEALED
from huying.orders.models import WorkOrder
from huying.orders.schemas import Filters

from .fields import EXPORT_MARK, FIELDS, OWN_PREFIX
from .files import FileUnusable
from .files.writing import CsvWriter, JsonWriter, Writer, XlsxWriter
from .models import ExportRecord

CHUNK = 500
RELATED = ("citizen", "matter", "street", "lead_unit")
FILTERS = tuple(sorted(Filters.names() - {"limit", "cursor", "sort"}))  # those of the list
PERSONAL_FILTERS = ("q", "phone")  # may hold a name or a number: sealed in the record
FORMATS = {".csv": "csv", ".xlsx": "xlsx", ".jsonl": "jsonl", ".ndjson": "jsonl"}
# beside the registration fields: what became of the order. Name, Chinese heading
FURTHER = {
    "number": "工单编号", "matter_name": "分类名称", "street_name": "街道名称", "state": "状态", "outcome": "办结方式",
    "lead_unit": "主办单位", "answer": "答复", "closed_at": "办结时间", "export": EXPORT_MARK,
}  # fmt: skip
# what a clerk looks for first stands first
ORDER = (
    "number", "state", "received_at", "channel", "nature", "urgency", "title", "content", "matter", "matter_name", "place",
    "street", "street_name", "lat", "lng", "citizen.name", "citizen.title", "citizen.phone", "citizen.anonymous",
    "confidential", "lead_unit", "outcome", "closed_at", "answer", "source_id", "source_number", "export",
)  # fmt: skip
REASON_CHARS = (5, 500)


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to."""

    count: int
    record: int
    path: Path
    watermark: str


def export(
    path: Path, filters: Mapping[str, str], *, by: Actor, form: str = "", unmasked: bool = False, reason: str = "",
    watch: Callable[[int], None] | None = None,
) -> Exported:  # fmt: skip
    """导出: the visible orders that match the filters of the list, oldest first, masked unless asked and permitted.

    The file has its name only when it is complete, and is readable by its owner alone. Without a person (the platform
    itself) no confidential orders and nothing unmasked. Errors: Forbidden; Invalid for filters, format, reason;
    FileUnusable for the file.
    """
    reason = reason.strip()
    _permit(by, unmasked, reason)
    form = form or FORMATS.get(path.suffix.lower(), "")
    if form not in set(FORMATS.values()):
        raise Invalid("unknown_format", "请用 --format 指定格式：csv、xlsx 或 jsonl")
    unknown = set(filters) - set(FILTERS)
    if unknown:
        raise Invalid("unknown_filter", f"没有“{min(unknown)}”这个筛选条件，可用：{'、'.join(FILTERS)}")
    found = queries.filtered(by, filters)
    if by.system:
        found = found.filter(confidential=False)
    part = path.with_name(f".{path.name}.part")
    _make_room(path, part)
    record = ExportRecord.objects.create(
        staff_id=by.id, actor_name=by.name[:50], unit_name=by.unit_name, role=by.role, at=clock.now(), filters=_kept(filters),
        format=form, file_name=path.name[:200], unmasked=unmasked, reason=reason,
    )  # fmt: skip
    mark = _watermark(record)
    taken = array("q")
    try:
        with _writer(part, form, by.name) as writer:
            # one snapshot for the whole file, read through a cursor of the server
            with transaction.atomic():
                for order in found.select_related(*RELATED).defer("search").order_by("pk").iterator(CHUNK):
                    writer.write(_cells(order, form, mark, unmasked=unmasked))
                    taken.append(order.pk)
                    if watch and len(taken) % CHUNK == 0:
                        watch(len(taken))
            writer.finish(mark)
        record.sha256 = _digest(part)
        part.replace(path)
    except OSError as fault:
        raise FileUnusable("file_unwritable", f"写不了 {path}（{fault.strerror or fault}）") from None
    finally:
        part.unlink(missing_ok=True)
        record.count, record.finished_at = len(taken), clock.now()
        record.orders = list(taken) if unmasked else []
        record.save(update_fields=["count", "finished_at", "orders", "sha256"])
    return Exported(len(taken), record.pk, path, mark)


def exports_of(order: WorkOrder) -> Iterator[ExportRecord]:
    """The finished unmasked exports that this order was in, newest first."""
    return ExportRecord.objects.filter(unmasked=True, orders__contains=[order.pk]).order_by("-at").iterator()


def header(form: str) -> list[str]:
    """The names of the columns: English in JSON Lines, Chinese else."""
    if form == "jsonl":
        return [name if name in FIELDS else f"order.{name}" for name in ORDER]
    return [FIELDS[name].label if name in FIELDS else FURTHER[name] for name in ORDER]


def _permit(by: Actor, unmasked: bool, reason: str) -> None:
    if not (by.system or by.may("export")):
        raise Forbidden("no_permission", "您没有“导出”的权限")
    if not unmasked:
        return
    if by.id is None:
        raise Forbidden("no_person", "未脱敏的导出必须写明是谁（--by）")
    if not by.may("export_unmasked"):
        raise Forbidden("no_permission", "您没有“导出未脱敏数据”的权限")
    if not REASON_CHARS[0] <= len(reason) <= REASON_CHARS[1]:
        raise Invalid("reason_missing", f"未脱敏的导出须写明理由（--reason），{REASON_CHARS[0]}到{REASON_CHARS[1]}字")


def _kept(filters: Mapping[str, str]) -> dict[str, str]:
    return {
        SEALED + name if name in PERSONAL_FILTERS else name:
        base64.b64encode(crypto.seal("export", value)).decode() if name in PERSONAL_FILTERS else value
        for name, value in filters.items()
    }  # fmt: skip


def _make_room(path: Path, part: Path) -> None:
    if path.exists():
        raise FileUnusable("file_exists", f"{path} 已存在，请换个文件名，或先移走它")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as fault:
        raise FileUnusable("file_unwritable", f"写不了 {path}（{fault.strerror or fault}），请换一个位置") from None


def _writer(part: Path, form: str, author: str) -> Writer:
    names = header(form)
    if form == "csv":
        return CsvWriter(part, names)
    return XlsxWriter(part, names, author=author) if form == "xlsx" else JsonWriter(part, names)


def _watermark(record: ExportRecord) -> str:
    at = clock.local(record.at)
    kind = "未脱敏" if record.unmasked else "已脱敏"
    return f"E{record.pk} {record.actor_name} {at:%Y-%m-%d %H:%M:%S} {kind}"


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _cells(order: WorkOrder, form: str, watermark: str, *, unmasked: bool) -> list[Any]:
    """One row: the registration fields as an import understands them, then what became of the order."""
    machine = form == "jsonl"
    text = (lambda said: said) if unmasked else mask
    name, phone = _person(order, unmasked=unmasked)
    cells: dict[str, Any] = {
        "content": text(order.content),
        "title": text(order.title),
        "nature": order.nature if machine else Nature(order.nature).label,
        "channel": order.channel if machine else Channel(order.channel).label,
        "received_at": _time(order.received_at, machine=machine),
        "source_id": order.source_id or OWN_PREFIX + order.number,
        "source_number": order.source_number,
        "citizen.name": name,
        "citizen.phone": phone,
        "citizen.title": order.citizen.title,
        "citizen.anonymous": order.citizen.anonymous,
        "place": text(order.place_text),
        "street": order.street_id or "",
        "lat": order.lat,
        "lng": order.lng,
        "matter": order.matter_id or "",
        "urgency": order.urgency if machine else Urgency(order.urgency).label,
        "confidential": order.confidential,
    }
    further = {
        "number": order.number,
        "matter_name": order.matter.name if order.matter else "",
        "street_name": order.street.name if order.street else "",
        "state": order.state if machine else State(order.state).label,
        "outcome": order.outcome if machine or not order.outcome else Outcome(order.outcome).label,
        "lead_unit": order.lead_unit.short if order.lead_unit else "",
        "answer": text(order.answer),
        "closed_at": _time(order.closed_at, machine=machine) if order.closed_at else "",
        "export": watermark,
    }
    cells |= further
    return [cells[name] for name in ORDER]


def _person(order: WorkOrder, *, unmasked: bool) -> tuple[str, str]:
    citizen = order.citizen
    if citizen.key is None:
        return "", ""  # erased
    name = crypto.decrypt(citizen.key, citizen.name_sealed)
    phone = crypto.decrypt(citizen.key, citizen.phone_sealed)
    return (name, phone) if unmasked else (mask_name(name), mask_phone(phone) if phone else "")


def _time(moment: datetime, *, machine: bool) -> str:
    local = clock.local(moment)
    return local.isoformat() if machine else local.replace(tzinfo=None).isoformat(" ")
