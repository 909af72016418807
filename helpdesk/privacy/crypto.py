"""Secrets at rest: encrypted in Python with keys that never enter the database (Fernet: AES-CBC with HMAC)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from helpdesk.errors import InvalidState


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current_box() -> MultiFernet:
    return _box(tuple(settings.ENCRYPTION_KEYS))


def encrypt(text: str) -> str:
    """Ciphertext under the first key; the empty text stays empty."""
    return _current_box().encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """The plain text under any known key. Raises InvalidState where no key fits."""
    if not token:
        return ""
    try:
        return _current_box().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise InvalidState(
            "A stored secret cannot be read with the keys of this installation.",
            next_step="Add the key it was written with to HELPDESK_ENCRYPTION_KEYS, or enter the secret again.",
        ) from error


def rotate(token: str) -> str:
    """The same secret under the first key."""
    return _current_box().rotate(token.encode()).decode() if token else ""


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Plain in Python, encrypted in the table. It cannot be filtered by."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if isinstance(value, str) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return decrypt(value) if value else value
