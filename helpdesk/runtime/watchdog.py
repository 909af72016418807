"""Stops what a dead parent left behind. Runs as its own process, with the standard library only.

It reads commands from standard input, one a line, and acts only when that ends, which happens however
the parent ends (also by `kill -9`): `watch PID SIGNAL`, `forget PID`, `remove PATH`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

PATIENCE_SECONDS = 10.0


def _birth(pid: int) -> str:
    """A value that changes when the number `pid` is given to another process; empty when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return ""
    after_name = stat.rpartition(")")[2].split()
    return "" if after_name[0] == "Z" else after_name[19]


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, number)


def _listen() -> tuple[dict[int, tuple[str, int]], list[str]]:
    watched: dict[int, tuple[str, int]] = {}
    removed: list[str] = []
    for line in sys.stdin:
        command, _, rest = line.rstrip("\n").partition(" ")
        if command == "watch":
            pid, number = (int(part) for part in rest.split())
            watched[pid] = (_birth(pid), number)
        elif command == "forget":
            watched.pop(int(rest), None)
        elif command == "remove":
            removed.append(rest)
    return watched, removed


def _alive(watched: dict[int, tuple[str, int]]) -> list[int]:
    return [pid for pid, (birth, _) in watched.items() if birth and _birth(pid) == birth]


def _stop(watched: dict[int, tuple[str, int]]) -> None:
    for pid in _alive(watched):
        _send(pid, watched[pid][1])
    end = time.monotonic() + PATIENCE_SECONDS
    while _alive(watched) and time.monotonic() < end:
        time.sleep(0.05)
    for pid in watched:
        if watched[pid][0]:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)


def main() -> None:
    """Wait for the end of standard input, then clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched, removed = _listen()
    _stop(watched)
    for path in removed:
        shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    main()
