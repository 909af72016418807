"""Senders whose mail is kept aside: blocked from a ticket, let in again with all that waited."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState
from helpdesk.people.models import Membership
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.mail.recipients import answer_address
from tickets.models import BlockedSender, Inbox, RawMail, Status, Ticket
from tickets.services import changing
from tickets.services.drafts import may_work
from tickets.services.opening import add_event


@transaction.atomic
def block_sender(*, ticket: Ticket, member: Membership) -> BlockedSender:
    """Mark the ticket as spam and keep further mail of its sender aside. Twice is no error.

    Raises InvalidState for an address of the shop itself or of somebody who works in it.
    """
    may_work(member, ticket)
    address = answer_address(ticket)
    if is_own(address):
        raise InvalidState(
            _("%(address)s is one of your own addresses.") % {"address": address},
            next_step=_("Only addresses of others can be blocked."),
        )
    blocked, made = BlockedSender.objects.get_or_create(address=address, defaults={"blocked_by": member})
    changing.set_status(ticket=ticket, status=Status.SPAM, member=member)
    if made:
        add_event(ticket, "blocked", actor=member)
    return blocked


def is_own(address: str) -> bool:
    """Whether it is an inbox's address, or a colleague's."""
    return (
        Inbox.objects.filter(address=address).exists()
        or Membership.objects.filter(user__email__iexact=address).exists()
    )


@transaction.atomic
def unblock_sender(*, blocked: BlockedSender) -> int:
    """Take the block off; mail that was kept aside is filed as if it came now. Returns how many."""
    from tickets.tasks import file_stored

    waiting = list(RawMail.objects.filter(blocked=blocked).order_by("pk").values_list("pk", flat=True))
    RawMail.objects.filter(pk__in=waiting).update(outcome="stored", blocked=None, reason="")
    for raw_mail_id in waiting:
        enqueue_on_commit(file_stored, organization_id=blocked.organization_id, raw_mail_id=raw_mail_id)
    BlockedSender.objects.filter(pk=blocked.pk).delete()
    return len(waiting)
