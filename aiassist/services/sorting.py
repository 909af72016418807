"""Sorts a message that arrived: topic, urgency, topics for people; suggested, or set where the rules let it."""

from __future__ import annotations

import base64
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from aiassist.core import language, mood, sensitive, sensitive_meaning, urgency
from aiassist.core.embed import default_embedder
from aiassist.core.topics import policy_topics
from aiassist.core.triage import Prediction, TopicModel
from aiassist.reading import rules, whose_choice
from aiassist.services.topic_learning import words_of
from aiassist.shipping import PROVIDER, SORTER
from aiassist.sorting_models import LearnedTopics, Sorting, SortingState
from governance import gate
from governance.core.clauses import Clauses
from governance.core.clauses import Sorting as SortingRule
from governance.core.facts import GateRequest, SystemRef
from governance.core.topics import topic_key
from governance.core.vocabulary import Action, Purpose
from governance.services import consents
from helpdesk.errors import InvalidState
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.tenancy.scope import current_organization_id
from tickets.models import Message, MessageKind, Priority, Ticket
from tickets.services import changing

FIELDS = frozenset({"subject", "message", "language", "topic"})
#: From this confidence on a topic that only people answer is taken as found, even where it is no suggestion yet.
CAREFUL = 0.5
#: Models kept per process; one of 3,000 examples takes about 10 MB.
_KEPT = 8
_models: OrderedDict[tuple[UUID, int], TopicModel] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class _Urgency:
    priority: int | None
    because: str


@transaction.atomic
def sort(message: Message) -> Sorting | None:
    """Sort it once; None where there is nothing to sort with, or the customer wants people only.

    Topics for people are looked for in any case. No network is involved: some ten milliseconds of this machine.
    Idempotent: what is sorted stays as it is.
    """
    clauses = rules()
    if message.kind != MessageKind.INBOUND:
        return None
    if (known := Sorting.objects.filter(message=message).first()) is not None:
        return known
    text = f"{message.subject}\n{message.text}"
    found = sensitive.topics(text)
    said = consents.choices(whose_choice(message))
    if "person_please" in found or said.get("humans_only") == "granted":
        return None
    suggests = clauses.sorting is not SortingRule.OFF
    learned = LearnedTopics.objects.defer("data").first() if suggests and not message.ticket.topic else None
    by_rule = urgency.urgency(text) if suggests else (urgency.NORMAL, "")
    wants_mood = suggests and said.get("sentiment") == "granted"
    private = policy_topics(found) | sensitive_meaning.topics(text)
    if (
        learned is None
        and by_rule[0] == urgency.NORMAL
        and not wants_mood
        and private == policy_topics(found)
    ):
        return None
    answer = _ask(message, private, clauses)
    row = Sorting(ticket=message.ticket, message=message, decision=answer.decision)
    _keep_to_people(row, private, clauses)
    if answer.allowed:
        _fill(row, learned, by_rule, private, clauses)
        if wants_mood and _may_read_mood(message):
            row.mood = mood.mood(message.text)
    row.save()
    if row.state == SortingState.PROPOSED and clauses.sorting is SortingRule.APPLY:
        _set(row, member=None)
        row.state = SortingState.APPLIED
        row.save(update_fields=["state"])
    publish_on_commit("draft", ticket=message.ticket.merged_into_id or message.ticket_id)
    return row


def _ask(message: Message, found: frozenset[str], clauses: Clauses) -> gate.Answer:
    ticket = message.ticket
    request = GateRequest(
        action=Action.TRIAGE,
        topic=ticket.topic or None,
        human_only_topics_found=found,
        subject=f"ticket:{ticket.pk}",
        customer_known=True,
        language=language.detect(message.text),
        system=SystemRef(provider=PROVIDER, model=SORTER, external=False),
        fields=FIELDS & clauses.ai_fields,
    )
    return gate.check(request, subject_kind="message", subject_id=message.pk, customer=whose_choice(message))


def _may_read_mood(message: Message) -> bool:
    """Its own question: the customer said yes to it by itself, and the rules name what may be seen for it."""
    request = GateRequest(
        action=Action.TRIAGE,
        purpose=Purpose.SENTIMENT,
        subject=f"ticket:{message.ticket_id}",
        customer_known=True,
        system=SystemRef(provider=PROVIDER, model=SORTER, external=False),
        fields=frozenset({"message"}),
    )
    return gate.check(
        request, subject_kind="message", subject_id=message.pk, customer=whose_choice(message)
    ).allowed


def _keep_to_people(row: Sorting, found: frozenset[str], clauses: Clauses) -> None:
    """Protection holds whatever the rules say of sorting: what is found for people is theirs."""
    row.human_topics = sorted(found & {topic_key(one) for one in clauses.human_only_topics})
    if row.human_topics and not row.ticket.human_only:
        Ticket.objects.filter(pk=row.ticket_id).update(human_only=True)


def _fill(
    row: Sorting,
    learned: LearnedTopics | None,
    by_rule: tuple[int, str],
    found: frozenset[str],
    clauses: Clauses,
) -> None:
    """What the message is about and how urgent it is; the mood has no part in either."""
    row.language = language.detect(row.message.text)
    kept_to_people = {topic_key(one) for one in clauses.human_only_topics}
    prediction = _predict(learned, row.message) if learned is not None else None
    if learned is not None and prediction is not None:
        row.topic, row.confidence = prediction.topic, round(prediction.confidence, 4)
        row.nearest = [learned.examples[place] for place in prediction.nearest]
        if prediction.confidence >= CAREFUL and prediction.best in kept_to_people:
            _keep_to_people(row, found | {prediction.best}, clauses)
    chosen = _urgency(row, learned, by_rule)
    row.priority, row.because = chosen.priority, chosen.because
    if row.topic or row.priority is not None:
        row.state = SortingState.PROPOSED


def _urgency(row: Sorting, learned: LearnedTopics | None, by_rule: tuple[int, str]) -> _Urgency:
    """What a rule says, else what people give nearly all tickets of the topic; never on a ticket that was given one."""
    if row.ticket.priority != Priority.NORMAL:
        return _Urgency(None, "")
    if by_rule[0] != urgency.NORMAL:
        return _Urgency(*by_rule)
    rows = learned.topics if learned is not None and row.topic else []
    usual = next((one.get("usual") for one in rows if one["name"] == row.topic), None)
    return _Urgency(usual, "topic") if usual and usual != Priority.NORMAL else _Urgency(None, "")


def _predict(learned: LearnedTopics, message: Message) -> Prediction:
    (found,) = _model(learned).predict([words_of(message.subject, message.text)], default_embedder())
    return found


def likely(text: str) -> str:
    """The topic that a text outside any ticket is likely about, for whoever keeps topics to people.

    Empty where it is unsure, or nothing was learned. No network; one query, two at the first time.
    """
    learned = LearnedTopics.objects.defer("data").first()
    if learned is None:
        return ""
    (found,) = _model(learned).predict([words_of("", text)], default_embedder())
    return found.best if found.confidence >= CAREFUL else ""


def _model(learned: LearnedTopics) -> TopicModel:
    """The unsealed model, kept per process until it is learned anew."""
    key = (current_organization_id(), learned.pk)
    with _lock:
        known = _models.get(key)
    if known is None:
        known = TopicModel.from_bytes(base64.b64decode(learned.data))
        with _lock:
            for old in [one for one in _models if one[0] == key[0]]:
                del _models[old]
            _models[key] = known
            while len(_models) > _KEPT:
                _models.popitem(last=False)
    return known


# What a person says to it


@transaction.atomic
def accept(*, sorting: Sorting, member: Membership) -> None:
    """Set what was suggested, in the person's name. Twice is once; raises InvalidState where it is too late."""
    row = _waiting(sorting, SortingState.PROPOSED, SortingState.TAKEN_BACK, SortingState.REFUSED)
    _set(row, member=member)
    _decide(row, SortingState.ACCEPTED, member)


@transaction.atomic
def refuse(*, sorting: Sorting, member: Membership) -> None:
    """Not this: nothing was set, nothing changes."""
    row = _waiting(sorting, SortingState.PROPOSED)
    _decide(row, SortingState.REFUSED, member)


@transaction.atomic
def take_back(*, sorting: Sorting, member: Membership) -> None:
    """Put back what was set before, where nobody has set something else since."""
    row = _waiting(sorting, SortingState.APPLIED, SortingState.ACCEPTED)
    ticket = Ticket.objects.get(pk=row.ticket_id)
    if row.topic and ticket.topic == row.topic:
        changing.set_topic(ticket=ticket, topic=str(row.before.get("topic", "")), member=member)
    if row.priority is not None and ticket.priority == row.priority:
        before = int(row.before.get("priority", Priority.NORMAL))
        changing.set_priority(ticket=ticket, priority=before, member=member)
    _decide(row, SortingState.TAKEN_BACK, member)


@transaction.atomic
def choose(*, ticket: Ticket, topic: str, member: Membership) -> None:
    """A person names the topic; what was suggested counts as accepted where it is the same, as refused otherwise."""
    chosen = changing.set_topic(ticket=ticket, topic=topic, member=member).topic
    for row in Sorting.objects.select_for_update().filter(ticket=ticket).exclude(topic=""):
        right = row.topic == chosen
        if right and row.state != SortingState.ACCEPTED:
            _decide(row, SortingState.ACCEPTED, member)
        elif not right and row.state != SortingState.REFUSED:
            _decide(row, SortingState.REFUSED, member)


def _set(row: Sorting, *, member: Membership | None) -> None:
    ticket = Ticket.objects.get(pk=row.ticket_id)
    row.before = {"topic": ticket.topic, "priority": ticket.priority}
    row.save(update_fields=["before"])
    if row.topic:
        changing.set_topic(ticket=ticket, topic=row.topic, member=member, suggested=True)
    if row.priority is not None:
        changing.set_priority(ticket=ticket, priority=row.priority, member=member)


def _waiting(sorting: Sorting, *states: SortingState) -> Sorting:
    row = Sorting.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=sorting.pk)
    if row.state not in states:
        raise InvalidState("Somebody has decided this already.")
    return row


def _decide(row: Sorting, state: SortingState, member: Membership) -> None:
    row.state, row.decided_by, row.decided_at = state, member, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    publish_on_commit("draft", ticket=row.ticket.merged_into_id or row.ticket_id)
