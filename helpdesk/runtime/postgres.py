"""One embedded PostgreSQL cluster: made, started as a direct child, prepared with roles, stopped."""

from __future__ import annotations

import re
import secrets
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from helpdesk.runtime import process
from helpdesk.runtime.binaries import postgres_folder
from helpdesk.runtime.errors import RuntimeProblem
from helpdesk.runtime.privileges import give_to_server, prefix_for

HOST = "127.0.0.1"
SUPERUSER = "postgres"
OWNER = "helpdesk_owner"
APP = "helpdesk_app"
BACKUP = "helpdesk_backup"
START_PATIENCE_SECONDS = 60.0
PORT_TRIES = 5

# For a machine with 2 cores and a few GB that runs everything else too.
TUNING = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "60",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "track_io_timing": "on",
    # Statements and details hold what customers wrote: the log names the error and the constraint only.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] %u@%d ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

# Only for data that is thrown away: a crash may lose or destroy it.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_min_error_statement": "error",
    "log_error_verbosity": "default",
}


@dataclass(frozen=True, kw_only=True)
class Passwords:
    """The passwords of the four roles that can sign in."""

    superuser: str
    owner: str
    app: str
    backup: str

    @classmethod
    def generate(cls) -> Passwords:
        """Fresh random passwords."""
        return cls(**{name: secrets.token_urlsafe(24) for name in ("superuser", "owner", "app", "backup")})


def fill_variables(script: str, values: dict[str, str]) -> str:
    """Replace psql's `:'name'` by the quoted value, as psql does when it runs the same file."""
    return re.sub(r":'(\w+)'", lambda found: sql.Literal(values[found[1]]).as_string(None), script)


@dataclass(kw_only=True)
class Cluster:
    """A cluster in the folder `data`. `start` makes it when it is not there yet."""

    data: Path
    log: Path
    passwords: Passwords
    throw_away: bool = False
    port: int = 0
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    def url(self, role: str, database: str) -> str:
        """How to connect as this role."""
        password = {
            SUPERUSER: self.passwords.superuser,
            OWNER: self.passwords.owner,
            APP: self.passwords.app,
            BACKUP: self.passwords.backup,
        }[role]
        return f"postgresql://{role}:{quote(password, safe='')}@{HOST}:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A superuser's connection in autocommit mode, for roles, databases and nothing else."""
        return psycopg.connect(self.url(SUPERUSER, database), autocommit=True, connect_timeout=5)

    @property
    def running(self) -> bool:
        """Whether the server process is alive."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Make the cluster if needed, start it on a free port, and return when it answers.

        Raises RuntimeProblem with the end of the log when it does not come up.
        """
        made = self._make_if_missing()
        for attempt in range(PORT_TRIES):
            if self._start_once(first=attempt == 0):
                break
        else:
            message = f"PostgreSQL did not start. The end of {self.log}:\n{process.tail(self.log)}"
            raise RuntimeProblem(message)
        if made:
            self._prepare()

    def stop(self) -> None:
        """Stop the server and wait until its process is gone. Open sessions are ended, nothing is lost."""
        if self._child is not None:
            process.stop(self._child, stop_signal=signal.SIGINT, patience=30.0)
            self._child = None

    def create_database(self, name: str, *, template: str = "template1") -> None:
        """A database of the owner role, a copy of `template` (nobody may be connected to that one)."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        with self.connect() as connection:
            parts = sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
            connection.execute(statement.format(*parts))

    def ensure_database(self, name: str) -> None:
        """Create the database unless it is there."""
        with self.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found is None:
            self.create_database(name)

    def _program(self, name: str) -> list[str]:
        program = postgres_folder() / name
        return [*prefix_for(program), str(program)]

    def _make_if_missing(self) -> bool:
        made = not (self.data / "PG_VERSION").exists()
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.data.chmod(0o700)
        give_to_server(self.data, prefix_for(postgres_folder() / "postgres"))
        if made:
            self._initdb()
        return made

    def _initdb(self) -> None:
        with tempfile.TemporaryFile() as password:
            password.write(self.passwords.superuser.encode())
            password.seek(0)
            arguments = [
                *self._program("initdb"),
                f"--pgdata={self.data}",
                f"--username={SUPERUSER}",
                "--pwfile=/dev/stdin",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                *(["--no-sync"] if self.throw_away else []),
            ]
            result = subprocess.run(arguments, stdin=password, capture_output=True, text=True, check=False)
        if result.returncode:
            message = f"PostgreSQL could not be set up in {self.data}: {result.stderr.strip()}"
            raise RuntimeProblem(message)

    def _start_once(self, *, first: bool) -> bool:
        # After a crash the old port is tried first: whoever was connected finds the server again.
        if not (first and self.port and process.port_is_free(self.port)):
            self.port = process.free_port()
        settings = TUNING | (THROW_AWAY if self.throw_away else {})
        options = [f"--{name}={value}" for name, value in settings.items()]
        self._child = process.spawn(
            [
                *self._program("postgres"),
                "-D",
                str(self.data),
                f"--port={self.port}",
                f"--listen_addresses={HOST}",
                "--unix_socket_directories=",
                *options,
            ],
            log=self.log,
            stop_signal=signal.SIGINT,
        )
        return self._wait_until_ready()

    def _wait_until_ready(self) -> bool:
        end = time.monotonic() + START_PATIENCE_SECONDS
        while self.running and time.monotonic() < end:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        self.stop()
        return False

    def _prepare(self) -> None:
        """Roles for the cluster; extensions and grants in template1, so that every new database has them."""
        here = Path(__file__).parent
        values = {
            "owner_password": self.passwords.owner,
            "app_password": self.passwords.app,
            "backup_password": self.passwords.backup,
        }
        with self.connect("template1") as connection:
            script = fill_variables((here / "roles.sql").read_text(encoding="utf-8"), values)
            connection.execute(script.encode())
            connection.execute((here / "database.sql").read_bytes())
