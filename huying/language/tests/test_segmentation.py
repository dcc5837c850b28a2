"""分词: what is indexed, what is asked for, and the promise between them."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.language import segmentation
from huying.language.segmentation import words_for_index, words_for_query

SENTENCE = "长延堡街道翠竹小区３号楼晚上十点以后还在施工，噪音太大，孩子没法睡觉，打了12345也没有人管。"

_WORDS = ["小区", "停车", "暖气", "不热", "长延堡", "街道", "办事处", "的", "了", "狗", "噪音", "夜间施工", "龘靐齉"]
han = st.one_of(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), st.sampled_from(_WORDS))
passages = st.lists(
    st.one_of(
        han, han, han, st.sampled_from(["，", "。", " ", "A3", "12345", "ｗｉｆｉ", "\n", "、", "〇", "\U00020000"])
    ),
    max_size=120,
).map("".join)


def found(query: str, text: str) -> bool:
    """What the database does: all tokens asked for are among those indexed."""
    asked = words_for_query(query)
    return bool(asked) and set(asked) <= set(words_for_index(text))


def test_index_holds_pairs_words_and_numbers() -> None:
    tokens = words_for_index(SENTENCE)
    assert {"长延", "延堡", "堡街", "街道", "翠竹", "小区", "3", "12345", "噪音", "施工"} <= set(tokens)
    assert "，" not in tokens
    assert "的" not in tokens
    assert len(tokens) == len(set(tokens))


def test_width_and_case_are_one() -> None:
    assert words_for_index("ＷｉＦｉ密码１２３") == words_for_index("wifi密码123")
    assert "a3" in words_for_index("A3区")
    assert found("a3区", "住在Ａ３区的居民")


def test_digits_stay_whole() -> None:
    assert words_for_index("13800000000") == ["13800000000"]
    assert not found("1380000", "电话13800000000")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("小区停车难", "小区停车难的问题"),
        ("小区停车", "小区里没法停车"),
        ("小区 停车", "停车把小区的路堵了"),
        ("小区里面乱停车", "我们小区里面有人乱停车"),
        ("幼儿园门口拥堵", "门口每天拥堵，就在幼儿园旁边"),
        ("请问怎么办理居住证", "居住证办理需要什么材料"),
        ("杨小明", "联系人杨小明"),
        ("狗", "楼下有狗"),
        ("堡街", "长延堡街道"),
        ("12345", "打了12345"),
        ("请问", "请问一下"),
        ("3号楼", "翠竹小区3号楼"),
    ],
)
def test_finds(query: str, text: str) -> None:
    assert found(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [("杨小明", "联系人李小明"), ("长延堡", "长安街延长线"), ("暖气", "天气暖和"), ("停车难", "停车方便")],
)
def test_does_not_find(query: str, text: str) -> None:
    assert not found(query, text)


@pytest.mark.parametrize("text", ["", "  \n", "，。！", "\0\0", "\ud800", "🎉", "___"])
def test_nothing_to_search_for(text: str) -> None:
    assert words_for_query(text) == []
    assert words_for_index(text) == []


@given(passages, st.data())
def test_every_text_is_found_by_any_two_characters_of_it(text: str, data: st.DataObject) -> None:
    runs = [run for run, _ in segmentation._runs(text, 20_000) if len(run) > 1]
    if not runs:
        return
    run = data.draw(st.sampled_from(runs))
    begin = data.draw(st.integers(0, len(run) - 2))
    end = data.draw(st.integers(begin + 2, len(run)))
    assert found(run[begin:end], text)


@given(passages, st.data())
def test_every_text_is_found_by_any_stretch_with_punctuation(text: str, data: st.DataObject) -> None:
    folded = unicodedata.normalize("NFKC", text)
    begin = data.draw(st.integers(0, len(folded)))
    end = data.draw(st.integers(begin, len(folded)))
    stretch = folded[begin:end]
    # A stretch that cuts a number or Latin word in two asks for another word.
    if any(c.isascii() and c.isalnum() for c in (folded[max(0, begin - 1) : begin + 1] + folded[end - 1 : end + 1])):
        return
    asked = words_for_query(stretch)
    if len(asked) > 1 or (asked and len(asked[0]) > 1):
        assert found(stretch, text)


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_tokens_are_safe_and_the_same_every_time(text: str) -> None:
    for cut in (words_for_index, words_for_query):
        tokens = cut(text)
        assert tokens == cut(text)
        assert len(tokens) == len(set(tokens))
        for token in tokens:
            assert 0 < len(token) <= segmentation.MAX_TOKEN_CHARS
            assert "\0" not in token
            assert len(token.encode()) < 2_046
            assert token == token.lower()


def test_bounds() -> None:
    varied = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(100_000))
    assert len(words_for_index(varied)) == segmentation.MAX_TOKENS
    assert len(words_for_query(varied)) == segmentation.MAX_QUERY_TOKENS
    assert words_for_index("a" * 100_000) == ["a" * segmentation.MAX_TOKEN_CHARS]
    assert words_for_index("甲" * 100_000)[0] == "甲甲"
    # Characters that folding makes many of are bounded too.
    assert len(words_for_index("\ufdfa" * 100_000)) <= segmentation.MAX_TOKENS
    # The promise holds for a text whose pairs are all different, up to the stated length.
    text = varied[:1_900]
    assert all(found(text[n : n + 2], text) for n in range(0, 1_899, 50))


def test_long_texts_are_quick() -> None:
    text = SENTENCE * 400
    before = time.perf_counter()
    words_for_index(text)
    assert time.perf_counter() - before < 1


@pytest.mark.parametrize("cut", [words_for_index, words_for_query])
def test_a_hundred_characters_take_less_than_a_millisecond(cut: object) -> None:
    assert callable(cut)
    text = (SENTENCE * 3)[:100]
    cut(text)
    best = float("inf")
    for _ in range(5):
        before = time.perf_counter()
        for _ in range(20):
            cut(text)
        best = min(best, (time.perf_counter() - before) / 20)
    assert best < 1e-3
