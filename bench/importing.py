"""Import: rows per second beside a bare COPY of the same file into a table of texts, on the same server.

`python -m bench.importing [FILE MAPPING]`; without a file an invented one of 4,000 rows with texts as long as real ones.
"""

import argparse
import csv
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROWS = 4_000
WORDS = [
    "小区",
    "夜里",
    "施工",
    "噪声",
    "物业",
    "收费",
    "停车",
    "路灯",
    "不亮",
    "积水",
    "公交",
    "医保",
    "报销",
    "学校",
    "门口",
    "拥堵",
    "垃圾",
    "清运",
    "电梯",
    "故障",
    "居民",
    "多次",
    "反映",
    "希望",
    "尽快",
    "处理",
]


def invented(path: Path, rows: int = ROWS) -> None:
    """A board's file: texts put together from words, some 350 characters each, every id new."""
    rng = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["id", "user", "title", "time", "detail"])
        for number in range(rows):
            said = "，".join("".join(rng.choices(WORDS, k=6)) for _ in range(28))
            moment = f"2025-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d} 10:{rng.randint(0, 59):02d}:00"
            out.writerow([f"B{number}", f"U{number}", "".join(rng.choices(WORDS, k=4)), moment, said + "。"])


def measure(path: Path | None = None, mapping: Path | None = None) -> dict[str, Any]:
    """Import a file within a transaction that is rolled back, and COPY it bare; Django must be set up.

    Returns rows, rejects, seconds and rows/s of both, their ratio, milliseconds of CPU per row in this process.
    """
    from django.db import connection, transaction

    from huying.intake.importing import Options, load_mapping, run
    from huying.orders import reading

    with tempfile.TemporaryDirectory() as folder:
        if path is None:
            path = Path(folder) / "board.csv"
            invented(path)
        told = load_mapping(mapping or Path("board_2019"))
        with path.open(encoding="utf-8-sig", newline="") as stream:
            header = next(csv.reader(stream))
        bare_began = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor, path.open("rb") as stream:
            columns = ", ".join(f"c{place} text" for place in range(len(header)))
            cursor.execute(f"CREATE TABLE bench_bare ({columns})")
            with cursor.copy("COPY bench_bare FROM STDIN (FORMAT csv, HEADER)") as copy:
                while chunk := stream.read(1 << 20):
                    copy.write(chunk)
            bare_rows = cursor.rowcount
            transaction.set_rollback(True)
        bare = time.perf_counter() - bare_began
        cpu = resource.getrusage(resource.RUSAGE_SELF)
        with transaction.atomic():
            outcome = run(path, told, Options(rejects=Path(folder) / "rejects.csv"), by=reading.SYSTEM)
            transaction.set_rollback(True)
        spent = resource.getrusage(resource.RUSAGE_SELF)
    if outcome.read != bare_rows:
        sys.stderr.write(f"the import read {outcome.read} rows, COPY {bare_rows}\n")
    milliseconds = 1000 * (spent.ru_utime + spent.ru_stime - cpu.ru_utime - cpu.ru_stime) / max(outcome.read, 1)
    return {
        "rows": outcome.read, "registered": outcome.registered, "rejected": outcome.rejects_count,
        "seconds": outcome.seconds, "rows_per_second": outcome.read / outcome.seconds,
        "copy_seconds": bare, "copy_rows_per_second": bare_rows / bare,
        "ratio": (bare_rows / bare) / (outcome.read / outcome.seconds), "cpu_ms_per_row": milliseconds,
    }  # fmt: skip


def main() -> None:
    """Set up a database of its own under HUYING_HOME and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("mapping", nargs="?", type=Path)
    told = parser.parse_args()
    os.environ.setdefault("HUYING_MODE", "development")
    os.environ.setdefault("HUYING_HOME", str(ROOT / ".huying" / "bench-import"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "huying.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from huying.simulation.reference import load

    call_command("migrate", verbosity=0)
    load()
    for name, value in measure(told.file, told.mapping).items():
        print(f"{name:22} {value:12,.1f}")


if __name__ == "__main__":
    main()
