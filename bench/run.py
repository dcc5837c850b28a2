"""`make bench`: every figure beside its limit or a peer measured in the same run; kept in bench/RESULTS.md.

By default the 50,000 orders that the limits are set for, pgbench beside them, and the import. `--orders 1000000` compares
reading in a city of that size with reading in one of 50,000, in one run; making that city takes some ten minutes, once.
Cities are kept below HUYING_HOME (default .huying) and used again.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from . import load, results
from .kinds import LIMITED, WITHIN, Sample, reads

ROOT = Path(__file__).resolve().parents[1]
SMALL = 50_000
REQUESTS = 400
LARGE_REQUESTS = 150


def child(orders: int, part: str, requests: int = 0) -> "subprocess.Popen[str]":
    """A process that measures, or serves, one city."""
    home = Path(os.environ.get("HUYING_HOME", ROOT / ".huying")).absolute() / f"bench-{orders}"
    home.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "bench.measuring", "--orders", str(orders), "--part", part, "--requests", str(requests)],
        cwd=ROOT, env=os.environ | {"HUYING_HOME": str(home)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def measured(orders: int, part: str, requests: int) -> dict[str, Any]:
    """What one part measured in one city."""
    process = child(orders, part, requests)
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"bench.measuring --part {part} ended with {process.returncode}")
    found: dict[str, Any] = json.loads(said)
    return found


def side_by_side(sizes: tuple[int, ...], requests: int) -> dict[str, list[tuple[load.Figures, int]]]:
    """Every kind of reading in each city, one after the other kind by kind, so that a busy minute slows all of them."""
    processes = [child(size, "serve") for size in sizes]
    try:
        told = []
        for process in processes:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise SystemExit("bench.measuring --part serve ended early")
            told.append(json.loads(line))
        targets = [load.Target(**it["target"]) for it in told]
        kinds = [reads(Sample(**it["sample"])) for it in told]
        found: dict[str, list[tuple[load.Figures, int]]] = {}
        for family, rows in kinds[0].items():
            for place, kind in enumerate(rows):
                pairs = [(target, its[family][place]) for target, its in zip(targets, kinds, strict=True)]
                found[f"{family}|{kind.name}"] = [
                    (
                        load.measure(target, its.who, requests, its.make, warm=20),
                        load.lines(target, its.who, its.make(0)[1]),
                    )
                    for target, its in pairs
                ]
        return found
    finally:
        for process in processes:
            if process.stdin:
                process.stdin.close()
            process.wait()


def limits(orders: int) -> None:
    """Statements, CPU and pace of what has limits."""
    before = os.getloadavg()[0]
    found = measured(orders, "limits", REQUESTS)
    rows = []
    for name, (statements, cpu, peer) in LIMITED.items():
        it = found["kinds"][name]
        rows.append(
            [
                name,
                f"{it['statements']} <= {statements}: {results.verdict(it['statements'], statements)}",
                str(peer[0]) if peer else "",
                f"{it['cpu']:.1f}" + (f" <= {cpu}: {results.verdict(it['cpu'], cpu)}" if cpu else ""),
                f"{peer[1]} ({it['cpu'] / peer[1]:.2f} of it)" if peer else "",
                f"{it['p50']:.1f}", f"{it['p95']:.1f}", f"{it['p99']:.1f}", f"{it['per_second']:.0f}",
            ]
        )  # fmt: skip
    heads = [
        "request",
        "SQL statements",
        "peer",
        "CPU ms of the web processes",
        "peer",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "per second",
    ]
    durable = sum(found["pgbench"]) / len(found["pgbench"])
    registered = found["kinds"]["register"]["per_second"]
    text = (
        f"## Limits, {orders:,} orders\n\n`make bench`: {REQUESTS} requests of each kind over 8 connections, 2 server processes, fsync on.\n"
        f"{results.circumstances(before)}\n{results.table(heads, rows)}\n"
        "Peer: published figures of the nearest open-source platform on such a machine, not measured in this run.\n\n"
        f"Durable one-row inserts by pgbench on the same server, 8 connections, before and after: {found['pgbench'][0]:.0f} and "
        f"{found['pgbench'][1]:.0f} a second. Registering: {registered:.0f} a second, **{registered / durable:.3f}** of the mean.\n"
    )
    results.keep("limits", text)


def imported(orders: int) -> None:
    """Importing beside a bare COPY of the same file."""
    before = os.getloadavg()[0]
    it = measured(orders, "import", 0)
    rows = [
        [
            "import, every row registered",
            f"{it['rows_per_second']:,.0f}",
            f"{it['seconds']:.1f}",
            f"{it['cpu_ms_per_row']:.2f}",
        ],
        ["bare COPY of the file", f"{it['copy_rows_per_second']:,.0f}", f"{it['copy_seconds']:.2f}", ""],
    ]
    text = (
        f"## Import into {orders:,} orders\n\n`make bench`: {it['rows']:,} rows of some 350 characters from a CSV file, {it['registered']:,}"
        f" registered, {it['rejected']} rejected.\n{results.circumstances(before)}\n"
        f"{results.table(['', 'rows a second', 'seconds', 'CPU ms a row'], rows)}\n"
        f"COPY into a table of texts without an index is **{it['ratio']:.0f}** times as fast (peer measured in this run, no limit set).\n"
    )
    results.keep("import", text)


def million(orders: int) -> None:
    """Reading in a large city beside reading in a small one."""
    before = os.getloadavg()[0]
    rows = []
    over = 0
    for key, ((small, few), (large, many)) in side_by_side((SMALL, orders), LARGE_REQUESTS).items():
        family, name = key.split("|", 1)
        ratio = large.p95 / small.p95
        over += ratio > WITHIN
        rows.append(
            [
                family, name, f"{few} / {many}", f"{small.p50:.1f}", f"{large.p50:.1f}", f"{small.p95:.1f}", f"{large.p95:.1f}",
                f"{ratio:.2f}: {results.verdict(ratio, WITHIN).split(' ')[0]}", f"{small.cpu:.1f}", f"{large.cpu:.1f}",
            ]
        )  # fmt: skip
    heads = [
        "family",
        "request",
        "lines small / large",
        "p50 ms small",
        "p50 large",
        "p95 small",
        "p95 large",
        f"ratio <= {WITHIN}",
        "CPU ms small",
        "CPU large",
    ]
    text = (
        f"## Reading {orders:,} orders beside {SMALL:,}\n\n`python -m bench.run --orders {orders}`: {LARGE_REQUESTS} requests of each kind"
        f" over 8 connections, 2 server processes.\n{results.circumstances(before)}\n{results.table(heads, rows)}\n"
        f"{len(rows) - over} of {len(rows)} within {WITHIN} x. Where the small city has fewer lines to show, part of the ratio is theirs.\n"
    )
    results.keep("million", text)


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=SMALL)
    wanted = parser.parse_args()
    if wanted.orders > SMALL:
        million(wanted.orders)
    else:
        limits(wanted.orders)
        imported(wanted.orders)


if __name__ == "__main__":
    main()
