"""Reading files of every kind, and refusing those that are none, each with its own sentence."""

import importlib
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.intake.files import FileUnusable, Row, csv_rows, open_table, xlsx_rows
from huying.intake.files.formulas import guard, unguard

pa: Any = importlib.import_module("pyarrow")  # untyped
pq: Any = importlib.import_module("pyarrow.parquet")
ZIP_HEAD = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def put(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, **told: Any) -> tuple[list[str], list[Row]]:
    with open_table(path, **told) as table:
        return table.header, list(table.rows())


def cells(path: Path, **told: Any) -> list[list[Any]]:
    return [row.cells for row in read(path, **told)[1]]


def faults(path: Path, **told: Any) -> list[tuple[int, str]]:
    return [(row.number, row.fault[0]) for row in read(path, **told)[1] if row.fault]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    text = end.join(
        [delimiter.join(line) for line in (["编号", "诉求内容"], ["1", "路灯不亮𠮷"], ["2", '"两行\n内容"'])]
    )
    path = put(tmp_path / "a.csv", text.encode(encoding))
    assert read(path)[0] == ["编号", "诉求内容"]
    assert cells(path) == [["1", "路灯不亮𠮷"], ["2", "两行\n内容"]]


def test_a_byte_that_fits_no_encoding_is_a_fault_of_its_row_only(tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb18030"):
        lines = [f"{number},楼下夜里施工".encode(encoding) for number in range(5)]
        lines[2] += b"\xff"
        path = put(tmp_path / f"{encoding}.csv", "编号,内容\n".encode(encoding) + b"\n".join(lines))
        found = cells(path)
        assert [row[0] for row in found] == ["0", "1", "2", "3", "4"]
        assert "\udcff" in found[2][1]
        assert found[3][1] == "楼下夜里施工"


def test_an_encoding_that_is_neither_is_refused(tmp_path: Path) -> None:
    assert refused(put(tmp_path / "a.csv", b"id,text\n1,\xff\xfe\xff\n2,\xff\xff\xff\n")) == "encoding_unknown"


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", 'id,text\n1,好\n2,"没有收尾\n3,好\n4,"也好"\n5,好\n')
    rows = read(path)[1]
    assert [(row.number, row.fault and row.fault[0]) for row in rows] == [
        (2, None),
        (3, "bad_quotes"),
        (4, None),
        (5, None),
        (6, None),
    ]
    assert rows[1].overflow == '2,"没有收尾\n'
    many = put(tmp_path / "b.csv", 'id,text\n1,"没有收尾\n' + "".join(f"{number},好\n" for number in range(2, 40_000)))
    rows = read(many)[1]
    assert (len(rows), faults(many)) == (39_999, [(2, "bad_quotes")])


def test_columns_too_many_or_too_few_are_a_fault(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", "id,text,time\n1,a,b\n2,a\n3,a,b,c\n4,a,b,,\n\n5,a,\n")
    assert faults(path) == [(3, "wrong_columns"), (4, "wrong_columns")]
    assert len(read(path)[1]) == 6


def test_repeated_and_empty_headings_get_labels(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", "内容,内容,,内容 \na,b,c,d\n")
    with open_table(path) as table:
        assert table.header == ["内容", "内容#2", "第3列", "内容#3"]
        assert table.repeated == {"内容"}


def test_titles_above_the_header_are_passed_over_when_told(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", "某市热线工单导出,\n\nid,text\n1,a\n")
    assert read(path, header_row=2)[0] == ["id", "text"]


def test_excel_names_the_delimiter(tmp_path: Path) -> None:
    assert read(put(tmp_path / "a.csv", "sep=;\nid;text\n1;a,b\n"))[0] == ["id", "text"]


def test_a_line_without_end_is_cut_and_faulted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "MAX_LINE", 200_000)
    path = put(tmp_path / "a.csv", "id,text\n1," + "长" * 450_000 + "\n2,好\n")
    assert faults(path) == [(2, "bad_quotes")]
    assert cells(path)[1] == ["2", "好"]


def test_xlsx_values_come_as_they_are_meant(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["\ufeff编号", "内容", "时间", "电话"])
    sheet.append([1, "\ufeff灯不亮_x000D_\n请修", datetime(2019, 1, 2, 3, 4, 5), 13800000001.0])
    sheet.append([])
    sheet.append([2, "=1+1", 43467.5, None])
    sheet.append([3, "#REF!", None, None])
    sheet.append([4, "a", None, None, None, "表外"])
    book.create_sheet("备用")
    book.save(tmp_path / "a.xlsx")
    header, rows = read(tmp_path / "a.xlsx")
    assert header == ["编号", "内容", "时间", "电话"]
    assert rows[0].cells == [1, "灯不亮\r\n请修", datetime(2019, 1, 2, 3, 4, 5), 13800000001]
    assert rows[1].blank()
    assert [(row.number, row.fault and row.fault[0]) for row in rows[2:]] == [
        (4, None),
        (5, "cell_error"),
        (6, "wrong_columns"),
    ]
    with open_table(tmp_path / "a.xlsx") as table:
        assert "备用" in table.notes[0]
    assert refused(tmp_path / "a.xlsx", sheet="没有") == "no_such_sheet"
    assert refused(tmp_path / "a.xlsx", sheet="备用") == "no_header"


def test_parquet_times_with_and_without_zone(tmp_path: Path) -> None:
    moment = datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC)
    table = pa.table(
        {
            "id": pa.array([1, 2], pa.int64()),
            "naive": pa.array([moment.replace(tzinfo=None), None], pa.timestamp("ns")),
            "aware": pa.array([moment, None], pa.timestamp("us", "Asia/Shanghai")),
            "tags": pa.array([["a"], None], pa.list_(pa.string())),
            "float": pa.array([1.0, float("nan")]),
            "bytes": pa.array([b"\xff", "好".encode()], pa.binary()),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    rows = read(tmp_path / "a.parquet")[1]
    assert rows[0].fault is not None
    assert rows[0].fault[0] == "bad_encoding"
    assert rows[0].cells[:5] == [1, moment.replace(tzinfo=None), moment, '["a"]', 1]
    assert rows[1].cells == [2, None, None, None, None, "好"]


def test_json_lines_are_flattened_and_bad_lines_are_faults(tmp_path: Path) -> None:
    lines = [
        '{"content": "a", "citizen": {"phone": "1"}}',
        "",
        '{"content": "b", "more": [1]}',
        "{",
        "[1]",
        '{"content": 1' + "}",
        "[" * 100_000,
    ]
    header, rows = read(put(tmp_path / "a.jsonl", "\n".join(lines)))
    assert header == ["content", "citizen.phone", "more"]
    assert [row.cells for row in rows if not row.fault] == [["a", "1", None], ["b", None, "[1]"], [1, None, None]]
    assert [(row.number, row.fault[0]) for row in rows if row.fault] == [
        (4, "bad_json"),
        (5, "bad_json"),
        (7, "bad_json"),
    ]


def refused(path: Path, **told: Any) -> str:
    with pytest.raises(FileUnusable) as fault:
        read(path, **told)
    assert fault.value.sentence
    assert any("\u4e00" <= character <= "\u9fff" for character in fault.value.sentence)
    return fault.value.code


def bomb(path: Path) -> None:
    openpyxl.Workbook().save(path)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/zero.bin", "w", force_zip64=True) as part,
    ):
        for _ in range(70):
            part.write(bytes(1024 * 1024))


def zipped(name: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "x")

    return make


def written(content: bytes | str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        put(path, content)

    return make


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("missing.csv", lambda path: None, "file_missing"),
        ("folder", Path.mkdir, "is_folder"),
        ("empty.csv", written(""), "empty_file"),
        ("bom.csv", written(b"\xef\xbb\xbf \r\n"), "empty_file"),
        ("commas.csv", written(",,,\n,,,\n"), "no_header"),
        ("a.csv", bomb, "wrong_type"),
        ("a.xlsx", written("id,content\n1,a\n"), "wrong_type"),
        ("a.parquet", written("id,content\n1,a\n"), "wrong_type"),
        ("a.csv", written('{"content": "a"}\n'), "wrong_type"),
        ("a.jsonl", written("id,content\n"), "wrong_type"),
        ("a.json", written('[{"content": "a"}]'), "json_array"),
        ("a.xlsx", written(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")), "encrypted_xlsx"),
        ("a.xls", written(OLE + bytes(600)), "old_xls"),
        ("a.xls", written("<html><table><tr><td>1</td></tr></table>"), "wrong_type"),
        ("a.csv", written("id,content\n1,a\n".encode("utf-16")), "utf_16"),
        ("a.csv", written("id,content\n1,a\n".encode("utf-16-le")), "not_a_table"),
        ("a.pdf", written(b"%PDF-1.7"), "wrong_type"),
        ("a.csv.gz", written(b"\x1f\x8b\x08"), "compressed"),
        ("a.zip", zipped("a.csv"), "compressed"),
        ("a.docx", zipped("word/document.xml"), "wrong_type"),
        ("a.xlsx", written(ZIP_HEAD + b"broken"), "broken_xlsx"),
        ("a.xlsx", zipped("xl/workbook.xml"), "broken_xlsx"),
        ("a.parquet", written(b"PAR1 broken"), "broken_parquet"),
        ("a.jsonl", written("{\n"), "no_header"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    tmp_path: Path, name: str, make: Callable[[Path], None], code: str
) -> None:
    make(tmp_path / name)
    assert refused(tmp_path / name) == code


def test_a_zip_bomb_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_rows, "MAX_UNPACKED", 64 * 1024 * 1024)
    bomb(tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").stat().st_size < 1024 * 1024
    assert refused(tmp_path / "a.xlsx") == "zip_bomb"


def test_kinds_are_known_by_content_without_an_ending(tmp_path: Path) -> None:
    put(tmp_path / "one", '{"content": "a"}')
    put(tmp_path / "two", "id,content\n1,a\n")
    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    (tmp_path / "book.xlsx").rename(tmp_path / "three")
    pq.write_table(pa.table({"content": ["a"]}), tmp_path / "four")
    for name, kind in (("one", "jsonl"), ("two", "csv"), ("four", "parquet")):
        with open_table(tmp_path / name) as table:
            assert table.kind == kind
    assert refused(tmp_path / "three") == "no_header"


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("'=+-@\t\r＝＠a中 "), max_size=8))
def test_the_formula_guard_can_be_undone(text: str) -> None:
    guarded = guard(text)
    assert unguard(guarded) == text
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["content", "id", "x.y"]), st.text(max_size=20), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_json_rows_are_never_lost(objects: list[dict[str, str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder) / "a.jsonl", "\n".join(json.dumps(item) for item in objects))
        assert len(read(path)[1]) == len(objects)
