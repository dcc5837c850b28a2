"""HTTP: the taxonomy."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from ninja.responses import Response
from pydantic import Field

from . import queries
from .models import Matter

router = Router(tags=["matters"])


class MatterShown(Schema):
    code: str
    name: str
    path: str
    definition: str
    urgency: str
    everyday: list[str]
    questions: list[str]
    leaf: bool


class MatterList(Schema):
    items: list[MatterShown]


class MatterSearch(Schema):
    q: str = Field("", max_length=50)
    leaf: bool = False
    parent: str = Field("", max_length=6)
    limit: int = Field(20, ge=1, le=100)


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


def rank(row: Matter, q: str) -> tuple[int, int, int]:
    """Best first: code, name, everyday word or synonym, definition."""
    if row.code == q or row.name == q:
        return 0, 0, 0
    if q in row.everyday or q in row.synonyms:
        return 0, 1, 0  # people say exactly this for it
    if q in row.name:
        return 1, 0, len(row.name)
    said = sum(q in word for word in (*row.everyday, *row.synonyms))
    return (2, -said, len(row.name)) if said else (3, 0, len(row.name))


@router.get("/matters", response=MatterList)
def matters(request: HttpRequest, asked: Query[MatterSearch]) -> HttpResponse:
    """内容分类 by words, code or parent."""
    q = asked.q.strip()
    found = list(queries.search(q, leaf=asked.leaf, parent=asked.parent)[:300])
    if q:
        found.sort(key=lambda row: rank(row, q))
    return Response({"items": [shown(row) for row in found[: asked.limit]]})
