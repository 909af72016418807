"""`manage.py audit_pairs --organization SLUG`: are invented customers treated alike by the AI of this organization?"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aiassist.services import pair_audit
from helpdesk.tenancy.models import Organization


class Command(BaseCommand):
    """Runs the check and prints what it found; the result is kept as a fairness check."""

    help = "Check on invented customers whether the AI treats people alike, and keep the result."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        ran = pair_audit.run(organization.id)
        if options["json"]:
            found = [{"system": one.system, "why_not": one.why_not, **(one.figures or {})} for one in ran]
            self.stdout.write(json.dumps(found))
            return
        for one in ran:
            self._say(one)

    def _say(self, one: pair_audit.Ran) -> None:
        if one.figures is None:
            self.stdout.write(f"{one.system}: not checked. {one.why_not}")
            return
        found = one.figures
        self.stdout.write(
            f"{one.system}: {one.verdict}; {found['n']} pairs, {found['draft_for_one_only']} with a draft for one only"
        )
        for group in found["groups"]:
            self.stdout.write(
                f"  {group['group']:<26} n {group['n']:>3}  no draft {group['lost_draft']:>2}"
                f"  no refund {group['lost_refund']:>2}  length {group['length']:+.3f}"
                f"  politeness {group['politeness']:+.3f}  p {group['p']:.3f}"
            )
