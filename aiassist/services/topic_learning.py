"""Learns an organization's topics from its solved tickets, in the background, and forgets with the customers."""

from __future__ import annotations

import base64
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from aiassist.core.embed import default_embedder
from aiassist.core.text import essence
from aiassist.core.triage import FEWEST, TopicModel, learn
from aiassist.reading import rules
from aiassist.services import earlier_answers
from aiassist.shipping import PROVIDER, SORTER
from aiassist.sorting_models import LearnedTopics, Sorting, SortingState
from governance import bulk
from governance.core.clauses import Sorting as SortingRule
from governance.core.facts import GateRequest, SystemRef
from governance.core.vocabulary import Action
from helpdesk.people.models import Customer
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message, MessageKind, Status, Ticket

#: The bounds of the system card: at most so many examples, of the newest tickets.
MOST, MOST_A_TOPIC = 3_000, 400
#: Learned again after so many new examples, or after a day if there is any.
ENOUGH_NEW, AT_LEAST_EVERY = 25, timedelta(days=1)
#: Topic's usual urgency is taken where so large a share of its solved tickets had it.
USUAL = 0.8
FIELDS = frozenset({"subject", "message", "topic"})


@dataclass(frozen=True)
class Examples:
    """What is learned from: whose message stands where, its words, and its topic."""

    messages: tuple[int, ...]
    labels: tuple[str, ...]
    texts: tuple[str, ...] = field(repr=False)
    usual: Mapping[str, int]
    decision_id: int


def words_of(subject: str, text: str) -> str:
    """What of a message is compared: its subject and its matter."""
    return f"{subject}\n{essence(text)}".strip()[:1_000]


def learn_topics(organization_id: UUID) -> str:
    """Learn anew where there is reason to; returns what happened. Asks, embeds and keeps in three steps."""
    with organization_scope(organization_id):
        found = _examples()
    if isinstance(found, str):
        return found
    began = time.monotonic()
    model = learn(found.texts, found.labels, default_embedder())
    with organization_scope(organization_id), transaction.atomic():
        return _keep(found, model, time.monotonic() - began)


def candidates() -> list[tuple[int, str, int]]:
    """Ticket, topic and priority of solved tickets whose topic a person chose, newest first, an equal share a topic."""
    unconfirmed = Sorting.objects.filter(state=SortingState.APPLIED).values("ticket")
    rows = Ticket.objects.filter(status__in=(Status.SOLVED, Status.CLOSED)).exclude(topic="")
    rows = rows.exclude(pk__in=unconfirmed)
    kept_to_people = set(rules().human_only_topics)
    taken: Counter[str] = Counter()
    found = []
    for pk, topic, priority, private in rows.order_by("-pk").values_list(
        "pk", "topic", "priority", "human_only"
    )[: MOST * 4]:
        if taken[topic] < MOST_A_TOPIC and (not private or topic in kept_to_people):
            taken[topic] += 1
            found.append((pk, topic, priority))
    return [one for one in found if taken[one[1]] >= FEWEST][:MOST]


def question() -> GateRequest:
    """What the checks are asked before anything is learned."""
    return GateRequest(
        action=Action.INDEX,
        system=SystemRef(provider=PROVIDER, model=SORTER, external=False),
        fields=FIELDS,
        stays_inside=True,
    )


def _examples() -> Examples | str:
    """What to learn from, or why there is nothing to do. Whoever may not be learned from is left out, on record."""
    known = LearnedTopics.objects.defer("data").first()
    if rules().sorting is SortingRule.OFF:
        LearnedTopics.objects.all().delete()
        return "the rules leave sorting to people"
    chosen = {ticket: (topic, priority) for ticket, topic, priority in candidates()}
    first = _first_messages(list(chosen))
    if known is not None and not _is_old(known, {one.pk for one in first}):
        return "nothing new"
    if len({topic for topic, _priority in chosen.values()}) < 2:
        LearnedTopics.objects.all().delete()
        return "too few topics with enough examples"
    people = earlier_answers.concerned(first)
    customers = frozenset().union(*people.values())
    decision, may = bulk.check_many(question(), subject_kind="topics", customers=customers)
    used = [one for one in first if people[one.ticket_id] <= may]
    labels = [chosen[one.ticket_id][0] for one in used]
    enough = {topic for topic, n in Counter(labels).items() if n >= FEWEST}
    used = [one for one, label in zip(used, labels, strict=True) if label in enough]
    if len(enough) < 2:
        LearnedTopics.objects.all().delete()
        return "too few topics with enough examples of customers who let us"
    return Examples(
        tuple(one.pk for one in used),
        tuple(chosen[one.ticket_id][0] for one in used),
        tuple(words_of(one.subject, one.text) for one in used),
        _usual(chosen[one.ticket_id] for one in used),
        decision.pk,
    )


def _first_messages(tickets: Sequence[int]) -> list[Message]:
    """Each ticket's first message of the customer. One query."""
    came = Message.objects.filter(ticket__in=tickets, kind=MessageKind.INBOUND).exclude(text="")
    return list(came.select_related("ticket").order_by("ticket", "pk").distinct("ticket"))


def _is_old(known: LearnedTopics, wanted: set[int]) -> bool:
    """Whether it pays to learn again. What may not be learned from any more has been deleted long before."""
    if known.recipe != SORTER:
        return True
    new = len(wanted - set(known.examples))
    return new >= ENOUGH_NEW or (new > 0 and timezone.now() - known.learned_at > AT_LEAST_EVERY)


def _usual(chosen: Any) -> dict[str, int]:
    """Topic -> the priority that people gave nearly all of its tickets."""
    given: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for topic, priority in chosen:
        given[topic][priority] += 1
    most = {topic: counts.most_common(1)[0] for topic, counts in given.items()}
    return {topic: best for topic, (best, n) in most.items() if n >= USUAL * given[topic].total()}


def _keep(found: Examples, model: TopicModel, seconds: float) -> str:
    """Seal and keep it, unless somebody said no while we learned: the lock makes a no come before or after."""
    rows = list(Message.objects.select_related("ticket").filter(pk__in=found.messages))
    people = earlier_answers.concerned(rows)
    customers = frozenset().union(*people.values())
    list(Customer.objects.select_for_update().filter(pk__in=customers).order_by("pk").values_list("pk"))
    if len(rows) < len(found.messages) or bulk.may_use(question(), customers) != customers:
        return "somebody said no meanwhile; the next run goes without them"
    LearnedTopics.objects.all().delete()
    topics = [{**one, "usual": found.usual.get(str(one["name"]))} for one in model.by_topic()]
    LearnedTopics.objects.create(
        data=base64.b64encode(model.to_bytes()).decode(),
        recipe=SORTER,
        examples=list(found.messages),
        topics=topics,
        figures={
            "examples": len(found.messages),
            "accuracy": round(model.left_out_accuracy, 4),
            "threshold": round(model.threshold, 4),
            "coverage": round(float((model.sureness >= model.threshold).mean()), 4),
            "seconds": round(seconds, 2),
        },
        decision_id=found.decision_id,
    )
    return f"learned {len(topics)} topics from {len(found.messages)} messages"
