"""Customers of tests: signed in to the portal the way they would be, by a link and its button."""

from __future__ import annotations

from django.test import Client

from helpdesk.people.models import Customer
from helpdesk.people.tests.support import browser_of
from helpdesk.portal.services import make_link
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope


def path_of(link: str) -> str:
    """The path of an absolute link."""
    return "/" + link.split("/", 3)[3]


def signed_in(organization: Organization, customer: Customer) -> Client:
    """A browser in which the customer is signed in to the portal."""
    with organization_scope(organization.id):
        path = path_of(make_link(customer))
    client = browser_of(organization)
    assert client.post(path).status_code == 302
    return client
