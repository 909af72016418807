"""The whole product on a copy of the test template, for tests that drive it from outside."""

from __future__ import annotations

import fcntl
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from helpdesk.runtime import process, testing
from helpdesk.runtime.children import Child, programs
from helpdesk.runtime.errors import RuntimeProblem
from helpdesk.runtime.valkey import Valkey

HOST = "127.0.0.1"
START_PATIENCE_SECONDS = 60.0


class LiveStack:
    """Web, the three workers and beat of one test worker, with database, broker and folder of their own.

    It lives for the whole session and is never reset: each test makes an organization of its own.
    """

    def __init__(self) -> None:
        self.port = process.free_port()
        self.database = f"live_{testing.worker()}"
        self._run = Path(os.environ[testing.RUN])
        self.data_folder = self._run / f"live-{testing.worker()}"
        # A broker of its own, so that a test may stop and start it.
        self.valkey = Valkey(
            data=self.data_folder / "valkey",
            log=self.logs / "valkey.log",
            password=secrets.token_urlsafe(12),
            throw_away=True,
        )
        self._children: list[Child] = []

    @property
    def outbox(self) -> Path:
        """Where outgoing mail lies."""
        return self.data_folder / "outbox"

    @property
    def logs(self) -> Path:
        """Where the processes write."""
        return self.data_folder / "log"

    @property
    def database_url(self) -> str:
        """Its database, as the app role."""
        return testing.with_database(os.environ[testing.APP_URL], self.database)

    def url(self, slug: str, path: str = "/") -> str:
        """The address of a page on an organization's host, for a browser."""
        return f"http://{slug}.localhost:{self.port}{path}"

    def start(self) -> None:
        """Start everything and return when the web server answers."""
        testing.recreate_database(self.database)
        self.data_folder.mkdir(mode=0o700, exist_ok=True)
        self.valkey.start()
        self._collect_static()
        self._children = [
            Child(
                program=program,
                log=self.logs / f"{program.name}.log",
                folder=testing.ROOT,
                environment=self._environment(),
            )
            for program in programs(host=HOST, port=self.port, data_folder=self.data_folder)
        ]
        for child in self._children:
            child.start()
        self._wait()

    def stop(self) -> None:
        """Stop everything; the database goes too."""
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.stop(patience=15.0)
        self.valkey.stop()
        testing.drop_database(self.database)

    def stop_program(self, name: str) -> None:
        """Stop `web`, `celery-mail`, `celery-ai`, `celery-default` or `beat`, to see what the rest does."""
        self._child(name).stop(patience=15.0)

    def start_program(self, name: str) -> None:
        """Start it again."""
        self._child(name).start()
        if name == "web":
            self._wait()

    def manage(self, *arguments: str, standard_input: bytes = b"") -> str:
        """Run a management command in the stack's environment and return what it printed."""
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=testing.ROOT,
            env=self._environment(),
            input=standard_input,
            capture_output=True,
            check=False,
            timeout=300,
        )
        if result.returncode:
            message = (
                f"manage.py {' '.join(arguments)} failed: {result.stderr.decode(errors='replace')[-3000:]}"
            )
            raise RuntimeProblem(message)
        return result.stdout.decode()

    def python(self, code: str) -> str:
        """Run code in the stack's environment, to arrange what a test needs; returns what it printed."""
        return self.manage("shell", "--no-imports", "--command", code)

    def log_tails(self, lines: int = 25) -> str:
        """The end of every log, for the report of a failed test."""
        logs = sorted(self.logs.glob("*.log"))
        return "\n".join(f"== {log.name}\n{process.tail(log, lines)}" for log in logs)

    def _child(self, name: str) -> Child:
        return next(child for child in self._children if child.program.name == name)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": testing.with_database(os.environ[testing.OWNER_URL], self.database),
            "REDIS_URL": self.valkey.url(),
            "HELPDESK_DATA_DIR": str(self.data_folder),
            "HELPDESK_STATIC_ROOT": str(self._run / "static"),
            "HELPDESK_SHOW_PORT": "1",
            "HELPDESK_UNDO_SECONDS": "3",
            "HELPDESK_OUTWARD_OPEN_NETWORKS": "127.0.0.0/8,::1/128",  # the tests' own mail servers
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "OMP_NUM_THREADS": "1",
        }

    def _collect_static(self) -> None:
        """Once for all workers of the run."""
        done = self._run / "static.done"
        with (self._run / "static.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                self.manage("collectstatic", "--noinput", "--verbosity", "0")
                done.touch()

    def _wait(self) -> None:
        end = time.monotonic() + START_PATIENCE_SECONDS
        web = self._child("web")
        while web.running and time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://{HOST}:{self.port}/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        message = f"The live stack did not start.\n{self.log_tails()}"
        self.stop()
        raise RuntimeProblem(message)
