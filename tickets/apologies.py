"""Replies to those whom an incident concerns: each waits in its ticket until a person has read and sent it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from governance import apologies
from helpdesk.people.models import Membership
from tickets.conversation import home_of
from tickets.models import ComposerDraft, Ticket
from tickets.services import drafts


def prepare(*, ticket_ids: Sequence[int], text: str, member: Membership) -> int:
    """Put `text` into the composer of each of these tickets that the member may answer. What is typed there stays.

    Sends nothing. A ticket whose composer holds the text already is counted and left alone.
    """
    waiting = 0
    with transaction.atomic():
        for ticket in Ticket.objects.visible_to(member).filter(pk__in=list(ticket_ids)).order_by("pk"):
            home = home_of(ticket)
            typed = ComposerDraft.objects.filter(ticket=home, author=member).first()
            before = typed.text if typed is not None else ""
            if text not in before:
                both = "\n\n".join(piece for piece in (before.strip(), text) if piece)
                drafts.save_composer(ticket=home, member=member, kind="reply", text=both)
            waiting += 1
    return waiting


def register() -> None:
    """Called once, in AppConfig.ready."""
    apologies.offer(prepare)
