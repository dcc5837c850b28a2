"""Writing bench/RESULTS.md: one section per run, so that measuring one thing does not wipe what was measured of another."""

import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(__file__).with_name("RESULTS.md")
TITLE = """# Measured

Written by `make bench` (`python -m bench.run`); what each figure means and the traps: [docs/develop/performance.md](../docs/develop/performance.md).
"""
ORDER = ("limits", "import", "million")


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def verdict(figure: float, limit: float | None) -> str:
    """Within or over, and how much of the limit is used."""
    if limit is None:
        return ""
    return f"{'within' if figure <= limit else '**over**'} ({figure / limit:.2f})"


def circumstances(load_before: float) -> str:
    """When and where: without these a figure means little."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    parts = [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", f"{os.cpu_count()} cores ({model[1] if model else 'unknown'})",
        f"{int(memory[1]) / 1e6:.0f} GB" if memory else "", f"load average before the run {load_before:.2f}", _revision(),
    ]  # fmt: skip
    return ", ".join(part for part in parts if part) + ".\n"


def _revision() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=FILE.parent, capture_output=True, text=True, check=False
    )
    return f"revision {done.stdout.strip()}" if done.returncode == 0 else ""


def keep(name: str, text: str) -> None:
    """Put a section into the file in place of its predecessor, and print it."""
    print(text, flush=True)
    there = FILE.read_text("utf-8") if FILE.exists() else ""
    sections = dict(re.findall(r"<!-- section (\w+) -->\n(.*?)<!-- end -->", there, re.DOTALL))
    sections[name] = text.rstrip() + "\n"
    parts = [f"<!-- section {key} -->\n{sections[key]}<!-- end -->\n" for key in ORDER if key in sections]
    FILE.write_text("\n".join([TITLE, *parts]), "utf-8")
