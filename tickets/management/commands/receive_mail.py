"""Hand mails to an inbox: files, folders, mbox files, or one mail on standard input."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.mail.mailbox import mails_in
from tickets.mail.receive import receive
from tickets.models import Inbox


class Command(BaseCommand):
    """Prints one JSON line per mail: file, outcome, ticket, reason. Mails kept aside are no failure."""

    help = "Receives mails from files, folders or mbox files; `-` reads one mail from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--inbox", required=True, metavar="ADDRESS")
        parser.add_argument("paths", nargs="+", metavar="PATH")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HAS_SERVICES:
            raise CommandError("There is no database: start `make services` or `make run` first.")
        missing = [path for path in options["paths"] if path != "-" and not Path(path).exists()]
        if missing:
            raise CommandError(f"There is no such file or folder: {', '.join(missing)}")
        try:
            inbox = _inbox(options["organization"], options["inbox"].strip().lower())
            for name, raw in _mails(options["paths"]):
                self._one(inbox, name, raw)
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {str(error).splitlines()[0]}") from error

    def _one(self, inbox: Inbox, name: str, raw: bytes) -> None:
        found = receive(inbox=inbox, raw=raw)
        line = {
            "file": name,
            "outcome": found.outcome,
            "ticket": found.ticket_number,
            "reason": found.reason,
        }
        self.stdout.write(json.dumps(line, ensure_ascii=False))


def _inbox(slug: str, address: str) -> Inbox:
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        known = ", ".join(Organization.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none"
        raise CommandError(f"There is no organization {slug!r}. Known: {known}.")
    with organization_scope(organization.id):
        inbox = Inbox.objects.filter(address=address).first()
        known = ", ".join(Inbox.objects.order_by("address").values_list("address", flat=True)[:20]) or "none"
    if inbox is None:
        raise CommandError(f"{slug} has no inbox {address!r}. Known: {known}.")
    return inbox


def _mails(paths: list[str]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        if path == "-":
            yield "-", sys.stdin.buffer.read()
        else:
            yield from mails_in(Path(path))
