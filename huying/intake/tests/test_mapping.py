"""Mapping files: understood, proposed, or refused by a sentence that names what is wrong."""

from pathlib import Path

import pytest

from huying.intake.importing import MappingWrong, load_mapping, proposed, written
from huying.intake.importing.mapping import SHIPPED, Mapping


def loaded(folder: Path, text: str) -> Mapping:
    (folder / "m.toml").write_text(text, encoding="utf-8")
    return load_mapping(folder / "m.toml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_editors_may_save_it_in_any_of_three_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "m.toml").write_bytes('[columns]\r\ncontent = "内容"\r\n'.encode(encoding))
    assert load_mapping(tmp_path / "m.toml").columns["content"].columns == ("内容",)


@pytest.mark.parametrize("name", [file.stem for file in SHIPPED.glob("*.toml")])
def test_shipped_mappings_are_found_by_name(name: str) -> None:
    assert load_mapping(Path(name)).columns["content"]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("[columns]\ncontent = 内容", "mapping_unreadable", "双引号"),
        ('[columns]\ntitle = "标题"', "no_content_column", "诉求内容"),
        ('[colums]\ncontent = "a"', "mapping_wrong", "colums"),
        ("columns = 1", "mapping_wrong", "段落"),
        ("[columns]\ncontent = 1", "mapping_wrong", "content"),
        ('[columns]\ncontent = { first = ["a"], join = ["b"] }', "mapping_wrong", "content"),
        ('[columns]\ncontent = "a"\ncontnt = "b"', "mapping_wrong", "contnt"),
        ('[columns]\ncontent = "a"\n[constants]\nnature = "抱怨"', "mapping_wrong", "抱怨"),
        ('[columns]\ncontent = "a"\nnature = "b"\n[constants]\nnature = "投诉"', "mapping_wrong", "defaults"),
        ('[columns]\ncontent = "a"\n[constants]\nsource_id = "1"', "mapping_wrong", "source_id"),
        ('[columns]\ncontent = "a"\n[defaults]\nreceived_at = "2019-01-01"', "mapping_wrong", "now"),
        ('[columns]\ncontent = "a"\n[formats]\nreceived_at = "yyyy"', "mapping_wrong", "formats"),
        ('[columns]\ncontent = "a"\n[values.nature]\n"坏" = "bad"', "mapping_wrong", "bad"),
        ('[columns]\ncontent = "a"\n[values.confidential]\n"坏" = "bad"', "mapping_wrong", "bad"),
        ('[columns]\ncontent = "a"\n[values]\nnature = "投诉"', "mapping_wrong", "values.nature"),
        ('[columns]\ncontent = "a"\n[file]\nheader_row = 0', "mapping_wrong", "header_row"),
        ('[columns]\ncontent = "a"\n[constants]\nplace = [1]', "mapping_wrong", "place"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, code: str, said: str) -> None:
    with pytest.raises(MappingWrong) as fault:
        loaded(tmp_path, text)
    assert fault.value.code == code
    assert said in fault.value.sentence


def test_files_that_are_no_mapping(tmp_path: Path) -> None:
    with pytest.raises(MappingWrong) as fault:
        load_mapping(tmp_path / "none.toml")
    assert fault.value.code == "mapping_missing"
    (tmp_path / "m.toml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(MappingWrong) as fault:
        load_mapping(tmp_path / "m.toml")
    assert fault.value.code == "mapping_unreadable"


def test_columns_must_be_there_and_be_one(tmp_path: Path) -> None:
    mapping = loaded(tmp_path, '[columns]\ncontent = "内容"\ntitle = "标题#1"')
    with pytest.raises(MappingWrong) as fault:
        mapping.placed(["编号", "标题"])
    assert (fault.value.code, "编号、标题" in fault.value.sentence) == ("column_missing", True)
    with pytest.raises(MappingWrong) as fault:
        mapping.placed(["内容", "内容#2"], frozenset({"内容"}))
    assert fault.value.code == "column_ambiguous"
    assert mapping.placed(["内容", "标题", "标题#2"], frozenset({"标题"}))["title"][1] == [1]


def test_a_proposal_is_a_mapping_that_can_be_saved(tmp_path: Path) -> None:
    header = ["工单编号", "留言时间", "标题", "标题#2", "留言详情", "联系电话", "诉求类型", "_行号"]
    guess = proposed(header, frozenset({"标题"}))
    assert {name: source.columns[0] for name, source in guess.columns.items()} == {
        "content": "留言详情", "title": "标题#1", "nature": "诉求类型", "received_at": "留言时间", "citizen.phone": "联系电话",
    }  # fmt: skip
    again = loaded(tmp_path, written(guess))
    assert (again.columns, again.constants, again.defaults) == (guess.columns, guess.constants, guess.defaults)
    with pytest.raises(MappingWrong) as fault:
        proposed(["编号", "附件"])
    assert fault.value.code == "no_content_column"
