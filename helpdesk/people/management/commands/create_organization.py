"""`create_organization`: a new business on this installation, and the link with which its owner comes in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from helpdesk.errors import HelpdeskError
from helpdesk.people.services import INVITATION_DAYS, create_organization


class Command(BaseCommand):
    """Prints the owner's invitation link."""

    help = "Create an organization and print the invitation link of its owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--slug", required=True, help="short name, becomes the host: <slug>.<base domain>"
        )
        parser.add_argument("--name", required=True, help="the business's name as customers see it")
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--language", default="en", choices=["en", "de", "fr", "es"])
        parser.add_argument("--timezone", default="UTC", help="for example Europe/Berlin")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            organization, invited = create_organization(
                slug=options["slug"],
                name=options["name"],
                owner_email=options["owner_email"],
                language=options["language"],
                timezone_name=options["timezone"],
            )
        except HelpdeskError as error:
            raise CommandError(f"{error.message} {error.next_step}".strip()) from error
        except ValidationError as error:
            raise CommandError(_plain(error)) from error
        self.stdout.write(
            f"{organization.name} is ready. Its owner comes in here, within {INVITATION_DAYS} days:"
        )
        self.stdout.write(invited.link)


def _plain(error: ValidationError) -> str:
    found = error.message_dict
    return "\n".join(f"{name}: {' '.join(said)}" for name, said in found.items())
