"""The article that a ticket shows to be missing: its question and the team's answer, without personal data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiassist.core.redact import KnownPerson, mask
from aiassist.core.text import essence, questions
from aiassist.selectors import newest_inbound
from helpdesk.people.models import Membership
from tickets.models import Message, MessageKind, MessageState, Ticket

TITLE_LETTERS = 160
_PLACEHOLDER = re.compile(r"\[[A-Z]+_\d[\d_]*\]")
_CODES = re.compile(r"#?\b\d{4,}\b")


@dataclass(frozen=True)
class Missing:
    """What an article form begins with."""

    title: str
    body: str
    language: str


def missing_article(ticket: Ticket, member: Membership) -> Missing:
    """The question as a title and the team's newest sent answer as a body, both to be looked over by a person.

    Names, addresses, numbers and codes of the ticket are left out; three queries.
    """
    message = newest_inbound(ticket)
    text = message.text if message else ""
    known = _people(ticket, member)
    asked = questions(text, limit=1) or [ticket.subject]
    answer = (
        Message.objects.filter(ticket=ticket, kind=MessageKind.REPLY, state=MessageState.SENT)
        .order_by("-pk")
        .first()
    )
    title = " ".join(_without_people(asked[0], known).split())[:TITLE_LETTERS]
    body = _without_people(essence(answer.text), known) if answer else ""
    return Missing(title, body, ticket.language or ticket.organization.language)


def _people(ticket: Ticket, member: Membership) -> tuple[KnownPerson, ...]:
    customer = ticket.customer
    addresses = tuple(customer.addresses.values_list("address", flat=True))
    return KnownPerson(customer.name, addresses), KnownPerson(member.display_name)


def _without_people(text: str, known: tuple[KnownPerson, ...]) -> str:
    masked = mask(text, known=tuple(one for one in known if one.name or one.addresses)).text
    return without_stand_ins(masked)


def without_stand_ins(masked: str) -> str:
    """A masked text for everybody: neither stand-ins nor codes of one customer are left in it."""
    return _CODES.sub("…", _PLACEHOLDER.sub("…", masked)).strip()
