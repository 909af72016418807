"""`python -m bench`: what `make bench` runs."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench.stack import Stack
from helpdesk.runtime import process
from helpdesk.runtime.postgres import SUPERUSER
from helpdesk.runtime.services import DATABASE

SMALL = 1_000


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--tickets", type=int, default=int(os.environ.get("TICKETS") or 100_000))
    parser.add_argument("--runs", type=int, default=100, help="requests of each row")
    parser.add_argument("--folder", type=Path, help="keep the seeded services here, and use them again")
    parser.add_argument("--only", default="", help="only rows whose name contains this word")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    return parser.parse_args()


def _prepare(stack: Stack, tickets: int) -> None:
    """Organizations and tickets, unless the folder has them from before."""
    import django

    django.setup()
    from bench import base, seed

    stamp = stack.folder / "seeded"
    main, small = base.make("bench"), base.make("small")
    if stamp.exists() and int(stamp.read_text()) == tickets:
        return
    begun = time.monotonic()
    print(f"Seeding {tickets:,} tickets ...", flush=True)
    seed.seed(stack.services.postgres.url(SUPERUSER, DATABASE), [(main, tickets), (small, SMALL)])
    stack.settle()
    seed.check(main, tickets)
    stamp.write_text(str(tickets))
    print(f"Seeded in {time.monotonic() - begun:.0f} s.", flush=True)


def main() -> int:
    """Seed, measure, print, write."""
    arguments = _arguments()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    if arguments.folder is None:
        process.remove_at_end(folder)
    stack = Stack(folder.resolve())
    try:
        stack.start_services()
        _prepare(stack, arguments.tickets)
        stack.start_web()
        from bench import measure

        measure.run(stack, arguments)
    finally:
        stack.stop()
        process.end_watchdog()
        if arguments.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
