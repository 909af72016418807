"""PgBouncer in transaction mode, with the configuration of docker/: no scope reaches the next client."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from helpdesk.runtime import process
from helpdesk.runtime.privileges import prefix_for
from helpdesk.runtime.testing import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def bouncer_url(django_db_setup: None, tmp_path: Path) -> Iterator[str]:
    """The app role's way to this worker's database through a PgBouncer with one server connection."""
    program = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
    if program is None:
        pytest.skip("There is no PgBouncer on this machine (Debian: apt-get install pgbouncer).")
    server = urlsplit(os.environ["DATABASE_URL"])
    port = process.free_port()
    users = tmp_path / "userlist.txt"
    users.write_text(f'"{server.username}" "{unquote(server.password or "")}"\n')
    settings = (ROOT / "docker/pgbouncer/pgbouncer.ini").read_text()
    for old, new in (
        (
            r"host=postgres port=5432 dbname=helpdesk",
            f"host=127.0.0.1 port={server.port} dbname={server.path[1:]}",
        ),
        (r"listen_addr = .*", "listen_addr = 127.0.0.1"),
        (r"listen_port = .*", f"listen_port = {port}"),
        (r"auth_file = .*", f"auth_file = {users}"),
        (r"default_pool_size = .*", "default_pool_size = 1"),
    ):
        settings, found = re.subn(old, new, settings)
        assert found == 1, old
    (tmp_path / "pgbouncer.ini").write_text(settings)
    arguments = [*prefix_for(Path(program)), program, str(tmp_path / "pgbouncer.ini")]
    child = process.spawn(arguments, log=tmp_path / "pgbouncer.log", stop_signal=signal.SIGINT)
    url = f"postgresql://{server.username}:{server.password}@127.0.0.1:{port}/helpdesk"
    _wait(url, tmp_path / "pgbouncer.log")
    yield url
    process.stop(child, stop_signal=signal.SIGINT)


def _wait(url: str, log: Path) -> None:
    for _ in range(100):
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(process.tail(log, 20))


@pytest.mark.parametrize("local", [True, False])
def test_no_scope_reaches_the_next_client(bouncer_url: str, local: bool) -> None:
    ask = "SELECT pg_backend_pid(), coalesce(current_setting('app.organization', true), '')"
    with psycopg.connect(bouncer_url) as first, psycopg.connect(bouncer_url) as second:
        first.execute("SELECT set_config('app.organization', 'of the first', %s)", [local])
        before = first.execute(ask).fetchone()
        first.commit()
        after = second.execute(ask).fetchone()
        second.commit()
    assert before is not None
    assert before[1] == "of the first"
    assert after == (before[0], ""), "the same server connection, and nothing of the first client's scope"


def test_the_app_roles_time_limits_hold_behind_it(bouncer_url: str) -> None:
    with psycopg.connect(bouncer_url) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("30s",)


def test_django_works_behind_it(bouncer_url: str) -> None:
    code = (
        "from helpdesk.tenancy.models import Organization; from helpdesk.tenancy.scope import organization_scope\n"
        "from helpdesk.people.models import Membership\n"
        "one = Organization.objects.create(slug='one', name='One')\n"
        "with organization_scope(one.pk): print(Membership.objects.count())\n"
        "one.delete()"
    )
    result = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": bouncer_url, "DJANGO_SETTINGS_MODULE": "helpdesk.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.strip() == "0", result.stderr
