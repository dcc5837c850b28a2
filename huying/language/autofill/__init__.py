"""智能填单: the fields of an order filled from a text or transcript, by rules: 时间-地点-对象-经过-诉求, title, summary.

Every value is a stretch of the text with its offsets, except title and summary, which are made of such stretches.
Reads the first `READ_CHARS` characters; `Filled.unread` says how many were not read.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from huying.kernel.clock import now
from huying.language.phrases import Why

from . import wording
from .clauses import READ_CHARS, Span
from .demand import happened, wanted
from .questions import QuestionAnswered, answered
from .subject import Subject, find_subjects
from .times import TimeFound, event_time, find_times

__all__ = [
    "READ_CHARS",
    "Filled",
    "PlaceSpan",
    "QuestionAnswered",
    "Span",
    "Subject",
    "TimeFound",
    "fill",
    "find_times",
]


class PlaceSpan(Protocol):
    """What a finder of places gives: places in the text as it was given; the first or longest is the likeliest."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Filled:
    """What the text says; a field is None (or empty) when the text does not say it."""

    time: TimeFound | None
    times: tuple[TimeFound, ...]
    place: Span | None
    subject: Subject | None
    happened: Span | None
    wanted: Span | None
    title: str
    summary: str
    answers: tuple[QuestionAnswered, ...]
    unread: int = 0

    @property
    def why(self) -> tuple[Why, ...]:
        """Every stretch a field was filled from, in the order of the text."""
        spans = [each for each in (self.time, self.place, self.subject, self.happened, self.wanted) if each]
        return tuple(sorted((Why(each.word, each.start, each.end) for each in spans), key=lambda why: why.start))

    def template(self) -> str:
        """时间-地点-对象-经过-诉求, one line each, only those that are known."""
        named = {
            "时间": self.time, "地点": self.place, "对象": self.subject, "经过": self.happened, "诉求": self.wanted,
        }  # fmt: skip
        return "\n".join(f"{label}：{field.word}" for label, field in named.items() if field)


def fill(
    text: str,
    *,
    at: datetime | None = None,
    nature: str = "",
    questions: Sequence[str] = (),
    find_places: Callable[[str], Iterable[PlaceSpan]] | None = None,
) -> Filled:
    """填单 from a text told at `at` (aware; now when not given).

    `nature` (consult, ...) words title and summary, `questions` are the extra questions of the matter, `find_places`
    gives the place mentions of a text. Raises ValueError for a naive `at`.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError("fill() needs an aware datetime")
    read = text[:READ_CHARS]
    # One character becomes one, so places stay right.
    read = "".join(sign if sign == "\n" or sign.isprintable() else " " for sign in read).translate(_WIDTH)
    times = find_times(read, at or now())
    places = [
        Span(text[each.start : each.end], each.start, each.end) for each in (find_places(read) if find_places else ())
    ]
    place = max(places, key=lambda each: (len(each.word), -each.start), default=None)
    subjects = [each for each in find_subjects(read) if not _crosses(each, times)]
    subject = subjects[0] if subjects else None
    want = wanted(read, nature)
    time = event_time(times)
    short = wording.title(read, subject, [(each.start, each.end) for each in times if each.kind != "span"], nature)
    return Filled(
        time=time,
        times=tuple(times),
        place=place,
        subject=subject,
        happened=happened(read, want),
        wanted=want,
        title=short,
        summary=wording.summary(
            short, want, nature, time.word if time and time.kind != "now" else "", place.word if place else ""
        ),
        answers=tuple(answered(read, questions, times, subjects)),
        unread=max(0, len(text) - READ_CHARS),
    )


def _crosses(subject: Subject, times: Sequence[TimeFound]) -> bool:
    return any(subject.start < time.end and time.start < subject.end for time in times)


_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "！（），：；？"} | {0x3000: " "}
