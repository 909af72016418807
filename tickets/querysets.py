"""Chainable filters of tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpdesk.people.permissions import visible_inboxes
from helpdesk.tenancy.models import TenantQuerySet

if TYPE_CHECKING:
    from helpdesk.people.models import Membership
    from tickets.models import Ticket  # noqa: F401 - for the class below

OPEN_STATUSES = ("new", "open", "pending")


class TicketQuerySet(TenantQuerySet["Ticket"]):
    """Filters that combine."""

    def open(self) -> TicketQuerySet:
        """Not yet solved."""
        return self.filter(status__in=("new", "open"))

    def visible_to(self, member: Membership) -> TicketQuerySet:
        """Tickets of the inboxes that the member may work in or read."""
        inboxes = visible_inboxes(member)
        return self if inboxes is None else self.filter(inbox_id__in=inboxes)
