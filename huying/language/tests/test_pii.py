"""脱敏: every kind of number, the ways people write it, and what must stay readable. All numbers are invented."""

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.language import pii
from huying.language.pii import mask, mask_id, mask_name, mask_phone, numbers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13800001234，请回电", "电话138****1234，请回电"),
        ("138-0000-1234", "138****1234"),
        ("138 0000 1234", "138****1234"),
        ("138 00001234", "138****1234"),
        ("1380 0001 234", "138****1234"),
        ("1380-000-1234", "138****1234"),
        ("138 000 01234", "138****1234"),
        ("1 3 8 0 0 0 0 1 2 3 4", "138****1234"),
        ("１３８００００１２３４", "138****1234"),
        ("138－0000－1234", "138****1234"),
        ("+8613800001234", "138****1234"),
        ("0086 13800001234", "138****1234"),
        ("1.13800001234", "1.138****1234"),
        ("微信13800001234abc", "微信138****1234abc"),
        ("1380000123413900005678", "138****1234 139****5678"),
        ("13800001234/13900005678", "138****1234/139****5678"),
        ("一三八零零零零一二三四", "一三八****一二三四"),
        ("幺三八〇〇〇〇幺二三四", "幺三八****幺二三四"),
    ],
)
def test_mobiles(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("029-80001234", "029-****1234"),
        ("（029）80001234", "029-****1234"),
        ("02980001234", "029-****1234"),
        ("0912-3001234", "0912-****1234"),
        ("010 8000 1234", "010-****1234"),
        ("联系电话：80001234。", "联系电话：****1234。"),
        ("请致电 8000-1234", "请致电 ****1234"),
        ("单位座机3001234", "单位座机****1234"),
    ],
)
def test_land_lines(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证61010119900307001X。", "身份证610*************1X。"),
        ("610101 19900307 001X", "610*************1X"),
        ("610101-1990-0307-001-X", "610*************1X"),
        ("６１０１０１１９９００３０７００１Ｘ", "610*************1X"),
        ("ID61010119900307001Xabc", "ID610*************1Xabc"),
        # A slip in the check digit, and the old form of fifteen digits.
        ("610101199003070011", "610*************11"),
        ("610101900307001", "610**********01"),
    ],
)
def test_citizen_ids(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("卡号6222020000000000000", "卡号***************0000"),
        ("6222 0200 0000 0000 000", "***************0000"),
        ("4111-1111-1111-1111", "************1111"),
        ("邮箱zhang.san@example.com", "邮箱z***@example.com"),
        ("ｚｓ＠example.com", "z***@example.com"),
        ("车牌陕A12345乱停", "车牌陕A***45乱停"),
        ("陕a·1b2c3", "陕A***C3"),
        ("陕AD12345", "陕A****45"),
        ("陕A1234学", "陕A***4学"),
    ],
)
def test_cards_mails_plates(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "没有号码",
        "打了12345和4008001234都没人管",
        "工单20261124-000123-7，也就是202611240001237",
        "2026-11-24 17:30，2026年11月24日",
        "金额13800元，1500-2000 300元，面积138.5平方米",
        "6222020000000000001",
        "来电2000000元奖金",
        "3号楼外墙掉砖，3栋15层，住在8号楼",
        "9号楼前的路灯坏了，含光路上，友谊西路，7号线，大庆路38号店",
        "999999199003070011",
        "610101199013070011",
        "新ABCDEF",
        "云A座",
        "晚上8@地铁口",
        "时间戳1700000000000",
        "一三五限行，二四六不限",
    ],
)
def test_what_stays(text: str) -> None:
    assert mask(text) == text


def test_the_rest_is_kept_as_written() -> None:
    text = "　全角，ＡＢＣ　电话１３８００００１２３４（请保密）－谢谢"
    assert mask(text) == "　全角，ＡＢＣ　电话138****1234（请保密）－谢谢"


filler = st.text(st.sampled_from("我家在的，。 ：（）abc\n号码电话ＡＢ－"), max_size=8)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(filler, mobiles, filler, mobiles, filler, st.sampled_from(["", " ", "-"]))
def test_no_mobile_survives(a: str, one: str, b: str, other: str, c: str, gap: str) -> None:
    def spaced(number: str) -> str:
        return gap.join((number[:3], number[3:7], number[7:]))

    masked = mask(f"{a}{spaced(one)}，{b}{spaced(other)}{c}")
    assert not re.search(r"\d{5}", masked)
    assert masked.count("****") >= 2


@st.composite
def citizen_ids(draw: st.DrawFn) -> str:
    born = draw(st.dates(min_value=date(1930, 1, 1)).filter(lambda day: day.year < 2030))
    body = f"{draw(st.sampled_from(['610101', '110105', '440301']))}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + numbers.ID_CHECKS[sum(w * int(d) for w, d in zip(numbers.ID_WEIGHTS, body, strict=True)) % 11]


@given(filler, citizen_ids(), filler)
def test_no_citizen_id_survives(a: str, number: str, b: str) -> None:
    assert pii.is_citizen_id(number)
    masked = mask(a + number + b)
    assert number[6:14] not in masked
    assert "*************" in masked


@given(st.text(st.sampled_from("0123456789 -.xX@a陕A·+()电话一三幺零，１２－"), max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_is_taken(text: str) -> None:
    mask(text)
    mask_name(text)
    mask_phone(text)
    mask_id(text)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("029-87654321", "029-****4321"),
        ("02987654321", "029-****4321"),
        ("09123654321", "0912-****4321"),
        ("87654321", "******21"),
        ("12345", "****5"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_phone_fields(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("杨小明", "杨**"),
        ("杨明", "杨*"),
        ("杨", "*"),
        ("欧阳明", "欧阳*"),
        ("欧阳小明", "欧阳**"),
        ("欧阳", "欧*"),
        ("阿依古丽·买买提", "阿***"),
        ("John Smith", "J***"),
        (" 杨小明 ", "杨**"),
        ("", ""),
    ],
)
def test_name_fields(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_id_fields() -> None:
    assert mask_id("61010119900307001X") == "610*************1X"
    assert mask_id("E12345678") == "E12****78"
    assert mask_id("1234567") == "*******"


def test_check_digits() -> None:
    assert pii.is_citizen_id("11010519491231002X")
    assert pii.is_citizen_id("11010519491231002x")
    assert not pii.is_citizen_id("110105194912310021")
    assert not pii.is_citizen_id("11010519491331002X")
    assert not pii.is_citizen_id("99010519491231002X")
    assert pii.is_bank_card("4111111111111111")
    assert not pii.is_bank_card("4111111111111112")
    assert not pii.is_bank_card("202611240001237")


def test_long_hostile_texts_are_quick() -> None:
    for piece in (
        "我叫",
        "姓王",
        "王女士",
        "张伟、",
        "3号楼",
        "2单元",
        "微信a",
        "卡号",
        "一三八 ",
        "陈浩文",
        "1",
        "1 ",
        "0",
        "a.",
        "a@",
        "6-",
        "(0",
        "电话",
        "陕A",
        "13",
        "1380000 ",
        "610101 ",
        "a@a.",
    ):
        before = time.perf_counter()
        mask(piece * (100_000 // len(piece)))
        assert time.perf_counter() - before < 2, piece
