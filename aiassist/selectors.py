"""Reads of the AI room: what is still to be done, the panel of a ticket, and the AI's activity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef

from aiassist.core.text import content
from aiassist.models import Draft
from governance.models import AIDecision
from helpdesk.people.models import Membership
from tickets.conversation import messages_of
from tickets.models import Message, MessageKind, MessageOutcome, MessageState, Ticket

SWEEP_AT_ONCE = 200


def messages_without_outcome(*, before: datetime, days: int = 7) -> list[int]:
    """Ids of inbound messages of so many days without an outcome, oldest first, at most 200. One query.

    Older mail that an owner fetched is not among them: no AI works on it.
    """
    done = MessageOutcome.objects.filter(message_id=OuterRef("pk"))
    waiting = Message.objects.filter(
        kind=MessageKind.INBOUND, created_at__lt=before, created_at__gt=before - timedelta(days=days)
    ).exclude(raw_mail__is_history=True)
    return list(
        waiting.filter(~Exists(done)).order_by("created_at").values_list("pk", flat=True)[:SWEEP_AT_ONCE]
    )


def newest_inbound(ticket: Ticket) -> Message | None:
    """The customer's newest message in the conversation, that of merged tickets included."""
    return messages_of(ticket).filter(kind=MessageKind.INBOUND).order_by("-pk").first()


def draft_of(message: Message) -> Draft | None:
    """The draft written for a message, with its decision and policy."""
    return Draft.objects.select_related("decision__policy").filter(message=message).first()


def activity(*, before_id: int | None = None, only: str = "", limit: int = 50) -> Sequence[AIDecision]:
    """Decisions, newest first, a keyset page; `only` is allowed, stopped or empty. Two queries with the tickets."""
    decisions = AIDecision.objects.select_related("customer", "actor__user", "policy").order_by("-pk")
    if before_id:
        decisions = decisions.filter(pk__lt=before_id)
    if only in ("allowed", "stopped"):
        decisions = decisions.filter(allowed=only == "allowed")
    return list(decisions[: limit + 1])


def tickets_of(decisions: Sequence[AIDecision], member: Membership) -> dict[int, Ticket]:
    """Decision id -> ticket, of those that the member may see. Two queries: drafts name a message, sending a ticket."""
    ids = _subjects(decisions)
    visible = Ticket.objects.visible_to(member)
    messages = Message.objects.filter(pk__in=ids["message"], ticket__in=visible).select_related("ticket")
    found = {("message", one.pk): one.ticket for one in messages}
    found |= {("ticket", one.pk): one for one in visible.filter(pk__in=ids["ticket"])}
    places = {one.pk: found.get((one.subject_kind, one.subject_id)) for one in decisions}
    return {pk: ticket for pk, ticket in places.items() if ticket is not None}


def _subjects(decisions: Sequence[AIDecision]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {"message": set(), "ticket": set()}
    for one in decisions:
        found.setdefault(one.subject_kind, set()).add(one.subject_id)
    return found


def senders_of(decisions: Sequence[AIDecision], tickets: Iterable[Ticket]) -> dict[int, str]:
    """Decision id -> who sent what came of it: of a draft, an approval, the last look before it left. One query."""
    sent = Message.objects.filter(kind=MessageKind.REPLY, state=MessageState.SENT, ticket__in=set(tickets))
    rows = sent.exclude(ai_involvement="none").select_related("author__user")
    found: dict[int, str] = {}
    for message in rows.annotate(approval_decision=F("approvals__decision")):
        name = message.author.display_name if message.author else ""
        found |= {message.decision_id: name, message.approval_decision: name}  # type: ignore[attr-defined, dict-item]
    last_looks = [one for one in decisions if one.action == "send" and one.allowed and one.actor]
    return found | {one.pk: one.actor.display_name for one in last_looks}


def reasons_in_words(decision: AIDecision) -> list[dict[str, Any]]:
    """What spoke against (or warned), as sentences in the reader's language, with the next step."""
    from governance.core.verdict import Verdict

    verdicts = [Verdict.from_dict(one) for one in decision.reasons]
    spoke = [one for one in verdicts if one.outcome.value != "passed"]
    return [{"text": str(one.reason), "next": str(one.next_step or ""), "code": one.code} for one in spoke]


def similar_solved(ticket: Ticket, member: Membership, limit: int = 3) -> list[Ticket]:
    """Solved tickets of the same topic or with the same words in the subject, newest first: shown, never quoted."""
    solved = Ticket.objects.visible_to(member).filter(status__in=["solved", "closed"]).exclude(pk=ticket.pk)
    recent = list(solved.order_by("-updated_at", "-pk")[:SIMILAR_AMONG])
    scored = [(similarity(ticket.subject, one.subject), one) for one in recent]
    best = sorted((pair for pair in scored if pair[0] >= SIMILAR_FROM), key=lambda pair: -pair[0])
    return [one for _score, one in best[:limit]]


#: Compared among the newest so many solved tickets: enough to be useful, the same cost at any size.
SIMILAR_AMONG = 300
SIMILAR_FROM = 0.34


def similarity(one: str, other: str) -> float:
    """The share of meaningful words that two subjects have in common (Jaccard)."""
    mine, theirs = set(content(one)), set(content(other))
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def activity_page(rows: Sequence[AIDecision], member: Membership, only: str) -> dict[str, Any]:
    """The context of the activity page. Three queries beside the rows."""
    shown = list(rows[:50])
    tickets = tickets_of(shown, member)
    senders = senders_of(shown, tickets.values())
    return {
        "only": only,
        "decisions": [_activity_row(one, tickets.get(one.pk), senders.get(one.pk, "")) for one in shown],
        "older": shown[-1].pk if len(rows) > len(shown) else None,
    }


def _activity_row(decision: AIDecision, ticket: Ticket | None, sent_by: str) -> dict[str, Any]:
    return {
        "decision": decision,
        "ticket": ticket,
        "reasons": reasons_in_words(decision),
        "sent_by": sent_by,
        "tokens": decision.tokens_in + decision.tokens_out,
        "cost": decision.cost_micro / 1_000_000,
    }
