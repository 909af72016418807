"""The two files of KEY=VALUE lines in the data folder: secrets that last, and where services answer now."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from helpdesk.runtime.postgres import Passwords

SECRETS_FILE = "secrets.env"
RUNTIME_FILE = "runtime.env"


def read(path: Path) -> dict[str, str]:
    """The values of such a file; empty when there is none."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {key.strip(): value.strip() for key, _, value in pairs}


def write(path: Path, values: Mapping[str, str]) -> None:
    """Replace the file in one step, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    text = "".join(f"{key}={value}\n" for key, value in values.items())
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def new_encryption_key() -> str:
    """32 random bytes, as `HELPDESK_ENCRYPTION_KEYS` wants them."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def load_secrets(data_folder: Path) -> dict[str, str]:
    """The installation's secrets, made once.

    Losing this file loses every encrypted value in the database: it belongs into the backup, apart from it.
    """
    path = data_folder / SECRETS_FILE
    values = read(path)
    passwords = Passwords.generate()
    wanted = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "HELPDESK_ENCRYPTION_KEYS": new_encryption_key(),
        "POSTGRES_SUPERUSER_PASSWORD": passwords.superuser,
        "POSTGRES_OWNER_PASSWORD": passwords.owner,
        "POSTGRES_APP_PASSWORD": passwords.app,
        "POSTGRES_BACKUP_PASSWORD": passwords.backup,
        "VALKEY_PASSWORD": secrets.token_urlsafe(24),
    }
    if wanted.keys() - values.keys():
        values = wanted | values
        write(path, values)
    return values


def passwords_from(values: Mapping[str, str]) -> Passwords:
    """The database passwords among the installation's secrets."""
    return Passwords(
        superuser=values["POSTGRES_SUPERUSER_PASSWORD"],
        owner=values["POSTGRES_OWNER_PASSWORD"],
        app=values["POSTGRES_APP_PASSWORD"],
        backup=values["POSTGRES_BACKUP_PASSWORD"],
    )
