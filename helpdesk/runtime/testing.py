"""The throw-away services of one test run: a cluster with a migrated template, a Valkey, a temporary folder.

The first process of a run (pytest, or pytest-xdist's controller) starts them; workers inherit them through
the environment. They end with that process, however it ends. The migrated cluster is kept in the temporary
folder of the machine under a fingerprint of all migrations, so that the next run only copies it.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from helpdesk.runtime import env, process
from helpdesk.runtime.errors import RuntimeProblem
from helpdesk.runtime.postgres import APP, OWNER, SUPERUSER, Cluster, Passwords
from helpdesk.runtime.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = "helpdesk_template"
KEPT_TEMPLATES = 4
ROOMS = ("helpdesk", "governance", "tickets", "aiassist")

# What the environment of a run says; `..._ERROR` is the reason when there is no database to test on.
RUN = "HELPDESK_TEST_RUN"
SUPERUSER_URL = "HELPDESK_TEST_SUPERUSER_URL"
OWNER_URL = "HELPDESK_TEST_OWNER_URL"
APP_URL = "HELPDESK_TEST_APP_URL"
VALKEY_URL = "HELPDESK_TEST_VALKEY_URL"
ERROR = "HELPDESK_TEST_DATABASE_ERROR"


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def worker() -> str:
    """This process's name among pytest-xdist's workers: `main`, `gw0`, `gw1` ..."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def worker_number() -> int:
    """0 for the only or first process, then 1, 2 ..."""
    digits = worker().removeprefix("gw")
    return int(digits) if digits.isdigit() else 0


def database_name() -> str:
    """The database of this worker."""
    return f"test_{worker()}"


def environment() -> dict[str, str]:
    """The environment contract for this worker's tests. Starts the services if this run has none yet."""
    if RUN not in os.environ:
        _start_run()
    folder = Path(os.environ[RUN]) / worker()
    folder.mkdir(exist_ok=True, mode=0o700)
    return {
        "DATABASE_URL": with_database(os.environ[APP_URL], database_name()),
        "DATABASE_OWNER_URL": with_database(os.environ[OWNER_URL], database_name()),
        "REDIS_URL": with_database(os.environ[VALKEY_URL], str(worker_number())),
        "HELPDESK_DATA_DIR": str(folder),
        "SECRET_KEY": "tests-only-" + "0" * 50,
        "HELPDESK_ENCRYPTION_KEYS": "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=",
        "HELPDESK_BASE_DOMAIN": "localhost",
        "HELPDESK_SHOW_PORT": "1",
        "PORT": "8000",
        "HELPDESK_SCHEME": "http",
        "HELPDESK_DEBUG": "0",
        "EMAIL_URL": "",
    }


def recreate_database(name: str) -> None:
    """Give this worker a fresh copy of the migrated template (60 ms); open sessions on the old one end."""
    if error := os.environ.get(ERROR):
        raise RuntimeProblem(error)
    identifier = sql.Identifier(name)
    with psycopg.connect(os.environ[SUPERUSER_URL], autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(statement.format(identifier, sql.Identifier(OWNER), sql.Identifier(TEMPLATE)))


def drop_database(name: str) -> None:
    """Remove a worker's database; open sessions on it end."""
    with psycopg.connect(os.environ[SUPERUSER_URL], autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _start_run() -> None:
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-test-run-"))
    process.remove_at_end(folder)
    passwords, error = _template(folder)
    cluster = _cluster(folder, passwords)
    password = secrets.token_urlsafe(12)
    valkey = Valkey(data=folder / "valkey", log=folder / "valkey.log", password=password, throw_away=True)
    cluster.start()
    valkey.start()
    os.environ.update(
        {
            RUN: str(folder),
            SUPERUSER_URL: cluster.url(SUPERUSER, "postgres"),
            OWNER_URL: cluster.url(OWNER, TEMPLATE),
            APP_URL: cluster.url(APP, TEMPLATE),
            VALKEY_URL: valkey.url(),
            ERROR: error,
        }
    )
    _end_at_exit(cluster, valkey)


def _cluster(folder: Path, passwords: Passwords) -> Cluster:
    return Cluster(
        data=folder / "postgres", log=folder / "postgres.log", passwords=passwords, throw_away=True
    )


def _end_at_exit(cluster: Cluster, valkey: Valkey) -> None:
    """An ordered end on exit and SIGTERM; the watchdog does it for every other end."""
    owner = os.getpid()

    def end() -> None:
        if os.getpid() == owner:
            valkey.stop()
            cluster.stop()
            process.end_watchdog()

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(143)

    atexit.register(end)
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGTERM, leave)


# The kept template


def fingerprint() -> str:
    """Changes whenever the migrated schema could."""
    digest = hashlib.sha256(f"{sys.version_info[:2]}{os.geteuid()}".encode())
    for path in _schema_files():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _schema_files() -> Iterator[Path]:
    here = Path(__file__).parent
    single = [ROOT / "requirements.txt", here / "roles.sql", here / "database.sql", here / "postgres.py"]
    single += [ROOT / "helpdesk/settings.py", ROOT / "helpdesk/tenancy/operations.py"]
    yield from (path for path in single if path.exists())
    for room in ROOMS:
        found = [*(ROOT / room).glob("**/migrations/**/*.py"), *(ROOT / room).glob("**/migrations/**/*.sql")]
        yield from sorted(path for path in found if "tests" not in path.parts)


def _cache_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"helpdesk-test-templates-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.geteuid() or status.st_mode & 0o077:
        message = f"{folder} belongs to somebody else: remove it, or set TMPDIR to another folder."
        raise RuntimeProblem(message)
    return folder


def _template(run_folder: Path) -> tuple[Passwords, str]:
    """Put a cluster with the migrated template into the run's folder; say why if the migrations fail."""
    cache = _cache_folder()
    kept = cache / fingerprint()
    with (cache / f"{kept.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        error = "" if kept.exists() else _build(cache, kept)
        if error:
            return _bare(run_folder), error
        os.utime(kept)
        _copy(kept / "postgres", run_folder / "postgres")
        passwords = env.passwords_from(env.read(kept / env.SECRETS_FILE))
    _forget_old(cache, kept)
    return passwords, ""


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)


def _bare(run_folder: Path) -> Passwords:
    """Without a template tests that need no database still run."""
    passwords = Passwords.generate()
    shutil.rmtree(run_folder / "postgres", ignore_errors=True)
    return passwords


def _build(cache: Path, kept: Path) -> str:
    """Migrate a new cluster as the owner role and keep it; return what migrate said if it failed."""
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=cache))
    process.remove_at_end(draft)
    passwords = env.passwords_from(env.load_secrets(draft))
    cluster = _cluster(draft, passwords)
    try:
        cluster.start()
        cluster.create_database(TEMPLATE)
        error = _migrate(draft, cluster)
        cluster.stop()
        if not error:
            draft.rename(kept)
    finally:
        cluster.stop()
        shutil.rmtree(draft, ignore_errors=True)
    return error


def _migrate(folder: Path, cluster: Cluster) -> str:
    url = cluster.url(OWNER, TEMPLATE)
    outside = {key: value for key, value in os.environ.items() if not key.startswith("HELPDESK_")}
    result = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity=0"],
        cwd=ROOT,
        env=outside
        | {
            "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
            "DATABASE_URL": url,
            "DATABASE_OWNER_URL": url,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "HELPDESK_DATA_DIR": str(folder),
            "SECRET_KEY": "tests-only-" + "0" * 50,
            "HELPDESK_ENCRYPTION_KEYS": env.new_encryption_key(),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return f"The migrations failed:\n{result.stderr[-6000:]}" if result.returncode else ""


def _forget_old(cache: Path, used: Path) -> None:
    """Keep the few newest templates. One being copied right now is never among the oldest."""
    kept = [path for path in cache.iterdir() if path.is_dir() and not path.name.startswith(".")]
    kept.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for old in kept[KEPT_TEMPLATES:]:
        if old != used and time.time() - old.stat().st_mtime > 600:
            shutil.rmtree(old, ignore_errors=True)
    for lock in cache.glob("*.lock"):
        if time.time() - lock.stat().st_mtime > 86400:
            lock.unlink(missing_ok=True)
