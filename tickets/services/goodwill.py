"""Goodwill on a ticket: given within the rules, with a note that says how much, by whom and why."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from governance.core.clauses import Clauses
from governance.gate import policy_in_force
from governance.services import goodwill
from helpdesk.people.models import Membership
from tickets.models import Message, Ticket
from tickets.services import replying


def give(*, ticket: Ticket, member: Membership, micro: int, why: str) -> Message:
    """Give something away for this ticket. Locks the ticket. Raises NotAllowed, InvalidState."""
    with transaction.atomic():
        locked = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        note = _("Goodwill: %(amount)s %(currency)s. %(why)s") % {
            "amount": f"{micro / goodwill.MICRO:.2f}",
            "currency": currency(),
            "why": " ".join(why.split())[:500],
        }
        written = replying.add_note(ticket=locked, member=member, text=note.strip(), interactive=False)
        goodwill.grant(subject_kind="ticket", subject_id=locked.pk, micro=micro, member=member)
    return written


def currency() -> str:
    """That of the budget in the rules in force."""
    policy = policy_in_force()
    return (Clauses.from_dict(policy.clauses) if policy else Clauses()).budget.currency
