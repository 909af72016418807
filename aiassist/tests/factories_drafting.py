"""Rows of help beside a draft for tests."""

from __future__ import annotations

import itertools
from typing import Any

from aiassist.drafting_models import Help, PaidCall, TicketMeaning, Writing
from governance.tests.factories import make_decision
from tickets.tests.factories import make_inbound, make_ticket

_serial = itertools.count(1)


def make_writing(**fields: Any) -> Writing:
    """A draft that is being written."""
    message = fields.pop("message", None) or make_inbound(text="How long?")
    decision = fields.pop("decision", None) or make_decision(subject_id=message.pk)
    return Writing.objects.create(message=message, decision=decision, **{"text": "You have", **fields})


def make_paid_call(**fields: Any) -> PaidCall:
    """A call of a service that is under way."""
    ticket = fields.pop("ticket", None) or make_ticket()
    decision = fields.pop("decision", None) or make_decision(subject_id=ticket.pk)
    return PaidCall.objects.create(
        ticket=ticket, decision=decision, **{"key": f"key {next(_serial)}", **fields}
    )


def make_help(**fields: Any) -> Help:
    """A summary that was asked for."""
    return Help.objects.create(
        **{"ticket": fields.pop("ticket", None) or make_ticket(), "kind": "summary", **fields}
    )


def make_ticket_meaning(**fields: Any) -> TicketMeaning:
    """What a ticket is about."""
    ticket = fields.pop("ticket", None) or make_ticket()
    return TicketMeaning.objects.create(ticket=ticket, **{"vector": [0.0] * 384, **fields})


DRAFTING = {
    "aiassist.writing": make_writing,
    "aiassist.paidcall": make_paid_call,
    "aiassist.help": make_help,
    "aiassist.ticketmeaning": make_ticket_meaning,
}
