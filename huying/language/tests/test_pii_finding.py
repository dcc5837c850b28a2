"""识别个人信息: names, addresses, accounts and documents in free text, with offsets. All people are invented."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.language.pii import find, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫邓晓岚，今年七十岁", "我叫邓**，今年七十岁"),
        ("我叫欧阳晓岚，家住南郊", "我叫欧阳**，家住南郊"),
        ("名叫龙秋生的村民", "名叫龙**的村民"),
        ("姓名：罗粟，女", "姓名：罗*，女"),
        ("联系人 周明远 13800001234", "联系人 周** 138****1234"),
        ("本人谭志国，是本村人", "本人谭**，是本村人"),
        ("举报人：夏明志", "举报人：夏**"),
        ("当事人刘印志、罗菊艳于上月办理", "当事人刘**、罗**于上月办理"),
        ("村支书万宗华为他人建档", "村支书万**为他人建档"),
        ("我是刘彦志，住三组", "我是刘**，住三组"),
        ("有个姓王的先生收了钱", "有个姓*的先生收了钱"),
        ("一汤姓农户虚报面积", "一*姓农户虚报面积"),
        ("隔壁王大爷天天唱戏", "隔壁*大爷天天唱戏"),
        ("昨天张女士来电反映", "昨天*女士来电反映"),
        ("谢谢！村民：杨兵祥敬上", "谢谢！村民：杨**敬上"),
        ("老板贺姐说公安有人", "老板*姐说公安有人"),
    ],
)
def test_names(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "我是高中生，想咨询转学",
        "我是方便面厂的工人",
        "本人于2019年购房",
        "本人马上退休",
        "李书记您好，请王主任转告杨市长",
        "业主和物业公司发生纠纷",
        "老师和学生都说食堂不好",
        "向有关部门反映多次",
        "村民常年喝不上自来水",
        "希望尽快解决，谢谢！",
        "请带身份证和银行卡",
        "在熊家湾小区租房，路过方家村和金花路",
        "先生和女士分开排队，阿姨和叔叔们跳广场舞",
        "居民张家堡街道办事处没有人管",
        "叫车难，叫停施工",
        "姓名和性别都登记错了",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("雁塔区长延堡街道明德门小区3号楼2单元1502室", "雁塔区长延堡街道明德门小区*号楼*单元*室"),
        ("恒大名都5栋2404是传销窝点", "恒大名都*栋*是传销窝点"),
        ("家住小寨东路18号", "家住小寨东路*号"),
        ("含浦大道199号3栋1单元202室", "含浦大道*号*栋*单元*室"),
        ("住在枫林绿洲12-2-1101", "住在枫林绿洲*-*-*"),
        ("3号楼2单元1502室漏水", "*号楼*单元*室漏水"),
        ("微信：wang_1984ab", "微信：w**********"),
        ("微信号是abc12345", "微信号是a*******"),
        ("QQ 845123456", "QQ 8********"),
        ("护照号码E12345678", "护照号码E12****78"),
        ("卡号6222020000000000001", "卡号***************0001"),
        ("车牌号为楚A7S023", "车牌号为楚A***23"),
        ("幺三八，零零零零，一二三四", "幺三八****一二三四"),
    ],
)
def test_addresses_accounts_documents(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "3号楼外墙掉砖，5栋200户居民停水",
        "二期6栋的电梯，A座大堂",
        "大庆路38号店，8号线，11-24-2026，2026-11-24",
        "含光路上没有路灯，友谊西路堵车，107国道",
        "微信扫码付款，QQ群里说的",
        "打12345、110和12315都没人接",
        "工单20261124-000123-7的答复不对",
        "物业费2.8元，共13800元，1502户",
    ],
)
def test_what_stays(text: str) -> None:
    assert mask(text) == text


def test_spans_are_slices_of_the_text() -> None:
    text = "　我叫邓晓岚，电话１３８００００１２３４，住小寨东路18号，车牌陕A12345"
    found = find(text)
    assert [span.kind for span in found] == ["name", "phone", "address", "plate"]
    assert all(text[span.start : span.end] == span.text for span in found)
    assert [span.text for span in found] == ["邓晓岚", "１３８００００１２３４", "18号", "陕A12345"]


@given(st.text(st.sampled_from("我叫姓王李先生女士，。、邓晓岚号楼单元室路3152微信a@本人某和\n的 电话"), max_size=60))
def test_spans_do_not_overlap_and_masking_is_stable(text: str) -> None:
    found = find(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert all(text[span.start : span.end] == span.text for span in found)
    mask(mask(text))


@pytest.mark.parametrize("text", ["", "我", "😀", "\x00\x07\ud800", "hello world", "OK 我叫 Bob 😀", "姓", "我叫"])
def test_hard_inputs(text: str) -> None:
    assert mask(text) == text
    assert find(text) == []
