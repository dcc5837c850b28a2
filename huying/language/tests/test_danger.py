"""危险词: the table of cases (duty of accuracy), exceptions, tricks, editing, hard inputs. All texts are invented.

The cases came in three batches; each was run once before the list was widened for it. Critical recall at that first
run was 69 of 87, 14 of 47 (roundabout wording on purpose) and 43 of 52; false alerts on traps 2 of 45, 4 of 25, 3 of
34. Wording nobody thought of is missed that often: the 100 % below hold for the table, not for the world.
"""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.language import danger
from huying.language.danger import CRITICAL, WATCH, DangerWords, alerts, danger_kinds, seed_words
from huying.language.phrases import READ_CHARS, rows

CASES = list(csv.DictReader((Path(__file__).parent / "cases_danger.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("case", [case for case in CASES if case["level"] != "none"], ids=lambda case: case["text"])
def test_no_danger_of_the_table_is_missed(case: dict[str, str]) -> None:
    found = [alert for alert in alerts(case["text"]) if alert.kind == case["kind"]]
    assert found, alerts(case["text"])
    if case["level"] == "critical":
        assert any(alert.critical for alert in found), found


def test_precision_on_the_table(record_property: Callable[[str, object], None]) -> None:
    traps = [case["text"] for case in CASES if case["level"] == "none"]
    raised = [case["text"] for case in CASES if any(alert.critical for alert in alerts(case["text"]))]
    false = sorted(set(raised) & set(traps))
    precision = 1 - len(false) / len(raised)
    record_property("precision_of_critical", round(precision, 3))
    assert len(traps) > 100
    assert precision >= 0.98, false


def test_the_list_is_long_enough_and_every_kind_has_words_and_advice() -> None:
    listed = rows("danger.csv")
    assert len(seed_words()) == len(listed) >= 170
    assert {row["kind"] for row in listed} == set(danger_kinds())
    assert len({row["word"] for row in listed}) == len(listed)
    assert all(kind.steps.endswith("。") and kind.label for kind in danger_kinds().values())
    # Whoever reads a critical alert must know whom to transfer to.
    assert all(row["advice"] for row in listed if int(row["weight"]) >= CRITICAL)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("我想自 杀", "自 杀"),
        ("我想自*杀", "自*杀"),
        ("我想自\u200b杀", "自\u200b杀"),
        ("自\n杀\n了", "自\n杀"),
        ("想zi杀", "zi杀"),
        ("自SHA", "自SHA"),
        ("想ＺＩＳＨＡ", "ＺＩＳＨＡ"),
        ("z i s h a", "z i s h a"),
        ("要自殺", "自殺"),
        ("i want to die", "want to die"),
        ("煤 气 泄 漏", "煤 气 泄 漏"),
    ],
)
def test_tricks_are_seen_through_and_shown_as_typed(text: str, word: str) -> None:
    found = alerts(text)
    assert found[0].word == word
    assert text[found[0].start : found[0].end] == word
    assert found[0].critical


@pytest.mark.parametrize("text", ["this quiz is hard", "a,b,c", "diet", "紫砂壶碎了", "他想要紫砂壶"])
def test_latin_and_homophone_traps(text: str) -> None:
    assert alerts(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("担心煤气泄漏", "worry"),
        ("这里有爆炸的危险", "worry"),
        ("一旦车库里的电动车起火，人都跑不出来", "worry"),
        ("去年这里发生过火灾", "past"),
        ("我们搞了火灾应急演练", "rehearsal"),
    ],
)
def test_worries_stay_visible_but_are_not_critical(text: str, reason: str) -> None:
    found = alerts(text)
    assert found
    assert {alert.tempered for alert in found} == {reason}
    assert all(WATCH <= alert.weight < CRITICAL for alert in found)


@pytest.mark.parametrize(
    "text",
    ["隔壁去年装修，现在煤气漏气了", "怕是煤气漏气了", "培训机构着火了", "如果再不发工资我就跳楼", "难道我不会自杀吗"],
)
def test_what_happens_now_or_is_threatened_keeps_its_weight(text: str) -> None:
    assert alerts(text)[0].critical


def test_an_alert_does_not_hide_behind_others_or_behind_an_exception_elsewhere() -> None:
    text = "店里跳楼价甩卖。" * 20 + "楼上有人要跳楼。" + "谢谢，服务很好。" * 20
    found = [alert for alert in alerts(text) if alert.kind == "self_harm"]
    assert found
    assert found[0].sentence == "楼上有人要跳楼"
    assert "转110" in found[0].advice
    assert found[0].transfer


def test_kinds_come_together_heaviest_first() -> None:
    found = alerts("煤气泄漏把屋子炸了，我妈昏迷，再没人管我就跳楼")
    assert {"gas", "medical", "self_harm"} <= {alert.kind for alert in found}
    assert [alert.weight for alert in found] == sorted((alert.weight for alert in found), reverse=True)


def test_the_threshold_and_a_list_of_ones_own() -> None:
    listed = [{"kind": "threat", "word": "闹大", "weight": "60", "advice": "110", "not_when": "闹大肚子"}]
    words = DangerWords.from_rows(listed)
    assert [alert.word for alert in alerts("这事要闹大", words)] == ["闹大"]
    assert alerts("这事要闹大", words, threshold=70) == []
    assert alerts("吃得闹大肚子", words) == []
    assert alerts("跳楼", words) == []
    assert words.version != DangerWords.from_rows([{**listed[0], "weight": "61"}]).version
    assert seed_words().version


@pytest.mark.parametrize(
    "wrong", [{"kind": "no_such"}, {"word": ""}, {"word": "a||b"}, {"word": "煤气~"}, {"weight": "0"}, {"weight": "x"}]
)
def test_wrong_rows_are_refused_with_their_number(wrong: dict[str, str]) -> None:
    good = {"kind": "gas", "word": "漏气", "weight": "60", "advice": "", "not_when": ""}
    with pytest.raises(ValueError, match="第2行"):
        DangerWords.from_rows([good, {**good, **wrong}])


@pytest.mark.parametrize("text", ["", "水", "😀", "\x00\x01", "hello", "\ud800", "自", " " * 100])
def test_hard_inputs(text: str) -> None:
    assert alerts(text) == []


def test_long_texts_are_read_to_the_limit_and_repetition_is_bounded() -> None:
    assert alerts("水" * (READ_CHARS - 2) + "自杀")[0].start == READ_CHARS - 2
    assert alerts("水" * READ_CHARS + "自杀") == []
    assert len(alerts("跳楼，" * 30_000)) <= 2 * danger.SHOWN_PER_WORD
    # More denials than anybody writes are not believed.
    assert alerts("不会自杀，" * (danger.EXAMINED_PER_WORD + 1))


@given(st.text(max_size=200))
def test_offsets_always_fit(text: str) -> None:
    for alert in alerts(text + "煤气泄漏"):
        assert (text + "煤气泄漏")[alert.start : alert.end] == alert.word
