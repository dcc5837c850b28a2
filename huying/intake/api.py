"""HTTP: drafts of the registration page."""

import json
from datetime import datetime
from typing import Any

from ninja import Router, Schema, Status
from pydantic import BaseModel, Field

from huying.kernel import clock, crypto
from huying.kernel.errors import TooLarge

from .models import Draft

router = Router(tags=["drafts"])
DRAFT_LIMIT = 100_000
DRAFTS_KEPT = 20


class DraftBody(BaseModel):
    content: dict[str, Any] = Field(description="登记页的内容")


class DraftSaved(Schema):
    key: str
    saved_at: datetime


class DraftShown(DraftSaved):
    content: dict[str, Any]


class DraftList(Schema):
    items: list[DraftShown]


@router.get("/drafts", response=DraftList)
def drafts(request: Any) -> dict[str, Any]:
    """My drafts, newest first."""
    rows = Draft.objects.filter(staff=request.auth).order_by("-saved_at")[:DRAFTS_KEPT]
    return {
        "items": [
            {"key": row.key, "saved_at": row.saved_at, "content": json.loads(crypto.open_sealed("draft", row.sealed))}
            for row in rows
        ]
    }


@router.put("/drafts/{key}", response=DraftSaved)
def save_draft(request: Any, key: str, payload: DraftBody) -> dict[str, Any]:
    """Save a draft, in place of the former one of the same key."""
    text = json.dumps(payload.content, ensure_ascii=False)
    if len(text) > DRAFT_LIMIT or len(key) > 64:
        raise TooLarge("draft_too_long", "草稿太长，无法保存到服务器，请先提交")
    row, _ = Draft.objects.update_or_create(
        staff=request.auth, key=key, defaults={"sealed": crypto.seal("draft", text), "saved_at": clock.now()}
    )
    return {"key": row.key, "saved_at": row.saved_at}


@router.delete("/drafts/{key}", response={204: None})
def delete_draft(request: Any, key: str) -> Status[None]:
    """Throw a draft away."""
    Draft.objects.filter(staff=request.auth, key=key).delete()
    return Status(204, None)
