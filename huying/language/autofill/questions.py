"""追问: the extra questions of a matter, answered where the text says so already.

A question is a plain sentence (室温多少度？); what kind of answer it wants is read off its words. Only what stands in the
text is answered, with the words that say so; a question without them stays open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .clauses import Span
from .numbers import NUMBER, VAGUE
from .subject import Subject, of_kind
from .times import TimeFound, event_time

_N = rf"(?:{NUMBER}(?:多|来)?|十几|几十|上百|{VAGUE}(?:十|百)?)"
_SENTENCE_ENDS = "。！？!?；;\n"

# what the question asks for -> what an answer looks like
_AMOUNTS: tuple[tuple[str, str], ...] = (
    ("度|温度|室温|体温", rf"(?:零下)?{_N}(?:点[一二三四五六七八九\d])?(?:℃|度(?!假|过|数))|{_N}摄氏度"),
    ("户", rf"{_N}(?:余|多)?户"),
    ("几栋|多少栋|几幢", rf"{_N}(?:栋|幢)(?!\d)"),
    ("几个小区", rf"{_N}个小区"),
    ("多少人|几个人|几人|人数|几名", rf"{_N}(?:余|多)?(?:个|名|口|号)?(?:人|工人|农民工|学生|工友)"),
    (
        "金额|多少钱|欠了?多少|交了多少|多收多少|费用|花了多少|已付|余额|消费",
        rf"{_N}(?:余|多)?(?:万|千|百)?(?:余|多)?(?:元|块钱?|万(?!一|达|科))",
    ),
    ("多深|水深", rf"{_N}(?:厘米|公分|米|cm|CM)(?:深)?|没过(?:脚踝|小腿|膝盖|大腿|腰)"),
    ("多宽|多高|多长一段|多远|几米|多少米|距离|多粗", rf"{_N}(?:公里|千米|厘米|公分|米)(?!饭|面)"),
    ("多大面积|面积|多少亩|平方", rf"{_N}(?:平方米|平米|平方|平|亩|㎡)"),
    ("几盏|多少盏", rf"{_N}(?:盏|个)?(?:路)?灯"),
    ("几棵|多少棵", rf"{_N}(?:棵|株)"),
    ("几台|几部|多少台", rf"{_N}(?:台|部)"),
    ("几辆|多少辆|几车", rf"{_N}(?:辆|车)"),
    ("几次|多少次", rf"{_N}(?:次|回|遍)"),
    ("几楼|几层|住几", rf"(?:{NUMBER}|顶|底)(?:楼|层)(?!\d)"),
    ("几岁|年龄|多大岁", rf"{_N}岁"),
    ("月龄|几个月大", rf"{_N}个月大?"),
    ("分贝", rf"{_N}分贝"),
    ("几条|多少条|几只|多少只", rf"{_N}(?:条|只)"),
)
_LENGTH = (
    rf"(?:{NUMBER}|{VAGUE})(?:个多月|个?(?:多|来)?(?:分钟|个?小时|个?钟头|天|日|周|个?星期|个?礼拜|个半月|个月|年)多?)"
)
_HOW_LONG = re.compile("多久|多长时间|几天|多少天|几个月|多少小时|几个小时|几年|多长了")
_WHEN = re.compile("什么时候|何时|几点|哪天|哪年|哪一天|什么时间|时间|时段|日期|几号")
_WHEN_VERB = re.compile("停|缴|交|报修|报警|报|买|购|签|办|就诊|住院|入职|离职|受伤|看到|修|收到|提交|申请|付")
_NUMBERED = re.compile("户号|编号|单号|订单号|卡号|合同号|案号|证号|工号|警号")
_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("车牌|车号|哪辆车", ("plate",)),
    ("线路|几路|哪趟|哪条线", ("line",)),
    ("医院|诊所|卫生", ("medical",)),
    ("学校|幼儿园|驾校|培训机构", ("school",)),
    ("供热单位|热力公司|热企|供热公司", ("utility",)),
    ("物业公司|哪家物业|开发商", ("property",)),
    ("店名|药店|店铺|商家|商户|招牌|场所名称|哪家店", ("shop", "company")),
    ("工地|项目名称|停车场", ("site", "company")),
    ("平台", ("platform", "company")),
    ("小区|楼盘", ("estate",)),
    ("单位|企业|公司|机构|哪家", ("company", "shop", "school", "medical", "utility", "property")),
)
_CARRIERS = re.compile("中国移动|中国联通|中国电信|移动|联通|电信|广电")
_BARE_NAMES = re.compile("这家|那家|某|有限|一家")

_YES_NO = re.compile(
    "是否|有没有|有无|是不是|能不能|能否|没有[？?]|吗[？?]|(?<!什)么[？?]|了没[？?]|没[？?]$|热不热|通不通"
)
# topic of the question -> how a text speaks of it
_TOPICS: tuple[tuple[str, str], ...] = (
    ("受伤|伤人|摔伤|烫伤|砸伤|伤亡|摔倒", "受伤|摔伤|烫伤|砸伤|伤亡|骨折|流血|伤了|摔倒|摔了"),
    ("报警|110|报过警", "报警|报了警|报过警|打了?110|报过110|派出所来"),
    ("报修|报过修|联系供热|联系物业|报物业", "报修|报过修|报了修"),
    (
        "缴费|交费|缴过费|已缴|交了费",
        "费用?(?:都|也|早就|已经|已|全)*[交缴][了清过]|[交缴]了.{0,4}费|已[缴交]|钱交了|交过钱|没[交缴]费|未[交缴]费",
    ),
    ("围挡|警示|警戒", "围挡|警示|警戒线|护栏"),
    ("票据|发票|收据|小票|凭证", "票据|发票|收据|小票|凭证|付款记录"),
    ("照片|视频|录音|证据", "照片|视频|录音|拍了照|拍照|证据"),
    ("合同|协议|欠条", "合同|协议|欠条"),
    (
        "老人|婴儿|病人|孩子|孕妇",
        "(?:家里|家中|屋里|我家|家有).{0,10}(?:老人|婴儿|月子|新生儿|病人|孩子|小孩|孕妇|娃|岁)|我(?:妈|爸|奶奶|爷爷|孩子|儿子|女儿|婆婆|公公|老伴|岳父|岳母|娃)",
    ),
    ("通知|告示|公示|公告", "通知|告示|公示|公告"),
    ("人受困|被困|困人", "被困|困在|困住"),
    ("影响通行|阻断|可以通行|挡住", "影响通行|无法通行|不能通行|过不去|堵死|挡住|影响出行"),
    ("正在发生|还在|现在.{0,4}吗|正在", "现在还|正在|目前仍|仍在|还在|现在也|至今"),
    ("就医|去医院|看病", "就医|去医院|医院看|住院|门诊"),
    ("投诉|反映过|找过|联系过|问过", "反映过|投诉过|找过|联系过|打过电话|多次反映|问过"),
    ("放过气|过滤网", "放过气|放了气|洗过|清洗过|过滤网"),
    ("吃了|食用", "吃了|食用了|已经吃"),
    ("备案|网签", "备案|网签"),
    ("邻居家?热|别家热|隔壁", "邻居家?.{0,4}(?:热|凉)|隔壁.{0,4}(?:热|凉)|别人家.{0,4}热|楼上楼下.{0,4}热"),
    ("停电了?吗", "停电|没电"),
    ("漏到楼下|电器", "漏到楼下|楼下.{0,4}漏|电器"),
    ("燃气味|气味|异味|渗漏", "燃气味|煤气味|气味|异味|臭味|渗漏"),
)
_NO = re.compile("(?:没有?|无|未|不|没人|无人|从未|并未|没见|没给|不给|拒绝)[\u4e00-\u9fff]{0,3}$")
_NO_AFTER = re.compile("[\u4e00-\u9fff]{0,2}(?:没有|没给|不给|都没|也没|没签|没开|没来|不热|凉)")
_CHOICE = re.compile(r"(?P<a>[\u4e00-\u9fff]{1,10})还是(?P<b>[\u4e00-\u9fff]{1,10})")
_CHOICE_HEAD = re.compile("^(?:是|只有|整个|现在|一直|您|收费单位|设施|供热|固定在|属)+|(?:的|了|就|只|都|来|呢)+$")


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """A question of the matter with the answer the text gives and the words that give it."""

    question: str
    answer: str
    why: Span
    kind: str  # amount, duration, time, name, number, yes_no, choice


def answered(
    text: str, questions: Sequence[str], times: Sequence[TimeFound], subjects: Sequence[Subject]
) -> list[QuestionAnswered]:
    """预答追问: those of the questions that the text answers, in their order."""
    found: list[QuestionAnswered] = []
    for question in questions:
        answer = (
            _choice(text, question)
            or _named(text, question, subjects)
            or _amount(text, question)
            or _duration(text, question)
            or _yes_no(text, question)
            or _time(text, question, times)
        )
        if answer:
            found.append(answer)
    return found


def _amount(text: str, question: str) -> QuestionAnswered | None:
    if not re.search("多少|几|多[深宽高大远粗长]|金额|温度|面积|费用|余额|人数|年龄|月龄", question):
        return None
    found: list[re.Match[str]] = []
    for asked, form in _AMOUNTS:
        if re.search(asked, question):
            match = re.search(form, text)
            if match:
                found.append(match)
    if not found:
        return None
    # 几个人、欠了多少 asks twice.
    several = found if re.search("[、和，]", question) else found[:1]
    return QuestionAnswered(
        question, "、".join(match[0] for match in several), Span(several[0][0], *several[0].span()), "amount"
    )


def _duration(text: str, question: str) -> QuestionAnswered | None:
    if not _HOW_LONG.search(question):
        return None
    # 停了多久 wants the stretch beside its verb; three days ago is a moment.
    verb = re.search("停|等|拖|欠|持续|堆|围|坏|积|修|住", question)
    lengths = [match for match in re.finditer(_LENGTH, text) if not re.match("以?前|之前|内|小时", text[match.end() :])]
    if verb:
        near = [m for m in lengths if verb[0] in text[max(0, m.start() - 8) : m.end() + 4]]
        lengths = near or (lengths if len(lengths) == 1 and verb[0] in text else [])
    if not lengths:
        return None
    return QuestionAnswered(question, lengths[0][0], Span(lengths[0][0], *lengths[0].span()), "duration")


def _time(text: str, question: str, times: Sequence[TimeFound]) -> QuestionAnswered | None:
    if not _WHEN.search(question):
        return None
    fitting = [each for each in times if each.kind != "now"]
    if re.search("几点|时段|通常|一般|每天", question):
        fitting = [each for each in fitting if each.daily or each.kind == "moment"]
    # 什么时候缴的费 wants the time beside that verb, not any time.
    verb = _WHEN_VERB.search(question)
    if verb:
        fitting = [each for each in fitting if verb[0] in text[max(0, each.start - 8) : each.end + 14]]
    chosen = event_time([each for each in fitting if each.kind != "span"])
    if not chosen:
        return None
    return QuestionAnswered(question, chosen.word, Span(chosen.word, chosen.start, chosen.end), "time")


def _named(text: str, question: str, subjects: Sequence[Subject]) -> QuestionAnswered | None:
    if _YES_NO.search(question) and "车牌" not in question:
        return None
    if "运营商" in question:
        carrier = _CARRIERS.search(text)
        return carrier and QuestionAnswered(question, carrier[0], Span(carrier[0], *carrier.span()), "name")
    numbered = _NUMBERED.search(question)
    if numbered:
        match = re.search(rf"{numbered[0]}[是为：:]?\s*([A-Za-z0-9\-]{{3,24}})", text)
        if match:
            return QuestionAnswered(question, match[1], Span(match[1], *match.span(1)), "number")
    if not re.search("名称|店名|哪家|哪个|哪所|什么名|车牌|车号|平台|单位|招牌|哪趟|线路|叫什么", question):
        return None
    for asked, kinds in _NAMES:
        if re.search(asked, question):
            subject = of_kind(subjects, *kinds)
            if subject and not _BARE_NAMES.match(subject.word) and _is_name(subject):
                return QuestionAnswered(question, subject.word, Span(subject.word, subject.start, subject.end), "name")
            return None
    return None


def _is_name(subject: Subject) -> bool:
    """物业 and 小区 alone name nobody."""
    return subject.kind in ("plate", "line") or len(subject.word) >= 4


def _yes_no(text: str, question: str) -> QuestionAnswered | None:
    if not _YES_NO.search(question):
        return None
    for topic, said in _TOPICS:
        if not re.search(topic, question):
            continue
        match = re.search(said, text)
        if not match:
            return None
        begin = max((text.rfind(sign, 0, match.start()) for sign in _SENTENCE_ENDS + "，,"), default=-1) + 1
        ends = [place for sign in _SENTENCE_ENDS + "，," if (place := text.find(sign, match.end())) >= 0]
        end = min(ends, default=len(text))
        no = _NO.search(text[begin : match.start()]) or _NO_AFTER.match(text[match.end() : end])
        words = text[begin:end].strip()
        start = text.index(words, begin) if words else begin
        return QuestionAnswered(question, "否" if no else "是", Span(words, start, start + len(words)), "yes_no")
    return None


def _choice(text: str, question: str) -> QuestionAnswered | None:
    match = _CHOICE.search(question)
    if not match:
        return None
    options = [_CHOICE_HEAD.sub("", match[name]) for name in ("a", "b")]
    options = [option.split("、")[-1] for option in options]
    places = [text.find(option) if len(option) > 1 else -1 for option in options]
    said = [(option, place) for option, place in zip(options, places, strict=True) if place >= 0]
    if len(said) != 1:
        return None
    option, place = said[0]
    return QuestionAnswered(question, option, Span(option, place, place + len(option)), "choice")
