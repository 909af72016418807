"""Forward a message to somebody outside; what they answer is filed by outside.py."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from tickets.conversation import home_of
from tickets.mail import html as mail_html
from tickets.mail import quoting
from tickets.mail.charsets import one_line
from tickets.mail.recipients import addresses_in
from tickets.models import Attachment, Message, MessageKind, MessageState, Ticket
from tickets.services import drafts
from tickets.services.drafts import may_work, storable
from tickets.services.involvement import involvement_kept, involvement_of
from tickets.services.opening import (
    add_event,
)
from tickets.services.replying import approve_and_queue, copies_in

#: What an agent may pass on: what was said, not what the team thinks of it.
FORWARDABLE = (MessageKind.INBOUND, MessageKind.REPLY, MessageKind.OUTSIDE)


def forward(
    *,
    message: Message,
    member: Membership,
    to: str,
    cc: str = "",
    bcc: str = "",
    text: str = "",
    attachment_ids: Iterable[int] = (),
) -> Message:
    """Queue the message for somebody outside, with these of its files; it can be taken back like a reply.

    Where the AI had a hand in it, the forward says so, and needs the member's approval: NotAllowed when the rules
    say no (catch it and let the record of it commit). InvalidState for what cannot be forwarded, or to nobody.
    """
    ticket = home_of(message.ticket)
    may_work(member, ticket)
    with transaction.atomic():
        locked = Ticket.objects.select_for_update(of=("self",)).select_related("customer", "inbox")
        current: Ticket = locked.get(pk=ticket.pk)  # type: ignore[assignment]
        sent = _message(message, current, member, to, cc, bcc, storable(text))
        files = list(message.attachments.filter(pk__in=set(attachment_ids)).order_by("pk"))
        sent.save()
        drafts.copy_files(files, current, member, sent)
        found = involvement_kept(message, involvement_of(ticket=current, text=sent.text))
        answer = approve_and_queue(sent, found)
        if answer is None or answer.allowed:
            data = {"message": sent.pk, "of": message.pk, "files": len(files)}
            add_event(current, "forwarded", actor=member, data=data)
            return sent
        _drop(sent)
    raise NotAllowed(answer.reason, next_step=answer.next_step)


def _message(  # noqa: PLR0917
    message: Message, ticket: Ticket, member: Membership, to: str, cc: str, bcc: str, text: str
) -> Message:
    if message.kind not in FORWARDABLE or message.state not in (MessageState.DONE, MessageState.SENT):
        raise InvalidState(_("This cannot be forwarded."))
    readers, wrong = addresses_in(storable(to))
    if wrong or not readers:
        said = _("“%(text)s” is not a mail address.") % {"text": wrong[:100]} if wrong else _("To whom?")
        raise InvalidState(said, next_step=_("Correct the To line."))
    copies, hidden = copies_in(storable(cc), storable(bcc), without=readers)
    own = set(ticket.customer.addresses.values_list("address", flat=True))
    if own.intersection([*readers, *copies.split(), *hidden.split()]):
        raise InvalidState(_("That is the customer's own address."), next_step=_("Answer them instead."))
    body, language = text.strip().replace("\r\n", "\n"), ticket.language or ticket.customer.language
    return Message(
        ticket=ticket,
        kind=MessageKind.FORWARD,
        state=MessageState.PREPARED,
        author=member,
        subject=f"Fwd: {one_line(message.subject or ticket.subject)}"[:300],
        text=body,
        html=mail_html.from_text(body) or "<p></p>",
        quoted=quoting.forwarded(message, language),
        recipients_to="\n".join(readers),
        recipients_cc=copies,
        recipients_bcc=hidden,
        language=language,
    )


def _drop(message: Message) -> None:
    """Refused: the copies of its files go as well."""
    for one in Attachment.objects.filter(message=message):
        transaction.on_commit(partial(one.file.delete, save=False), robust=True)
    message.delete()
