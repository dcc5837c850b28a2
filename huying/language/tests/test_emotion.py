"""情绪提示与话术: levels, the side card, the sentences, the scripts. All texts are invented."""

import re

import pytest

from huying.language import emotion, scripts
from huying.language.emotion import LEVELS, Emotion, Pace, cue, empathic_sentence, form_of_address, side_card
from huying.language.phrases import rows


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("您好，请问社保卡怎么补办", "calm"),
        ("路灯不亮，麻烦看一下，谢谢", "calm"),
        ("我急死了，孩子还在等着用", "anxious"),
        ("求求你们了，快点派人来", "anxious"),
        ("你们到底管不管，踢皮球踢了半年", "agitated"),
        ("太过分了，什么态度！！！", "agitated"),
        ("气死我了", "agitated"),
        ("我要崩溃了，天天睡不着", "breaking"),
        ("一辈子的积蓄全没了，我走投无路", "breaking"),
        ("我不想活了", "at_risk"),
        ("再不给钱我就跳楼", "at_risk"),
        ("不给解决我就炸了你们单位", "at_risk"),
    ],
)
def test_levels(text: str, level: str) -> None:
    found = cue(text)
    assert found.level == level
    assert all(text[why.start : why.end] == why.word for why in found.why)


def test_loudness_alone_is_no_risk_and_figures_of_speech_neither() -> None:
    assert cue("他妈的！！！！！！" * 20).level == "agitated"
    assert cue("跳楼价甩卖").level == "calm"
    # A danger to others is an alert, not a mood of the caller.
    assert cue("家里煤气泄漏了").level == "calm"


def test_pace_and_earlier_calls_speak_too_and_say_so() -> None:
    assert cue("路灯不亮，怎么办").level == "calm"
    fast = cue("路灯不亮，怎么办", pace=Pace(7.5))
    assert (fast.level, fast.signs) == ("anxious", ("语速明显偏快",))
    often = cue("没人管", earlier_calls=4)
    assert often.level == "agitated"
    assert "近7天已来电4次" in often.signs
    assert cue("没人管", earlier_calls=1).level == "calm"
    assert cue("快来快来快来，怎么办").level == "anxious"


@pytest.mark.parametrize("level", LEVELS)
def test_sentences_follow_the_call_and_never_repeat_in_a_row(level: str) -> None:
    for situation in ("any", "wages", "noise", "no_such"):
        mood = Emotion(level, LEVELS[level], (), (), situation)
        shown = ""
        for turn in range(24):
            sentence = empathic_sentence(mood, call="C1", turn=turn, last=shown)
            assert sentence == empathic_sentence(mood, call="C1", turn=turn, last=shown)
            assert sentence != shown
            shown = sentence


def test_the_first_sentence_is_about_the_situation_and_calls_differ() -> None:
    mood = cue("气死我了，工资拖了三个月，包工头不给钱")
    assert (mood.level, mood.situation) == ("agitated", "wages")
    assert any(word in empathic_sentence(mood, call="A") for word in ("钱", "欠"))
    calm = Emotion("calm", "平静", (), ())
    assert len({empathic_sentence(calm, call=str(number)) for number in range(40)}) > 2


def test_the_authored_sentences_are_many_short_and_promise_nothing() -> None:
    listed = rows("empathy.csv")
    assert len(listed) >= 40
    assert {row["level"] for row in listed} == set(LEVELS)
    assert len({row["sentence"] for row in listed}) == len(listed)
    known = {row["situation"] for row in rows("situations.csv")} | {"any"}
    promise = re.compile("保证|一定(?:会|能|给)|肯定(?:能|给您解决)|马上解决|放心|包在|承诺|今天就|明天就")
    for row in listed:
        assert row["situation"] in known
        assert len(row["sentence"]) <= 45
        assert not promise.search(row["sentence"]), row


def test_the_card() -> None:
    card = side_card(cue("我不想活了"), name="王芳", title="女士", summary="您反映的是欠薪，对吗？", call="1")
    assert card.address == "王女士"
    assert card.restate == "您反映的是欠薪，对吗？"
    assert card.comfort_mode
    assert "三方转接" in card.next_step
    calm = side_card(cue("请问几点上班"))
    assert (calm.address, calm.comfort_mode) == ("您", False)
    assert calm.restate


@pytest.mark.parametrize(
    ("name", "title", "address"),
    [
        ("王芳", "女士", "王女士"), ("欧阳明月", "先生", "欧阳先生"), ("欧阳", "先生", "欧先生"), ("李师傅", "先生", "李师傅"),
        ("王芳", "", "您"), ("", "女士", "这位女士"), ("", "", "您"), ("<b>x</b>", "", "您"), ("Smith", "先生", "这位先生"),
    ],
)  # fmt: skip
def test_forms_of_address(name: str, title: str, address: str) -> None:
    assert form_of_address(name, title) == address


@pytest.mark.parametrize("text", ["", "水", "😀", "fine", "\x00", "哭" * 50_000, "！" * 50_000])
def test_hard_inputs(text: str) -> None:
    found = cue(text)
    assert found.level in LEVELS
    assert side_card(found).empathy


def test_alerts_given_are_used() -> None:
    assert cue("我不想活了", alerts=[]).level == "calm"


def test_scripts_are_many_and_the_matter_s_own_come_first() -> None:
    listed = scripts.seed_scripts()
    assert len(listed) >= 120
    assert {script.situation for script in listed} == set(scripts.SITUATIONS)
    assert len({script.text for script in listed}) == len(listed)
    found = scripts.fitting("question", "030101")
    assert found[0].leaf == "0301"
    assert all("030101".startswith(script.leaf) for script in found)
    assert all(not script.leaf for script in scripts.fitting("opening"))
    assert scripts.fitting("no_such") == []


@pytest.mark.parametrize("wrong", [{"situation": "no_such"}, {"text": ""}, {"code": "a"}])
def test_wrong_scripts_are_refused_with_their_row(wrong: dict[str, str]) -> None:
    row = {"code": "a", "situation": "opening", "leaf": "", "title": "t", "text": "您好"}
    with pytest.raises(ValueError, match="第2行"):
        scripts.from_rows([row, {**row, "code": "b", **wrong}])


def test_the_seed_lists_name_known_levels() -> None:
    assert {row["level"] for row in rows("emotion_cues.csv")} <= set(LEVELS) - {"at_risk"}
    assert set(emotion._NEXT_STEPS) == set(LEVELS)
