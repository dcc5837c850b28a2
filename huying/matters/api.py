"""HTTP: the taxonomy."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from . import queries
from .models import Matter

router = Router(tags=["matters"])


def shown(row: Matter) -> dict[str, Any]:
    """A matter as the search shows it."""
    names, above = [], row.parent
    while above:
        names.append(above.name)
        above = above.parent
    return {
        "code": row.code, "name": row.name, "path": "/".join(reversed(names)), "definition": row.definition,
        "urgency": row.urgency, "everyday": row.everyday, "questions": row.questions, "leaf": row.leaf,
    }  # fmt: skip


def rank(row: Matter, q: str) -> tuple[int, int]:
    """Best first: code, name, everyday word or synonym, definition."""
    if row.code == q or row.name == q:
        return 0, 0
    if q in row.name:
        return 1, len(row.name)
    if any(q in word for word in (*row.everyday, *row.synonyms)):
        return 2, len(row.name)
    return 3, len(row.name)


@router.get("/matters")
def matters(request: HttpRequest, q: str = "", leaf: bool = False, parent: str = "", limit: int = 20) -> dict[str, Any]:
    """内容分类 by words, code or parent."""
    q = q.strip()[:50]
    found = list(queries.search(q, leaf=leaf, parent=parent)[:300])
    if q:
        found.sort(key=lambda row: rank(row, q))
    return {"items": [shown(row) for row in found[: max(1, min(limit, 100))]]}
