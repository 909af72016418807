"""Finished requests go after as many days as the rules say: told to the owners first, then deleted day by day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from governance import gate, ledger, owners_mail
from governance.core.clauses import ClauseError, Clauses
from governance.models import DataRequest, EthicsPolicy, PolicyStatus
from governance.services import survey
from helpdesk.live.events import publish_on_commit
from helpdesk.privacy import erasure
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message, MessageState, RawMail, Status, Ticket, TicketEvent
from tickets.services.opening import add_event

#: So many days lie between the mail to the owners and the first deletion after the rule was set or changed.
NOTICE: Final = timedelta(days=7)
#: A request that is still there so long after its day says that the nightly work does not run.
LATE: Final = timedelta(days=2)
#: Requests that one transaction deletes, and how many of them one run.
AT_ONCE: Final = 50
MOST: Final = 5_000
#: Counted to here and no further.
COUNTED: Final = 1_000
FORGOTTEN: Final = "forgotten"
_FINISHED: Final = (Status.SOLVED, Status.CLOSED, Status.SPAM)
_WAITING: Final = (MessageState.PREPARED, MessageState.QUEUED, MessageState.SENDING, MessageState.HELD)


def run(*, organization_id: UUID, now: datetime) -> int:
    """Delete what is old enough under the rules in force; returns how many requests. Opens its own scopes.

    When the rules begin to say so, owners are told first, and nothing goes for seven days. Whoever waits for an
    answer about their data keeps it until then. Safe to repeat; a run that stops goes on where it was.
    """
    gone = 0
    while gone < MOST:
        with organization_scope(organization_id):
            count = _some(now)
        gone += count
        if not count:
            break
    return gone


def finished(before: datetime) -> QuerySet[Any]:
    """Requests that were finished before, still hold something, and that nothing stands in the way of deleting."""
    waits = Message.objects.filter(
        Q(ticket=OuterRef("pk")) | Q(ticket__merged_into=OuterRef("pk")), state__in=_WAITING
    )
    asked = DataRequest.objects.filter(customer=OuterRef("customer"), status="open")
    known = TicketEvent.objects.filter(ticket=OuterRef("pk"), kind=FORGOTTEN)
    rows = Ticket.objects.filter(status__in=_FINISHED, merged_into=None, updated_at__lt=before)
    rows = rows.alias(ended=Coalesce("solved_at", "updated_at")).filter(ended__lt=before)
    return rows.exclude(Exists(known)).exclude(Exists(waits)).exclude(Exists(asked)).order_by("pk")


def how_many(days: int) -> int:
    """How many requests a rule of so many days would delete today, up to 1,000. One query."""
    before = timezone.now() - timedelta(days=days)
    return finished(before).values("pk")[:COUNTED].count()


def going(*, until: datetime) -> int:
    """How many requests the rules in force delete by then. Two queries, one where they keep everything."""
    policy = gate.policy_in_force()
    days = _days(policy)
    if days is None:
        return 0
    return finished(until - timedelta(days=days)).values("pk")[:COUNTED].count()


def _days(policy: EthicsPolicy | None) -> int | None:
    """For how many days the rules keep what is finished; None: until the customer asks."""
    try:
        return Clauses.from_dict(policy.clauses).retention_days if policy else None
    except ClauseError:
        return None  # rules that cannot be read delete nothing


def late(days: int, now: datetime) -> int:
    """How many requests should be gone by now and are not: two days more than rule and notice say. Two queries."""
    policy = gate.policy_in_force()
    begins = owners_mail.deletion_begins(_since_version(policy, days)) if policy else None
    if begins is None or begins + LATE > now.date():
        return 0
    return finished(now - timedelta(days=days) - LATE).values("pk")[:COUNTED].count()


def _since_version(policy: EthicsPolicy, days: int) -> int:
    """The version since which the rules say this number of days without a break: owners were told about that one."""
    counted = EthicsPolicy.objects.filter(
        status__in=(PolicyStatus.PUBLISHED, PolicyStatus.REPLACED), version__lte=policy.version
    )
    first = policy.version
    for version, said in counted.order_by("-version").values_list("version", "clauses__retention_days"):
        if said != days:
            break
        first = version
    return first


def _some(now: datetime) -> int:
    """The next few. In a scope."""
    policy = gate.policy_in_force()
    days = _days(policy)
    if policy is None or days is None:
        return 0
    due = finished(now - timedelta(days=days))
    version = _since_version(policy, days)
    begins = owners_mail.deletion_begins(version)
    if begins is None or begins > now.date():
        if begins is None and (count := due.values("pk")[:COUNTED].count()):
            owners_mail.tell_of_deletion(
                days=days,
                count="1,000+" if count == COUNTED else str(count),
                begins=(now + NOTICE).date(),
                version=version,
            )
        return 0
    chosen = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    if chosen:
        _delete(chosen, days, policy)
    return len(chosen)


def _delete(homes: list[Ticket], days: int, policy: EthicsPolicy) -> None:
    keys = [one.pk for one in homes]
    family = [*keys, *Ticket.objects.filter(merged_into__in=keys).values_list("pk", flat=True)]
    sources = _sources(family)
    counts = erasure.forget(Ticket, family)
    survey.forget_words(family)
    counts["tickets.rawmail"] = RawMail.objects.filter(pk__in=sources).delete()[0] + counts.get(
        "tickets.rawmail", 0
    )
    for one in homes:
        add_event(one, FORGOTTEN, data={"days": days})
        publish_on_commit("ticket", ticket=one.pk)
    publish_on_commit("tickets")
    ledger.record(
        "requests_deleted",
        actor="system",
        object_ref=f"policy:{policy.pk}",
        payload={"requests": len(homes), "days": days, "counts": counts},
        policy_version=str(policy.version),
    )


def _sources(tickets: list[int]) -> list[int]:
    """Original mails that messages of these requests alone were made of."""
    named = Message.objects.exclude(raw_mail=None)
    mine = set(named.filter(ticket__in=tickets).values_list("raw_mail_id", flat=True))
    others = named.filter(raw_mail__in=mine).exclude(ticket__in=tickets)
    return sorted(mine - set(others.values_list("raw_mail_id", flat=True)))
