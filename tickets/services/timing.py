"""The clock of the answer: what starts, stops and moves a ticket's due time, and snoozing.

The functions that take a ticket change its fields and leave writing to the caller, who holds the row's lock and saves
CLOCK with the rest: a due time is written together with what it follows from.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Status, Ticket, TicketEvent
from tickets.selectors.clock import RUNNING, Clock, clock

#: The fields that these functions change.
CLOCK: Final = ("waiting_since", "paused_at", "paused_seconds", "due_at", "snoozed_until")
BATCH: Final = 200
#: Statuses in which a ticket may sleep.
CAN_SLEEP: Final = (Status.NEW, Status.OPEN, Status.PENDING)


def customer_wrote(ticket: Ticket, at: datetime) -> None:
    """Start the clock, or start it anew where it stood still: the customer waited for nobody then. Wakes it too.

    A second message does not give us more time: the customer waits since the first.
    """
    if ticket.waiting_since is None or ticket.paused_at is not None:
        ticket.waiting_since, ticket.paused_seconds = at, 0
    ticket.paused_at = None if ticket.status in RUNNING else at
    ticket.snoozed_until = None
    ticket.due_at = clock().due(ticket)


def answered(ticket: Ticket) -> None:
    """An answer left: nobody waits."""
    ticket.waiting_since = ticket.paused_at = ticket.due_at = None
    ticket.paused_seconds = 0


def changed(ticket: Ticket) -> None:
    """Status, priority or inbox is another now: pause, go on, or count to another target. Who is done wakes."""
    if ticket.status not in CAN_SLEEP:
        ticket.snoozed_until = None
    if ticket.waiting_since is None:
        ticket.paused_at = ticket.due_at = None
        return
    now, known = timezone.now(), clock()
    if ticket.status not in RUNNING:
        ticket.paused_at = ticket.paused_at or now
    elif ticket.paused_at is not None:
        ticket.paused_seconds += known.open_seconds(ticket.inbox_id, ticket.paused_at, now)
        ticket.paused_at = None
    ticket.due_at = known.due(ticket)


def retime_all(organization_id: UUID | str) -> int:
    """Due times of every waiting ticket by today's hours and targets; returns how many moved. Repeatable.

    Locks some rows at a time, by id, and works with what they hold then: an answer that leaves meanwhile either stops
    the clock before and is left alone, or after and stops it.
    """
    last, moved = 0, 0
    while True:
        with organization_scope(organization_id):
            waiting = Ticket.objects.select_for_update(of=("self",)).filter(
                pk__gt=last, status__in=RUNNING, waiting_since__isnull=False
            )
            batch = list(waiting.order_by("pk")[:BATCH])
            moved += _retime(batch, clock()) if batch else 0
        if len(batch) < BATCH:
            return moved
        last = batch[-1].pk


def _retime(batch: list[Ticket], known: Clock) -> int:
    moved = []
    for ticket in batch:
        due = known.due(ticket)
        if due != ticket.due_at:
            ticket.due_at = due
            moved.append(ticket)
    if moved:
        Ticket.objects.bulk_update(moved, ["due_at"])
        publish_on_commit("tickets", ticket=moved[0].pk)
    return len(moved)


def mend(organization_id: UUID | str) -> int:
    """Set right what changed its status past this module (merging, a deletion); returns how many. Repeatable."""
    with organization_scope(organization_id):
        stands = Q(due_at__isnull=False) & ~Q(status__in=RUNNING)
        stands |= Q(snoozed_until__isnull=False) & ~Q(status__in=CAN_SLEEP)
        runs = Q(paused_at__isnull=False, waiting_since__isnull=False, status__in=RUNNING)
        wrong = Ticket.objects.select_for_update(of=("self",), skip_locked=True).filter(stands | runs)
        batch = list(wrong.order_by("pk")[:BATCH])
        for ticket in batch:
            changed(ticket)
        if batch:
            Ticket.objects.bulk_update(batch, CLOCK)
        return len(batch)


@transaction.atomic
def snooze(*, ticket: Ticket, until: datetime, member: Membership) -> Ticket:
    """Let the ticket sleep: out of every view but "Snoozed", until then or until the customer writes.

    Its due time goes on. Raises InvalidState for a moment past or more than a year away, or a ticket that is done.
    """
    locked = _locked(ticket, member)
    now = timezone.now()
    if locked.status not in CAN_SLEEP:
        raise InvalidState(_("Only open tickets can be snoozed."), next_step=_("Open it again first."))
    if until <= now:
        raise InvalidState(_("That moment has passed."), next_step=_("Choose a later one."))
    if (until - now).days > 366:
        raise InvalidState(_("At most a year, please."), next_step=_("Choose an earlier day."))
    locked.snoozed_until = until
    _save(locked, "snoozed", member, {"until": until.isoformat()})
    return locked


@transaction.atomic
def wake(*, ticket: Ticket, member: Membership | None) -> Ticket:
    """End the sleep: by a person (`member`), or because the time has come. One that does not sleep is no error.

    A ticket that waited for its customer when its time came is open again: somebody wanted to look at it now.
    """
    locked = _locked(ticket, member)
    if locked.snoozed_until is None:
        return locked
    locked.snoozed_until = None
    if member is None:
        locked.is_unread = True
        if locked.status == Status.PENDING:
            locked.status = Status.OPEN
            changed(locked)
    _save(locked, "woken", member, {})
    return locked


def wake_due(organization_id: UUID | str, now: datetime | None = None) -> int:
    """Wake every ticket whose time has come; returns how many. Each in its own scope: one that fails harms no other."""
    with organization_scope(organization_id):
        due = Ticket.objects.filter(snoozed_until__lte=now or timezone.now())
        ids = list(due.order_by("pk").values_list("pk", flat=True)[:BATCH])
    for pk in ids:
        with organization_scope(organization_id):
            ticket = Ticket.objects.filter(pk=pk, snoozed_until__lte=now or timezone.now()).first()
            if ticket is not None:
                wake(ticket=ticket, member=None)
    return len(ids)


def _locked(ticket: Ticket, member: Membership | None) -> Ticket:
    if member is not None and not can(member, "work", ticket):
        raise NotAllowed(
            _("You can read this ticket, but not change it."),
            next_step=_("Ask an owner to let you work in this inbox."),
        )
    locked: Ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    return locked


def _save(ticket: Ticket, event: str, member: Membership | None, data: dict[str, str]) -> None:
    ticket.updated_at = timezone.now() if member is None else ticket.updated_at
    ticket.save(update_fields=["is_unread", "status", "updated_at", *CLOCK])
    TicketEvent.objects.create(ticket=ticket, kind=event, actor=member, data=data)
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
