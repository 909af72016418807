"""A ticket's topic: set by a person, or by the AI where the rules let it; each change is told in the thread."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.core.topics import topic_key
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from tickets.models import Priority, Ticket
from tickets.services import timing
from tickets.services.opening import add_event

LONGEST = 40


def clean_topic(name: str) -> str:
    """A topic as it is stored and compared; "" for none. Raises InvalidState for one that is too long."""
    key = topic_key(name)
    if len(key) > LONGEST or "," in key:
        raise InvalidState(_("A topic is at most 40 characters without a comma."))
    return key


@transaction.atomic
def set_topic(*, ticket: Ticket, topic: str, member: Membership | None, suggested: bool = False) -> Ticket:
    """Put the ticket under a topic, "" for none. The same again is no event. Locks the ticket.

    `member` is None where the AI does it; `suggested` where a person took what the AI suggested.
    """
    locked, key = _locked(ticket, member), clean_topic(topic)
    if key == locked.topic:
        return locked
    was, locked.topic = locked.topic, key
    _save(locked, ["topic"], "topic", member, {"from": was, "to": key, "suggested": suggested})
    return locked


@transaction.atomic
def set_urgency(*, ticket: Ticket, priority: int, member: Membership | None) -> Ticket:
    """Set how urgent it is, as `changing.set_priority` does; `member` is None where the AI does it."""
    locked = _locked(ticket, member)
    if priority not in Priority.values or priority == locked.priority:
        return locked
    was, locked.priority = locked.priority, Priority(priority)
    timing.changed(locked)
    _save(locked, ["priority", *timing.CLOCK], "priority", member, {"from": was, "to": priority})
    return locked


def _locked(ticket: Ticket, member: Membership | None) -> Ticket:
    if member is not None and not can(member, "work", ticket):
        raise NotAllowed(
            _("You can read this ticket, but not change it."),
            next_step=_("Ask an owner to let you work in this inbox."),
        )
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("customer")
    locked: Ticket = rows.get(pk=ticket.pk)  # type: ignore[assignment]
    return locked


def _save(
    ticket: Ticket, fields: list[str], event: str, member: Membership | None, data: dict[str, object]
) -> None:
    """What the AI sets by itself moves nothing in the list: only a person's hand does."""
    if member is not None:
        ticket.updated_at = timezone.now()
        fields = [*fields, "updated_at"]
    ticket.save(update_fields=fields)
    add_event(ticket, event, actor=member, data=data)
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
