"""To whom an answer goes."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState
from tickets.mail import headers
from tickets.mail.receive import content_key
from tickets.models import MessageKind, RawMail, Ticket

MAX_COPIES = 20


def answer_address(ticket: Ticket) -> str:
    """The address that the customer wrote from last, if it is still theirs; else their first one."""
    known = list(ticket.customer.addresses.order_by("pk").values_list("address", flat=True))
    if not known:
        raise InvalidState(
            _("There is no address of this customer any more."), next_step=_("Their data was deleted.")
        )
    if len(known) > 1:
        own = ticket.messages.filter(kind=MessageKind.INBOUND, customer=ticket.customer)
        source = RawMail.objects.filter(pk__in=own.order_by("-pk").values("raw_mail_id")[:1]).first()
        written = content_key(bytes(source.source))[1] if source else ""
        return written if written in known else known[0]
    return known[0]


def addresses_in(text: str) -> tuple[list[str], str]:
    """The addresses in a line that a person typed, and the first piece that is none ("" when all are)."""
    found: list[str] = []
    for piece in filter(None, (one.strip() for one in re.split(r"[,;\n]", text))):
        parsed = headers.addresses(piece)
        if len(parsed) != 1:
            return found, piece
        found.append(parsed[0].address)
    unique = list(dict.fromkeys(found))
    return unique[:MAX_COPIES], unique[MAX_COPIES] if len(unique) > MAX_COPIES else ""
