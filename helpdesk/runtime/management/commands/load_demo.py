"""`load_demo`: two invented businesses in an empty database; running it again changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from helpdesk.runtime.management.demo.airline import AIRLINE
from helpdesk.runtime.management.demo.boutique import BOUTIQUE
from helpdesk.runtime.management.demo.loading import load
from helpdesk.tenancy.models import Organization


class Command(BaseCommand):
    help = "Load the demo: a boutique and a budget airline, whose ethics differ."

    def handle(self, *args: Any, **options: Any) -> None:
        for business in (BOUTIQUE, AIRLINE):
            if Organization.objects.filter(slug=business.slug).exists():
                self.stdout.write(f"{business.name} is there already.")
                continue
            load(business)
            self.stdout.write(f"{business.name}: {len(business.mails)} mails arrived.")
