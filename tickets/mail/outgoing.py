"""One message as it leaves: signature, disclosure, headers that thread, files. Database first, files later."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from governance import gate
from governance.core import disclosure as made
from governance.core.disclosure import Disclosure, language_for
from helpdesk.tenancy.models import Organization
from tickets.conversation import messages_of
from tickets.mail import compose, keys, quoting
from tickets.mail import html as mail_html
from tickets.mailboxes.accounts import for_sending
from tickets.mailboxes.imap import Account
from tickets.models import WRITTEN_KINDS, AIInvolvement, Mailbox, Message, MessageKind, MessageState, Ticket
from tickets.portal_links import why_url
from tickets.services import acknowledging

_WHY: Final = {
    "en": "Why this answer?",
    "de": "Warum diese Antwort?",
    "fr": "Pourquoi cette réponse ?",
    "es": "¿Por qué esta respuesta?",
}

#: Where the page asks a person to look again: the way to a human in every mail that an AI helped with.
_PERSON: Final = {
    "en": "Speak to a person about it",
    "de": "Mit einem Menschen darüber sprechen",
    "fr": "En parler à une personne",
    "es": "Hablar de ello con una persona",
}


class ChangedFileError(Exception):
    """A file in the storage is not the one that belongs to the message."""


@dataclass(frozen=True)
class Outgoing:
    """What is needed to build the mail without the database. `line` is the disclosure, if it must carry one."""

    message_id: str
    text: str
    html: str
    disclosure: str
    line: Disclosure | None
    header: compose.OutgoingMail
    files: tuple[tuple[str, str, str, str], ...]
    account: Account | None = None  # the inbox's own mailbox; None: the installation's server

    def build(self) -> EmailMultiAlternatives:
        """The mail, its files read from the storage.

        Raises where one is gone or not what was approved: a reply leaves with exactly its files or not at all.
        """
        found = []
        for name, content_type, path, sha256 in self.files:
            with default_storage.open(path, "rb") as file:
                content = file.read()
            if hashlib.sha256(content).hexdigest() != sha256:
                raise ChangedFileError
            found.append(compose.OutgoingAttachment(name, content_type, content))
        fields = {name: getattr(self.header, name) for name in compose.OutgoingMail.__slots__}
        return compose.build(compose.OutgoingMail(**{**fields, "attachments": tuple(found)}))

    def discloses(self) -> bool:
        """Whether the customer will see the line in every part of the mail."""
        return self.line is not None and made.present_in(self.text, self.html, self.line)


def outgoing(message: Message) -> Outgoing:
    """Read what the mail needs. In a scope."""
    ticket: Ticket = Ticket.objects.select_related("customer", "inbox").get(pk=message.ticket_id)  # type: ignore[assignment]
    line = _line(message, ticket)
    text, html = _with_signature(message, ticket)
    if line is not None:
        text, html = made.add_to(text, html, line)
        text, html = _with_reasons(message, ticket, text, html)
    if acknowledging.tells_first(message, ticket):
        said, said_html = acknowledging.first_contact(ticket, message.language or ticket.language)
        text, html = f"{text.rstrip()}\n\n-- \n{said}\n", f"{html}<hr>{said_html}" if html else html
    text, html = quoting.below(message, text, html)
    message_id = keys.outgoing_id(_of(message, ticket), ticket.inbox.address)
    files = message.attachments.order_by("pk").values_list("name", "content_type", "file", "sha256")
    mailbox = Mailbox.objects.filter(inbox=ticket.inbox_id, is_active=True).first()
    header = _header(message, ticket, mailbox, text=text, html=html, message_id=message_id)
    return Outgoing(
        message_id=message_id,
        text=text,
        html=html,
        disclosure=line.text if line else "",
        line=line,
        header=header,
        files=tuple(files),
        account=for_sending(mailbox) if mailbox else None,
    )


def _of(message: Message, ticket: Ticket) -> Message:
    message.ticket = ticket
    return message


def _line(message: Message, ticket: Ticket) -> Disclosure | None:
    """The disclosure in force now, in the customer's language, with the name of the person who sends."""
    if message.ai_involvement == AIInvolvement.NONE:
        return None
    policy = gate.policy_in_force()
    wordings = gate.policy_facts(policy).clauses.wordings() if policy else None
    organization = Organization.objects.get(pk=message.organization_id)
    language = message.language or ticket.language or ticket.customer.language or organization.language
    name = message.author.display_name if message.author else ""
    return made.disclosure(name or organization.name, language, wordings)


def _with_reasons(message: Message, ticket: Ticket, text: str, html: str) -> tuple[str, str]:
    """The links to "Why this answer?" and to a person, below their line; they are the customer's, nobody else's."""
    if message.kind != MessageKind.REPLY:
        return text, html
    language = language_for(message.language or ticket.language or ticket.customer.language)
    url = why_url(message)
    for words, link in ((_WHY[language], url), (_PERSON[language], f"{url}#person")):
        text = f"{text}{words}\n{link}\n"
        html = f'{html}<p><a href="{escape(link)}">{escape(words)}</a></p>'
    return text, html


def _with_signature(message: Message, ticket: Ticket) -> tuple[str, str]:
    signature = ticket.inbox.signature.strip()
    if message.kind not in WRITTEN_KINDS or not signature:
        return message.text, message.html
    return f"{message.text.rstrip()}\n\n{signature}\n", f"{message.html}{mail_html.from_text(signature)}"


def _header(
    message: Message, ticket: Ticket, mailbox: Mailbox | None, *, text: str, html: str, message_id: str
) -> compose.OutgoingMail:
    forward = message.kind == MessageKind.FORWARD
    ids = [] if forward else _thread_ids(message, ticket)
    organization = Organization.objects.get(pk=message.organization_id)
    return compose.OutgoingMail(
        message_id=message_id,
        from_name=ticket.inbox.from_name or organization.name,
        from_address=ticket.inbox.address,
        to=message.recipients_to.split(),
        cc=message.recipients_cc.split(),
        bcc=message.recipients_bcc.split(),
        subject=message.subject,
        text=text,
        html=html or None,
        date=_now(),
        loop_mark=ticket.inbox.address,
        reply_to=_answer_address(ticket, mailbox, forward=forward),
        in_reply_to=message.in_reply_to or (ids[-1] if ids else None),
        references=ids,
        ai_involvement=message.ai_involvement,  # type: ignore[arg-type]
        automatic=message.kind == MessageKind.ACK,
        is_reply=message.kind == MessageKind.REPLY and bool(message.in_reply_to or ids),
    )


def _answer_address(ticket: Ticket, mailbox: Mailbox | None, *, forward: bool) -> str:
    """Where an answer goes: with the ticket's token, unless the inbox's own mailbox takes no such addresses."""
    if mailbox is not None and not mailbox.takes_tokens:
        return ticket.inbox.address
    return (keys.forward_address if forward else keys.reply_address)(ticket, ticket.inbox.address)


def _thread_ids(message: Message, ticket: Ticket) -> list[str]:
    """Mails of the conversation that the customer knows of, oldest first."""
    shared = (MessageKind.INBOUND, MessageKind.REPLY, MessageKind.ACK)
    known = messages_of(ticket).filter(kind__in=shared, state__in=(MessageState.DONE, MessageState.SENT))
    return list(known.exclude(message_id="").exclude(pk=message.pk).values_list("message_id", flat=True))


def _now() -> datetime:
    return timezone.now()
