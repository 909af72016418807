"""`make run` as a person meets it: starts, refuses in one sentence, survives crashes, leaves nothing."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
import urllib.request
from pathlib import Path

import pytest

from helpdesk.runtime.tests.support import Run, processes_of, wait_until_gone

pytestmark = pytest.mark.slow


def _pids(data_folder: Path, words: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        mine = str(data_folder) in command or str(data_folder).encode() in environment
        if mine and words in command:
            found.append(int(folder.name))
    return sorted(found)


def test_it_starts_refuses_a_second_run_survives_crashes_and_stops_cleanly(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with Run(data) as run:
        run.wait_for("READY")
        with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/health", timeout=10) as answer:
            assert answer.status == 200
        for name in ("secrets.env", "runtime.env"):
            assert stat.S_IMODE((data / name).stat().st_mode) == 0o600

        with Run(data) as second:
            assert second.end() == 1
        assert "already runs" in second.said
        assert str(run.process.pid) in second.said
        assert "Traceback" not in second.said

        # A worker, the web server and the database die; each comes back and it is said.
        os.kill(_pids(data, "-Q mail")[0], signal.SIGKILL)
        run.wait_for("celery-mail ended (signal SIGKILL)", 10)
        os.kill(_pids(data, "granian")[0], signal.SIGKILL)
        run.wait_for("web ended (signal SIGKILL)", 10)
        os.kill(_pids(data, "postgres -D")[0], signal.SIGKILL)
        run.wait_for("PostgreSQL ended; it starts again", 10)
        _wait_for_health(run.port)

        assert run.stop(signal.SIGTERM) == 0
    assert wait_until_gone(data) == []
    assert not (data / "runtime.env").exists()
    assert "Traceback" not in run.said

    # What was stored is there again, quickly.
    secrets = (data / "secrets.env").read_text()
    with Run(data) as again:
        # 15 s is the promise for a machine of our size at rest; other tests run beside this one.
        assert again.wait_for("READY") < (15 if os.getloadavg()[0] < 1.5 else 45)
        assert (data / "secrets.env").read_text() == secrets
        assert again.stop(signal.SIGINT) == 0
    assert wait_until_gone(data) == []


def _wait_for_health(port: int) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the web server did not come back")


def test_nothing_is_left_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with Run(data) as run:
        run.wait_for("READY")
        assert len(processes_of(data)) > 6
        run.process.kill()
        run.process.wait()
    assert wait_until_gone(data) == []
    # The next start is not held up by what the dead one left.
    with Run(data, command="services") as again:
        again.wait_for("READY", 30)
        again.stop()


def test_a_signal_during_the_start_stops_everything(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with Run(data) as run:
        run.wait_for("Bringing the database up to date")
        assert run.stop(signal.SIGTERM) == 0
    assert wait_until_gone(data) == []
    assert "Traceback" not in run.said


def test_a_busy_port_ends_in_one_sentence_with_a_free_one(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with Run(tmp_path / "var", port=port) as run:
            assert run.end() == 1
    assert run.said.startswith(f"Port {port} is used by another program")
    assert "make run PORT=" in run.said
    assert len(run.lines) == 1
    assert wait_until_gone(tmp_path / "var") == []


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    with Run(tmp_path / "var", port=port) as run:
        assert run.end() == 1
    assert run.lines == [
        f"PORT is {port!r}: it must be a number from 1 to 65535, as in `make run PORT=8001`."
    ]


def test_services_alone_serve_commands_and_a_second_one_says_so(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with Run(data, command="services") as run:
        run.wait_for("READY", 30)
        assert "DATABASE_URL=postgresql://helpdesk_app:" in (data / "runtime.env").read_text()
        with Run(data, command="services") as second:
            assert second.end() == 0
        assert "already runs" in second.said
        assert run.stop() == 0
    assert wait_until_gone(data) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root meets this")
def test_root_may_keep_the_data_where_nobody_else_can_go(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with Run(closed / "var", command="services") as run:
        run.wait_for("READY", 30)
        assert run.stop() == 0
    assert wait_until_gone(closed) == []
