"""诉求: what is wanted and what happened."""

import re
from collections.abc import Sequence

from .clauses import Span, asks, clauses, introduces, problems, span, without_filler

WANTED_CHARS = 80
HAPPENED_CHARS = 160

_STRONG = re.compile(
    r"(?:我的|本人|我们的?|现|市民|来电人|业主们?)?(?:诉求(?:是|为|如下)?|要求是|请求|恳请|强烈要求|迫切希望|希望|盼望?|期望|期待|呼吁|拜托)[：:，,]?"
    r"(?!小学|中学|路|村|镇|小区|工程)"
)
_ASKED = re.compile(
    r"(?:我们?|本人|市民|来电人|业主们?|现|特)?要求|(?:我们?|本人|市民)?建议|(?:我们?)?想让|能否|能不能|可否|可不可以|是否可以"
)
_PLEASE = re.compile(r"请(?!问|假|了|客|来|人|的|示|柬|教|不起|进|吃)(?:求|您|你们|相关部门|有关部门|政府|领导|市长)?")
_NO_HOPE = re.compile("(?:没有?|无|有|失去|看不到|毫无|充满)希望|一线希望|希望(?:破灭|渺茫|落空)")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_THANKS = re.compile(r"[，,](?:谢谢|感谢|感激|万分感谢|不胜感激|拜托).*$")
_APPLY = re.compile("申$|邀$|聘$|宴$|提$|敬$|报$")


def wanted(text: str, nature: str = "") -> Span | None:
    """The words after 希望, 请, 要求, 诉求 …, without that cue; for a question (咨询) the question itself.

    Strong cues go before 请, later ones before earlier ones: people tell first and ask then.
    """
    if nature == "consult":
        question = _question(text)
        if question:
            return question
    for pattern in (_STRONG, _ASKED, _PLEASE):
        best: Span | None = None
        for match in pattern.finditer(text):
            if _usable(pattern, text, match):
                best = _after(text, match.end()) or best
        if best:
            return best
    return _question(text) if not nature else None


def happened(text: str, want: Span | None) -> Span | None:
    """The stretch from the first clause of trouble on, at most `HAPPENED_CHARS` characters, up to what is wanted."""
    parts = [part for part in clauses(text) if not (want and part.start < want.end and want.start < part.end)]
    told = [part for part in parts if not introduces(part.word)] or parts
    if not told:
        return None
    first = next((place for place, part in enumerate(told) if problems(part.word)), 0)
    # The clause before often holds what the trouble befell.
    begin = told[max(0, first - 1)] if first and told[first].start - told[first - 1].end <= 1 else told[first]
    begin = without_filler(begin) if len(without_filler(begin).word) > 1 else begin
    end = begin.end
    for part in told:
        if part.start <= end + 2 and part.start > begin.start and part.end - begin.start <= HAPPENED_CHARS:
            end = part.end
        elif part.start > end and problems(part.word) and part.end - begin.start <= HAPPENED_CHARS:
            if want and begin.start < want.start < part.start:
                break
            end = part.end
    return span(text, begin.start, min(end, begin.start + HAPPENED_CHARS))


def _usable(pattern: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    if _NO_HOPE.match(text, max(0, match.start() - 2)) or _NO_HOPE.match(text, max(0, match.start() - 1)):
        return False
    if pattern is _STRONG:
        return True
    before = text[max(0, match.start() - 1) : match.start()]
    if pattern is _PLEASE:
        return not _APPLY.search(before)
    # 物业要求业主交钱: asked of the caller, not by him; an own demand opens a clause or names its subject.
    return not before or not before.isalnum() or match[0][0] in "我本市来业现特能可是"


def _after(text: str, start: int) -> Span | None:
    sentence = _SENTENCE.match(text, start)
    if not sentence:
        return None
    words = _THANKS.sub("", sentence[0])
    if len(words) > WANTED_CHARS:
        words = words[:WANTED_CHARS]
        comma = max(words.rfind("，"), words.rfind(","))
        words = words[:comma] if comma > 10 else words
    found = span(text, start, start + len(words))
    return found if len(found.word) > 1 else None


def _question(text: str) -> Span | None:
    asked: Sequence[Span] = [part for part in clauses(text) if asks(part.word)]
    if not asked:
        return None
    last = asked[-1]
    opening = re.match(
        "(?:我)?(?:想)?(?:请问|咨询一下|咨询|询问|问一下|问下|问问|了解一下|了解|知道)(?:一下)?", last.word
    )
    return span(text, last.start + (opening.end() if opening else 0), min(last.end, last.start + WANTED_CHARS))
