"""What `make` says on machines that are not ready: one plain sentence each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.runtime import bootstrap
from helpdesk.runtime.testing import ROOT
from helpdesk.runtime.tests.support import outside_environment

OLD = '#!/bin/sh\necho "$0: too old for -c" >&2\nexit 1\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a fresh clone as `make setup` needs before it installs anything."""
    folder = tmp_path / "clone"
    (folder / "helpdesk/runtime").mkdir(parents=True)
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "helpdesk/runtime/bootstrap.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def _tools(folder: Path, **pythons: str) -> str:
    """A PATH with the usual tools and these Pythons, no others."""
    folder.mkdir()
    for name in ("sh", "make", "env", "grep", "sed", "expand"):
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, script in pythons.items():
        path = folder / name.replace("_", ".")
        path.write_text(script)
        path.chmod(0o755)
    return str(folder)


def _make(checkout: Path, path: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key in {"HOME", "LANG", "TMPDIR"}}
    return subprocess.run(
        [str(shutil.which("make")), *words],
        cwd=checkout,
        env={**kept, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("command", ["run", "setup", "services", "test"])
def test_an_old_python_is_refused_in_one_sentence(checkout: Path, tmp_path: Path, command: str) -> None:
    result = _make(checkout, _tools(tmp_path / "bin", python3=OLD), command)
    assert result.returncode == 2
    said = [line for line in result.stderr.splitlines() if not line.startswith("make:")]
    assert len(said) == 1
    assert said[0].startswith(
        "Helpdesk needs Python 3.11 or newer, and there is none on the PATH: install one"
    )
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv_is_told_apart(checkout: Path, tmp_path: Path) -> None:
    bare = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n'
    result = _make(checkout, _tools(tmp_path / "bin", python3_12=bare), "setup")
    assert result.returncode == 2
    assert "install its venv module" in result.stderr


@pytest.mark.slow
def test_no_network_is_said_in_one_sentence_and_the_next_try_goes_on(checkout: Path, tmp_path: Path) -> None:
    this = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
    closed = "http://127.0.0.1:9/simple"
    result = _make(
        checkout,
        _tools(tmp_path / "bin", python3=this),
        "setup",
        PIP_INDEX_URL=closed,
        PIP_CONFIG_FILE="/dev/null",
        PIP_RETRIES="0",
        PIP_NO_CACHE_DIR="1",
    )
    assert result.returncode == 2
    said = [line for line in result.stderr.splitlines() if not line.startswith("make:")]
    assert len(said) == 1
    assert said[0].startswith("The packages could not be downloaded because no package index answered")
    assert not (checkout / ".venv/.installed-dev").exists()


def test_what_is_installed_is_not_installed_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = checkout / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin/python").symlink_to(sys.executable)
    monkeypatch.setattr(bootstrap, "ROOT", checkout)
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", environment)
    assert not bootstrap._is_ready("run")
    (environment / ".installed-dev").write_text(bootstrap._wanted("dev"))
    assert bootstrap._is_ready("dev")
    assert bootstrap._is_ready("run")
    with (checkout / "requirements.txt").open("a") as file:
        file.write("one-more==1.0\n")
    assert not bootstrap._is_ready("dev")
    assert not bootstrap._is_ready("run")


def test_a_command_that_finds_no_database_says_so_in_one_sentence(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "showmigrations"],
        cwd=ROOT,
        env=outside_environment(tmp_path / "nothing here"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "make services" in result.stderr
