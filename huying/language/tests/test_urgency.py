"""紧急程度: the table of cases, hazards before loud words, hard inputs. All texts are invented."""

import csv
from pathlib import Path

import pytest

from huying.language.danger import alerts
from huying.language.urgency import LEVELS, UrgencyCues, urgency

CASES = list(csv.DictReader((Path(__file__).parent / "cases_urgency.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_the_table(case: dict[str, str]) -> None:
    text = case["text"]
    assert urgency(text, case["default"], alerts(text), nature=case["nature"]).level == case["level"]


def test_loud_words_are_heard_but_do_not_count() -> None:
    verdict = urgency("急急急！物业费怎么这么贵，马上给我处理！！！")
    assert verdict.level == "normal"
    assert {why.word for why in verdict.loud} == {"急急急", "马上"}


@pytest.mark.parametrize("level", LEVELS)
def test_the_default_of_the_matter_is_never_lowered_for_a_demand(level: str) -> None:
    verdict = urgency("单元门坏了", level, nature="help")
    assert verdict.level == level


def test_the_reasons_name_the_words() -> None:
    text = "停水一天了，家里有八十岁老人"
    verdict = urgency(text)
    assert verdict.level == "urgent"
    assert {"停水", "八十", "老人"} <= {why.word for why in verdict.why}
    assert all(text[why.start : why.end] == why.word for why in verdict.why)
    assert any("老幼" in reason.sentence for reason in verdict.reasons)


def test_an_alert_counts_even_in_a_question() -> None:
    text = "请问家里煤气泄漏了怎么办"
    assert urgency(text, "normal", alerts(text), nature="consult").level == "critical"


@pytest.mark.parametrize("text", ["", "水", "😀", "ok", "\x00", "滚" * 100, "停水" * 50_000])
def test_hard_inputs(text: str) -> None:
    assert urgency(text).level in LEVELS


def test_wrong_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="没有这个紧急程度"):
        urgency("停水", "very")
    with pytest.raises(ValueError, match="第1行"):
        UrgencyCues([{"hazard": "x", "cue": "水", "level": "very", "why": "", "not_when": ""}])
