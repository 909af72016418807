"""The processes of the product under one supervisor: which they are, and how one is kept alive."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpdesk.runtime import process

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# Who ran this long was well: the next crash starts with a short pause again.
WELL_AFTER_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Program:
    """One child: its name (and log file) and command."""

    name: str
    arguments: tuple[str, ...]
    niceness: int = 0


def _celery(name: str, *options: str, niceness: int = 0) -> Program:
    words = ("-m", "celery", "-A", "helpdesk.celery:app", *options)
    return Program(name=name, arguments=(sys.executable, *words), niceness=niceness)


def _worker(queue: str, *options: str, niceness: int = 0) -> Program:
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    words = ("worker", "-Q", queue, "-n", f"{queue}@%h", *options, "--loglevel", "INFO", *quiet)
    return _celery(f"celery-{queue}", *words, niceness=niceness)


def programs(*, host: str, port: int, data_folder: Path) -> list[Program]:
    """Web, one worker for each queue, and beat. Slow AI work never holds up mail or pages."""
    web = (
        *(sys.executable, "-m", "granian", "--interface", "asginl", "--host", host, "--port", str(port)),
        *("--workers", os.environ.get("HELPDESK_WEB_WORKERS", "1"), "--no-ws"),
        *("--workers-kill-timeout", "5", "helpdesk.asgi:application"),
    )
    return [
        Program(name="web", arguments=web),
        _worker("mail", "--pool", "prefork", "--concurrency", "1"),
        _worker("default", "--pool", "prefork", "--concurrency", "1"),
        # Drafts wait for a service most of the time; what they compute yields to pages.
        _worker("ai", "--pool", "threads", "--concurrency", "8", niceness=10),
        _celery("beat", "beat", "--schedule", str(data_folder / "celerybeat-schedule"), "--pidfile="),
    ]


@dataclass(kw_only=True)
class Child:
    """A program that is started again when it dies, with growing pauses."""

    program: Program
    log: Path
    folder: Path
    environment: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _pause: float = field(default=FIRST_PAUSE_SECONDS, init=False)
    _next_start: float = field(default=0.0, init=False)

    @property
    def pid(self) -> int:
        """The process id, 0 while it does not run."""
        return self._process.pid if self._process is not None else 0

    @property
    def running(self) -> bool:
        """Whether its process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it."""
        self._process = process.spawn(
            self.program.arguments, log=self.log, environment=self.environment, folder=self.folder
        )
        self._started = time.monotonic()
        if self.program.niceness:
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, self.program.niceness)

    def look_after(self) -> str:
        """Notice a death, start again when the pause is over; a sentence when there is something to say."""
        if self.running:
            return ""
        now = time.monotonic()
        if self._process is not None:
            return self._note_death(now)
        if now >= self._next_start:
            self.start()
        return ""

    def ask_to_stop(self) -> None:
        """Send SIGTERM and do not wait."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)

    def stop(self, *, patience: float) -> None:
        """Stop it and wait until its process is gone."""
        if self._process is not None:
            process.stop(self._process, patience=patience)
            self._process = None

    def _note_death(self, now: float) -> str:
        child, self._process = self._process, None
        assert child is not None  # noqa: S101 - for the type checker, the caller has just looked
        process.stop(child, patience=0)
        if now - self._started >= WELL_AFTER_SECONDS:
            self._pause = FIRST_PAUSE_SECONDS
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        self._next_start = now + pause
        how = _ending(child.returncode)
        return f"{self.program.name} ended ({how}); it starts again in {pause:.0f} s. Its log: {self.log}"


def _ending(code: int) -> str:
    if code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
