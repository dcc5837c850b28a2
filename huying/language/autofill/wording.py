"""标题与复述: a title of at most 30 characters (object and problem) and one sentence to read back of at most 60."""

import re
from collections.abc import Sequence

from .clauses import Span, asks, clauses, introduces, praises, problem_place, problems, without_filler
from .demand import WANTED_CHARS
from .subject import Subject

TITLE_CHARS = 30
SUMMARY_CHARS = 60

_OPENINGS = {
    "consult": "您咨询的是", "suggestion": "您建议的是", "praise": "您表扬的是", "report": "您举报的是",
}  # fmt: skip
_LEADING = re.compile(
    "^(?:我们|咱们|我(?![妈爸爷奶家的老婆丈孩儿女])|本人|这个|那个|这家|那家|一个|有个|有人|该|在|位于|的|了|，|,|、|：|:|就|都|已经|一直|已|又|还)+"
)
_TRAILING = re.compile("(?:[的了吧呢啊呀嘛着和与及或把被对向在从到]|，|,|、|因为|所以|但是|而且)+$")
_SINCE = re.compile("(?:就?开始|以来|起)?(?:，|,)?")
_EMPTY = re.compile(r"\s+")


def title(text: str, subject: Subject | None, times: Sequence[tuple[int, int]], nature: str = "") -> str:
    """The heaviest clause with the object in front when it is not in it; times are left out, blanks too."""
    parts = [without_filler(part) for part in clauses(text)]
    parts = [part for part in parts if len(part.word) > 1]
    if not parts:
        return ""
    best = max(enumerate(parts), key=lambda each: _weight(each[1], each[0], subject, nature))[1]
    core = _without(best, times)
    named = subject is not None and subject.start < best.end and best.start < subject.end
    if subject and not named:
        head = subject.word if len(subject.word) <= 14 else subject.word[-14:]
        return _fit(head + ("：" if _needs_colon(core) else "") + core, TITLE_CHARS)
    if subject and named and len(core) > TITLE_CHARS:
        # Around the trouble rather than from the start: the object, then what is wrong.
        place = core.find(subject.word)
        trouble = problem_place(core[place + len(subject.word) :]) if place >= 0 else -1
        if trouble > 12:
            core = subject.word + core[place + len(subject.word) + trouble - 6 :]
        elif place > 0:
            core = core[place:]
    elif len(core) > TITLE_CHARS:
        trouble = problem_place(core)
        if trouble > TITLE_CHARS - 8:
            core = core[trouble - (TITLE_CHARS - 12) :]
    return _fit(core, TITLE_CHARS)


def summary(short: str, want: Span | None, nature: str = "", time: str = "", place: str = "") -> str:
    """您反映的是……，希望……，对吗？ within `SUMMARY_CHARS`; empty when there is nothing to say."""
    if not short:
        return ""
    opening = _OPENINGS.get(nature, "您反映的是")
    closing = "，对吗？"
    wish = ""
    if want and nature not in ("praise", "consult", "suggestion"):
        wish = _fit(_EMPTY.sub("", re.split("[，,。！？!?；;\n]", want.word)[0]), 20)
        wish = f"，希望{wish}" if len(wish) > 1 and wish not in short else ""
    if nature == "suggestion":
        short = re.sub("^(?:我们?)?(?:建议|希望|呼吁|请)", "", short)
    room = SUMMARY_CHARS - len(opening) - len(closing) - len(wish)
    told = short
    # Where and when only if they are new and fit whole: half an address misleads.
    for detail in (place, time):
        if detail and detail not in told and len(told) + len(detail) <= room:
            told = detail + told
    return opening + _fit(told, room).rstrip("？?") + wish + closing


def _weight(part: Span, number: int, subject: Subject | None, nature: str) -> float:
    weight = 1.4 * min(problems(part.word), 3) - 0.25 * number
    telling = problems(part.word) > 0 or nature in ("consult", "suggestion", "praise")
    if telling and subject and subject.start < part.end and part.start < subject.end:
        weight += 1.2
    if nature == "praise" and praises(part.word):
        weight += 2.0
    if introduces(part.word):
        weight -= 1.0
    if nature == "consult" and asks(part.word):
        weight += 2.0
    if len(part.word) < 4:
        weight -= 1.5
    return weight - (0.03 * max(0, len(part.word) - TITLE_CHARS)) - (2.0 if len(part.word) > WANTED_CHARS else 0)


def _without(part: Span, times: Sequence[tuple[int, int]]) -> str:
    words, kept = part.word, ""
    place = part.start
    for start, end in times:
        if part.start <= start and end <= part.end and end - start < len(words) - 3:
            kept += re.sub("(?:自从|从|自|打)$", "", words[place - part.start : start - part.start])
            since = _SINCE.match(words, end - part.start)
            place = end + (len(since[0]) if since else 0)
    kept += words[place - part.start :]
    return _TRAILING.sub("", _LEADING.sub("", _EMPTY.sub("", kept))) or _EMPTY.sub("", words)


def _needs_colon(core: str) -> bool:
    """没人管 follows its object directly; a clause with an own subject does not."""
    return not re.match(
        "不|没|未|无|拒|拖|乱|擅自|私自|要求|收|欠|推|违|强制|偷|态度|停|漏|坏|突然|关门|服务|卖|乱|虚假|涨|老板|联系不上",
        core,
    )


def _fit(words: str, room: int) -> str:
    if len(words) <= room:
        return _TRAILING.sub("", words)
    cut = words[:room]
    # Not in the middle of a number or a Latin word.
    cut = re.sub(r"[A-Za-z0-9]+$", "", cut) if re.match(r"[A-Za-z0-9]", words[room]) else cut
    return _TRAILING.sub("", cut or words[:room])
