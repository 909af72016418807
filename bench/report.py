"""What was measured, as JSON in a file and as a table on the screen, beside the bars of the design."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.stack import ROOT, Stack
from helpdesk.runtime.services import DATABASE

#: django-helpdesk 2.6.1 with the same number of tickets, CPU ms a request: (100,000, 1,000,000).
RIVAL = {
    "open list": (416, 3_270),
    "all tickets": (2_638, 15_415),
    "search": (1_536, 14_025),
    "one queue": (86, 640),
    "ticket page": (46, 44),
    "post a follow-up": (28, 26),
    "dashboard": (1_746, 16_600),
}
TEN_TIMES = {"open list", "all tickets", "search", "dashboard"}
AI_BAR_MS = 150
HEADINGS = (
    "page",
    "queries",
    "kB",
    "wall median",
    "wall p95",
    "web CPU",
    "database CPU",
    "CPU ms",
    "x empty",
    "growth of x empty since a tenth of the tickets",
    "cheaper than django-helpdesk (its CPU ms)",
)
Row = dict[str, Any]


def _rival(name: str, tickets: int) -> float | None:
    """The rival's cost: known at two sizes only."""
    if name not in RIVAL or tickets not in (100_000, 1_000_000):
        return None
    return RIVAL[name][tickets == 1_000_000]


def written(stack: Stack, arguments: argparse.Namespace, rows: list[Row], more: list[Row]) -> dict[str, Any]:
    """The report; also kept as `results/<tickets>.json`."""
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "tickets": arguments.tickets,
        "runs": arguments.runs,
        "machine": _machine(),
        "versions": _versions(stack),
        "database_bytes": _database_bytes(stack),
        "commit": _commit(),
        "pages": rows,
        "other": more,
    }
    arguments.results.mkdir(parents=True, exist_ok=True)
    name = f"{arguments.tickets}{'-partly' if arguments.only else ''}.json"
    (arguments.results / name).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def _machine() -> dict[str, Any]:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "cpu": model,
        "memory_gb": round(memory / 2**30),
        "kernel": platform.release(),
        "load_1_minute": os.getloadavg()[0],
    }


def _versions(stack: Stack) -> dict[str, str]:
    from importlib.metadata import version

    with stack.services.postgres.connect() as connection:
        row = connection.execute("SHOW server_version").fetchone()
    names = ("Django", "psycopg", "granian")
    return {
        "Python": platform.python_version(),
        "PostgreSQL": str(row[0]) if row else "",
        **{name: version(name) for name in names},
    }


def _database_bytes(stack: Stack) -> int:
    with stack.services.postgres.connect(DATABASE) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(str(row[0])) if row else 0


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _smaller(arguments_results: Path, tickets: int) -> dict[str, float]:
    """How many empty pages each page cost at a tenth of the size, where that was measured before."""
    path = arguments_results / f"{tickets // 10}.json"
    if not path.exists():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))["pages"]
    return in_empty_pages(rows)


def in_empty_pages(rows: list[Row]) -> dict[str, float]:
    """Each page's cost in empty pages of the same run: what can be compared between runs on a shared machine."""
    empty = next((row["cpu_ms"] for row in rows if row["name"].startswith("empty")), 0.0)
    return {row["name"]: row["cpu_ms"] / empty for row in rows} if empty else {}


def show(report: dict[str, Any], results: Path | None = None) -> None:
    """The tables, in Markdown."""
    smaller = _smaller(results or Path(__file__).parent / "results", report["tickets"])
    empty = next((row["cpu_ms"] for row in report["pages"] if row["name"].startswith("empty")), 0.0)
    machine = report["machine"]
    print(
        f"\n{report['tickets']:,} tickets, {report['database_bytes'] / 1e9:.1f} GB, {report['runs']} requests a row."
    )
    print(
        f"{machine['cores']} cores, {machine['cpu']}, {machine['memory_gb']} GB, load {machine['load_1_minute']:.1f}\n"
    )
    print(f"| {' | '.join(HEADINGS)} |\n|---{'|--:' * (len(HEADINGS) - 1)}|")
    for row in report["pages"]:
        print(_line(row, report["tickets"], empty, smaller.get(row["name"])))
    for row in report["other"]:
        print(
            f"\n{row['name']}: "
            + ", ".join(f"{key} {_plain(value)}" for key, value in row.items() if key != "name")
        )
    for sentence in missed(report, empty, smaller):
        print(f"\nMISSED {sentence}", end="")
    print()


def _plain(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _line(row: Row, tickets: int, empty: float, smaller: float | None) -> str:
    rival = _rival(row["rival"], tickets)
    cells = [
        row["name"],
        str(row["queries"]),
        f"{row['bytes'] / 1000:.1f}",
        f"{row['wall_median_ms']:.1f}",
        f"{row['wall_p95_ms']:.1f}",
        f"{row['web_ms']:.2f}",
        f"{row['database_ms']:.2f}",
        f"**{row['cpu_ms']:.2f}**",
        f"{row['cpu_ms'] / empty:.1f}" if empty else "",
        f"{row['cpu_ms'] / empty / smaller:.2f}" if smaller and empty else "",
        f"{rival / row['cpu_ms']:,.1f}x ({rival:,})" if rival else "",
    ]
    return f"| {' | '.join(cells)} |"


def missed(report: dict[str, Any], empty: float, smaller: dict[str, float]) -> list[str]:
    """Bars of the design that this run does not meet, one sentence each."""
    found = []
    for row in report["pages"]:
        name, cost = row["name"], row["cpu_ms"]
        if row["within"] and empty and cost > row["within"] * empty:
            found.append(
                f"{name}: {cost:.1f} ms is {cost / empty:.1f}x the empty page, not {row['within']:.0f}x."
            )
        grown = cost / empty / smaller[name] if empty and name in smaller else 1.0
        if row["steady"] and grown > 1.3:
            found.append(f"{name}: {grown:.2f}x as many empty pages as at a tenth of the tickets, not 1.3x.")
        rival = _rival(row["rival"], report["tickets"])
        if rival:
            wanted = 10 if row["rival"] in TEN_TIMES and report["tickets"] == 1_000_000 else 1
            if cost * wanted > rival:
                found.append(f"{name}: {rival / cost:.1f}x cheaper than django-helpdesk, not {wanted}x.")
    found += [
        f"AI draft: {row['cpu_ms']:.0f} ms of our own, not {AI_BAR_MS} ms."
        for row in report["other"]
        if row["name"] == "AI draft" and row["cpu_ms"] > AI_BAR_MS
    ]
    return found
