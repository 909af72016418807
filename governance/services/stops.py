"""Stops of the AI: anyone may stop it, owner or officer start it again (a ticket's own stop: any agent)."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import ledger
from governance.models import AIStop
from helpdesk.errors import NotAllowed
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Customer, Membership
from helpdesk.people.permissions import can

#: Told of a member's stop of everything; the rooms above add theirs in `AppConfig.ready`.
when_all_stopped: list[Callable[[Membership], None]] = []


def stop_ai(
    *, scope: str, member: Membership, topic: str = "", ticket_id: int | None = None, reason: str = ""
) -> AIStop:
    """Stop the AI for everything, a topic or a ticket. Work in flight is refused at its next step."""
    if not can(member, "stop_ai"):
        raise NotAllowed(
            _("You can read here, but not stop the AI."),
            next_step=_("Ask any colleague who answers customers."),
        )
    with transaction.atomic():
        stop = AIStop.objects.create(
            scope=scope, topic=topic, subject_id=ticket_id, reason=reason[:200], started_by=member
        )
        ledger.record(
            "ai_stop_started",
            actor=ledger.actor_name(member),
            object_ref=f"stop:{stop.pk}",
            payload={"scope": scope, "topic": topic, "ticket": ticket_id},
        )
        publish_on_commit("ai")
        if scope == "organization":
            for tell in when_all_stopped:
                tell(member)
    return stop


def stop_for_customer(*, customer: Customer, ticket_id: int, reason: str) -> AIStop:
    """The customer asked for a person on this ticket: no AI works on it until an agent lets it. Twice is one stop."""
    with transaction.atomic():
        known = AIStop.objects.filter(scope="ticket", subject_id=ticket_id, lifted_at=None).first()
        if known is not None:
            return known
        stop = AIStop.objects.create(scope="ticket", subject_id=ticket_id, reason=reason[:200])
        ledger.record(
            "ai_stop_started",
            actor=ledger.actor_name(customer),
            object_ref=f"stop:{stop.pk}",
            payload={"scope": "ticket", "topic": "", "ticket": ticket_id},
            customer_id=customer.pk,
        )
        publish_on_commit("ai")
    return stop


def lift(*, stop: AIStop, member: Membership) -> None:
    """Start the AI again. Raises NotAllowed for who may not; lifting twice is no error."""
    may = can(member, "start_ai") or (stop.scope == "ticket" and can(member, "work"))
    if not may:
        raise NotAllowed(
            _("Only an owner or ethics officer can start the AI again."),
            next_step=_("Ask one of them to do it."),
        )
    with transaction.atomic():
        lifted = AIStop.objects.filter(pk=stop.pk, lifted_at=None).update(
            lifted_at=timezone.now(), lifted_by=member
        )
        if lifted:
            ledger.record(
                "ai_stop_lifted", actor=ledger.actor_name(member), object_ref=f"stop:{stop.pk}", payload={}
            )
            publish_on_commit("ai")


def stops_in_force(ticket_id: int | None = None) -> list[AIStop]:
    """The stops in force for everything and for this ticket. One query."""
    stops = AIStop.objects.filter(lifted_at=None).select_related("started_by__user").order_by("-pk")
    return [
        one
        for one in stops
        if one.scope == "organization" or (one.scope == "ticket" and one.subject_id == ticket_id)
    ]
