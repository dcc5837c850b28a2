"""Keyset paging 翻页: an opaque cursor holds the sort key of the last row shown, so page 1,000 costs what page 1 costs."""

import base64
import binascii
import json
from datetime import datetime

from .errors import Invalid

MAX_LIMIT = 100
LONGEST = 200


def encode(key: datetime, row: int) -> str:
    """A cursor for (sort key, row id)."""
    raw = json.dumps([key.isoformat(), row]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(cursor: str) -> tuple[datetime, int]:
    """The (sort key, row id) of a cursor, or Invalid `bad_cursor`."""
    try:
        key, row = json.loads(base64.urlsafe_b64decode(cursor[:LONGEST] + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(key)
        if moment.tzinfo is None or not isinstance(row, int) or not 0 <= row < 2**63:
            raise ValueError("not ours")
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise Invalid("bad_cursor", "翻页标记无效，请从第一页重新查看") from None
    return moment, row
