"""One supervisor for each data folder: the lock that a second start finds taken."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from helpdesk.runtime.errors import RuntimeProblem


class AlreadyRunning(RuntimeProblem):
    """Another process holds the data folder."""


class FolderLock:
    """Held as long as this process lives; the system gives it back however the process ends."""

    def __init__(self, data_folder: Path) -> None:
        self._path = data_folder / "lock"
        self._file: IO[str] | None = None

    def take(self, *, doing: str) -> None:
        """Take the lock, and write into it who holds it. Raises AlreadyRunning, naming the holder."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            folder = self._path.parent
            message = f"{folder} cannot be written ({error.strerror}): make it yours, or run as its owner."
            raise RuntimeProblem(message) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise AlreadyRunning(self._refusal()) from None
        file.truncate(0)
        file.write(f"{os.getpid()} {doing}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _refusal(self) -> str:
        pid, _, doing = self._path.read_text(encoding="utf-8").strip().partition(" ")
        return (
            f"This checkout already runs ({doing or 'starting'}, process {pid or 'unknown'}): "
            f"use that one, or stop it with `kill {pid or 'PID'}`."
        )
