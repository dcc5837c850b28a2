"""Exporting: what a person may see, masked unless permitted, on record; and what comes back in is the same."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from huying.intake.exporting import FILTERS, export, exports_of, header
from huying.intake.files import FileUnusable, open_table
from huying.intake.importing import Options, run
from huying.intake.models import ExportRecord
from huying.kernel import clock, crypto
from huying.kernel.errors import Forbidden, Invalid
from huying.orders import reading
from huying.orders.flow import Actor
from huying.orders.models import Event, WorkOrder
from huying.orders.operations import register
from huying.orders.operations.registering import Submission
from huying.people.models import Staff

pytestmark = pytest.mark.django_db
PHONE, NAME = "13800005678", "杨试试"


def actor(name: str) -> Actor:
    return reading.actor_of(Staff.objects.select_related("unit").get(username=name))


def made(**changes: Any) -> WorkOrder:
    told: dict[str, Any] = {
        "channel": "web", "nature": "complaint", "title": "=1+1夜市占道", "content": f"-摊位占道，\n请回电{PHONE}，'=引号", "matter": "010201",
        "place_text": "雁塔区某某路口", "street": "610113003", "lat": 34.2, "lng": 108.9, "citizen_name": NAME, "citizen_phone": PHONE,
        "citizen_title": "先生", "urgency": "urgent", "source_id": "W1", "source_number": "原1",
    }  # fmt: skip
    return register(Submission(**(told | changes)), by=reading.SYSTEM)


def rows(path: Path) -> list[dict[str, Any]]:
    with open_table(path) as table:
        return [dict(zip(table.header, row.cells, strict=True)) for row in table.rows()]


def registration(order: WorkOrder) -> tuple[Any, ...]:
    citizen = order.citizen
    return (
        order.channel, order.nature, order.title, order.content, order.matter_id, order.place_text, order.street_id,
        order.area_id, order.lat, order.lng, order.urgency, order.confidential, order.source_number, order.received_at,
        crypto.decrypt(citizen.key, citizen.name_sealed), crypto.decrypt(citizen.key, citizen.phone_sealed), citizen.title,
        citizen.anonymous,
    )  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_what_was_exported_comes_back_the_same(tmp_path: Path, form: str) -> None:
    orders = [
        made(), made(source_id=None, content="@没有来源编号\t的", urgency="normal", lat=None, lng=None, citizen_name="", citizen_phone=""),
        made(source_id="W3", nature="report", anonymous=True, street=None, matter=None, place_text="", channel="phone"),
    ]  # fmt: skip
    before = {registration(WorkOrder.objects.select_related("citizen").get(pk=order.pk)) for order in orders}
    path = tmp_path / f"all.{form}"
    done = export(path, {}, by=actor("chief"), unmasked=True, reason="迁移到新系统")
    assert done.count == 3
    # back into the system they came from: all are known
    here = run(path, None, Options(), by=reading.SYSTEM)
    assert (here.registered, here.already, here.rejects_count) == (0, 3, 0)
    # into another system, played by the same one under other ids
    for order in orders:
        WorkOrder.objects.filter(pk=order.pk).update(source_id=f"old{order.pk}", number=f"0{order.pk:014d}")
    there = run(path, None, Options(), by=reading.SYSTEM)
    assert (there.registered, there.rejects_count) == (3, 0)
    fresh = WorkOrder.objects.select_related("citizen").exclude(pk__in=[order.pk for order in orders])
    assert {registration(order) for order in fresh} == before


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_personal_data_are_masked_in_fields_and_texts(tmp_path: Path, form: str) -> None:
    order = made()
    WorkOrder.objects.filter(pk=order.pk).update(answer=f"已联系{PHONE}")
    path = tmp_path / f"all.{form}"
    export(path, {}, by=actor("analyst"))
    row = rows(path)[0]
    values = " ".join(str(value) for value in row.values())
    assert PHONE not in values
    assert NAME not in values
    assert "138****5678" in values
    assert "杨**" in values
    outcome = run(path, None, Options(), by=reading.SYSTEM)
    assert dict(outcome.rejected) == {"masked_value": 1}


def test_the_record_says_who_took_what_out_and_when(tmp_path: Path) -> None:
    order, other = made(), made(source_id="W2", nature="consult")
    by = actor("chief")
    done = export(
        tmp_path / "a.csv", {"nature": "complaint", "phone": PHONE}, by=by, unmasked=True, reason="上级要求核查"
    )
    record = ExportRecord.objects.get(pk=done.record)
    assert (record.staff_id, record.actor_name, record.count, record.unmasked, record.reason) == (
        by.id,
        by.name,
        1,
        True,
        "上级要求核查",
    )
    assert record.filters["nature"] == "complaint"
    assert PHONE not in json.dumps(record.filters)
    assert (record.orders, bool(record.finished_at), len(record.sha256)) == ([order.pk], True, 64)
    assert [found.pk for found in exports_of(order)] == [done.record]
    assert list(exports_of(other)) == []
    masked = export(tmp_path / "b.csv", {}, by=by)
    assert ExportRecord.objects.get(pk=masked.record).orders == []
    assert Event.objects.filter(order=order).count() == 1  # no event on each order


def test_every_file_says_who_made_it(tmp_path: Path) -> None:
    made()
    by = actor("analyst")
    for form in ("csv", "xlsx", "jsonl"):
        done = export(tmp_path / f"a.{form}", {}, by=by)
        assert by.name in done.watermark
        assert rows(tmp_path / f"a.{form}")[0]["导出批次" if form != "jsonl" else "order.export"] == done.watermark
        assert (tmp_path / f"a.{form}").stat().st_mode & 0o077 == 0
    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[-1].startswith("#水印 E")
    properties = openpyxl.load_workbook(tmp_path / "a.xlsx").properties
    assert (properties.creator, "已脱敏" in str(properties.description)) == (by.name, True)


def test_a_csv_runs_no_formula(tmp_path: Path) -> None:
    made()
    export(tmp_path / "a.csv", {}, by=actor("chief"))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert (row["标题"][:2], row["诉求内容"][:2]) == ("'=", "'-")
    export(tmp_path / "a.xlsx", {}, by=actor("chief"))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


@pytest.mark.parametrize(
    ("who", "told", "kind"),
    [
        ("operator", {}, Forbidden),
        ("analyst", {"unmasked": True, "reason": "要看原始数据"}, Forbidden),
        ("chief", {"unmasked": True, "reason": " 无  "}, Invalid),
        ("chief", {"unmasked": True}, Invalid),
        ("chief", {"form": "pdf"}, Invalid),
        ("chief", {"filters": {"colour": "red"}}, Invalid),
        ("chief", {"filters": {"nature": "bad"}}, Invalid),
    ],
)
def test_refusals_leave_no_file_and_no_record(
    tmp_path: Path, who: str, told: dict[str, Any], kind: type[Exception]
) -> None:
    made()
    with pytest.raises(kind):
        export(tmp_path / "a.csv", told.pop("filters", {}), by=actor(who), **told)
    assert list(tmp_path.iterdir()) == []
    assert not ExportRecord.objects.exists()


def test_the_platform_itself_takes_nothing_confidential_or_unmasked(tmp_path: Path) -> None:
    made(nature="report")
    made(source_id="W2")
    assert export(tmp_path / "a.csv", {}, by=reading.SYSTEM).count == 1
    with pytest.raises(Forbidden):
        export(tmp_path / "b.csv", {}, by=reading.SYSTEM, unmasked=True, reason="不写明是谁不行")


def test_confidential_orders_only_for_those_who_may(tmp_path: Path) -> None:
    made(nature="report")
    assert export(tmp_path / "a.csv", {}, by=actor("analyst")).count == 0
    assert export(tmp_path / "b.csv", {}, by=actor("chief")).count == 1


def test_files_are_not_overwritten_and_unwritable_places_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("重要")
    for path, code in ((tmp_path / "a.csv", "file_exists"), (tmp_path / "none" / "a.csv", "file_unwritable")):
        with pytest.raises(FileUnusable) as fault:
            export(path, {}, by=actor("chief"))
        assert fault.value.code == code
    assert (tmp_path / "a.csv").read_text() == "重要"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_an_export_that_breaks_leaves_a_record_and_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made()
    monkeypatch.setattr(
        "huying.intake.exporting._digest", lambda path: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(FileUnusable):
        export(tmp_path / "a.csv", {}, by=actor("chief"), unmasked=True, reason="测试中断的导出")
    assert list(tmp_path.iterdir()) == []
    record = ExportRecord.objects.get()
    assert (record.count, record.sha256, len(record.orders)) == (1, "", 1)


def test_a_citizen_that_was_erased_stays_so(tmp_path: Path) -> None:
    order = made()
    order.citizen.key = None
    order.citizen.save(update_fields=["key"])
    export(tmp_path / "a.csv", {}, by=actor("chief"), unmasked=True, reason="核对已删除的人")
    assert rows(tmp_path / "a.csv")[0]["姓名"] == ""


def test_headings_are_unique_and_filters_those_of_the_list() -> None:
    for form in ("csv", "jsonl"):
        assert len(set(header(form))) == len(header(form)) == 27
    assert {"q", "state", "from", "to", "mine", "queue"} <= set(FILTERS)
    assert "cursor" not in FILTERS


def test_the_command(tmp_path: Path) -> None:
    made(received_at=clock.now())
    out, err = StringIO(), StringIO()
    call_command(
        "export_orders", str(tmp_path / "a.csv"), "--by", "chief", "--nature", "complaint", stdout=out, stderr=err
    )
    assert "导出1张工单" in out.getvalue()
    with pytest.raises(SystemExit) as end:
        call_command("export_orders", str(tmp_path / "b.csv"), "--by", "operator", stdout=out, stderr=err)
    assert (end.value.code, "没有“导出”的权限" in err.getvalue()) == (2, True)
