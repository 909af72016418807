"""`ethics_status --organization SLUG [--json]`: how each of the 63 demands stands, with check and evidence."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance import demands
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope


class Command(BaseCommand):
    help = "List the 63 demands of the specification as they stand in an organization."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, help="the organization's short name (slug)")
        parser.add_argument("--json", action="store_true", help="print JSON: number, state, check, evidence")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        with organization_scope(organization.id):
            found = demands.standing()
        if options["json"]:
            self.stdout.write(json.dumps([one.to_dict() for one in found], ensure_ascii=False, indent=1))
            return
        for one in found:
            self.stdout.write(f"{one.number:2} {one.state.value:15} {one.demand.title}: {one.said}")
