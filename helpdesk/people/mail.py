"""Mails to people about their account: handed to the queue on commit, sealed, so the broker cannot read a link."""

from __future__ import annotations

import json
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives

from helpdesk.privacy.crypto import decrypt, encrypt
from helpdesk.tenancy.scope import current_organization_id
from helpdesk.tenancy.tasks import enqueue_on_commit


def post_on_commit(message: EmailMessage) -> None:
    """Send the message from the `default` queue after the commit. Attachments are not carried."""
    from helpdesk.people.tasks import send_mail

    enqueue_on_commit(send_mail, organization_id=current_organization_id(), sealed=seal(message))


def seal(message: EmailMessage) -> str:
    """The message as ciphertext: addresses, text and one-time links stay unreadable in the broker."""
    parts = [list(one)[:2] for one in getattr(message, "alternatives", [])]
    content = {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": list(message.to),
        "headers": {key: str(value) for key, value in message.extra_headers.items()},
        "alternatives": parts,
    }
    return encrypt(json.dumps(content))


def unseal(sealed: str) -> EmailMultiAlternatives:
    """The message that `seal` wrote."""
    content: dict[str, Any] = json.loads(decrypt(sealed))
    return EmailMultiAlternatives(**content)
