"""The trained stage 有史可依: a linear model over domains and, below each domain, one over its leaves.

Linear support vector machines (one against the rest) on TF-IDF features; margins calibrated on rows held out three times.
Labels without a tree (any file with one label column) are a tree of one level.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from huying.kernel.errors import Invalid

from . import calibrating
from .features import Features, plain

STRENGTH = 0.3  # of the fit; chosen on the train part, see bench/RESULTS.md
FOLDS = 3
FEWEST_ROWS = 3  # of a label, below which it is not learned but left to the taxonomy's own words
SMALL = 1e-3  # a weight below this moves nothing and is not kept


@dataclass
class Node:
    """One decision: classes (codes), weights (classes, features), bias, temperature, rows each class was learned from."""

    classes: list[str]
    weights: sparse.csr_matrix
    bias: np.ndarray
    temperature: float
    rows: list[int]

    def probabilities(self, matrix: sparse.csr_matrix) -> np.ndarray:
        """(texts, classes); a single class is certain."""
        if len(self.classes) == 1:
            return np.ones((matrix.shape[0], 1))
        margins = np.asarray((matrix @ self.weights.T).todense()) + self.bias
        return calibrating.probabilities(margins, self.temperature)


@dataclass
class Guess:
    """A class with how sure the model is (0 to 1) and the words that drove it."""

    code: str
    confidence: float
    words: list[str] = field(default_factory=list)


def _fit(matrix: sparse.csr_matrix, labels: np.ndarray) -> LinearSVC:
    # the dual is much faster for more features than rows, and exact enough
    return LinearSVC(C=STRENGTH, dual=True, random_state=0).fit(matrix, labels)


def _margins(model: LinearSVC, matrix: sparse.csr_matrix) -> np.ndarray:
    found = np.asarray(model.decision_function(matrix))
    return np.column_stack([-found, found]) if found.ndim == 1 else found


def fit_node(matrix: sparse.csr_matrix, labels: Sequence[str]) -> Node:
    """Learn one decision from rows and their labels; one label only gives a node that is always certain."""
    truth = np.asarray(labels)
    counts = Counter(labels)
    classes = sorted(counts)
    if len(classes) == 1:
        width = matrix.shape[1]
        return Node(classes, sparse.csr_matrix((1, width), dtype=np.float32), np.zeros(1), 1.0, [len(labels)])
    model = _fit(matrix, truth)
    weights, bias = model.coef_, np.asarray(model.intercept_)
    if len(classes) == 2:
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Node(
        classes, _slim(weights), bias.astype(np.float32), _temperature(matrix, truth, classes, min(counts.values())),
        [counts[name] for name in classes],
    )  # fmt: skip


def _slim(weights: np.ndarray) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.where(np.abs(weights) < SMALL, 0, weights).astype(np.float32))


def _temperature(matrix: sparse.csr_matrix, truth: np.ndarray, classes: list[str], rarest: int) -> float:
    """Fitted on margins of rows that the model did not see; 1 when a class is too rare to hold any out."""
    folds = min(FOLDS, rarest)
    if folds < 2:
        return 1.0
    place = {name: number for number, name in enumerate(classes)}
    margins = np.zeros((len(truth), len(classes)))
    for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=0).split(matrix, truth):
        margins[unseen] = _margins(_fit(matrix[seen], truth[seen]), matrix[unseen])
    return calibrating.fit_temperature(margins, np.array([place[name] for name in truth]))


class Classifier:
    """The whole trained model: `top` decides the domain, `below[domain]` the leaf."""

    def __init__(self, features: Features, top: Node, below: Mapping[str, Node]) -> None:
        self.features = features
        self.top = top
        self.below = dict(below)
        self._names: list[str] | None = None

    def rows_of(self) -> dict[str, int]:
        """How many rows each code was learned from."""
        learned = dict(zip(self.top.classes, self.top.rows, strict=True))
        for node in self.below.values():
            learned |= dict(zip(node.classes, node.rows, strict=True))
        return learned

    def spread(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """For each text the probability of every code it knows: leaves where it has learned leaves, else domains."""
        matrix = self.features.matrix([plain(text) for text in texts])
        tops = self.top.probabilities(matrix)
        leaves = {domain: node.probabilities(matrix) for domain, node in self.below.items()}
        found: list[dict[str, float]] = []
        for row in range(matrix.shape[0]):
            chances: dict[str, float] = {}
            for column, domain in enumerate(self.top.classes):
                share = float(tops[row, column])
                node = self.below.get(domain)
                if node is None:
                    chances[domain] = share
                else:
                    chances |= {
                        code: share * float(chance)
                        for code, chance in zip(node.classes, leaves[domain][row], strict=True)
                    }
            found.append(chances)
        return found

    def guess(self, text: str, most: int = 3, *, explain: bool = True) -> list[Guess]:
        """The likeliest codes, surest first."""
        chances = self.spread([text])[0]
        best = sorted(chances.items(), key=lambda item: -item[1])[:most]
        return [Guess(code, chance, self.drivers(text, code) if explain else []) for code, chance in best]

    def drivers(self, text: str, code: str, most: int = 5) -> list[str]:
        """The pieces of the text that spoke most for a code, as they stand in the plain text."""
        node, column = self._place(code)
        if node is None:
            return []
        read = plain(text)
        row = self.features.matrix([read])
        weights = node.weights[column].toarray().ravel()
        if self._names is None:
            self._names = self.features.names()
        spoke = sorted(
            (
                (float(value) * float(weights[index]), self._names[index])
                for index, value in zip(row.indices, row.data, strict=True)
            ),
            reverse=True,
        )
        return _longest([piece for weight, piece in spoke[:40] if weight > 0 and len(piece) > 1], read, most)

    def _place(self, code: str) -> tuple[Node | None, int]:
        for node in (self.top, *self.below.values()):
            if code in node.classes and len(node.classes) > 1:
                return node, node.classes.index(code)
        return None, 0

    # -- keeping

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything as plain arrays."""
        kept = {f"features_{name}": array for name, array in self.features.arrays().items()}
        for name, node in {"": self.top, **self.below}.items():
            start = f"node_{name}_"
            kept[start + "classes"] = np.array(node.classes)
            kept[start + "data"], kept[start + "indices"] = node.weights.data, node.weights.indices
            kept[start + "indptr"], kept[start + "shape"] = node.weights.indptr, np.array(node.weights.shape)
            kept[start + "bias"], kept[start + "temperature"] = node.bias, np.array(node.temperature)
            kept[start + "rows"] = np.array(node.rows)
        return kept

    @classmethod
    def from_arrays(cls, kept: Mapping[str, np.ndarray]) -> "Classifier":
        """The inverse of `arrays`. Errors: KeyError, ValueError when something is missing or of another shape."""
        features = Features.from_arrays(
            {name.removeprefix("features_"): array for name, array in kept.items() if name.startswith("features_")}
        )
        nodes: dict[str, Node] = {}
        for name in [name for name in kept if name.startswith("node_") and name.endswith("_classes")]:
            start = name.removesuffix("classes")
            weights = sparse.csr_matrix(
                (kept[start + "data"], kept[start + "indices"], kept[start + "indptr"]),
                shape=tuple(kept[start + "shape"]),
            )
            nodes[start.removeprefix("node_").removesuffix("_")] = Node(
                [str(code) for code in kept[name]], weights, kept[start + "bias"], float(kept[start + "temperature"]),
                [int(count) for count in kept[start + "rows"]],
            )  # fmt: skip
        return cls(features, nodes.pop(""), nodes)


def _longest(pieces: list[str], text: str, most: int) -> list[str]:
    """Pieces that overlap or touch in the text joined into one, strongest first."""
    spans: list[list[int]] = []
    for piece in pieces:
        at = text.find(piece)
        if at < 0:
            continue
        near = next((span for span in spans if at <= span[1] and at + len(piece) >= span[0]), None)
        if near is None:
            spans.append([at, at + len(piece)])
        elif max(near[1], at + len(piece)) - min(near[0], at) <= 10:  # a whole sentence explains nothing
            near[0], near[1] = min(near[0], at), max(near[1], at + len(piece))
    return list(dict.fromkeys(text[begin:end] for begin, end in spans))[:most]


def train(texts: Sequence[str], labels: Sequence[str], *, domain_of: Callable[[str], str] | None = None) -> Classifier:
    """训练: learn from texts and their labels; `domain_of` gives the domain of a leaf, without it labels are flat.

    Errors: Invalid `no_rows`, `one_class` (nothing to tell apart), `labels_wrong` (counts differ, or hardly a label twice).
    """
    if len(texts) != len(labels):
        raise Invalid("labels_wrong", f"文本有{len(texts)}条，标签有{len(labels)}条，数目不一致")
    rows = [(plain(text), label.strip()) for text, label in zip(texts, labels, strict=True)]
    rows = [(text, label) for text, label in rows if text and label]
    if not rows:
        raise Invalid("no_rows", "没有可以用来训练的数据：文本或标签都是空的")
    counts = Counter(label for _, label in rows)
    learnable = {label for label, count in counts.items() if count >= FEWEST_ROWS}
    if len(counts) > 1 and not learnable:
        raise Invalid("labels_wrong", "几乎每个标签只出现一两次，学不到规律，请检查标签列是否选对")
    kept = [(text, label) for text, label in rows if domain_of or label in learnable]
    domains = [domain_of(label) if domain_of else label for _, label in kept]
    if len(set(domains)) < 2:
        raise Invalid("one_class", "训练数据里只有一个类别，无法训练分类，请补充其他类别的数据")
    features = Features.fitted([text for text, _ in kept])
    matrix = features.matrix([text for text, _ in kept])
    below: dict[str, Node] = {}
    if domain_of:
        for domain in sorted(set(domains)):
            inside = [
                number for number, (_, label) in enumerate(kept) if domains[number] == domain and label in learnable
            ]
            if inside:
                below[domain] = fit_node(matrix[inside], [kept[number][1] for number in inside])
    return Classifier(features, fit_node(matrix, domains), below)
