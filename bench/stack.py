"""Services of the benchmark's own, and the web server on them with the command that `make run` uses."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from psycopg import sql

from helpdesk.runtime import process
from helpdesk.runtime.children import Child, programs
from helpdesk.runtime.errors import RuntimeProblem
from helpdesk.runtime.services import DATABASE, Services

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
PATIENCE_SECONDS = 90.0


class Stack:
    """PostgreSQL and Valkey in a folder of their own, migrated; then the web server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = process.free_port()
        self.services = Services(data_folder=folder)
        self.web: Child | None = None

    def start_services(self) -> None:
        """Start both servers, migrate as the owner, and let this process be configured for them."""
        self.services.start()
        with self.services.postgres.connect() as connection:
            # Its workers would start in the middle of a row; seeding ends with VACUUM ANALYZE instead.
            connection.execute("ALTER SYSTEM SET autovacuum = off")
            connection.execute("SELECT pg_reload_conf()")
        owner = {"DATABASE_URL": self.services.environment()["DATABASE_OWNER_URL"]}
        self._manage("migrate", "--noinput", "--verbosity=0", **owner)
        os.environ.update(self._values())

    def start_web(self) -> None:
        """Collect static files, start the web server, return when it answers."""
        self._manage("collectstatic", "--noinput", "--verbosity=0")
        web = next(
            one for one in programs(host=HOST, port=self.port, data_folder=self.folder) if one.name == "web"
        )
        self.web = Child(
            program=web, log=self.folder / "log" / "web.log", environment=self._environment(), folder=ROOT
        )
        self.web.start()
        self._wait()

    def web_pid(self) -> int:
        """The web server's first process."""
        return self.web.pid if self.web else os.getpid()

    def postgres_pid(self) -> int:
        """PostgreSQL's first process."""
        text = (self.folder / "postgres" / "postmaster.pid").read_text()
        own = self.services.postgres._child  # noqa: SLF001 - under another user namespace the file has its own number
        return own.pid if own is not None else int(text.split()[0])

    def stop(self) -> None:
        """Stop everything; the folder stays."""
        if self.web is not None:
            self.web.stop(patience=15.0)
        self.services.stop()

    def settle(self) -> None:
        """Leave no work of the seeding for the rows to come."""
        with self.services.postgres.connect(DATABASE) as connection:
            connection.execute(sql.SQL("VACUUM (ANALYZE)"))
            connection.execute("CHECKPOINT")

    def _values(self) -> dict[str, str]:
        return {
            **self.services.environment(),
            "PORT": str(self.port),
            "HELPDESK_DATA_DIR": str(self.folder),
            "HELPDESK_BASE_DOMAIN": "localhost",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "OMP_NUM_THREADS": "1",
            "HELPDESK_LOG_LEVEL": "WARNING",
        }

    def _environment(self, **more: str) -> dict[str, str]:
        return {**os.environ, **self._values(), **more}

    def _manage(self, *arguments: str, **more: str) -> None:
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._environment(**more),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            message = f"manage.py {arguments[0]} failed: {result.stderr[-3000:]}"
            raise RuntimeProblem(message)

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://{HOST}:{self.port}/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        message = f"The web server does not answer: {process.tail(self.folder / 'log' / 'web.log', 15)}"
        raise RuntimeProblem(message)
