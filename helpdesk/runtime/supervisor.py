"""`make run`: services, migrations, demo, web, workers and beat under one process that stops them all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

import psycopg

from helpdesk.runtime import process, static
from helpdesk.runtime.children import Child, programs
from helpdesk.runtime.errors import RuntimeProblem
from helpdesk.runtime.lock import FolderLock
from helpdesk.runtime.postgres import APP
from helpdesk.runtime.services import DATABASE, Services

ROOT = Path(__file__).resolve().parents[2]
WEB_PATIENCE_SECONDS = 90.0
STOP_PATIENCE_SECONDS = 15.0
LONGEST_LOG_BYTES = 5_000_000


def say(text: str) -> None:
    """One line for the person at the terminal, at once."""
    print(text, flush=True)


class Supervisor:
    """Starts everything in order, watches it, and stops it in the opposite order."""

    def __init__(self, *, data_folder: Path, host: str, port: int) -> None:
        self.data_folder = data_folder
        self.host = host
        self.port = port
        self._lock = FolderLock(data_folder)
        self._stop = threading.Event()
        self._children: list[Child] = []
        self._services: Services | None = None

    def run(self) -> None:
        """Everything, until a signal asks to stop. Raises RuntimeProblem when something does not come up."""
        self._listen_to_signals()
        self._lock.take(doing=f"make run, http://localhost:{self.port}/")
        self._refuse_busy_port()
        try:
            self._start()
            while not self._stop.wait(0.5):
                self._look_after()
        finally:
            self._end()

    def run_services(self) -> None:
        """PostgreSQL and Valkey alone, until a signal asks to stop."""
        self._listen_to_signals()
        self._lock.take(doing="make services")
        try:
            self._start_services()
            say(f"READY\n`manage.py` finds PostgreSQL and Valkey by {self.data_folder}/runtime.env.")
            say("Ctrl-C stops them.")
            while not self._stop.wait(0.5):
                self._look_after()
        finally:
            self._end()

    # Starting

    def _listen_to_signals(self) -> None:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self._stop.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)

    def _refuse_busy_port(self) -> None:
        if process.port_is_free(self.port, self.host):
            return
        other = next(
            (port for port in range(self.port + 1, 65536) if process.port_is_free(port, self.host)), 8001
        )
        message = (
            f"Port {self.port} is used by another program: choose a free one, as in `make run PORT={other}`."
        )
        raise RuntimeProblem(message)

    def _start(self) -> None:
        services = self._start_services()
        self._go_on()
        self._manage(
            "migrate",
            "--noinput",
            "--verbosity",
            "0",
            as_owner=True,
            doing="Bringing the database up to date",
        )
        if static.needs_collecting(self.data_folder):
            self._manage(
                "collectstatic", "--noinput", "--clear", "--verbosity", "0", doing="Collecting static files"
            )
            static.note_collected(self.data_folder)
        self._go_on()
        self._start_children(services)
        self._load_demo(services)
        self._wait_for_web()
        self._go_on()
        say(self._ready_block(services))

    def _go_on(self) -> None:
        """A signal during the start ends it."""
        if self._stop.is_set():
            raise KeyboardInterrupt

    def _start_services(self) -> Services:
        _rotate_logs(self.data_folder / "log")
        self._services = Services(data_folder=self.data_folder)
        say("Starting PostgreSQL and Valkey ...")
        self._services.start()
        return self._services

    def _environment(self, *, as_owner: bool = False) -> dict[str, str]:
        if self._services is None:
            raise RuntimeError("the services are not started")
        values = self._services.environment()
        if as_owner:
            values["DATABASE_URL"] = values["DATABASE_OWNER_URL"]
        return {
            **os.environ,
            **values,
            "PORT": str(self.port),
            "HELPDESK_DATA_DIR": str(self.data_folder),
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "helpdesk.settings"),
            "PYTHONUNBUFFERED": "1",
            # Small models compute on one core each; more threads only fight for two cores.
            "OMP_NUM_THREADS": "1",
        }

    def _manage(self, command: str, *arguments: str, doing: str, as_owner: bool = False) -> None:
        say(f"{doing} ...")
        log = self.data_folder / "log" / f"{command}.log"
        log.unlink(missing_ok=True)
        child = process.spawn(
            [sys.executable, "manage.py", command, *arguments],
            log=log,
            environment=self._environment(as_owner=as_owner),
            folder=ROOT,
        )
        while child.poll() is None:
            if self._stop.wait(0.05):
                process.stop(child)
                raise KeyboardInterrupt
        process.stop(child)
        if child.returncode:
            message = f"`manage.py {command}` failed; the end of {log}:\n{process.tail(log, 15)}"
            raise RuntimeProblem(message)

    def _start_children(self, services: Services) -> None:
        say("Starting web, workers and beat ...")
        services.publish()
        environment = self._environment()
        self._children = [
            Child(
                program=program,
                log=self.data_folder / "log" / f"{program.name}.log",
                folder=ROOT,
                environment=environment,
            )
            for program in programs(host=self.host, port=self.port, data_folder=self.data_folder)
        ]
        for child in self._children:
            child.start()

    def _load_demo(self, services: Services) -> None:
        """The demo goes into an empty database only, or is finished; without it the product still runs."""
        unfinished = self.data_folder / "demo.unfinished"
        if os.environ.get("HELPDESK_DEMO", "1") == "0" or not (_is_empty(services) or unfinished.exists()):
            return
        unfinished.touch()
        try:
            self._manage("load_demo", doing="Loading the demo, real mails through the real intake")
        except RuntimeProblem as problem:
            say(f"The demo could not be loaded. {problem}")
        else:
            unfinished.unlink()

    def _wait_for_web(self) -> None:
        end = time.monotonic() + WEB_PATIENCE_SECONDS
        while time.monotonic() < end:
            if _answers(f"http://{self.host}:{self.port}/health"):
                return
            if self._stop.wait(0.1):
                raise KeyboardInterrupt
            self._look_after()
        log = self.data_folder / "log" / "web.log"
        message = f"The web server does not answer; the end of {log}:\n{process.tail(log, 15)}"
        raise RuntimeProblem(message)

    def _ready_block(self, services: Services) -> str:
        result = subprocess.run(
            [sys.executable, "manage.py", "ready_block"],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        lines = result.stdout.rstrip() if result.returncode == 0 else _plain_block(services, self.port)
        ending = f"Logs: {self.data_folder / 'log'}   Stop: Ctrl-C"
        return f"\nREADY\n{lines}\n{ending}\n"

    # Watching

    def _look_after(self) -> None:
        self._look_after_services()
        for child in self._children:
            if sentence := child.look_after():
                say(sentence)

    def _look_after_services(self) -> None:
        services = self._services
        if services is None or (services.postgres.running and services.valkey.running):
            return
        before = services.environment()
        for name, server in (("PostgreSQL", services.postgres), ("Valkey", services.valkey)):
            if not server.running:
                say(f"{name} ended; it starts again now. Its log: {server.log}")
                server.start()
        services.publish()
        if services.environment() != before:
            self._restart_children(services)

    def _restart_children(self, services: Services) -> None:
        """A server came back on another port: everybody must learn it."""
        if self._children:
            self._stop_children()
            self._start_children(services)

    # Stopping

    def _stop_children(self) -> None:
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.stop(patience=STOP_PATIENCE_SECONDS)

    def _end(self) -> None:
        say("Stopping ...")
        self._stop_children()
        if self._services is not None:
            self._services.stop()
        process.end_watchdog()
        self._lock.release()
        say(f"Stopped. The data stays in {self.data_folder}.")


def _rotate_logs(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("*.log"):
        if log.stat().st_size > LONGEST_LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _organizations(services: Services) -> list[str]:
    """The slugs of all organizations, read without Django."""
    with psycopg.connect(services.postgres.url(APP, DATABASE), connect_timeout=5) as connection:
        found = connection.execute("SELECT slug FROM tenancy_organization ORDER BY slug").fetchall()
    return [str(row[0]) for row in found]


def _is_empty(services: Services) -> bool:
    return not _organizations(services)


def _plain_block(services: Services, port: int) -> str:
    slugs = _organizations(services)
    lines = [
        f"  {slug}: http://{slug}.localhost:{port}/  customers: /portal/  rules: /admin/" for slug in slugs
    ]
    return "\n".join(
        lines or ["  No organization yet: python manage.py create_organization --slug --name --owner-email"]
    )
