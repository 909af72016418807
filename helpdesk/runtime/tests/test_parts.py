"""The small parts: roles, files of values, lock, watchdog, pauses between restarts."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from helpdesk.runtime import env, process, testing
from helpdesk.runtime.children import LONGEST_PAUSE_SECONDS, Child, Program
from helpdesk.runtime.lock import AlreadyRunning, FolderLock
from helpdesk.runtime.postgres import APP, BACKUP, OWNER, Cluster, Passwords, fill_variables
from helpdesk.runtime.testing import ROOT


def _run(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )


# Roles


def test_variables_are_filled_as_psql_does() -> None:
    filled = fill_variables("ALTER ROLE x PASSWORD :'one' :: text", {"one": "it's \\ so"})
    assert filled == "ALTER ROLE x PASSWORD  E'it''s \\\\ so' :: text"


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE tenancy_organization",
        "ALTER TABLE tenancy_organization ADD COLUMN extra int",
        "DROP TABLE tenancy_organization",
        "CREATE TABLE public.stray (id int)",
        "SET ROLE helpdesk_owner",
        "SET ROLE helpdesk_search",
        "CREATE ROLE friend",
    ],
)
def test_the_app_role_changes_rows_and_nothing_else(django_db_setup: None, statement: str) -> None:
    with (
        psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_the_app_role_cannot_hold_on_for_ever(django_db_setup: None) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT current_setting('statement_timeout'),"
            " current_setting('idle_in_transaction_session_timeout')"
        ).fetchone()
    assert row == ("30s", "1min")


def test_roles_are_no_more_than_they_need(superuser_url: str) -> None:
    with psycopg.connect(superuser_url) as connection:
        rows = connection.execute(
            "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit"
            " FROM pg_roles WHERE rolname LIKE 'helpdesk%' ORDER BY rolname"
        ).fetchall()
    assert rows == [
        ("helpdesk_app", True, False, False, False, False, True),
        (BACKUP, True, False, True, False, False, True),
        (OWNER, True, False, False, False, True, False),
        ("helpdesk_search", False, False, False, False, False, True),
    ]


def test_extensions_are_there_without_the_owner_asking(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute("SELECT extname FROM pg_extension").fetchall()
    assert {row[0] for row in rows} >= {"vector", "pg_trgm", "unaccent", "btree_gin"}


# Files


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = env.load_secrets(tmp_path)
    assert env.load_secrets(tmp_path) == first
    assert stat.S_IMODE((tmp_path / env.SECRETS_FILE).stat().st_mode) == 0o600
    assert len(set(first.values())) == len(first)


def test_a_secret_added_later_leaves_the_others_alone(tmp_path: Path) -> None:
    first = env.load_secrets(tmp_path)
    shortened = {key: value for key, value in first.items() if key != "VALKEY_PASSWORD"}
    env.write(tmp_path / env.SECRETS_FILE, shortened | {"SECRET_KEY": "mine"})
    again = env.load_secrets(tmp_path)
    assert again["SECRET_KEY"] == "mine"
    assert again["VALKEY_PASSWORD"]
    assert again["HELPDESK_ENCRYPTION_KEYS"] == first["HELPDESK_ENCRYPTION_KEYS"]


def test_passwords_survive_the_way_through_a_url() -> None:
    awkward = Passwords(superuser="a", owner="b", app="p@ss/w:o?r#d%", backup="c")
    cluster = Cluster(data=Path("x"), log=Path("y"), passwords=awkward, port=5)
    parsed = psycopg.conninfo.conninfo_to_dict(cluster.url(APP, "helpdesk"))
    assert parsed["password"] == awkward.app


# Lock


def test_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from helpdesk.runtime.lock import FolderLock\n"
        "lock = FolderLock(pathlib.Path(sys.argv[1])); lock.take(doing='a test')\n"
        "print('taken', flush=True); input()"
    )
    with _run(code, str(tmp_path)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        with pytest.raises(AlreadyRunning, match=f"a test, process {holder.pid}"):
            FolderLock(tmp_path).take(doing="another")
        holder.kill()
        holder.wait()
    lock = FolderLock(tmp_path)
    lock.take(doing="another")
    lock.release()


# Processes


def test_the_watchdog_stops_what_a_killed_parent_left_and_removes_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "thrown away"
    folder.mkdir()
    code = (
        "import sys, pathlib, time; from helpdesk.runtime import process\n"
        "folder = pathlib.Path(sys.argv[1]); process.remove_at_end(folder)\n"
        "child = process.spawn(['sleep', '100'], log=folder / 'log')\n"
        "print(child.pid, flush=True); time.sleep(100)"
    )
    with _run(code, str(folder)) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        os.kill(pid, 0)
        parent.kill()
        parent.wait()
    end = time.monotonic() + 10
    while (folder.exists() or Path(f"/proc/{pid}").exists()) and time.monotonic() < end:
        time.sleep(0.05)
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_program_that_keeps_dying_is_started_with_growing_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    child = Child(
        program=Program(name="bad", arguments=("false",)),
        log=tmp_path / "log",
        folder=tmp_path,
        environment={},
    )
    child.start()
    pauses = []
    for _ in range(7):
        while child.running:
            time.sleep(0.001)
        sentence = child.look_after()
        assert sentence.startswith("bad ended (exit code 1)")
        assert child.look_after() == ""
        assert not child.running
        pauses.append(float(sentence.split("again in ")[1].split(" s")[0]))
        now += pauses[-1]
        child.look_after()
    child.stop(patience=5)
    assert pauses == [1, 2, 4, 8, 16, 30, LONGEST_PAUSE_SECONDS]


def test_a_free_port_is_free() -> None:
    assert process.port_is_free(process.free_port())


# Test services


def test_the_fingerprint_follows_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = testing.fingerprint()
    extra = tmp_path / "governance" / "migrations"
    extra.mkdir(parents=True)
    (extra / "0001_new.py").write_text("# a new migration")
    monkeypatch.setattr(testing, "_schema_files", lambda: iter([extra / "0001_new.py"]))
    monkeypatch.setattr(testing, "ROOT", tmp_path)
    changed = testing.fingerprint()
    (extra / "0001_new.py").write_text("# a changed migration")
    assert len({before, changed, testing.fingerprint()}) == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_with_real_transactions_leaves_nothing(turn: int) -> None:
    from helpdesk.tenancy.models import Organization

    assert not Organization.objects.exists()
    Organization.objects.create(slug="left-over", name="Left over")


# What logs may say


@pytest.mark.slow
def test_the_database_log_names_the_error_and_not_the_person(tmp_path: Path) -> None:
    cluster = Cluster(data=tmp_path / "data", log=tmp_path / "log", passwords=Passwords.generate())
    cluster.start()
    try:
        with cluster.connect() as connection:
            connection.execute("CREATE TABLE person (address text CONSTRAINT one_person UNIQUE)")
            connection.execute("INSERT INTO person VALUES ('ana@secret.example')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO person VALUES ('ana@secret.example')")
    finally:
        cluster.stop()
    said = (tmp_path / "log").read_text()
    assert "one_person" in said
    assert "ana@secret.example" not in said
