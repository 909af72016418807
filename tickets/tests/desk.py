"""A desk for tests: an organization with members, tickets, and browsers signed in to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from helpdesk.people.models import Membership, Role
from helpdesk.people.permissions import grant_inbox
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Inbox
from tickets.tests.factories import make_inbox

HTMX = {"HX-Request": "true"}


@dataclass
class Desk:
    """One organization; `agent` works in `inbox` only, `other_inbox` is out of their sight."""

    organization: Organization
    owner: Membership
    agent: Membership
    auditor: Membership
    inbox: Inbox
    other_inbox: Inbox

    def scope(self) -> Any:
        """The organization in force."""
        return organization_scope(self.organization.id)

    def client(self, member: Membership | None = None, **options: Any) -> Client:
        """A browser on the organization's host, signed in as the member."""
        client = Client(HTTP_HOST=f"{self.organization.slug}.localhost", **options)
        if member is not None:
            client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client


def make_desk() -> Desk:
    """A new organization with its people and two inboxes."""
    organization = make_organization()
    with organization_scope(organization.id):
        owner, agent, auditor = make_member(Role.OWNER), make_member(Role.AGENT), make_member(Role.AUDITOR)
        inbox, other = make_inbox(name="Shop"), make_inbox(name="Wholesale")
        grant_inbox(agent, inbox)
    return Desk(organization, owner, agent, auditor, inbox, other)
