"""Open tickets and add what customers write to them; the ticket's number comes last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from governance.services import outcomes
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Customer, Membership
from tickets.mail import fold
from tickets.mail import html as mail_html
from tickets.mail.charsets import one_line
from tickets.models import (
    Attachment,
    Inbox,
    Message,
    MessageKind,
    MessageReference,
    MessageState,
    RawMail,
    Status,
    Ticket,
    TicketEvent,
)
from tickets.services import noticing, timing
from tickets.signals import announce_on_commit, message_received

SNIPPET = 200
_TOUCHED = ("customer_messages", "status", "solved_at", "snippet", "is_unread", "updated_at")
#: What is read again under the lock: it may have changed since the caller looked.
_HELD = ("customer_messages", "status", "solved_at", "first_reply_at", "priority", "inbox_id", *timing.CLOCK)
_NEXT_NUMBER = """
INSERT INTO tickets_ticketcounter AS counter (last) VALUES (1)
ON CONFLICT (organization_id) DO UPDATE SET last = counter.last + 1 RETURNING last
"""


@dataclass(frozen=True)
class StoredFile:
    """A file that lies in the storage already and becomes an Attachment."""

    name: str
    content_type: str
    size: int
    sha256: str
    path: str
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """What a customer wrote, by whatever way it came. `html` is as received: it is cleaned here."""

    text: str
    quoted: str = ""
    html: str = ""
    subject: str = ""
    recipients_to: Iterable[str] = ()
    recipients_cc: Iterable[str] = ()
    message_id: str = ""
    in_reply_to: str = ""
    references: Iterable[str] = ()
    files: Iterable[StoredFile] = ()
    attachment_ids: Iterable[int] = ()  # uploaded before, waiting on the ticket
    raw_mail: RawMail | None = None
    language: str = ""
    created_at: datetime = field(default_factory=timezone.now)


@transaction.atomic
def open_ticket(
    *, inbox: Inbox, customer: Customer, subject: str, channel: str, language: str = ""
) -> Ticket:
    """A new ticket, still without a number: call `give_number` as the last write of the transaction."""
    ticket = Ticket.objects.create(
        inbox=inbox,
        customer=customer,
        subject=one_line(subject)[:300],
        channel=channel,
        language=language,
    )
    outcomes.record(
        subject_id=ticket.pk, event="opened", customer=customer, channel=channel, language=language
    )
    return ticket


def give_number(ticket: Ticket) -> int:
    """Number the ticket, from 1 and without gaps. Locks the counter: nothing but the ledger follows."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER)
        ticket.number = cursor.fetchone()[0]
    Ticket.objects.filter(pk=ticket.pk).update(number=ticket.number)
    return int(ticket.number)


@transaction.atomic
def open_request(
    *, inbox: Inbox, customer: Customer, subject: str, text: str, channel: str, language: str = ""
) -> tuple[Ticket, Message]:
    """Portal, API and agents: a ticket with its first message and its number, in one step."""
    ticket = open_ticket(inbox=inbox, customer=customer, subject=subject, channel=channel, language=language)
    message = add_message(ticket=ticket, customer=customer, inbound=Inbound(text=text, subject=subject))
    give_number(ticket)
    return ticket, message


def add_inbound(*, ticket: Ticket, customer: Customer, text: str, **fields: Any) -> Message:
    """Add what a customer wrote; `fields` are those of `Inbound`. See `add_message`."""
    return add_message(ticket=ticket, customer=customer, inbound=Inbound(text=text, **fields))


@transaction.atomic
def add_message(*, ticket: Ticket, customer: Customer, inbound: Inbound) -> Message:
    """Store the message, raise the ticket's revision, reopen it, tell browsers and (on commit) the rooms above.

    The ticket's row is locked first, so that a reply on its way out sees the message or is seen by it.
    """
    _touch_ticket(ticket, inbound)
    message = store_message(ticket, customer, inbound)
    noticing.answered(ticket, message)
    announce_on_commit(message_received, message.pk)
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
    return message


def store_message(
    ticket: Ticket,
    customer: Customer | None,
    inbound: Inbound,
    *,
    kind: MessageKind = MessageKind.INBOUND,
    state: MessageState = MessageState.DONE,
) -> Message:
    """The message with its files and identifiers, and nothing else: nobody is told, the ticket stays as it is."""
    attachments = attach_files(ticket, inbound.files)
    message = Message.objects.create(
        ticket=ticket,
        kind=kind,
        state=state,
        customer=customer,
        raw_mail=inbound.raw_mail,
        subject=one_line(inbound.subject)[:300],
        text=inbound.text,
        quoted=inbound.quoted,
        recipients_to="\n".join(inbound.recipients_to),
        recipients_cc="\n".join(inbound.recipients_cc),
        message_id=inbound.message_id,
        in_reply_to=inbound.in_reply_to,
        language=inbound.language,
        created_at=inbound.created_at,
        **cleaned_html(inbound.html, attachments),
    )
    ids = [one.pk for one in attachments]
    waiting = Attachment.objects.filter(pk__in=list(inbound.attachment_ids), ticket=ticket, message=None)
    if ids:
        Attachment.objects.filter(pk__in=ids).update(message=message)
    if inbound.attachment_ids:
        waiting.update(message=message)
    add_references(ticket, [*inbound.references, inbound.message_id])
    return message


def _touch_ticket(ticket: Ticket, inbound: Inbound) -> None:
    """Raise revision and order, reopen what waited or was solved. Spam and closed stay what they are."""
    held = Ticket.objects.select_for_update(of=("self",)).values_list(*_HELD).get(pk=ticket.pk)
    for name, value in zip(_HELD, held, strict=True):
        setattr(ticket, name, value)
    ticket.customer_messages += 1
    was = ticket.status
    if was in (Status.PENDING, Status.SOLVED):
        ticket.status, ticket.solved_at = Status.OPEN, None
        add_event(ticket, "status", data={"from": was, "to": Status.OPEN.value, "by": "customer"})
    if was == Status.SOLVED:
        outcomes.record(
            subject_id=ticket.pk,
            event="reopened",
            customer=ticket.customer,
            channel=ticket.channel,
            language=ticket.language,
        )
    ticket.snippet = " ".join(inbound.text.split())[:SNIPPET]
    ticket.is_unread, ticket.updated_at = True, timezone.now()
    timing.customer_wrote(ticket, inbound.created_at)
    ticket.save(update_fields=[*_TOUCHED, *timing.CLOCK])


def cleaned_html(html: str, attachments: Iterable[Attachment]) -> dict[str, Any]:
    """Fields of a message for the HTML of a mail: cleaned, pictures inside pointed to, the quoted rest apart."""
    if not html:
        return {}
    urls = {one.content_id: f"/attachments/{one.pk}/" for one in attachments if one.content_id}
    cleaned = mail_html.clean(html, inline=urls)
    new, quoted = fold.split_reply_html(cleaned.html)
    return {"html": new, "quoted_html": quoted, "remote_images": min(cleaned.remote_images, 32_000)}


def attach_files(ticket: Ticket, files: Iterable[StoredFile]) -> list[Attachment]:
    """Rows first, without a message: the cleaned HTML needs their ids."""
    rows = [
        Attachment(
            ticket=ticket,
            name=one.name,
            content_type=one.content_type[:120],
            size=one.size,
            sha256=one.sha256,
            file=one.path,
            content_id=one.content_id.lower(),
            is_inline=one.is_inline,
        )
        for one in files
    ]
    return Attachment.objects.bulk_create(rows) if rows else []


def add_references(ticket: Ticket, values: Iterable[str]) -> None:
    """Remember Message-IDs that belong to the ticket."""
    wanted = [value[:320] for value in dict.fromkeys(values) if value]
    if wanted:
        MessageReference.objects.bulk_create(
            [MessageReference(ticket=ticket, value=value) for value in wanted], ignore_conflicts=True
        )


def add_event(
    ticket: Ticket, kind: str, *, actor: Membership | None = None, data: Mapping[str, Any] | None = None
) -> TicketEvent:
    """Something that happened to the ticket, for its thread."""
    return TicketEvent.objects.create(ticket=ticket, kind=kind, actor=actor, data=dict(data or {}))
