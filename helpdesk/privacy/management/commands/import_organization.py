"""`import_organization FILE`: a new organization from a file that "Take everything with you" made."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from helpdesk.errors import HelpdeskError
from helpdesk.people.services import INVITATION_DAYS, invite_owner
from helpdesk.privacy.leaving.reading import Report, read_organization
from helpdesk.tenancy.scope import organization_scope


class Command(BaseCommand):
    """Prints what came in, what did not and why, and the owner's invitation link."""

    help = "Make a new organization from a file with everything of another one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the ZIP file as it was downloaded")
        parser.add_argument("--slug", default="", help="another short name than the old one")
        parser.add_argument("--owner", default="", help="address of who gets the invitation as owner")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as stream:
                report = read_organization(stream, slug=options["slug"])
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except HelpdeskError as error:
            raise CommandError(f"{error.message} {error.next_step}".strip()) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except DatabaseError as error:
            raise CommandError(f"Nothing was stored. The database says: {error}") from error
        self._tell(report)
        if options["owner"]:
            with organization_scope(report.organization.id):
                invited = invite_owner(email=options["owner"])
            self.stdout.write(f"The owner comes in here, within {INVITATION_DAYS} days:")
            self.stdout.write(invited.link)

    def _tell(self, report: Report) -> None:
        for label, count in report.counts.items():
            if count:
                self.stdout.write(f"{label}: {count}")
        for label, count in report.left_out.items():
            why = " ".join(report.reasons[label])
            self.stdout.write(f"{label}: {count} did not come in as they were. {why}")
        self.stdout.write(f"{report.organization.name} is at {report.organization.slug}.")
