"""The processing agreement of whoever runs the installation: its text, and who of an organization accepted which."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from helpdesk.errors import Conflict, NotAllowed
from helpdesk.people.models import AgreementAcceptance, Membership, Role
from helpdesk.tenancy.models import Organization


@dataclass(frozen=True)
class Agreement:
    """The text in force. `version` is the SHA-256 of the text: another text is another version."""

    text: str
    operator: str

    @property
    def version(self) -> str:
        """The SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Block:
    """A heading or a paragraph of the text."""

    kind: str  # heading | text
    text: str


def current() -> Agreement:
    """The operator's own text (HELPDESK_AGREEMENT_FILE), else the one that comes with the product."""
    names = {"operator": settings.OPERATOR_NAME, "contact": settings.OPERATOR_CONTACT}
    if settings.AGREEMENT_FILE:
        text = Path(settings.AGREEMENT_FILE).read_text(encoding="utf-8")
    else:
        text = render_to_string("people/agreement.txt", names)
    return Agreement(text=text.strip() + "\n", operator=settings.OPERATOR_NAME)


def blocks(text: str) -> list[Block]:
    """The text for a page: paragraphs between empty lines, headings begin with #."""
    parts = (" ".join(part.split()) for part in text.split("\n\n"))
    return [
        Block("heading", part.lstrip("# ")) if part.startswith("#") else Block("text", part)
        for part in parts
        if part
    ]


def accept(*, member: Membership, version: str) -> AgreementAcceptance:
    """Record that this owner accepted the text in force, in the organization's name; accepting twice is no error.

    Raises NotAllowed, Conflict where the text is no longer the one that was read.
    """
    if member.role != Role.OWNER:
        raise NotAllowed(_("Only an owner can accept it."), next_step=_("Ask one of the owners."))
    agreement = current()
    if version != agreement.version:
        raise Conflict(_("The text changed while you read it."), next_step=_("Read it once more."))
    with transaction.atomic():
        known = AgreementAcceptance.objects.filter(version=version).order_by("-pk").first()
        Organization.objects.filter(pk=member.organization_id).update(agreement_due=False)
        return known or AgreementAcceptance.objects.create(
            version=version,
            text=agreement.text,
            operator=agreement.operator,
            accepted_by=member,
            accepted_name=f"{member.user.name} <{member.user.email}>"[:320],
        )


def acceptances() -> list[AgreementAcceptance]:
    """What the organization accepted, newest first. One query."""
    return list(AgreementAcceptance.objects.order_by("-id"))
