"""What seldom changes, kept in the process for a short while, so that reading it costs no SQL."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
KEPT_SECONDS = 30
_kept: dict[str, tuple[float, object]] = {}


def keep(name: str, read: Callable[[], T]) -> T:
    """What `read` gives, at most KEPT_SECONDS old."""
    found = _kept.get(name)
    if found and found[0] > time.monotonic():
        return found[1]  # type: ignore[return-value]  # stored by this function under the same name
    value = read()
    _kept[name] = (time.monotonic() + KEPT_SECONDS, value)
    return value


def forget() -> None:
    """Read everything again at its next use."""
    _kept.clear()
