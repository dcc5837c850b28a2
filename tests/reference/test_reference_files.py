"""Reference data goes out as files and comes back the same; a wrong row stops everything and says where it stands."""

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from huying.config.reference_files import export, take
from huying.kernel.errors import Invalid
from huying.matters import queries
from huying.matters.models import Duty, LimitRule, Matter
from huying.people.models import Unit
from huying.places.models import Division, Landmark

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2] / "huying"


def text_of(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text("utf-8") for file in folder.rglob("*.csv")}


@pytest.fixture(scope="module")
def exported(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample city, written once."""
    root = tmp_path_factory.mktemp("exported")
    with django_db_blocker.unblock():
        export(root)
    return root


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    shutil.copytree(exported, tmp_path / "out")
    return tmp_path / "out"


def only(folder: Path, file: str) -> None:
    """Throw the other files away: reading all of them again proves nothing more."""
    for other in folder.rglob("*.csv"):
        if other != folder / file:
            other.unlink()


def edit(folder: Path, file: str, change: Callable[[str], str]) -> None:
    path = folder / file
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")


def refused(folder: Path) -> list[tuple[str, str]]:
    before = [(model.__name__, model.objects.count()) for model in (Unit, Division, Landmark, Matter, Duty, LimitRule)]
    with pytest.raises(Invalid) as caught:
        take(folder)
    assert [
        (model.__name__, model.objects.count()) for model in (Unit, Division, Landmark, Matter, Duty, LimitRule)
    ] == before
    return [(item["field"], item["sentence"]) for item in caught.value.details["errors"]]


def test_there_and_back_changes_nothing(folder: Path, tmp_path: Path) -> None:
    taken = take(folder)
    assert not taken.added
    assert not taken.changed
    assert taken.same["内容分类"] == Matter.objects.count()
    assert taken.same["承办单位"] == Unit.objects.count()
    export(tmp_path / "again")
    assert text_of(tmp_path / "again") == text_of(folder)


def test_what_was_changed_meanwhile_is_set_back(folder: Path, tmp_path: Path) -> None:
    Unit.objects.filter(code="610113-cg").update(name="别的名字", parent=None, active=False)
    Division.objects.filter(code="610113006").update(zone="", lat=1, lng=1)
    Landmark.objects.filter(name="后卫寨地铁站").delete()
    Matter.objects.filter(code="010101").update(everyday=[], urgency="critical")
    LimitRule.objects.filter(kind="sign").delete()
    taken = take(folder)
    assert (taken.changed["承办单位"], taken.changed["行政区划"], taken.added["地名"], taken.changed["内容分类"]) == (
        1,
        1,
        1,
        1,
    )
    assert taken.added["时限规则"] == 3
    export(tmp_path / "again")
    again, before = text_of(tmp_path / "again"), text_of(folder)
    for file in before:
        assert sorted(again[file].splitlines()) == sorted(before[file].splitlines()), file


def test_the_shipped_seed_is_such_a_folder(tmp_path: Path) -> None:
    for app in ("people", "places", "matters"):
        shutil.copytree(ROOT / app / "seed", tmp_path / app)
    taken = take(tmp_path)
    assert not taken.added
    assert not taken.changed


def test_one_file_alone_leaves_the_rest_alone(
    tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    limits = tmp_path / "matters" / "limits.csv"
    limits.parent.mkdir()
    limits.write_text("kind,nature,urgency,unit,amount,measure,active\nhandle,report,,,15,working_days,yes\n", "utf-8")
    assert queries.span_for("handle", "report", "normal") is not None
    with django_capture_on_commit_callbacks(execute=True):
        taken = take(tmp_path)
    assert dict(taken.added) == {"时限规则": 1}
    span = queries.span_for("handle", "report", "normal")
    assert span is not None
    assert span.amount == 15, "what was kept is forgotten"


def test_a_changed_line_of_the_catalogue_becomes_its_next_version(folder: Path) -> None:
    edit(folder, "matters/catalogue/01.csv", lambda text: text.replace("占道与店外经营查处", "占道经营查处"))
    only(folder, "matters/catalogue/01.csv")
    assert take(folder).changed["派单目录"] == 1
    before, after = Duty.objects.filter(code="01-007").order_by("version")
    assert (before.name, after.name, after.version) == ("占道与店外经营查处", "占道经营查处", 2)
    assert before.valid_until is not None
    assert before.valid_until < after.valid_from
    assert set(before.matters.all()) == set(after.matters.all())
    assert [line.name for line in queries.catalogue() if line.code == "01-007"] == ["占道经营查处"]
    edit(folder, "matters/catalogue/01.csv", lambda text: text.replace("占道经营查处", "占道查处"))
    take(folder)
    assert Duty.objects.filter(code="01-007").count() == 2, "a version of today is replaced, not piled up"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_files_saved_by_spreadsheet_programs_are_read(folder: Path, encoding: str) -> None:
    file = folder / "people" / "units.csv"
    file.write_bytes(file.read_text("utf-8").replace("\n", "\r\n").encode(encoding))
    only(folder, "people/units.csv")
    assert not take(folder).changed


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "sentence"),
    [
        ("people/units.csv", "city-cgj,", "City cgj,", "第", "编码由小写字母"),
        ("people/units.csv", ",2,department,", ",9,department,", "第", "层级"),
        ("people/units.csv", ",2,department,", ",two,department,", "第", "tier 须为数字"),
        ("people/units.csv", ",2,department,", ",2,army,", "第", "类别"),
        ("people/units.csv", "code,name", "kode,name", "第1行", "缺少列 code"),
        ("people/units.csv", "code,name", "code,extra,name", "第1行", "不认识的列 extra"),
        ("places/divisions.csv", "610102,新城区", "61010,新城区", "第3行", "位数与层级不符"),
        ("places/divisions.csv", ",area,6101,", ",area,9999,", "第3行", "上级“9999”不存在"),
        ("places/divisions.csv", ",34.261,108.942", ",134.261,108.942", "第2行", "经纬度超出范围"),
        ("places/divisions.csv", ",34.261,108.942", ",34.261,", "第2行", "同时填写"),
        ("places/managed.csv", "zone-chanba", "zone-nowhere", "第2行", "没有编码为“zone-nowhere”的开发区"),
        ("places/landmarks.csv", ",metro_station,", ",castle,", "第2行", "没有类别“castle”"),
        ("places/landmarks.csv", ",610112,610112002,", ",610112,610113003,", "第2行", "该区县没有编码"),
        ("matters/groups.csv", "0101,市容秩序", "010,市容秩序", "第3行", "2或4位数字"),
        ("matters/taxonomy/01.csv", "010101,", "990101,", "第2行", "没有上级分类9901"),
        ("matters/taxonomy/01.csv", ",normal,", ",soon,", "第2行", "默认紧急程度"),
        ("matters/taxonomy/01.csv", "010102,", "010101,", "第3行", "重复出现"),
        (
            "matters/catalogue/01.csv",
            "01-001,市容秩序日常监管,0101,",
            "01-001,市容秩序日常监管,0199,",
            "第2行",
            "没有内容分类 0199",
        ),
        ("matters/catalogue/01.csv", ",A:cg,S,", ",U:nowhere,S,", "第2行", "没有编码为“nowhere”的单位"),
        ("matters/catalogue/01.csv", ",A:cg,S,", ",A:cg,A:cg,", "第2行", "主办单位不能同时协办"),
        ("matters/catalogue/01.csv", ",no,", ",maybe,", "第2行", "须为 yes 或 no"),
        ("matters/limits.csv", "working_days", "moons", "", "单位"),
        ("matters/limits.csv", "call_back,", "lunch,", "", "没有这种时限"),
    ],
)
def test_a_wrong_row_stops_everything_and_says_where_it_stands(
    folder: Path, file: str, old: str, new: str, where: str, sentence: str
) -> None:
    edit(folder, file, lambda text: text.replace(old, new, 1))
    only(folder, file)
    errors = refused(folder)
    assert [item for item in errors if item[0].startswith(f"{file} {where}") and sentence in item[1]], errors[:3]


def test_units_do_not_go_round_in_a_circle(folder: Path) -> None:
    edit(
        folder,
        "people/units.csv",
        lambda text: text.replace("610113,", "610113,", 1).replace(",2,area,,", ",2,area,610102,", 1),
    )
    assert any("绕成了一圈" in sentence for _, sentence in refused(folder))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"),
        (b"\xff\xfe\x00\x00\x81", "编码无法识别"),
        (b'code,name\n"0101,x\n', "CSV格式"),
        (b"code,name\n01\n", "列数"),
        (b"a\0b", "编码"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "matters").mkdir()
    (tmp_path / "matters" / "groups.csv").write_bytes(content)
    assert any(sentence in said for _, said in refused(tmp_path))


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    out, err = StringIO(), StringIO()
    call_command("export_reference", tmp_path / "x", stdout=out)
    assert "people/units.csv\t" in out.getvalue()
    call_command("import_reference", tmp_path / "x", stdout=out)
    assert "承办单位：新增0，修改0，未变" in out.getvalue()
    edit(tmp_path / "x", "matters/groups.csv", lambda text: text.replace("0102,", "x,"))
    with pytest.raises(CommandError, match="没有导入任何内容"):
        call_command("import_reference", tmp_path / "x", stderr=err)
    assert "matters/groups.csv 第4行：" in err.getvalue()
    with pytest.raises(CommandError, match="没有基础数据文件"):
        call_command("import_reference", tmp_path / "nothing")
