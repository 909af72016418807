"""`change_organization`: require a second factor, add a host, or make a program's key."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpdesk.errors import HelpdeskError
from helpdesk.people import installation
from helpdesk.tenancy.models import Organization


class Command(BaseCommand):
    """Each option is one change; several may be given."""

    help = "Change an organization: second factor, own hosts, keys for programs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--second-factor", choices=["required", "optional"])
        parser.add_argument("--add-domain", metavar="HOST", help="a host that leads to this installation")
        parser.add_argument("--add-token", metavar="EMAIL", help="print an API key that acts for this member")
        parser.add_argument("--token-name", default="API", help="how the key is called in the list")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        try:
            self._change(organization, options)
        except HelpdeskError as error:
            raise CommandError(f"{error.message} {error.next_step}".strip()) from error

    def _change(self, organization: Organization, options: dict[str, Any]) -> None:
        if not any(options[name] for name in ("second_factor", "add_domain", "add_token")):
            raise CommandError("Say what to change: --second-factor, --add-domain or --add-token.")
        if options["second_factor"]:
            required = options["second_factor"] == "required"
            installation.require_second_factor(organization=organization, required=required)
            self.stdout.write(f"A second factor is {options['second_factor']} at {organization.name}.")
        if options["add_domain"]:
            domain = installation.add_domain(
                organization=organization, host=options["add_domain"], verified=True
            )
            self.stdout.write(f"{organization.name} answers at {domain.host}.")
        if options["add_token"]:
            token = installation.make_token(
                organization=organization, email=options["add_token"], name=options["token_name"]
            )
            self.stdout.write("Send it as “Authorization: Bearer <key>”. It is shown this once:")
            self.stdout.write(token)
