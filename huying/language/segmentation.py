"""分词 for the search: the tokens a text is indexed under, and the tokens a query asks for.

The index holds *every* pair of neighbouring Chinese characters of a text, besides its longer words. A query asks for
pairs only, those inside its words. So a text that contains the query is always found, however differently the two
were cut into words, and two words of a query may also stand apart in the text (小区停车 finds 小区里停车).
The promise needs the text's pairs to fit under ``MAX_TOKENS``, which those of any text of up to 1,900 characters do;
in a longer one, pairs that first appear late may be left out.

Tokens are non-empty, lower case, free of NUL and lone surrogates and at most ``MAX_TOKEN_CHARS`` characters long, hence
safe for ``array_to_tsvector`` and, quoted, for a tsquery.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

import rjieba

MAX_CHARS = 20_000
MAX_TOKENS = 2_000
MAX_TOKEN_CHARS = 64
MAX_QUERY_CHARS = 200
MAX_QUERY_TOKENS = 64

# A short run of which the words leave a character out is meant as it stands: all its pairs are asked for, so that a
# name cut into 杨 and 小明 does not find 李小明.
PHRASE_CHARS = 4

# Han with its extensions, the iteration mark and zero; kana and hangul are written without spaces or glued, too.
_CJK = (
    "\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U000323af"
)
_RUNS = re.compile(rf"([{_CJK}]+)|([^\W_{_CJK}]+)")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

# Characters that mean nothing alone. Pairs are never dropped from the index: that would break the promise.
_EMPTY_CHARACTERS = frozenset(
    "的了着过地得是在有和与及或就都也很还又再才不没之其此这那我你您他她它们个被把给让向从到对为以于而且但因所如若则"
    "吗呢吧啊呀哦嗯哈么嘛哪谁些每等请要想会能可说去来上下"
)
# Words around a question; asked for only when the query has nothing else.
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "请问 你好 您好 怎么 怎样 如何 什么 为什么 我们 你们 他们 咱们 自己 一个 一下 这个 那个 这里 那里 "
        "这样 可以 能否 是否 因为 所以 但是 而且 如果 就是 还是 或者 以及 关于 现在 已经 希望 谢谢",
    )
)


def words_for_index(text: str) -> list[str]:
    """Tokens to index a text under: pairs of Chinese characters, words, Latin words and numbers, each once.

    Pairs, Latin words and numbers come first in the order of the text, then words of one character (without empty ones)
    or of three and more. At most ``MAX_CHARS`` characters are read and ``MAX_TOKENS`` tokens given.
    """
    tokens: dict[str, None] = {}
    words: dict[str, None] = {}
    for han, other in _runs(text, MAX_CHARS):
        if other:
            tokens[other[:MAX_TOKEN_CHARS]] = None
            continue
        tokens.update(dict.fromkeys(_pairs(han)))
        if len(tokens) >= MAX_TOKENS:
            break
        for word in _cut(han):
            # Words of two characters are pairs and hence in already.
            if len(word) > 2 or (len(word) == 1 and word not in _EMPTY_CHARACTERS):
                words[word[:MAX_TOKEN_CHARS]] = None
    tokens.update(words)
    return list(islice(tokens, MAX_TOKENS))


def words_for_query(text: str) -> list[str]:
    """Tokens that a text must *all* have to be found; empty when the query holds nothing to search for.

    At most ``MAX_QUERY_CHARS`` characters are read. A single Chinese character counts only when it is all there is, and
    then finds the texts where it stands as a word.
    """
    tokens: dict[str, None] = {}
    filler: dict[str, None] = {}
    singles: dict[str, None] = {}
    for han, other in _runs(text, MAX_QUERY_CHARS):
        if other:
            tokens[other[:MAX_TOKEN_CHARS]] = None
        elif len(han) == 1:
            singles[han] = None
        else:
            pieces = list(_pieces(han))
            if not pieces or (len(han) <= PHRASE_CHARS and sum(map(len, pieces)) < len(han)):
                pieces = [han]
            for piece in pieces:
                (filler if piece in _EMPTY_WORDS else tokens).update(dict.fromkeys(_pairs(piece)))
    return list(islice(tokens or filler or singles, MAX_QUERY_TOKENS))


def _runs(text: str, limit: int) -> Iterator[tuple[str, str]]:
    """Runs of Chinese characters and of anything else that spells words, after the width and case are made one."""
    # Folding may lengthen a text (㎡ becomes m2), so it is cut before and after.
    folded = unicodedata.normalize("NFKC", _UNSTORABLE.sub(" ", text[:limit])).lower()[:limit]
    return ((match[1] or "", match[2] or "") for match in _RUNS.finditer(folded))


def _cut(han: str) -> list[str]:
    return rjieba.cut(han)


def _pairs(run: str) -> Iterable[str]:
    return map("".join, pairwise(run))


def _pieces(han: str) -> Iterator[str]:
    """Words of two characters and more, and rows of single characters, which are words the dictionary does not know."""
    row = ""
    for word in _cut(han):
        if len(word) == 1 and word not in _EMPTY_CHARACTERS:
            row += word
            continue
        if len(row) > 1:
            yield row
        row = ""
        if len(word) > 1:
            yield word
    if len(row) > 1:
        yield row
