"""The invented texts: complete, varied, of real codes, and without anything that could be somebody's number."""

import re
import statistics
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from huying.matters.models import Matter
from huying.simulation import topics as subject
from huying.simulation.citizens import PREFIX, Citizens
from huying.simulation.history import Caller
from huying.simulation.tables import SLOT, lines, table
from huying.simulation.wording import LONGEST, SHORTEST, TITLE_LONGEST

AT = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
MOBILE = re.compile(r"1[3-9]\d{9}")
COUNT = 1500


MADE: list[tuple[str, str, str]] = []


@pytest.fixture
def requests(db: None) -> list[tuple[str, str, str]]:
    """(title, content, leaf) of 1,500 requests, made once for all tests."""
    if not MADE:
        caller, rng = Caller("test"), Random(5)
        made = (caller.request(AT, rng)[0] for _ in range(COUNT))
        MADE.extend((item.title, item.content, item.matter or "") for item in made)
    return MADE


def test_every_topic_can_be_asked_about() -> None:
    topics = subject.topics()
    assert len(topics) >= 60
    assert len({topic.key for topic in topics}) == len(topics)
    assert {leaf[:2] for topic in topics for leaf in topic.leaves} == set(subject.DOMAINS)
    for topic in topics:
        natures = {name for name, _ in topic.natures}
        assert topic.title, topic.key
        assert topic.scene, topic.key
        assert "consult" not in natures or topic.question, topic.key
        assert "praise" not in natures or topic.harm == ("thanks",), topic.key


@pytest.mark.django_db
def test_topics_name_real_leaves() -> None:
    known = set(Matter.objects.filter(code__in=subject.leaves_used(), active=True).values_list("code", flat=True))
    assert known == set(subject.leaves_used())


def test_texts_are_whole_and_of_a_bearable_length(requests: list[tuple[str, str, str]]) -> None:
    for title, content, leaf in requests:
        assert not SLOT.search(title + content), content
        assert SHORTEST <= len(content) <= LONGEST, content
        assert 4 <= len(title) <= TITLE_LONGEST, title
        assert len(leaf) == 6
        assert not re.search(r"[，。]{2}|^[，。！]", content), content


def test_texts_do_not_look_generated(requests: list[tuple[str, str, str]]) -> None:
    texts = [content for _, content, _ in requests]
    assert len(set(texts)) == COUNT
    grams = Counter(text[at : at + 8] for text in texts for at in range(len(text) - 7))
    assert len(grams) / sum(grams.values()) > 0.3
    lengths = sorted(len(text) for text in texts)
    assert lengths[COUNT // 20] < 32
    assert lengths[-COUNT // 20] > 130
    assert statistics.pstdev(lengths) > 30
    openings = Counter(text[:6] for text in texts)
    assert openings.most_common(1)[0][1] < COUNT * 0.08


def test_nothing_could_be_a_real_number(requests: list[tuple[str, str, str]]) -> None:
    assert not any(MOBILE.search(title + content) for title, content, _ in requests)
    everything = repr(table("wording")) + repr(table("replies"))
    assert not re.search(r"\d{7}", everything)


def test_numbers_of_citizens_are_those_of_nobody() -> None:
    rng = Random(1)
    citizens = Citizens(rng)
    people = [citizens.made("610113001", rng) for _ in range(500)]
    assert len({person.phone for person in people}) == 500
    for person in people:
        assert re.fullmatch(PREFIX + r"\d{7}", person.phone)
        assert not MOBILE.search(person.phone)


def test_people_call_again() -> None:
    rng = Random(2)
    citizens = Citizens(rng)
    calls = Counter(citizens.caller("610113001", rng).phone for _ in range(400))
    assert max(calls.values()) >= 4
    assert len(calls) > 200


def test_heating_is_asked_about_when_it_is_cold() -> None:
    def share(day: datetime) -> float:
        rng = Random(3)
        drawn = [subject.choose(day.date(), rng).key for _ in range(800)]
        return sum(key.startswith("heat") for key in drawn) / len(drawn)

    assert share(datetime(2026, 11, 18)) > 0.15
    assert share(datetime(2026, 7, 18)) < 0.02


def test_traffic_is_what_is_asked_about_most() -> None:
    rng = Random(4)
    drawn = Counter(subject.choose(datetime(2026, 10, 14).date(), rng).leaves[0][:2] for _ in range(3000))
    assert 0.18 <= drawn["04"] / 3000 <= 0.28


def test_every_reply_can_be_filled() -> None:
    known = {
        "title", "spot", "day", "n", "nn", "clock", "measure", "future", "person", "date", "unit", "done", "explain", "line",
        "other", "area", "basis", "hrs", "house", "topic", "answer",
    }  # fmt: skip
    for kind, text in table("replies").items():
        if isinstance(text, str):
            for sentence in lines(text):
                assert set(SLOT.findall(sentence)) <= known, (kind, sentence)


@pytest.mark.django_db
def test_another_seed_gives_other_texts() -> None:
    first, second = ({Caller(seed).request(AT, Random(seed))[0].content} for seed in ("1", "2"))
    assert first.isdisjoint(second)
