"""`security_audit [--organization SLUG] [--json] [--keep]`: the weekly look, now. Exit 1 where something is wrong."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance import security
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

_SIGNS = {True: "ok   ", False: "WRONG", None: "?    "}


class Command(BaseCommand):
    help = "Look at roles, walls between organizations, links, people, second factors, transport, keys and backups."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--organization", help="the organization's short name (slug); without it, every one"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Organization.objects.order_by("slug")
        if options["organization"]:
            wanted = wanted.filter(slug=options["organization"])
            if not wanted:
                raise CommandError(f"There is no organization “{options['organization']}”.")
        found = {one.slug: self._run(one) for one in wanted}
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self._print(found)
        if any(one["ok"] is False for results in found.values() for one in results):
            raise CommandError("Something is wrong; see above.")

    def _run(self, organization: Organization) -> list[dict[str, Any]]:
        with organization_scope(organization.id):
            results: list[dict[str, Any]] = security.run().results
        return results

    def _print(self, found: dict[str, list[dict[str, Any]]]) -> None:
        for slug, results in found.items():
            self.stdout.write(slug)
            for one in results:
                self.stdout.write(f"  {_SIGNS[one['ok']]} {one['said']} {one['next_step']}".rstrip())
