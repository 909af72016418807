"""`verify_ledger --organization SLUG [--anchor FILE] [--rows]`: exit 0 when all holds, 1 with the first bad entry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance import anchors, ledger, record_rows
from governance.core import ledger_hash
from governance.core.ledger_hash import Head, SignedHead
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope


class Command(BaseCommand):
    help = "Check that nothing in an organization's record of what happened was changed, removed or moved."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, help="the organization's short name (slug)")
        parser.add_argument(
            "--anchor", type=Path, help="a signed head kept outside, as JSON (from a mail or the trust page)"
        )

        parser.add_argument(
            "--rows",
            action="store_true",
            help="also hold decisions, choices, rules and stops against the record",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        with organization_scope(organization.id):
            outside = self._outside(options["anchor"])
            forged = anchors.forged()
            result = ledger.verify(outside)
            rows = record_rows.compare() if options["rows"] and result.ok else record_rows.Compared()
        if forged is not None:
            raise CommandError(f"Anchor {forged} was not signed by this installation.")
        if not result.ok:
            raise CommandError(
                f"Entry {result.bad_seq} is {result.problem}. {result.checked} entries before it are good."
            )
        if rows.bad_seq is not None:
            raise CommandError(
                f"Entry {rows.bad_seq}: {rows.problem}. {rows.checked} rows before it are good."
            )
        if options["rows"]:
            self.stdout.write(f"{rows.checked} rows say what was committed to.")
        self.stdout.write(f"{result.checked} entries are as they were written. Newest: {result.head.hash}")

    def _outside(self, path: Path | None) -> tuple[Head, ...]:
        if path is None:
            return ()
        try:
            signed = SignedHead.from_dict(json.loads(path.read_text()))
        except OSError as error:
            raise CommandError(f"The anchor {path} cannot be read: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(
                f"{path} holds no anchor: a JSON object with head, time and signature."
            ) from error
        keys = anchors.signing_keys(anchors.current_organization_id())
        if not any(ledger_hash.head_is_genuine(signed, ledger_hash.public_key(key)) for key in keys):
            raise CommandError("The anchor in this file was not signed by this installation.")
        return (signed.head,)
