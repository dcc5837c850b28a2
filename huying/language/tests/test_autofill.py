"""智能填单: times, objects, demands, titles, summaries, extra questions. All texts and names are invented."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.kernel import clock
from huying.kernel.clock import LOCAL
from huying.language.autofill import READ_CHARS, Filled, fill, find_times
from huying.language.autofill.numbers import value
from huying.language.autofill.subject import find_subjects
from huying.language.autofill.wording import SUMMARY_CHARS, TITLE_CHARS

AT = datetime(2026, 11, 24, 15, 0, tzinfo=LOCAL)  # a Tuesday

HEATING = (
    "您好，我是阳光花园3号楼的业主，从上周三开始家里暖气就不热，室内只有14度，家里还有八十岁的老人，暖气费已经交了，"
    "给西郊热力公司打电话一直说在抢修，希望尽快派人上门查看，谢谢。"
)
GYM = (
    "我要投诉雁塔区小寨东路的乐动健身房，今年6月办的年卡花了3680元，上个月突然关门，老板联系不上，要求退还剩余的费用。"
)
WAGES = (
    "我们二十多个工人在锦业路的宏远大厦工地干活，宏远建筑劳务有限公司拖欠工资两个多月，一共三十多万元，老板说没钱，"
    "诉求：尽快发工资。"
)
SITE = "凤城五路有个工地每天晚上十点到凌晨两点施工，噪音太大，孩子没法睡觉，已经持续了半个月，请相关部门管一管。"


@dataclass(frozen=True)
class Place:
    start: int
    end: int


def filled(text: str, *questions: str, nature: str = "") -> Filled:
    return fill(text, at=AT, questions=questions, nature=nature)


@pytest.mark.parametrize(
    ("text", "word", "kind", "begin", "finish"),
    [
        ("昨晚八点停的水", "昨晚八点", "moment", "11-23 20:00", "11-23 20:00"),
        ("昨晚开始停水", "昨晚", "since", "11-23 18:00", "11-24 15:00"),
        ("上周三下午", "上周三下午", "day", "11-18 12:00", "11-18 18:00"),
        ("11月3日上午9点半", "11月3日上午9点半", "moment", "11-03 09:30", "11-03 09:30"),
        ("2026-10-05", "2026-10-05", "day", "10-05 00:00", "10-06 00:00"),
        ("三天前", "三天前", "day", "11-21 00:00", "11-22 00:00"),
        ("最近一个月", "最近一个月", "span", "10-25 15:00", "11-24 15:00"),
        ("2小时前", "2小时前", "moment", "11-24 13:00", "11-24 13:00"),
        ("今早七点左右", "今早七点左右", "moment", "11-24 07:00", "11-24 07:00"),
        ("从10月初开始", "10月初", "since", "10-01 00:00", "11-24 15:00"),
        ("上个月15号", "上个月15号", "day", "10-15 00:00", "10-16 00:00"),
        ("15号停的", "15号", "day", "11-15 00:00", "11-16 00:00"),
        ("昨天半夜两点", "昨天半夜两点", "moment", "11-24 02:00", "11-24 02:00"),
        ("晚上12点还在施工", "晚上12点", "moment", "11-24 00:00", "11-24 00:00"),
        ("昨天22:30", "昨天22:30", "moment", "11-23 22:30", "11-23 22:30"),
        ("下午1点到2点", "下午1点到2点", "moment", "11-24 13:00", "11-24 14:00"),
        ("明天上午停电", "明天上午", "day", "11-25 08:00", "11-25 12:00"),
        ("上上周五", "上上周五", "day", "11-13 00:00", "11-14 00:00"),
        ("周末施工", "周末", "day", "11-21 00:00", "11-23 00:00"),
        ("二零二六年三月一日", "二零二六年三月一日", "day", "03-01 00:00", "03-02 00:00"),
        ("刚才", "刚才", "now", "11-24 15:00", "11-24 15:00"),
        ("一个半月没发工资", "一个半月", "span", "10-10 15:00", "11-24 15:00"),
        ("拖欠工资两个多月，没人管", "两个多月", "span", "09-25 15:00", "11-24 15:00"),
    ],
)
def test_times(text: str, word: str, kind: str, begin: str, finish: str) -> None:
    (found,) = find_times(text, AT)
    assert (found.word, found.kind) == (word, kind)
    assert found.begin is not None
    assert found.finish is not None
    assert found.begin.year == 2026
    assert (f"{found.begin:%m-%d %H:%M}", f"{found.finish:%m-%d %H:%M}") == (begin, finish)
    assert text[found.start : found.end] == word


@pytest.mark.parametrize(
    ("text", "year"), [("去年3月5日", 2025), ("12月30日", 2025), ("12月1日停电", 2026), ("前年5月1日", 2024)]
)
def test_years_that_are_not_written(text: str, year: int) -> None:
    (found,) = find_times(text, AT)
    assert found.begin is not None
    assert found.begin.year == year


@pytest.mark.parametrize(
    ("text", "daily"),
    [
        ("每天晚上十点到凌晨两点", ("22:00", "02:00")),
        ("每天早上6点", ("06:00", "06:00")),
        ("每到夜里", ("20:00", "05:00")),
        ("每周六", None),
    ],
)
def test_habits(text: str, daily: tuple[str, str] | None) -> None:
    (found,) = find_times(text, AT)
    assert (found.kind, found.daily, found.begin) == ("repeated", daily, None)


@pytest.mark.parametrize(
    "text",
    [
        "3号楼漏水",
        "地铁3号线",
        "一点都不热",
        "早点处理",
        "提三点建议",
        "2月30日",
        "18.5度",
        "24小时施工",
        "周围",
        "99月99日",
        "25:70",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert find_times(text, AT) == []


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("15", 15),
        ("十五", 15),
        ("一百二十", 120),
        ("两", 2),
        ("半", 0.5),
        ("三万五千", 35_000),
        ("二零二六", 2026),
        ("几", None),
        ("", None),
    ],
)
def test_numbers(written: str, number: float | None) -> None:
    assert value(written) == number


def test_a_heating_complaint_from_end_to_end() -> None:
    found = filled(
        HEATING, "室内温度多少度？", "是否已缴费？", "供热单位名称？", "家中有无老人、婴儿、病人？", "涉及多少户？", "有没有围挡？",
        nature="help",
    )  # fmt: skip
    assert found.time is not None
    assert found.time.word == "上周三"
    assert found.subject is not None
    assert found.subject.word == "阳光花园"
    assert found.wanted is not None
    assert found.wanted.word == "尽快派人上门查看"
    assert found.title == "阳光花园：家里暖气就不热"
    assert found.summary == "您反映的是上周三阳光花园：家里暖气就不热，希望尽快派人上门查看，对吗？"
    answers = {each.question: each.answer for each in found.answers}
    assert answers == {
        "室内温度多少度？": "14度", "是否已缴费？": "是", "供热单位名称？": "西郊热力公司", "家中有无老人、婴儿、病人？": "是",
    }  # fmt: skip
    assert [line.split("：")[0] for line in found.template().splitlines()] == ["时间", "对象", "经过", "诉求"]


@pytest.mark.parametrize("text", [HEATING, GYM, WAGES, SITE])
def test_every_field_is_a_stretch_of_the_text(text: str) -> None:
    found = filled(text, "金额多少？", "几点到几点？", "一共几个人、欠了多少？")
    assert len(found.why) >= 3
    assert all(text[why.start : why.end] == why.word for why in found.why)
    assert all(text[each.why.start : each.why.end] == each.why.word for each in found.answers)
    assert len(found.title) <= TITLE_CHARS
    assert len(found.summary) <= SUMMARY_CHARS


@pytest.mark.parametrize(
    ("text", "nature", "title"),
    [
        (GYM, "complaint", "乐动健身房突然关门"),
        (WAGES, "help", "宏远建筑劳务有限公司拖欠工资两个多月"),
        (SITE, "complaint", "凤城五路有个工地施工"),
        ("请问灵活就业人员怎么交医保？需要带什么材料？", "consult", "灵活就业人员怎么交医保"),
        ("物业要求业主必须交装修押金，不交就不给开电梯，合理吗？", "consult", "物业要求业主必须交装修押金"),
        ("建议在大学南路公交站增设雨棚，下雨天老人没地方躲。", "suggestion", "建议在大学南路公交站增设雨棚"),
        ("停水了", "help", "停水"),
    ],
)
def test_titles_say_who_and_what(text: str, nature: str, title: str) -> None:
    assert filled(text, nature=nature).title == title


@pytest.mark.parametrize(
    ("nature", "opening"),
    [
        ("consult", "您咨询的是"),
        ("suggestion", "您建议的是"),
        ("praise", "您表扬的是"),
        ("report", "您举报的是"),
        ("", "您反映的是"),
    ],
)
def test_the_summary_is_worded_by_nature(nature: str, opening: str) -> None:
    summary = filled("司机师傅特别热心，建议多宣传", nature=nature).summary
    assert summary.startswith(opening)
    assert summary.endswith("，对吗？")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("路灯坏了，希望尽快修好，谢谢", "尽快修好"),
        ("诉求：退还押金两千元。", "退还押金两千元"),
        ("请相关部门管一管油烟", "管一管油烟"),
        ("我在希望小学旁边住，恳请安排清运垃圾", "安排清运垃圾"),
        ("已经没有希望了，请处理", "处理"),
        ("我们要求退费", "退费"),
        ("申请了三次都不批，请给个答复", "给个答复"),
        ("家里停水", None),
    ],
)
def test_what_is_wanted(text: str, wanted: str | None) -> None:
    found = filled(text).wanted
    assert (found and found.word) == wanted


def test_what_others_demand_is_not_the_caller_s_wish() -> None:
    found = filled("楼下物业要求业主交押金，希望退还")
    assert found.wanted is not None
    assert found.wanted.word == "退还"


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("投诉乐动健身房不退卡", "乐动健身房", "shop"),
        ("雁塔区小寨东路的惠民超市卖过期奶", "惠民超市", "shop"),
        ("车牌陕A8K76D乱停", "陕A8K76D", "plate"),
        ("302路公交车绕行", "302路公交车", "line"),
        ("宏远建筑劳务有限公司欠薪", "宏远建筑劳务有限公司", "company"),
        ("给西郊热力公司打过电话，锦绣小区不热", "锦绣小区", "estate"),
    ],
)
def test_objects(text: str, word: str, kind: str) -> None:
    found = find_subjects(text)[0]
    assert (found.word, found.kind) == (word, kind)


def test_a_road_named_after_a_school_is_no_school() -> None:
    assert find_subjects("大学南路堵车") == []


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("停了多久？", "家里停水三天了", "三天"),
        ("停了多久？", "我住了三年，楼道灯坏了", None),
        ("涉及多少户？", "我们一百二十多户都没气", "一百二十多户"),
        ("影响多少户？", "我家没水", None),
        ("什么时候停的？", "昨晚八点停的水", "昨晚八点"),
        ("什么时候停的？", "昨晚八点我去买菜", None),
        ("几点到几点？", "每天晚上十点到凌晨两点打桩", "每天晚上十点到凌晨两点"),
        ("有没有人受伤？", "撞车了，幸好没有人受伤", "否"),
        ("有没有人受伤？", "撞车了，有人受伤", "是"),
        ("有没有人受伤？", "撞车了", None),
        ("是否已报警？", "我已经报警了", "是"),
        ("是否已报警？", "还没报警", "否"),
        ("有没有合同？", "签了合同", "是"),
        ("有没有票据？", "他不给发票", "否"),
        ("车牌号？", "出租车陕A12345拒载", "陕A12345"),
        ("哪家运营商？", "移动的宽带断了", "移动"),
        ("店名是什么？", "乐动健身房关门了", "乐动健身房"),
        ("物业公司叫什么名字？", "物业不管", None),
        ("工单号是多少？", "我反映过，单号是A2026001", "A2026001"),
        ("积水多深？", "水深三十厘米", "三十厘米"),
        ("您住几楼？", "我住18楼", "18楼"),
        ("暖气片还是地暖？", "地暖一直不热", "地暖"),
        ("暖气片还是地暖？", "暖气不热", None),
        ("一共几个人、欠了多少？", "十二个人，欠了八万元", "十二个人、八万元"),
        ("体检多少钱？", "体检花了200元", "200元"),
    ],
)
def test_extra_questions(question: str, text: str, answer: str | None) -> None:
    answers = [each.answer for each in filled(text, question).answers]
    assert answers == ([] if answer is None else [answer])


def test_places_come_from_the_finder() -> None:
    text = "长安区凤栖路井盖没了"
    found = fill(text, at=AT, find_places=lambda read: [Place(0, 3), Place(0, 6)])
    assert found.place is not None
    assert found.place.word == "长安区凤栖路"
    assert fill(text, at=AT).place is None


def test_the_clock_serves_when_no_time_is_given() -> None:
    with clock.frozen(AT):
        found = fill("昨晚停水")
    assert found.time is not None
    assert found.time.begin == datetime(2026, 11, 23, 18, tzinfo=LOCAL)
    with pytest.raises(ValueError, match="aware"):
        fill("停水", at=datetime(2026, 11, 24))


@pytest.mark.parametrize("text", ["", "水", "😀", "\x00\x07", "hello there", "，，，", "他妈的！！！", "\ud800"])
def test_hard_inputs(text: str) -> None:
    found = filled(text, "多少户？", "是否报警？")
    assert len(found.title) <= TITLE_CHARS
    assert found.answers == ()


@pytest.mark.parametrize(
    "piece", ["停水", "每天晚上十点", "公司", "请问", "1", "三天", "a ", "，", "我在的是", "2026年"]
)
def test_long_texts_are_cut_and_say_so(piece: str) -> None:
    found = filled(piece * (100_000 // len(piece)), "停了多久？", "是否报警？")
    assert found.unread == 100_000 // len(piece) * len(piece) - READ_CHARS
    assert len(found.title) <= TITLE_CHARS
    assert len(found.summary) <= SUMMARY_CHARS


@given(st.text(alphabet="停水了三天每昨晚点的公司请希望，。？3:月日号年 不0０\n", max_size=60))
def test_offsets_always_fit(text: str) -> None:
    found = filled(text, "停了多久？", "什么时候停的？", "是否停水？")
    assert len(found.title) <= TITLE_CHARS
    assert len(found.summary) <= SUMMARY_CHARS
    for why in found.why:
        assert 0 <= why.start < why.end <= len(text)
