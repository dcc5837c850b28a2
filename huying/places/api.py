"""HTTP: places."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router

from . import queries

router = Router(tags=["places"])


@router.get("/places")
def places(request: HttpRequest, q: str = "", limit: int = 10) -> dict[str, Any]:
    """Places by name, alias, pinyin or initials (`cybjd` finds 长延堡街道)."""
    return {"items": [asdict(found) for found in queries.search(q[:50], max(1, min(limit, 50)))]}
