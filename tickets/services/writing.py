"""Write to a customer first: a ticket that begins with our mail (see `acknowledging.tells_first`)."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState
from helpdesk.people.models import Membership
from tickets.mail import html as mail_html
from tickets.mail.charsets import one_line
from tickets.mail.customers import customer_for
from tickets.mail.recipients import addresses_in
from tickets.models import Inbox, Message, MessageKind, MessageState, Status, Ticket
from tickets.services.blocking import is_own
from tickets.services.drafts import may_work, storable
from tickets.services.involvement import Involvement
from tickets.services.opening import SNIPPET, add_event, give_number, open_ticket
from tickets.services.replying import approve_and_queue, copies_in
from tickets.services.uploading import attach


@transaction.atomic
def write_first(
    *,
    inbox: Inbox,
    member: Membership,
    to: str,
    subject: str,
    text: str,
    name: str = "",
    cc: str = "",
    bcc: str = "",
    files: Iterable[UploadedFile] = (),
    status_after: str = Status.PENDING,
    language: str = "",
) -> Message:
    """Open a ticket with a first mail of ours, which leaves after the time to take it back; returns it.

    The number is the last write. Raises InvalidState for a bad or an own address, nothing written, too many files.
    """
    readers, wrong = addresses_in(storable(to))
    if wrong or len(readers) != 1:
        said = _("“%(text)s” is not a mail address.") % {"text": (wrong or to)[:100]}
        raise InvalidState(said, next_step=_("Write one address in To; more go into CC."))
    if is_own(readers[0]):
        raise InvalidState(_("That is one of your own addresses."), next_step=_("Write the customer's."))
    body = storable(text).strip().replace("\r\n", "\n")
    if not body:
        raise InvalidState(_("There is nothing in it yet."), next_step=_("Write something first."))
    copies, hidden = copies_in(storable(cc), storable(bcc), without=readers)
    ticket = _ticket(inbox, member, readers[0], storable(name), storable(subject), body, language)
    attached = attach(ticket=ticket, member=member, files=files)
    message = Message(
        ticket=ticket,
        kind=MessageKind.REPLY,
        state=MessageState.PREPARED,
        author=member,
        subject=ticket.subject,
        text=body,
        html=mail_html.from_text(body),
        recipients_to=readers[0],
        recipients_cc=copies,
        recipients_bcc=hidden,
        language=ticket.language,
        status_after=status_after if status_after in (Status.OPEN, Status.PENDING, Status.SOLVED) else "",
    )
    approve_and_queue(message, Involvement(), attachment_ids=[one.pk for one in attached])
    add_event(ticket, "written_first", actor=member)
    give_number(ticket)
    return message


def _ticket(  # noqa: PLR0917
    inbox: Inbox, member: Membership, address: str, name: str, subject: str, body: str, language: str
) -> Ticket:
    customer = customer_for(address=address, name=one_line(name).strip())
    language = language or customer.language
    ticket = open_ticket(inbox=inbox, customer=customer, subject=subject, channel="agent", language=language)
    may_work(member, ticket)
    ticket.status, ticket.assignee, ticket.is_unread = Status.OPEN, member, False
    ticket.snippet = " ".join(body.split())[:SNIPPET]
    ticket.save(update_fields=["status", "assignee", "is_unread", "snippet"])
    return ticket
