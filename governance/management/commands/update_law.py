"""`update_law [--organization SLUG] [--pack FILE]`: take over the law pack of this release, with its tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.law.pack import SHIPPED, PackError, read
from governance.services import law
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope


class Command(BaseCommand):
    help = "Take over the law pack that comes with this release, and open one task for each rule that it touches."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--organization", help="the organization's short name (slug); without it, every one"
        )
        parser.add_argument("--pack", type=Path, default=SHIPPED, help="another pack (JSON)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pack = read(options["pack"])
        except PackError as error:
            raise CommandError(str(error)) from error
        wanted = Organization.objects.order_by("slug")
        if options["organization"]:
            wanted = wanted.filter(slug=options["organization"])
            if not wanted:
                raise CommandError(f"There is no organization “{options['organization']}”.")
        for one in wanted:
            with organization_scope(one.id):
                done = law.update(pack)
            self.stdout.write(
                f"{one.slug}: {done.new} new, {done.changed} changed, {done.gone} gone, {done.tasks} tasks."
            )
