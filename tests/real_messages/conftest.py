"""Tests on real messages, which are not part of the project: skipped where they are absent, and said so at the end."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

MESSAGES = Path(__file__).resolve().parents[3] / "shared" / "data" / "messages"
ABSENT = "../shared/data/messages is absent"
_skipped: list[str] = []


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Skip what needs the messages, counted."""
    if MESSAGES.is_dir():
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=ABSENT))
            _skipped.append(item.nodeid)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly what was not tested."""
    if _skipped:
        terminalreporter.write_line(
            f"{len(_skipped)} real-message tests skipped: {ABSENT} / 没有真实留言数据，跳过了 {len(_skipped)} 个测试",
            yellow=True,
            bold=True,
        )


@pytest.fixture
def messages() -> Path:
    """The folder of the real messages."""
    return MESSAGES
