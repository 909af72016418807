"""`ready_block`: where to look and how to sign in, for the end of `make run`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from helpdesk.people.models import Customer
from helpdesk.portal.services import make_link
from helpdesk.runtime.management.demo.boutique import BOUTIQUE
from helpdesk.runtime.management.demo.loading import demo_password
from helpdesk.tenancy.hosts import bare_url, base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope


class Command(BaseCommand):
    help = "Print the addresses of this installation and how to sign in to the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        organizations = list(Organization.objects.order_by("created_at")[:20])
        if settings.SIGNUP_OPEN:
            self.stdout.write(f"  {'Set up your own shop':<28} {bare_url()}/sign-up/")
        for organization in organizations:
            self.stdout.write(f"  {organization.name + ', desk':<28} {base_url(organization)}/")
        demo = next((one for one in organizations if one.slug == BOUTIQUE.slug), None)
        if demo:
            self._demo(demo)
        self._hosts(organizations)
        if not organizations:
            self.stdout.write(
                "  Nobody is here yet. Begin with:\n"
                "  .venv/bin/python manage.py create_organization --slug NAME --name NAME --owner-email YOU@EXAMPLE.ORG"
            )

    def _demo(self, organization: Organization) -> None:
        url, password = base_url(organization), demo_password()
        owner, agent = BOUTIQUE.people[0], BOUTIQUE.people[1]
        self.stdout.write(
            f"  {'Sign in as owner':<28} {owner.email}   password {password}   (rules: {url}/admin/)"
        )
        self.stdout.write(f"  {'Sign in as agent':<28} {agent.email}   password {password}")
        link = self._customer_link(organization, BOUTIQUE.mails[-1].sender)
        if link:
            self.stdout.write(f"  {'As customer (30 minutes)':<28} {link}")
        self.stdout.write(f"  {'For everyone':<28} {url}/trust/   {url}/help/")
        if settings.SHOW_OUTBOX:
            self.stdout.write(f"  {'Mail that went out':<28} {url}/outbox/   (files: {settings.OUTBOX_DIR})")

    def _customer_link(self, organization: Organization, address: str) -> str:
        with organization_scope(organization.id):
            customer = Customer.objects.filter(addresses__address=address).first()
            return make_link(customer) if customer else ""

    def _hosts(self, organizations: list[Organization]) -> None:
        names = " ".join(f"{one.slug}.{settings.BASE_DOMAIN}" for one in organizations)
        if names and settings.BASE_DOMAIN == "localhost":
            self.stdout.write(f"  If your browser does not find these, add to /etc/hosts:  127.0.0.1 {names}")
