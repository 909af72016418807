"""Builds `.venv` with nothing but Python's standard library: `bootstrap.py run` or `bootstrap.py dev`."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
FILES = {
    "run": ("requirements.txt",),
    "dev": ("requirements.txt", "requirements-dev.txt"),
}
# What pip says when it cannot reach a package index, in its many words.
NO_NETWORK = (
    "from versions: none",
    "NewConnectionError",
    "Connection refused",
    "Network is unreachable",
    "Temporary failure in name resolution",
    "Name or service not known",
    "ConnectTimeout",
    "ReadTimeout",
    "Max retries exceeded",
    "ProxyError",
)


class SetupProblem(Exception):
    """Its text is one plain sentence that says what happened and what to do."""


def _wanted(kind: str) -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for name in FILES[kind]:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _stamp(kind: str) -> Path:
    return ENVIRONMENT / f".installed-{kind}"


def _is_ready(kind: str) -> bool:
    """Whether the environment holds exactly these pins (those of `dev` include those of `run`)."""
    kinds = ("run", "dev") if kind == "run" else ("dev",)
    fresh = any(_stamp(one).exists() and _stamp(one).read_text() == _wanted(one) for one in kinds)
    return fresh and _python_works()


def _python_works() -> bool:
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        return False
    code = f"import sys, pip; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two commands in one checkout must not build the same environment at once."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_environment() -> None:
    if _python_works():
        return
    print("Building .venv ...", flush=True)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    result = subprocess.run(
        [sys.executable, "-m", "venv", str(ENVIRONMENT)], capture_output=True, text=True, check=False
    )
    if result.returncode == 0:
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    said = result.stdout + result.stderr
    if "ensurepip" in said:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        message = (
            f"This Python has no venv module: install it (Debian: apt-get install python{version}-venv)."
        )
        raise SetupProblem(message)
    reason = (said.strip().splitlines() or ["no reason given"])[-1]
    message = f"{ENVIRONMENT} cannot be made: {reason}"
    raise SetupProblem(message)


def _install(kind: str) -> None:
    print("Installing packages (once, about a minute) ...", flush=True)
    files = [word for name in FILES[kind] for word in ("-r", str(ROOT / name))]
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--quiet"]
    log = ENVIRONMENT / "install.log"
    with log.open("w", encoding="utf-8") as output:
        command = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", *options, *files]
        code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
    if code:
        raise SetupProblem(_why(log))
    _stamp(kind).write_text(_wanted(kind), encoding="utf-8")


def _why(log: Path) -> str:
    said = log.read_text(encoding="utf-8", errors="replace")
    if any(words in said for words in NO_NETWORK):
        return (
            "The packages could not be downloaded because no package index answered: connect to the network "
            f"(or set PIP_INDEX_URL to a mirror) and run make again. Details: {log}"
        )
    if "No space left" in said:
        return "The packages could not be installed because the disk is full: free 1 GB and run make again."
    errors = [line for line in said.splitlines() if line.startswith("ERROR")]
    return f"The packages could not be installed: {errors[-1] if errors else 'see the log'} Details: {log}"


def main(kind: str) -> None:
    """Make the environment hold the pins of this kind; quick when it already does."""
    try:
        with _alone():
            if not _is_ready(kind):
                _make_environment()
                _install(kind)
    except PermissionError as error:
        message = f"{error.filename} cannot be written: make the checkout yours, or run as its owner."
        raise SetupProblem(message) from error


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["dev"]):
        sys.exit("Use: bootstrap.py run|dev")
    try:
        main(sys.argv[1])
    except SetupProblem as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Interrupted: run make again to go on.")
