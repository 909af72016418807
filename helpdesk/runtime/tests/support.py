"""Runs the supervisor as a person would, in a folder of its own, and looks for what it leaves behind."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Self

from helpdesk.runtime import process
from helpdesk.runtime.testing import ROOT

READY_PATIENCE_SECONDS = 90.0


def outside_environment(data_folder: Path, **changes: str) -> dict[str, str]:
    """The environment of somebody who is not a test."""
    ours = ("HELPDESK_", "DATABASE_", "REDIS_", "DJANGO_", "PYTEST_", "EMAIL_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return {**kept, "HELPDESK_DATA_DIR": str(data_folder), "HELPDESK_DEMO": "0", **changes}


def processes_of(data_folder: Path) -> list[str]:
    """The command lines of all living processes that belong to this data folder."""
    needle = str(data_folder).encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if command and (needle in command or needle in environment):
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


def wait_until_gone(data_folder: Path, patience: float = 20.0) -> list[str]:
    """What still runs after waiting; empty when all is well."""
    end = time.monotonic() + patience
    while (left := processes_of(data_folder)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


class Run:
    """One `python -m helpdesk.runtime run|services`, with what it says read as it comes."""

    def __init__(self, data_folder: Path, *, command: str = "run", port: int | str = 0) -> None:
        self.data_folder = data_folder
        self.port = port or process.free_port()
        self.began = time.monotonic()
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helpdesk.runtime", command],
            cwd=ROOT,
            env=outside_environment(data_folder, PORT=str(self.port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()

    def wait_for(self, words: str, patience: float = READY_PATIENCE_SECONDS) -> float:
        """Read until a line has these words; seconds since the start. Fails when it ends first."""
        end = time.monotonic() + patience
        while True:
            try:
                line = self._queue.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"{words!r} was not said. It said:\n{self.said}")
            self.lines.append(line)
            if words in line:
                return time.monotonic() - self.began

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.end()

    def end(self, patience: float = 40.0) -> int:
        """Wait for its end and return the exit code; all it said is then in `said`."""
        code = self.process.wait(patience)
        while (line := self._queue.get(timeout=10)) is not None:
            self.lines.append(line)
        return code

    @property
    def said(self) -> str:
        """All lines read so far."""
        return "\n".join(self.lines)

    def _read(self) -> None:
        pipe = self.process.stdout
        if pipe is not None:
            with pipe:
                for line in pipe:
                    self._queue.put(line.rstrip("\n"))
        self._queue.put(None)
