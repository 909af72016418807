"""The mark of a test mail: how it is recognised when it arrives, so that it never becomes a ticket."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from helpdesk.tenancy.scope import organization_scope
from tickets.models import Mailbox, MailboxRun

HEADER: Final = "X-Helpdesk-Test"
#: The rest of a mark tells the two mails of one test apart.
PLAIN, TOKEN = "plain", "token"

_LINE: Final = re.compile(
    rb"^X-Helpdesk-Test:[ \t]*([0-9a-f]{32})-(plain|token)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_HEAD: Final = re.compile(rb"\r?\n\r?\n")


def mark(run: MailboxRun, which: str) -> str:
    """The value of the header."""
    return f"{run.token}-{which}"


def read(raw: bytes) -> tuple[str, str] | None:
    """Token and kind in the header of a mail, not yet proved."""
    found = _LINE.search(_HEAD.split(raw[:100_000], maxsplit=1)[0])
    return (found[1].decode().lower(), found[2].decode().lower()) if found else None


def is_ours(organization_id: UUID, raw: bytes) -> bool:
    """Whether the mail is one of the organization's own test mails: a stranger's header says nothing.

    The one to name+token@ tells that such addresses work: from then on answers are addressed so.
    """
    found = read(raw)
    if found is None:
        return False
    with organization_scope(organization_id):
        run = MailboxRun.objects.filter(token=found[0]).only("mailbox_id").first()
        if run is not None and found[1] == TOKEN:
            Mailbox.objects.filter(pk=run.mailbox_id).update(takes_tokens=True)
    return run is not None
