"""Starting and stopping child processes so that none is ever left behind."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now. Callers retry: it may be taken before they bind."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


class _Watchdog:
    """The process of `watchdog.py`, started on first use, one for each process that has children."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0

    def tell(self, line: str) -> None:
        if self._process is None or self._owner != os.getpid():
            self._start()
        assert self._process is not None  # noqa: S101 - for the type checker, set one line above
        pipe = self._process.stdin
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.write(line + "\n")
                pipe.flush()

    def end(self) -> None:
        """Let the watchdog do its work now, and wait for it."""
        if self._process is not None and self._owner == os.getpid():
            self._process.communicate()
            self._process = None

    def _start(self) -> None:
        self._owner = os.getpid()
        atexit.register(self.end)
        self._process = subprocess.Popen(
            [sys.executable, "-S", str(Path(__file__).with_name("watchdog.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            cwd="/",
        )


_watchdog = _Watchdog()


def remove_at_end(folder: Path) -> None:
    """Delete this folder once this process is gone, however it went."""
    _watchdog.tell(f"remove {folder}")


def watch(pid: int, stop_signal: int) -> None:
    """Stop the process `pid` with this signal once this process is gone, however it went."""
    _watchdog.tell(f"watch {pid} {int(stop_signal)}")


def end_watchdog() -> None:
    """Stop and remove all that was to be at the end of this process, now, and return when it is done."""
    _watchdog.end()


def spawn(
    arguments: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    stop_signal: int = signal.SIGTERM,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session (Ctrl-C does not reach it), its output appended to `log`.

    It is stopped with `stop_signal` when this process dies without stopping it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=folder,
            start_new_session=True,
        )
    watch(child.pid, stop_signal)
    return child


def stop(
    child: subprocess.Popen[bytes], *, stop_signal: int = signal.SIGTERM, patience: float = 20.0
) -> None:
    """Ask the child to end, wait, and kill its session if it does not. Returns when the pid is gone."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(stop_signal)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    # What it started itself (worker processes of a killed server) would keep its port.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    _watchdog.tell(f"forget {child.pid}")


def tail(log: Path, lines: int = 5) -> str:
    """The last lines of a log file, for an error message."""
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    return ""
