"""HTTP: places."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from ninja.responses import Response
from pydantic import Field

from . import queries

router = Router(tags=["places"])


class PlaceShown(Schema):
    code: str | None
    name: str
    kind: str
    kind_label: str
    path: str
    street: str | None
    area: str | None
    lat: float | None
    lng: float | None


class PlaceList(Schema):
    items: list[PlaceShown]


class PlaceSearch(Schema):
    q: str = Field("", max_length=50)
    limit: int = Field(10, ge=1, le=50)


@router.get("/places", response=PlaceList)
def places(request: HttpRequest, asked: Query[PlaceSearch]) -> HttpResponse:
    """Places by name, alias, pinyin or initials (`cybjd` finds 长延堡街道)."""
    return Response({"items": [asdict(found) for found in queries.search(asked.q, asked.limit)]})
