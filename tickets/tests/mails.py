"""Mails for tests, made the short way, and the ways they come in."""

from __future__ import annotations

import itertools
from typing import Any

from helpdesk.people.tests.factories import make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.mail.receive import Received, receive
from tickets.models import Inbox
from tickets.tests.factories import make_inbox

_serial = itertools.count(1)


def mail(body: str = "Hello, where is my order?", **headers: str) -> bytes:
    """The bytes of a mail; `reply_to` becomes Reply-To; a header set to "" is left out."""
    n = next(_serial)
    fields = {
        "From": "Ana <ana@customer.example>",
        "To": "help@shop.example",
        "Subject": f"Question {n}",
        "Message-Id": f"<m{n}@customer.example>",
        **{name.replace("_", "-").title(): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"{head}\r\n{body}".encode()


def shop(**fields: Any) -> tuple[Organization, Inbox]:
    """An organization and its inbox help@shop.example."""
    organization = make_organization(**fields)
    with organization_scope(organization.id):
        return organization, make_inbox(address="help@shop.example", name="Help")


def arrive(inbox: Inbox, body: str = "Hello, where is my order?", **headers: str) -> Received:
    """A mail comes in."""
    return receive(inbox=inbox, raw=mail(body, **headers))
