"""The inbox of the first day: a name and the address that customers write to."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from helpdesk.errors import Conflict, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from tickets.models import Inbox


def save_first_inbox(*, inbox: Inbox, member: Membership) -> Inbox:
    """Store the inbox. Raises NotAllowed, Conflict where another inbox has the address."""
    if not can(member, "manage_inboxes"):
        raise NotAllowed(_("Only an owner can set up inboxes."), next_step=_("Ask one of the owners."))
    try:
        with transaction.atomic():
            inbox.save()
    except IntegrityError as error:
        raise Conflict(_("Another inbox has this address already.")) from error
    return inbox
