"""CPU time of running processes, from /proc: what counts on a machine that others use too."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

PROC = Path("/proc")


def tree(root: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for stat in PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def seconds(pid: int) -> float:
    """CPU time of all threads of a process: nanoseconds where the kernel counts them, else its 10 ms ticks."""
    total = 0
    try:
        for task in (PROC / str(pid) / "task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return _ticks(pid)
    return total / 1e9


def _ticks(pid: int) -> float:
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


class Meter:
    """CPU seconds of process trees since `start`; the trees are looked up anew each time."""

    def __init__(self, roots: dict[str, Callable[[], int]]) -> None:
        self._roots = roots
        self._before: dict[str, dict[int, float]] = {}

    def _now(self) -> dict[str, dict[int, float]]:
        return {name: {pid: seconds(pid) for pid in tree(root())} for name, root in self._roots.items()}

    def start(self) -> None:
        """Count from here."""
        self._before = self._now()

    def stop(self) -> dict[str, float]:
        """CPU seconds since `start`, by name. A process that began meanwhile counts whole."""
        return {
            name: sum(value - self._before[name].get(pid, 0.0) for pid, value in after.items())
            for name, after in self._now().items()
        }
