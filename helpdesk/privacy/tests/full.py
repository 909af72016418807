"""An organization with a row in every table, and what a test needs to compare two of them."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256
from importlib import import_module
from typing import Any

from django.core.files.base import ContentFile

from governance import anchors
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.privacy.leaving.writing import write_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.content import content_hash
from tickets.models import Attachment, Message
from tickets.tests.factories import make_attachment, make_leave_to_approve, make_reply, make_ticket

ROOMS = ("helpdesk.people", "helpdesk.privacy", "governance", "tickets", "aiassist")
#: A ledger of their making would not be a chain.
NOT_MADE = (
    "governance.ledgerentry",
    "governance.ledgerhead",
    "governance.ledgersalt",
    "governance.ledgeranchor",
)


def full_organization(**fields: Any) -> tuple[Organization, Membership]:
    """Every factory once, an answer with an approval that was sent with a file, and a signed record of it all."""
    shop = make_organization(**fields)
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        for room in ROOMS:
            for label, factory in import_module(f"{room}.tests.factories").FACTORIES.items():
                if label not in NOT_MADE:
                    factory()
        send_ai_answer(owner)
    with organization_scope(shop.id):
        anchors.anchor()
    return shop, owner


def send_ai_answer(member: Membership, text: str = "An answer.\nFrom here on, with “quotes”.") -> Message:
    """A reply that the AI drafted, approved by this member and sent."""
    ticket = make_ticket()
    message = make_reply(ticket, text=text, state="prepared", ai_involvement="verbatim", author=member)
    content = b"%PDF-1.4 what was attached"
    make_attachment(
        message,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        file=ContentFile(content, name="label"),
    )
    files = Attachment.objects.filter(message=message).order_by("pk").values_list("name", "sha256")
    decision = make_leave_to_approve(ticket, member)
    message.approvals.create(
        approver=member,
        decision=decision,
        content_hash=content_hash(message, files),
        ticket_revision=ticket.customer_messages,
        disclosure_version="en-1",
    )
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=message.created_at)
    return message


def archive_of(shop: Organization) -> bytes:
    """The file with everything."""
    stream = io.BytesIO()
    write_organization(shop, stream)
    return stream.getvalue()


def rows_in(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """The tables of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.removeprefix("tables/").removesuffix(".jsonl"): [
                json.loads(line) for line in archive.read(name).splitlines()
            ]
            for name in archive.namelist()
            if name.startswith("tables/")
        }
