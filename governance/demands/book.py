"""What several checks of the demands read: each thing once, when the first one asks for it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q
from django.utils import timezone

from governance import clocks, gate
from governance.core.clauses import Clauses
from governance.core.facts import PolicyFacts
from governance.fairness import Waiting, waiting_by_choice
from governance.models import (
    AIDecision,
    BiasAudit,
    DataRequest,
    EthicsPolicy,
    Finding,
    Incident,
    OutcomeFact,
    Record,
    Risk,
    SelfCheck,
    SurveyAnswer,
    Vendor,
)
from helpdesk.people.models import Membership

#: How far back rows count as evidence.
LOOKS_BACK = timedelta(days=90)

_TRIGGERS = """
SELECT c.relname || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
"""
_LEDGERED = """
SELECT count(*) FILTER (WHERE e.object_ref IS NULL), count(*) FROM (
    SELECT id FROM governance_aidecision WHERE created_at >= %s ORDER BY id DESC LIMIT 1000) d
LEFT JOIN LATERAL (SELECT object_ref FROM governance_ledgerentry
    WHERE object_ref = 'decision:' || d.id LIMIT 1) e ON true
"""
_AGAINST_A_NO = """
SELECT count(*) FILTER (WHERE c.state IN ('refused', 'objected') OR h.state = 'granted'), count(*) FROM (
    SELECT customer_id, created_at FROM governance_aidecision
    WHERE kind = 'real' AND allowed AND reasons <> '[]' AND customer_id IS NOT NULL AND created_at >= %s
        AND action IN ('draft', 'rewrite', 'translate', 'self_service', 'save')
    ORDER BY id DESC LIMIT 1000) d
LEFT JOIN LATERAL (SELECT state FROM governance_consent WHERE customer_id = d.customer_id
    AND purpose = 'ai_assist' AND created_at < d.created_at ORDER BY id DESC LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT state FROM governance_consent WHERE customer_id = d.customer_id
    AND purpose = 'humans_only' AND created_at < d.created_at ORDER BY id DESC LIMIT 1) h ON true
"""
_DURING_A_STOP = """
SELECT count(*) FROM governance_aidecision d WHERE d.kind = 'real' AND d.allowed AND d.reasons <> '[]'
    AND d.created_at >= %s AND EXISTS (SELECT FROM governance_aistop s WHERE s.scope = 'organization'
        AND d.created_at > s.started_at + interval '5 seconds'
        AND (s.lifted_at IS NULL OR d.created_at < s.lifted_at))
"""


class Book:
    """One reading of one organization. Make a new one for each time it is asked."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or timezone.now()

    @property
    def today(self) -> date:
        """The day in the reader's zone."""
        return timezone.localtime(self.now).date()

    @property
    def since(self) -> datetime:
        """Where evidence begins."""
        return self.now - LOOKS_BACK

    @cached_property
    def policy(self) -> EthicsPolicy | None:
        """The rules in force."""
        return gate.policy_in_force()

    @cached_property
    def policy_facts(self) -> PolicyFacts | None:
        """The same as the checks read them."""
        return gate.policy_facts(self.policy) if self.policy else None

    @property
    def rules(self) -> Clauses:
        """The clauses in force, or the defaults."""
        return self.policy_facts.clauses if self.policy_facts else Clauses()

    @cached_property
    def steps(self) -> dict[str, int]:
        """How many AI steps were judged, sent, sent without being told or without a person; by check: stopped."""
        told = Q(reasons__contains=[{"code": "G18", "outcome": "passed"}])
        person = Q(reasons__contains=[{"code": "G16", "outcome": "passed"}])
        send = Q(action="send", allowed=True) & ~Q(reasons=[])
        rows = AIDecision.objects.filter(kind="real", created_at__gte=self.since)
        return rows.aggregate(
            judged=Count("pk", filter=~Q(reasons=[])),
            sent=Count("pk", filter=send),
            untold=Count("pk", filter=send & ~told),
            alone=Count("pk", filter=send & ~person),
            drafts=Count("pk", filter=Q(action="draft", allowed=True)),
            stopped=Count("pk", filter=Q(allowed=False)),
            ungrounded=Count("pk", filter=_stopped_by("G15")),
            pressing=Count("pk", filter=_stopped_by("G21")),
            private=Count("pk", filter=_stopped_by("G08")),
            unwanted=Count("pk", filter=_stopped_by("G07")),
        )

    @cached_property
    def services(self) -> list[str]:
        """The AI services that were allowed to be called, as `provider/model`."""
        rows = AIDecision.objects.filter(kind="real", allowed=True, created_at__gte=self.since)
        return sorted(set(rows.exclude(system="").order_by().values_list("system", flat=True).distinct()))

    @cached_property
    def unledgered(self) -> tuple[int, int]:
        """Of the newest decisions: without an entry in the ledger, and all."""
        return self._row(_LEDGERED, [self.since])

    @cached_property
    def against_a_no(self) -> tuple[int, int]:
        """Of the newest allowed drafts: for customers who had said no before, and all."""
        return self._row(_AGAINST_A_NO, [self.since])

    @cached_property
    def during_a_stop(self) -> int:
        """Steps that were allowed more than five seconds after "Stop the AI" and before it ran again."""
        return int(self._row(_DURING_A_STOP, [self.since])[0])

    @cached_property
    def triggers(self) -> frozenset[str]:
        """`table.trigger` of every guard that the database has switched on."""
        with connection.cursor() as cursor:
            cursor.execute(_TRIGGERS)
            return frozenset(name for (name,) in cursor.fetchall())

    @cached_property
    def clocks(self) -> list[clocks.Clock]:
        """Every date of the organization."""
        return clocks.clocks(self.today)

    @cached_property
    def risks(self) -> list[Risk]:
        """Risks that are not closed."""
        return list(Risk.objects.exclude(status="closed"))

    @cached_property
    def audits(self) -> list[BiasAudit]:
        """Checks of fairness, newest first."""
        return list(BiasAudit.objects.order_by("-pk")[:200])

    @cached_property
    def findings(self) -> list[Finding]:
        """Findings, newest first."""
        return list(Finding.objects.order_by("-pk")[:200])

    @cached_property
    def incidents(self) -> list[Incident]:
        """Incidents, newest first."""
        return list(Incident.objects.order_by("-pk")[:200])

    @cached_property
    def vendors(self) -> list[Vendor]:
        """AI services on record."""
        return list(Vendor.objects.all())

    @cached_property
    def records(self) -> list[Record]:
        """Records of the last year, and those that are open."""
        year = self.now - timedelta(days=365)
        return list(Record.objects.filter(Q(created_at__gte=year) | Q(state="open")).order_by("-pk")[:500])

    def records_of(self, *kinds: str) -> list[Record]:
        """Those of these kinds."""
        return [one for one in self.records if one.kind in kinds]

    @cached_property
    def members(self) -> list[Membership]:
        """Who works here now."""
        return list(Membership.objects.filter(is_active=True))

    @cached_property
    def waiting(self) -> Waiting:
        """How long customers wait, by whether they said no to AI."""
        return waiting_by_choice()

    @cached_property
    def outcomes(self) -> Counter[str]:
        """Outcome facts by event."""
        rows = OutcomeFact.objects.filter(created_at__gte=self.since).order_by().values("event")
        return Counter({one["event"]: one["n"] for one in rows.annotate(n=Count("pk"))})

    @cached_property
    def surveys(self) -> Counter[str]:
        """Answers of customers by question."""
        rows = SurveyAnswer.objects.filter(created_at__gte=self.since).order_by().values("question")
        return Counter({one["question"]: one["n"] for one in rows.annotate(n=Count("pk"))})

    @cached_property
    def requests(self) -> dict[str, int]:
        """Data requests of customers: open, late, asked for a person, of those late."""
        late = Q(status="open", due_at__lt=self.now)
        again = Q(kind="human_review", created_at__gte=self.since)
        return DataRequest.objects.aggregate(
            every=Count("pk", filter=Q(created_at__gte=self.since)),
            open=Count("pk", filter=Q(status="open")),
            late=Count("pk", filter=late),
            again=Count("pk", filter=again),
            again_late=Count("pk", filter=late & Q(kind="human_review")),
            access=Count("pk", filter=Q(kind="access", created_at__gte=self.since)),
        )

    @cached_property
    def self_checks(self) -> dict[str, SelfCheck]:
        """The newest run of each kind."""
        newest = SelfCheck.objects.order_by().values("kind").annotate(newest=Max("pk")).values("newest")
        return {one.kind: one for one in SelfCheck.objects.filter(pk__in=newest)}

    def _row(self, sql: str, values: list[Any]) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()


def _stopped_by(code: str) -> Q:
    return Q(allowed=False, reasons__contains=[{"code": code, "outcome": "stopped"}])
