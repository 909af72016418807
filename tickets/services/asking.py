"""Ask the owner about an answer that is held: a note in the ticket, and a signal for whoever sends notices."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.errors import Conflict, InvalidState
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership, Role
from tickets.conversation import home_of
from tickets.mail import html as mail_html
from tickets.models import Message, MessageKind, MessageState, Ticket
from tickets.services.drafts import may_work
from tickets.services.opening import add_event
from tickets.signals import announce_on_commit, owner_asked


@transaction.atomic
def ask_owner(*, message: Message, member: Membership) -> Message:
    """Write a note that names the owners and says why the answer is held; returns it. Once for a held message.

    Raises InvalidState when it is not held any more, Conflict when the owner was asked already.
    """
    ticket = home_of(message.ticket)
    may_work(member, ticket)
    locked: Ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)  # type: ignore[assignment]
    if message.state not in (MessageState.HELD, MessageState.FAILED):
        raise InvalidState(_("It is not held any more."))
    if locked.events.filter(kind="asked_owner", data__message=message.pk).exists():
        raise Conflict(_("The owner was asked already."), next_step=_("You see the answer here."))
    owners = Membership.objects.filter(role=Role.OWNER, is_active=True).select_related("user").order_by("pk")
    names = ", ".join(f"@{one.display_name}" for one in owners[:3])
    text = _("%(owners)s An answer to this customer is held: %(reason)s Can you help?") % {
        "owners": names,
        "reason": _(message.held_reason) if message.held_reason else "",
    }
    note = Message.objects.create(
        ticket=locked, kind=MessageKind.NOTE, author=member, text=text, html=mail_html.from_text(text)
    )
    add_event(locked, "asked_owner", actor=member, data={"message": message.pk, "note": note.pk})
    announce_on_commit(owner_asked, note.pk)
    publish_on_commit("ticket", ticket=locked.pk)
    return note
