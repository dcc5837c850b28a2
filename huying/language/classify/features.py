"""Features 特征: what a linear model sees of a text.

Three views, each a TF-IDF of its own: character 2-4-grams (survive both raw text and text cut into words without stop
words, because blanks are taken out first), words of rjieba, and character 1-2-grams of the head, where people say what
they want. On the project's labelled messages the three together beat each alone (bench/RESULTS.md).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import rjieba
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

READ_CHARS = 4_000  # of one text; what a citizen wants stands long before
HEAD_CHARS = 40
MOST_FEATURES = 400_000  # of one view, the most frequent ones

_BLANK = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text with width and case made one and every blank taken out, at most READ_CHARS characters."""
    folded = unicodedata.normalize("NFKC", text[:READ_CHARS]).lower()
    return _BLANK.sub("", folded)[:READ_CHARS]


def words(text: str) -> list[str]:
    """The words of a plain text."""
    return list(rjieba.cut(text))


def head(text: str) -> str:
    """The beginning of a plain text."""
    return text[:HEAD_CHARS]


# name of the view -> what it counts; the texts it is given are plain already
_VIEWS: dict[str, dict[str, Any]] = {
    "grams": {"analyzer": "char", "ngram_range": (2, 4)},
    "words": {"tokenizer": words, "token_pattern": None},
    "head": {"analyzer": "char", "ngram_range": (1, 2), "preprocessor": head},
}


def _vectorizer(view: str, **more: Any) -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, lowercase=False, dtype=np.float32, **_VIEWS[view], **more)


class Features:
    """The three views fitted on texts; rows of `matrix` are texts, columns all their features side by side."""

    def __init__(self, views: Mapping[str, TfidfVectorizer]) -> None:
        self.views = dict(views)

    @classmethod
    def fitted(cls, texts: Sequence[str]) -> "Features":
        """Learn which features exist and how rare they are from plain texts. Errors: ValueError when there is none."""
        rare = 2 if len(texts) > 50 else 1  # a handful of rows has no feature twice
        views = {name: _vectorizer(name, min_df=rare, max_features=MOST_FEATURES) for name in _VIEWS}
        for vectorizer in views.values():
            vectorizer.fit(texts)
        return cls(views)

    def matrix(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """Plain texts as rows."""
        kept = list(texts)
        return sparse.hstack([vectorizer.transform(kept) for vectorizer in self.views.values()]).tocsr()

    def names(self) -> list[str]:
        """What each column stands for, in the order of `matrix`."""
        return [name for vectorizer in self.views.values() for name in vectorizer.get_feature_names_out()]

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything needed to make the same features again, without pickling."""
        kept: dict[str, np.ndarray] = {}
        for name, vectorizer in self.views.items():
            text = "\n".join(vectorizer.get_feature_names_out())
            kept[f"{name}_names"] = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
            kept[f"{name}_idf"] = vectorizer.idf_.astype(np.float32)
        return kept

    @classmethod
    def from_arrays(cls, kept: Mapping[str, np.ndarray]) -> "Features":
        """The inverse of `arrays`. Errors: KeyError, ValueError for arrays that are not such a set."""
        views = {}
        for name in _VIEWS:
            names = kept[f"{name}_names"].tobytes().decode("utf-8", "surrogatepass").split("\n")
            vectorizer = _vectorizer(name, vocabulary=names)
            vectorizer.idf_ = kept[f"{name}_idf"]
            views[name] = vectorizer
        return cls(views)
