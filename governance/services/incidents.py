"""What went wrong: opened by hand or by a signal, with its clock, who is concerned, an apology that a person sends, and
a review without blame before it closes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import apologies
from governance.core.topics import topic_key
from governance.models import AIDecision, AISystem, Incident, LawRule
from governance.services import registers
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: GDPR 33(1); the law pack's own number stands over it.
BREACH_HOURS, BREACH_RULE = 72, "gdpr.33"
#: Where nobody knows when it began, those concerned are looked for in this time before it was noticed.
LOOKS_BACK = timedelta(days=30)
#: Tickets that an incident names one by one; beyond that it counts.
MOST_NAMED = 2_000


def keep(*, incident: Incident, member: Membership) -> Incident:
    """Store an incident as its form checked it; its clock starts where people's data is concerned.

    Raises NotAllowed, InvalidState (closed without a review, or with its report still due; called harmless without a
    word why).
    """
    _require_right(member)
    with transaction.atomic():
        _require_word(incident)
        if not incident.pk:
            incident.opened_by = member
            incident.accountable = incident.accountable or member
        _start_clock(incident)
        if incident.state == "closed":
            _require_closable(incident)
            incident.closed_at = incident.closed_at or timezone.now()
            incident.reviewed_by = incident.reviewed_by or member
        else:
            incident.closed_at = None
        registers.save_row(row=incident, member=member)
    return incident


def signal(
    *,
    name: str,
    title: str,
    kind: str,
    description: str = "",
    serious: bool = False,
    severity: int = 3,
    system: AISystem | None = None,
    tickets: Iterable[int] = (),
    elsewhere: Iterable[str] = (),
    nothing_left: str = "",
) -> Incident:
    """What the product noticed by itself: one open incident for each signal, later ones are added to it.

    `elsewhere` names what is no ticket (`assistant:7`). `nothing_left` says why nothing has to be reported. Locks the
    open incident.
    """
    refs = [*(f"ticket:{one}" for one in tickets), *elsewhere]
    with transaction.atomic():
        known = (
            Incident.objects.select_for_update(of=("self",))
            .filter(signal=name)
            .exclude(state="closed")
            .first()
        )
        if known is not None:
            return _again(known, refs, serious=serious)
        incident = Incident(
            title=title[:160],
            description=description,
            kind=kind,
            severity=severity,
            is_serious=serious,
            system=system,
            signal=name,
            noticed_at=timezone.now(),
            affected=refs,
            affected_count=len(refs),
            not_reported_because=nothing_left,
            accountable=_owner(),
        )
        _start_clock(incident)
        try:
            with transaction.atomic():
                incident.save()
        except IntegrityError:  # another worker heard it too
            return Incident.objects.exclude(state="closed").get(signal=name)
        registers.note(row=incident, member=None, action="created")
    return incident


def _again(known: Incident, refs: list[str], *, serious: bool) -> Incident:
    new = [one for one in refs if one not in known.affected]
    values: dict[str, Any] = {}
    if new:
        values["affected"] = [*known.affected, *new][-MOST_NAMED:]
        values["affected_count"] = known.affected_count + len(new)
    if serious and not known.is_serious:
        values["is_serious"] = True
    if values:
        registers.change(row=known, member=None, **values)
    return known


def find_affected(*, incident: Incident, member: Membership) -> int:
    """Whom it concerns: the tickets for which this AI was allowed an answer in that time, by the record of decisions.

    Returns how many customers. Raises NotAllowed.
    """
    _require_right(member)
    since = incident.happened_at or incident.noticed_at - LOOKS_BACK
    until = incident.closed_at or timezone.now()
    rows = AIDecision.objects.filter(
        kind="real", action="send", allowed=True, created_at__gte=since, created_at__lte=until
    ).exclude(customer=None)
    if incident.system is not None:
        rows = rows.filter(system__startswith=f"{incident.system.provider}/")
    if incident.topic:
        rows = rows.filter(request__topic=topic_key(incident.topic)) | rows.filter(
            request__topic=incident.topic
        )
    found: dict[str, int] = {}
    for subject, customer in rows.values_list("request__subject", "customer_id")[:MOST_NAMED]:
        if subject:
            found[str(subject)] = customer
    registers.change(
        row=incident,
        member=member,
        affected=sorted({*incident.affected, *found}),
        affected_count=max(len(set(found.values())), len(incident.affected)),
    )
    return len(set(found.values()))


def prepare_apologies(*, incident: Incident, member: Membership) -> int:
    """Put the apology into the composer of each ticket concerned, for this person to read and send. Returns how many.

    Raises NotAllowed, InvalidState (no words, nobody concerned).
    """
    _require_right(member)
    if not incident.apology.strip():
        raise InvalidState(
            _("There is no apology yet."), next_step=_("Write what you tell those concerned, and save.")
        )
    tickets = [int(one.partition(":")[2]) for one in incident.affected if one.startswith("ticket:")]
    if not tickets:
        raise InvalidState(
            _("No ticket is named as concerned."), next_step=_("Press “Find who is concerned” first.")
        )
    with transaction.atomic():
        written = apologies.prepare(ticket_ids=tickets, text=incident.apology.strip(), member=member)
        registers.change(row=incident, member=member, apologised_at=timezone.now())
    return written


def note_report(*, incident: Incident, member: Membership) -> None:
    """It was reported to the authority now; the clock stops. Raises NotAllowed."""
    _require_right(member)
    if incident.reported_at is None:
        registers.change(row=incident, member=member, reported_at=timezone.now())


def _start_clock(incident: Incident) -> None:
    if incident.kind == "leak" and incident.report_due_at is None:
        incident.report_due_at = incident.noticed_at + timedelta(hours=breach_hours())


def breach_hours() -> float:
    """Hours until an authority must know: the law pack's number, 72 where it has none. One query."""
    rule = LawRule.objects.filter(key__startswith=BREACH_RULE).exclude(value={}).first()
    found = (rule.value or {}).get("hours") if rule is not None else None
    return float(found) if isinstance(found, int | float) and found > 0 else BREACH_HOURS


def is_late(incident: Incident, now: datetime | None = None) -> bool:
    """Whether the time to report it has passed and nobody said why not."""
    if incident.reported_at or incident.not_reported_because or incident.report_due_at is None:
        return False
    return incident.report_due_at < (now or timezone.now())


def _require_word(incident: Incident) -> None:
    """What was serious keeps the AI away until somebody has written down why it is not."""
    was = (
        Incident.objects.select_for_update(of=("self",)).filter(pk=incident.pk).first()
        if incident.pk
        else None
    )
    if was is None or not was.is_serious or was.state == "closed" or incident.review.strip():
        return
    if not incident.is_serious:
        raise InvalidState(
            _("It was called serious, so the AI keeps away from there."),
            next_step=_("Say in the review why it is not serious; then it can be taken back."),
        )
    if (was.topic, was.system_id) != (incident.topic, incident.system_id) and not _wider(was, incident):
        raise InvalidState(
            _("The AI would be let back to where it went wrong."),
            next_step=_("Say in the review why only this topic or this AI is meant; then it can be changed."),
        )


def _wider(was: Incident, now: Incident) -> bool:
    """Whether everything that was kept from the AI still is: an empty topic is every topic, no system every one."""
    return now.topic in {"", was.topic} and now.system_id in {None, was.system_id}


def _require_closable(incident: Incident) -> None:
    if not incident.review.strip():
        raise InvalidState(
            _("Nobody has written down what was learned."),
            next_step=_("Write the review: what happened, why it could, what changes. Nobody is blamed."),
        )
    waits = incident.report_due_at is not None and incident.reported_at is None
    if waits and not incident.not_reported_because.strip():
        raise InvalidState(
            _("It is not said whether this was reported."),
            next_step=_("Press “Reported now”, or say why it need not be."),
        )


def _owner() -> Membership | None:
    """Who answers for what the product opens by itself."""
    return Membership.objects.filter(is_active=True, role="owner").order_by("pk").first()


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("You can read about incidents, but not change them."),
            next_step=_("Ask an owner or ethics officer."),
        )
