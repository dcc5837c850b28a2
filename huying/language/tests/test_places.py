"""地名识别 on the sample city: spans, resolution, slips of the pen, what is no place, hard inputs, speed."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.language.places import MAX_CHARS, Gazetteer, Hints, Mention

from .xian import Marked, city, entries, is_right, sentences


def found(text: str, hints: Hints | None = None) -> list[tuple[str, str, str, str]]:
    return [
        (item.text, item.kind, item.status, item.candidates[0].name if item.candidates else "")
        for item in city().find(text, hints=hints)
    ]


def judged(part: int) -> tuple[int, int, int, int]:
    """(marked, found, found at the right place, resolved rightly) of every second sentence."""
    marked = spans = placed = right = 0
    chosen: list[Marked] = list(sentences())[part::2]
    for sentence in chosen:
        mentions = {(item.start, item.end): item for item in city().find(sentence.text)}
        marked += len(sentence.marks)
        spans += len(mentions)
        for start, end, meant in sentence.marks:
            mention = mentions.get((start, end))
            placed += mention is not None
            right += mention is not None and is_right(mention, meant)
    return marked, spans, placed, right


@pytest.mark.parametrize(("part", "least"), [(0, 0.95), (1, 0.88)])
def test_precision_and_recall_on_the_marked_sentences(part: int, least: float) -> None:
    marked, spans, placed, right = judged(part)
    print(  # noqa: T201  # figures are what this test is for
        f"\nplaces, sample city, {'report' if part else 'develop'} half: {marked} marked, "
        f"precision {placed / spans:.3f}, recall {placed / marked:.3f}, resolved rightly {right / marked:.3f}"
    )
    assert len(list(sentences())) >= 120
    assert placed / spans >= least
    assert placed / marked >= least
    assert right / marked >= least


def test_a_place_its_street_and_its_door() -> None:
    text = "我家住雁塔区长延堡街道绿洲云庭小区3号楼2单元1502室，暖气不热"
    mentions = city().find(text)
    assert [(item.text, item.kind, item.status) for item in mentions] == [
        ("雁塔区", "area", "resolved"),
        ("长延堡街道", "street", "resolved"),
        ("绿洲云庭小区", "residence", "unknown"),
        ("3号楼2单元1502室", "detail", "resolved"),
    ]
    assert all(text[item.start : item.end] == item.text for item in mentions)
    assert mentions[1].candidates[0].why == "在文中提到的区县内"


def test_crossings_are_one_mention() -> None:
    assert found("锦业路与丈八东路交叉口西北角积水")[0][:2] == ("锦业路与丈八东路交叉口", "crossing")
    assert found("长安北路友谊西路十字堵车")[0][:2] == ("长安北路友谊西路十字", "crossing")
    assert found("建材路和云锦路路口没有红绿灯")[0][:3] == ("建材路和云锦路路口", "crossing", "unknown")


def test_the_district_of_the_text_decides_and_else_one_asks() -> None:
    here = found("未央区小寨村停水")
    assert here[-1][0] == "小寨村"
    ask = city().find("八里村停水")[0]
    assert ask.status == "ambiguous"
    assert len(ask.candidates) >= 2
    assert "请选择" in ask.candidates[0].why
    told = city().find("八里村停水", hints=Hints(area="610113", earlier=(ask.candidates[1].code,)))[0]
    assert told.candidates[0].code == ask.candidates[1].code
    assert "诉求人以前提到过" in told.candidates[0].why


@pytest.mark.parametrize(
    ("text", "name", "status"),
    [
        ("张家保街道办事处", "张家堡街道", "resolved"),
        ("电子成街道的垃圾", "电子城街道", "resolved"),
        ("丰庆公圆的湖水", "丰庆公园", "resolved"),
        ("雁塔区长廷堡街道", "长延堡街道", "resolved"),
        ("长廷堡街道办事处", "长延堡街道", "ambiguous"),
        ("碑林区长廷堡街道", "", "unknown"),
        ("２号线小寨站", "小寨地铁站", "resolved"),
    ],
)
def test_slips_of_the_pen(text: str, name: str, status: str) -> None:
    last: Mention = city().find(text)[-1]
    assert (last.candidates[0].name if last.candidates else "", last.status) == (name, status)


@pytest.mark.parametrize(
    "text",
    [
        "高新技术企业的补贴怎么申请", "新城建设要听群众意见", "市中心停车难", "公园里遛狗不牵绳", "十字路口没有红绿灯", "小区业主和物业吵架",
        "村里的马路烂了", "我们学校和医院都远", "修路修了三年", "城中村和农村的道路", "整个街道都是垃圾", "北京长安街的路灯", "上海南京路的店",
        "这条街道的商户", "居民小区广场舞扰民", "网路不通，思路不清", "河南省来的司机",
    ],
)  # fmt: skip
def test_what_is_no_place_here(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["", "路", "区", "😀", "\x00\x07", "\ud800小区", "hello road", "OK，see you 😀 at 3"])
def test_hard_inputs(text: str) -> None:
    assert city().find(text) == []


def test_a_very_long_text_is_read_in_part() -> None:
    text = "雁塔区明德门小区3号楼，" * 9_000
    mentions = city().find(text)
    assert mentions[-1].end <= MAX_CHARS < len(text)
    assert len(mentions) > 1_000


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("雁塔区长延堡街道小寨路与十字明德门3号楼单元村，。的在A1 \n😀\x00"), max_size=80))
def test_mentions_are_slices_in_order(text: str) -> None:
    mentions = city().find(text)
    assert all(text[item.start : item.end] == item.text and item.start < item.end for item in mentions)
    assert all(one.end <= other.start for one, other in itertools.pairwise(mentions))
    for item in mentions:
        assert bool(item.candidates) == (item.status != "unknown") or item.kind == "detail"


def test_an_empty_gazetteer_still_finds_unknown_places() -> None:
    assert [item.status for item in Gazetteer([]).find("绿洲云庭小区停水")] == ["unknown"]
    assert len(Gazetteer([])) == 0
    assert Gazetteer([]).entry("610113") is None


def test_loading_and_finding_are_quick() -> None:
    """Figures only, as a share of a busy machine says little: printed, with limits ten times the aim."""
    listed = entries()
    before = time.process_time()
    gazetteer = Gazetteer(listed)
    loading = time.process_time() - before
    text = "".join(sentence.text + "，" for sentence in sentences())[:300]
    before = time.process_time()
    for _ in range(20):
        gazetteer.find(text)
    finding = (time.process_time() - before) / 20
    print(f"\nplaces: {len(listed)} entries loaded in {loading:.2f} s, {finding * 1000:.1f} ms for 300 characters")  # noqa: T201  # figures
    assert len(listed) > 4_000
