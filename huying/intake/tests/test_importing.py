"""Importing: every row ends as an order, as one that was there, or in the rejects file with its reason."""

import csv
import importlib
import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import DataError, OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huying.intake.files import FileUnusable
from huying.intake.importing import MappingWrong, Options, Outcome, load_mapping, run, running
from huying.intake.importing.mapping import SHIPPED, understood
from huying.kernel import clock, crypto
from huying.kernel.errors import Forbidden, Invalid
from huying.orders import reading
from huying.orders.models import Event, WorkOrder
from huying.orders.operations import register_many
from huying.people.models import Staff

pytestmark = pytest.mark.django_db
pa: Any = importlib.import_module("pyarrow")  # untyped
pq: Any = importlib.import_module("pyarrow.parquet")
SAMPLE = SHIPPED.parent / "sample_orders.csv"
SAMPLE_MAPPING = SHIPPED / "sample_orders.toml"
HEAD = "编号,受理时间,性质,诉求内容,电话\n"


def put(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def went(path: Path, **told: Any) -> Outcome:
    outcome = run(path, None, Options(**told), by=reading.SYSTEM)
    assert outcome.read == outcome.registered + outcome.already + outcome.rejects_count
    return outcome


def rejects(outcome: Outcome) -> list[dict[str, str]]:
    assert outcome.rejects is not None
    with outcome.rejects.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def sample_rows() -> list[dict[str, str]]:
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def as_gb18030(rows: list[dict[str, str]], folder: Path) -> Path:
    path = folder / "sample.csv"
    path.write_bytes(SAMPLE.read_bytes().decode().encode("gb18030"))
    return path


def as_xlsx(rows: list[dict[str, str]], folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(folder / "sample.xlsx")
    return folder / "sample.xlsx"


def as_json_lines(rows: list[dict[str, str]], folder: Path) -> Path:
    return put(folder / "sample.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def as_parquet(rows: list[dict[str, str]], folder: Path) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), folder / "sample.parquet")
    return folder / "sample.parquet"


def as_it_is(rows: list[dict[str, str]], folder: Path) -> Path:
    return SAMPLE


@pytest.mark.parametrize("make", [as_it_is, as_gb18030, as_xlsx, as_json_lines, as_parquet])
def test_the_sample_goes_in_whole_from_every_kind_of_file(
    tmp_path: Path, make: Callable[[list[dict[str, str]], Path], Path]
) -> None:
    path, mapping = make(sample_rows(), tmp_path), load_mapping(SAMPLE_MAPPING)
    options = Options(rejects=tmp_path / "rejects.csv", batch=7)
    outcome = run(path, mapping, options, by=reading.SYSTEM)
    assert (outcome.read, outcome.registered, outcome.rejects, outcome.stopped) == (40, 40, None, "")
    assert not (tmp_path / "rejects.csv").exists()
    first = WorkOrder.objects.select_related("citizen", "street").get(source_id="SX250301")
    assert (first.channel, first.nature, first.title, first.source_number) == ("web", "help", "路灯不亮", "SX250301")
    assert (first.street_id, first.area_id, first.place_text) == ("610113003", "610113", "样例路2号")
    assert clock.local(first.received_at).isoformat() == "2025-03-02T08:01:00+08:00"
    assert crypto.decrypt(first.citizen.key, first.citizen.phone_sealed) == "13800000001"
    reported = WorkOrder.objects.select_related("citizen").get(source_id="SX250310")
    assert (reported.nature, reported.confidential, reported.citizen.anonymous) == ("report", True, True)
    assert "两行" not in reported.content
    assert "\n" in WorkOrder.objects.get(source_id="SX250339").content
    event = Event.objects.get(order=first)
    assert (event.content["name"], event.actor_name) == (path.name, "系统")
    again = run(path, mapping, options, by=reading.SYSTEM)
    assert (again.registered, again.already, again.rejects_count) == (0, 40, 0)


BAD_ROWS = [
    ("1,2019/1/2 3:04:05,投诉,,1", "content_missing"),
    ("1,明天,投诉,内容,", "bad_time"),
    ("1,2099-01-01,投诉,内容,", "received_in_future"),
    ("1,1900-01-00,投诉,内容,", "bad_time"),
    ("1,,投诉,内容,", "time_missing"),
    ("1,2019-01-01,抱怨,内容,", "unknown_nature"),
    ("1,2019-01-01,投诉,内容,12", "bad_phone"),
    ("1,2019-01-01,投诉,内容,138****5678", "masked_value"),
    ("1.23457E+17,2019-01-01,投诉,内容,", "number_shortened"),
    ("1,2019-01-01,投诉,内\x00容,", "bad_text"),
    ("1,2019-01-01,投诉,内\udcff容,", "bad_encoding"),
    ("1,2019-01-01,投诉," + "长" * 100_000 + ",", "text_too_long"),
    ("1,2019-01-01,投诉," + "长" * 140_000 + ",", "bad_quotes"),
    ("1,2019-01-01,投诉,内容", "wrong_columns"),
    ("1,2019-01-01,投诉,内容,,多", "wrong_columns"),
    ('1,2019-01-01,投诉,"内容,', "bad_quotes"),
    ("9" * 101 + ",2019-01-01,投诉,内容,", "text_too_long"),
]


@pytest.mark.parametrize(("line", "code"), BAD_ROWS)
def test_a_bad_row_is_rejected_with_its_reason_and_the_others_go_in(tmp_path: Path, line: str, code: str) -> None:
    good = "G{},2019-01-01 0:00,投诉,好的内容{},\n"
    outcome = went(put(tmp_path / "a.csv", HEAD + good.format(1, 1) + line + "\n" + good.format(2, 2)))
    assert (outcome.read, outcome.registered, dict(outcome.rejected)) == (3, 2, {code: 1})
    row = rejects(outcome)[0]
    assert (row["_行号"], row["_错误代码"]) == ("3", code)
    assert any("\u4e00" <= character <= "\u9fff" for character in row["_原因"])


def test_lone_surrogates_of_json_are_rejected(tmp_path: Path) -> None:
    lines = [{"content": "内\ud800容", "nature": "help"}, {"content": "好", "nature": "help"}]
    outcome = went(put(tmp_path / "a.jsonl", "\n".join(json.dumps(line) for line in lines)))
    assert dict(outcome.rejected) == {"bad_text": 1}
    assert "\ufffd" in rejects(outcome)[0]["content"]


def test_rejects_are_corrected_and_imported_again(tmp_path: Path) -> None:
    path = put(
        tmp_path / "a.csv",
        HEAD + "1,昨天,投诉,=1+1是公式,13800000001\n2,2019-01-01,投诉,内容,,多\n3,2019-01-01,投诉,好,\n",
    )
    first = went(path)
    assert first.rejects == tmp_path / "a.rejects.csv"
    text = first.rejects.read_text("utf-8")
    assert text.startswith("\ufeff")
    assert "'=1+1" in text
    untouched = went(first.rejects, rejects=tmp_path / "second.csv")
    assert dict(untouched.rejected) == {"bad_time": 1, "overflow_left": 1}
    put(tmp_path / "c.csv", text.replace("昨天", "2019-01-02").replace(",多", ","))
    corrected = went(tmp_path / "c.csv", rejects=tmp_path / "third.csv")
    assert (corrected.registered, corrected.rejects) == (2, None)
    assert set(WorkOrder.objects.values_list("source_id", "content")) == {
        ("1", "=1+1是公式"),
        ("2", "内容"),
        ("3", "好"),
    }


def test_an_existing_rejects_file_is_never_overwritten(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", HEAD + "1,昨天,投诉,内容,\n")
    put(tmp_path / "a.rejects.csv", "正在改正")
    assert went(path).rejects == tmp_path / "a.rejects.2.csv"
    assert (tmp_path / "a.rejects.csv").read_text() == "正在改正"


def test_rejects_that_cannot_be_written_stop_the_import_before_it_begins(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", HEAD + "1,2019-01-01,投诉,内容,\n")
    with pytest.raises(FileUnusable) as fault:
        went(path, rejects=path / "r.csv")
    assert fault.value.code == "rejects_unwritable"
    assert not WorkOrder.objects.exists()


def test_rows_without_an_id_are_known_by_what_they_say(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", "受理时间,性质,内容\n2019-01-01,投诉,甲\n2019-01-01,投诉,乙\n2019-01-01,投诉,甲\n")
    assert (went(path).registered, went(path).already) == (2, 3)
    again = put(tmp_path / "b.csv", "内容,性质,受理时间\n甲,投诉,2019年1月1日\n")
    assert went(again).already == 1
    assert all(str(source).startswith("row:") for source in WorkOrder.objects.values_list("source_id", flat=True))


def test_one_id_with_two_texts_is_a_conflict_not_a_repetition(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", HEAD + "1,2019-01-01,投诉,甲,\n1,2019-01-01,投诉,乙,\n1,2019-01-01,投诉,甲 ,\n")
    outcome = went(path)
    assert (outcome.registered, outcome.already, dict(outcome.rejected)) == (1, 1, {"source_conflict": 1})
    WorkOrder.objects.update(content="改过的内容")
    order = WorkOrder.objects.get()
    assert went(path).rejected["source_conflict"] == 3
    from huying.orders import history

    history.record(order, "correct", by=reading.SYSTEM, told={})
    assert (went(path).already, went(path).rejects_count) == (3, 0)


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", HEAD + "1,2019-01-01,投诉,甲,\n2,昨天,投诉,乙,\n")
    outcome = went(path, dry_run=True)
    assert (outcome.registered, outcome.rejects_count) == (1, 1)
    assert not WorkOrder.objects.exists()


def test_names_of_matters_and_streets_stand_for_their_codes(tmp_path: Path) -> None:
    from huying.matters.models import Matter

    leaf = Matter.objects.get(code="010201")
    lines = f"投诉,甲,{leaf.name},雁塔区长延堡街道\n投诉,乙,没有这类,\n投诉,丙,999999,\n投诉,丁,,没有这条街道\n"
    outcome = went(put(tmp_path / "a.csv", "性质,内容,内容分类,街道\n" + lines))
    assert dict(outcome.rejected) == {"unknown_matter": 2, "unknown_street": 1}
    order = WorkOrder.objects.get()
    assert (order.matter_id, order.street_id) == ("010201", "610113003")


def test_constants_defaults_joins_value_maps_and_formats(tmp_path: Path) -> None:
    mapping = understood(
        {
            "columns": {
                "content": ["what", "more"], "title": {"first": ["t1", "t2"]}, "place": {"join": ["area", "street"], "with": "，"},
                "nature": "kind", "received_at": "when", "citizen.anonymous": "hidden",
            },
            "constants": {"channel": "留言板"}, "defaults": {"nature": "咨询", "received_at": "now"},
            "values": {"nature": {"抱怨": "complaint", "*": "help"}, "citizen.anonymous": {"H": True}},
            "formats": {"received_at": "%d/%m/%Y"},
        },
        "m",
    )  # fmt: skip
    text = "what,more,t1,t2,area,street,kind,when,hidden\n甲,乙,,题,东,西,抱怨,02/01/2019,H\n丙,,头,题,,西,其他,,否\n丁,,头,题,,,,,x\n戊,,头,,,,,,\n"
    outcome = run(put(tmp_path / "a.csv", text), mapping, Options(), by=reading.SYSTEM)
    assert dict(outcome.rejected) == {"bad_yes_no": 1}
    rows = {row.content: row for row in WorkOrder.objects.select_related("citizen")}
    one = rows["甲\n乙"]
    assert (one.title, one.place_text, one.nature, one.channel, one.citizen.anonymous) == (
        "题",
        "东，西",
        "complaint",
        "board",
        True,
    )
    assert clock.local(one.received_at).date().isoformat() == "2019-01-02"
    assert (rows["丙"].title, rows["丙"].nature, rows["戊"].nature) == ("头", "help", "consult")
    assert clock.now() - rows["丙"].received_at < timedelta(hours=1)


def test_who_may_import(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", HEAD + "1,2019-01-01,投诉,内容,\n")
    operator = reading.actor_of(Staff.objects.get(username="operator"))
    with pytest.raises(Forbidden):
        run(path, None, Options(), by=operator)
    admin = reading.actor_of(Staff.objects.get(username="admin"))
    assert run(path, None, Options(), by=admin).registered == 1
    assert WorkOrder.objects.get().operator_id == admin.id


@pytest.mark.parametrize(
    ("told", "code"),
    [({"batch": 0}, "bad_batch"), ({"batch": 10**9}, "bad_batch"), ({"channel": "fax"}, "unknown_channel")],
)
def test_wrong_options(tmp_path: Path, told: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as fault:
        went(put(tmp_path / "a.csv", HEAD), **told)
    assert fault.value.code == code


def test_a_mapping_must_say_the_nature(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", "内容\n甲\n")
    with pytest.raises(MappingWrong) as fault:
        run(path, understood({"columns": {"content": "内容"}}, "m"), Options(), by=reading.SYSTEM)
    assert fault.value.code == "no_nature"
    assert went(path, channel="media").registered == 1
    assert WorkOrder.objects.get().channel == "media"


def test_a_row_that_the_database_refuses_does_not_keep_its_batch_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = register_many

    def picky(submissions: Any, *, by: Any) -> Any:
        if any(submission.content == "毒" for submission in submissions):
            raise DataError("no")
        return honest(submissions, by=by)

    monkeypatch.setattr(running, "register_many", picky)
    outcome = went(put(tmp_path / "a.csv", "性质,内容\n投诉,甲\n投诉,毒\n投诉,乙\n"))
    assert (outcome.registered, dict(outcome.rejected)) == (2, {"database_refused": 1})


def test_a_lost_database_stops_the_run_and_the_next_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, calls = register_many, count()

    def failing(submissions: Any, *, by: Any) -> Any:
        if next(calls) == 1:
            raise OperationalError("gone")
        return honest(submissions, by=by)

    path = put(tmp_path / "a.csv", "性质,内容\n" + "".join(f"投诉,第{number}行\n" for number in range(10)))
    with monkeypatch.context() as patch:
        patch.setattr(running, "register_many", failing)
        broken = went(path, batch=4)
    assert (broken.read, broken.registered, "数据库" in broken.stopped) == (4, 4, True)
    whole = went(path, batch=4)
    assert (whole.registered, whole.already) == (6, 4)


def test_a_damaged_end_stops_the_run_after_what_could_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huying.intake.files.json_rows import JsonTable

    honest = JsonTable.rows

    def damaged(table: JsonTable) -> Any:
        yield from honest(table)
        raise FileUnusable("broken_parquet", "文件已损坏")

    monkeypatch.setattr(JsonTable, "rows", damaged)
    outcome = went(put(tmp_path / "a.jsonl", '{"content": "甲", "nature": "help"}'))
    assert (outcome.registered, outcome.stopped) == (1, "文件已损坏")


def said(*arguments: Any) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_orders", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_says_what_became_of_the_rows(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", HEAD + "1,2019-01-01,投诉,甲,\n2,昨天,投诉,乙,\n\n")
    code, out, err = said(path, "--by", "admin")
    assert (code, "读到2行：登记1行，此前已登记0行，退回1行；另有空行1行" in out, "bad_time" in out) == (1, True, True)
    assert "按表头自动对应" in err
    assert "\r" not in err  # no progress bar where there is no terminal
    path.write_text(HEAD + "1,2019-01-01,投诉,甲,\n", encoding="utf-8")
    assert said(path)[0] == 0
    code, out, err = said(SAMPLE, "--propose")
    assert (code, 'content = "诉求详情"' in out) == (0, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["missing.csv"],
        [SAMPLE, "--mapping", "missing.toml"],
        [SAMPLE, "--by", "nobody"],
        [SAMPLE, "--by", "operator"],
        [SAMPLE, "--batch", "0"],
    ],
)
def test_the_command_ends_with_2_and_a_sentence_when_nothing_can_be_done(arguments: list[Any]) -> None:
    code, _, err = said(*arguments)
    assert code == 2
    assert any("\u4e00" <= character <= "\u9fff" for character in err)
    assert "Traceback" not in err


MANGLES = (
    "ok",
    "quote",
    "open",
    "short",
    "long",
    "byte",
    "null",
    "blank",
    "twice",
    "other_text",
    "huge",
    "lines",
    "future",
    "surrogate",
)
_examples = count()


def mangled(kind: str, token: str, number: int) -> str:
    """One row, spoilt in one way; its token stays readable."""
    row = f"{token},2019-01-01,投诉,{token}内容,"
    return {
        "ok": row, "quote": f'{token},2019-01-01,投诉,{token}内"容",', "open": f'{token},2019-01-01,投诉,"{token}内容,',
        "short": f"{token},2019-01-01,投诉{token}", "long": row + "多,出", "byte": row.replace("容", "容\udcff"),
        "null": row.replace("容", "\x00"), "blank": "\n" + row, "twice": row + "\n" + row,
        "other_text": row + "\n" + row.replace("内容", "其他"), "huge": row.replace("容", "长" * 132_000),
        "lines": f'{token},2019-01-01,投诉,"{token}内\n\n容",', "future": row.replace("2019", "2999"),
        "surrogate": row.replace("容", "\udced\udca0\udc80"),
    }[kind]  # fmt: skip


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    kinds=st.lists(st.sampled_from(MANGLES), min_size=1, max_size=12), encoding=st.sampled_from(["utf-8", "gb18030"])
)
def test_no_row_is_lost_however_spoilt_the_file(tmp_path: Path, kinds: list[str], encoding: str) -> None:
    example = next(_examples)
    tokens = [f"X{example}R{number}T" for number in range(len(kinds))]
    lines = [mangled(kind, token, number) for number, (kind, token) in enumerate(zip(kinds, tokens, strict=True))]
    folder = tmp_path / str(example)
    folder.mkdir()
    path = folder / "a.csv"
    path.write_bytes((HEAD + "\n".join(lines)).encode(encoding, "surrogateescape"))
    try:
        outcome = went(path, batch=3)
    except FileUnusable:  # most lines fit no encoding: refused as a whole, nothing taken in
        assert not WorkOrder.objects.filter(content__contains=f"X{example}R").exists()
        assert {"byte", "surrogate"} & set(kinds)
        return
    assert outcome.stopped == ""
    stored = "\n".join(WorkOrder.objects.filter(content__contains=f"X{example}R").values_list("content", flat=True))
    refused = outcome.rejects.read_text("utf-8") if outcome.rejects else ""
    for token in tokens:
        assert token in stored or token in refused
    for kind, token in zip(kinds, tokens, strict=True):
        if kind == "ok" and "open" not in kinds:
            assert f"{token}内容" in stored
    assert outcome.registered == WorkOrder.objects.filter(content__contains=f"X{example}R").count()
    again = went(path, batch=5, rejects=folder / "again.csv")
    assert (again.registered, again.already, again.rejects_count) == (
        0,
        outcome.registered + outcome.already,
        outcome.rejects_count,
    )
