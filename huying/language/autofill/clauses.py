"""Clauses: a text cut where people breathe, without greetings, with the words by which a problem is known."""

import re
from dataclasses import dataclass

READ_CHARS = 4_000  # of one text; what happened and what is wanted stand there

_CLAUSE = re.compile(r"[^，,。！？!?；;\n…]+")
_GREETING = re.compile(
    r"(?:尊敬的|敬爱的)[^，,。！!：:\n]{0,16}[：:，,！!]?|(?:各位)?领导(?:您?好|们好)|您好|你好|打扰了?|喂|麻烦(?:您|你)?(?:一下|了)?$"
    r"|(?:谢谢|感谢)(?:您|你|你们|领导|各位)?$|辛苦了"
)
_SELF = re.compile(
    r"(?:本人|我|我们)(?:是|家住在?|住在?|就住在?|叫|姓)|家住|(?:作为|身为).{0,12}(?:居民|业主|市民|家长)"
)
_FILLER = re.compile(
    r"^(?:我想|我要|我来|本人|现|特|今|在此|要)?(?:投诉|举报|反映|反应|咨询|询问|请问|问一下|想问一下|想问|问问|说一下)(?:一下|的是|一个|的问题|下)?[：:]?"
    r"|^(?:但是|但|而且|并且|因为|由于|所以|然后|就是|结果|还有|另外|同时|目前|现在|如今|近日|近期|最近|另|其中|导致|造成|于是|不过|可是|那个|嗯|呃|啊)+"
)
_PROBLEM = re.compile(
    "不热|停水|停电|停气|停暖|没水|没电|没暖气|漏水|漏电|漏气|渗水|堵塞|堵了|积水|返水|污水|臭|异味|油烟|噪音|噪声|扰民|吵|灰尘|扬尘|"
    "施工|违停|乱停|占道|占用|占着|堵|拥堵|坑|塌|裂|破损|损坏|坏了|坏|不亮|掉|倒|断|脱落|丢失|缺失|松动|着火|冒烟|拖欠|欠|不发|"
    "不给|不退|拒绝|拒不|推诿|推脱|不管|没人管|无人|不处理|不作为|乱收费|多收|收费|涨价|骗|虚假|过期|变质|假|违规|违法|无证|私自|擅自|"
    "偷|乱扔|乱倒|垃圾|态度|不开|不让|不能|无法|办不|打不开|登不|延期|逾期|停工|烂尾|不签|不交|辞退|殴打|咬|受伤|危险|隐患|慢|不够|"
    "关门|联系不上|跑路|失联|虫|异物|必须|强制|强迫|太少|不足|难|晚点|不准|绕路|拒载|热心|帮助|及时|耐心|态度好"
)
_PRAISE = re.compile("热心|帮助|帮忙|帮我|及时|耐心|态度好|认真|负责|感谢|表扬|点赞|拾金不昧|送回|救")
_QUESTION = re.compile("怎么|如何|什么|多少|哪里|哪个|几点|何时|能否|能不能|可以|是否|吗|需要|多久|呢")


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the text with their place."""

    word: str
    start: int
    end: int


def span(text: str, start: int, end: int) -> Span:
    """The words of a stretch without blanks and signs at its ends."""
    while start < end and not (text[start].isalnum() or text[start] in "（《“"):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in "）》”℃%"):
        end -= 1
    return Span(text[start:end], start, end)


def clauses(text: str) -> list[Span]:
    """The clauses of a text without greetings, openings like 我想投诉一下, and empty connectives."""
    found: list[Span] = []
    for match in _CLAUSE.finditer(text):
        start, end = match.span()
        greeting = _GREETING.match(text, start, end)
        while greeting and greeting.end() > start:
            start = greeting.end()
            greeting = _GREETING.match(text, start, end)
        cut = span(text, start, end)
        if len(cut.word) > 1:
            found.append(cut)
    return found


def without_filler(clause: Span) -> Span:
    """The clause without 我想投诉一下 and 但是 in front."""
    match = _FILLER.match(clause.word)
    while match and match.end():
        clause = Span(clause.word[match.end() :], clause.start + match.end(), clause.end)
        match = _FILLER.match(clause.word)
    return clause


def problems(words: str) -> int:
    """How many words of trouble there are."""
    return len(_PROBLEM.findall(words))


def problem_place(words: str) -> int:
    """Where the first word of trouble stands, -1 when there is none."""
    match = _PROBLEM.search(words)
    return match.start() if match else -1


def asks(words: str) -> bool:
    """True for a clause that asks."""
    return bool(_QUESTION.search(words))


def praises(words: str) -> bool:
    """True for a clause that thanks or praises."""
    return bool(_PRAISE.search(words))


def introduces(words: str) -> bool:
    """True for a clause in which the caller says who he is."""
    return bool(_SELF.match(words))
