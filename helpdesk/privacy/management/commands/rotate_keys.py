"""`rotate_keys`: after a new first key in HELPDESK_ENCRYPTION_KEYS, write every secret under it."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from helpdesk.privacy.rotation import rotate_keys


class Command(BaseCommand):
    """Can be run again at any time."""

    help = "Re-encrypt every stored secret with the first key of HELPDESK_ENCRYPTION_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rotate_keys()
        except InvalidToken as error:
            raise CommandError(
                "A stored secret fits none of the keys. Add the key it was written with to "
                "HELPDESK_ENCRYPTION_KEYS, after the new one, and run this again."
            ) from error
        self.stdout.write(
            f"{count} secrets are now under the first key. Leave the older keys on the list for two hours with "
            "the workers running, so that each ledger is signed with the new key; then they can be taken off."
        )
