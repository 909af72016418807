"""One embedded Valkey: broker, cache and push channel on a free port of 127.0.0.1."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis

from helpdesk.runtime import process
from helpdesk.runtime.binaries import valkey_server
from helpdesk.runtime.errors import RuntimeProblem

HOST = "127.0.0.1"
DATABASES = 64
START_PATIENCE_SECONDS = 20.0
PORT_TRIES = 5


@dataclass(kw_only=True)
class Valkey:
    """A server with its data in the folder `data`."""

    data: Path
    log: Path
    password: str
    throw_away: bool = False
    port: int = 0
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def url(self, database: int = 0) -> str:
        """How to connect."""
        return f"redis://:{self.password}@{HOST}:{self.port}/{database}"

    @property
    def running(self) -> bool:
        """Whether the server process is alive."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start on a free port and return when it answers."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        for attempt in range(PORT_TRIES):
            if self._start_once(first=attempt == 0):
                return
        message = f"Valkey did not start. The end of {self.log}:\n{process.tail(self.log)}"
        raise RuntimeProblem(message)

    def stop(self) -> None:
        """Stop the server, its data written, and wait until its process is gone."""
        if self._child is not None:
            process.stop(self._child, stop_signal=signal.SIGTERM, patience=15.0)
            self._child = None

    def _configuration(self) -> str:
        # Read from standard input, so that the password is not in the process list.
        lines = [
            f"bind {HOST}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.data}"',
            f"databases {DATABASES}",
            f"appendonly {'no' if self.throw_away else 'yes'}",
            'save ""',
            # Jobs are never evicted: a full broker refuses, and the sweep finds what was refused.
            "maxmemory 512mb",
            "maxmemory-policy noeviction",
            "loglevel notice",
        ]
        return "\n".join(lines) + "\n"

    def _start_once(self, *, first: bool) -> bool:
        # After a crash the old port is tried first: whoever was connected finds the server again.
        if not (first and self.port and process.port_is_free(self.port)):
            self.port = process.free_port()
        with tempfile.TemporaryFile() as configuration:
            configuration.write(self._configuration().encode())
            configuration.seek(0)
            self._child = process.spawn([valkey_server(), "-"], log=self.log, stdin=configuration)
        return self._wait_until_ready()

    def _wait_until_ready(self) -> bool:
        client = redis.Redis.from_url(self.url(), socket_timeout=2)
        end = time.monotonic() + START_PATIENCE_SECONDS
        try:
            while self.running and time.monotonic() < end:
                try:
                    client.ping()
                except redis.RedisError:
                    time.sleep(0.02)
                else:
                    return True
        finally:
            client.close()
        self.stop()
        return False
