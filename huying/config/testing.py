"""What every test run needs before the settings are read 测试环境, as a pytest plugin: the root conftest.py comes too late.

The tests have a cluster of their own at `$HUYING_HOME/test`, without fsync; `HUYING_DATABASE_URL` runs them on another
server. Browser tests (marked `browser`) are skipped with a count when something that they need is missing.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("HUYING_HOME", "HUYING_DATABASE_URL")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SKIPPED = pytest.StashKey[dict[str, int]]()


def prepare(variables: MutableMapping[str, str]) -> None:
    """Make the variables those of a test run: a developer's own settings must not decide what the tests find."""
    for name in [name for name in variables if name.startswith("HUYING_") and name not in KEPT]:
        del variables[name]
    home = Path(variables.get("HUYING_HOME") or ROOT / ".huying")
    variables["HUYING_HOME"] = str(home if home.name == "test" else home / "test")
    variables["HUYING_MODE"] = "test"


def chromium() -> str | None:
    """The browser of the browser tests, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def missing_for_browser() -> list[str]:
    """What the browser tests need and this machine lacks."""
    found = [] if chromium() else ["chromium"]
    if not chinese_font():
        found.append("fonts-noto-cjk")
    if not (ROOT / "web" / "dist" / "index.html").exists():
        found.append("web/dist")
    return found


def chinese_font() -> bool:
    """True when the system can draw Chinese."""
    if not shutil.which("fc-list"):
        return Path("/System/Library/Fonts/PingFang.ttc").exists()
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def pytest_configure(config: pytest.Config) -> None:
    """Name the marks of tests that drive a browser, and of those that kill processes."""
    config.addinivalue_line("markers", "browser: drives Chromium; skipped where it or a Chinese font is missing")
    config.addinivalue_line("markers", "faults: kills processes outright; leave them out by -m 'not faults'")
    config.stash[SKIPPED] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Skip the browser tests, counted, where they cannot run."""
    marked = [item for item in items if item.get_closest_marker("browser")]
    missing = missing_for_browser() if marked else []
    if missing:
        reason = "missing " + ", ".join(missing)
        config.stash[SKIPPED] = {reason: len(marked)}
        for item in marked:
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly what was not tested."""
    for reason, count in terminalreporter.config.stash[SKIPPED].items():
        terminalreporter.write_line(
            f"{count} browser tests skipped: {reason} / 跳过了 {count} 个浏览器测试", yellow=True, bold=True
        )


if "PYTEST_VERSION" in os.environ:  # pytest sets it; only then is this module loaded as its plugin
    prepare(os.environ)
