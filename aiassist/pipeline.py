"""From an inbound message to exactly one outcome: ask, mask, find, draft, check, ask again, save.

Three steps: a short scope that asks and loads, the work outside any transaction, a short scope that asks again and
saves. Stop, objection and budget therefore count before the call and before saving.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from aiassist import egress, meanings, writing
from aiassist.core import leaks, redact, retrieve, sensitive
from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft, NoDraftReason, Passage, Query, Tone
from aiassist.core.embed import default_embedder
from aiassist.core.guards import look_over
from aiassist.core.learned import LOOK_AT, adjust
from aiassist.core.people import KnownPerson
from aiassist.core.prompts import messages
from aiassist.core.providers.base import Provider, ProviderError
from aiassist.core.salutation import greetable, put_back
from aiassist.core.topics import policy_topics
from aiassist.models import AIService
from aiassist.reading import customer_of, read, rules, topics_before, whose_choice
from aiassist.retrieval import SOURCES, shelf_for_inbox
from aiassist.services import learning, prompting, saving, services
from aiassist.signals import data_held_back
from aiassist.work import Asked, Found, Prepared, Written
from governance import gate
from governance.core.clauses import Autonomy, Clauses
from governance.core.facts import GateRequest
from governance.core.topics import topic_key
from governance.core.vocabulary import Action
from helpdesk.people.models import Customer
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Inbox, Message, MessageKind, MessageOutcome

FIELDS = frozenset({"subject", "message", "language", "articles", "canned_replies", "earlier_answers"})
LONGEST_QUESTION = 8_000


def handle(organization_id: UUID, message_id: int, *, asked: bool = False, instead: str = "") -> None:
    """Give the message its one outcome. Idempotent: a message that has one is left alone.

    `asked`: a colleague wants a draft; where the rules say "on demand", nobody else gets one. `instead`: why the
    built-in assistant is to write it this time, whatever service was chosen.

    Raises ProviderError only where trying later may help; every other end is recorded. A service that will not work
    before a person changes something, or that is left alone for now, does not keep the agent waiting: the built-in
    assistant writes instead.
    """
    with organization_scope(organization_id):
        prepared = prepare(message_id, asked=asked, instead=instead)
    if prepared is None:
        return
    try:
        written = write(organization_id, prepared)
    except ProviderError as error:
        with organization_scope(organization_id):
            saving.settle_failed(prepared.decision_id, error)
            writing.clear(message_id)
        if error.retryable:
            raise
        if prepared.provider.is_external and not instead:
            handle(organization_id, message_id, asked=asked, instead=gettext(error.text))
            return
        with organization_scope(organization_id):
            saving.failed(message_id, prepared.decision_id, gettext(error.text))
        return
    try:
        with organization_scope(organization_id), transaction.atomic():
            finish(prepared, written)
    except IntegrityError:
        with organization_scope(organization_id):
            if not MessageOutcome.objects.filter(message_id=message_id).exists():
                raise  # not a second worker on the same message: somebody must see this


def give_up(organization_id: UUID, message_id: int, reason: str, *, asked: bool = False) -> None:
    """The last retry failed: the built-in assistant writes instead, or the outcome says why and "Try again"."""
    with organization_scope(organization_id):
        outside = services.in_use() is not None
    if outside:
        with suppress(Exception):  # what broke once may break again: then the outcome says so
            handle(organization_id, message_id, asked=asked, instead=reason)
    with organization_scope(organization_id):
        if not MessageOutcome.objects.filter(message_id=message_id).exists():
            saving.failed(message_id, None, reason)


# Step 1: ask and load


def prepare(message_id: int, *, asked: bool = False, instead: str = "") -> Prepared | None:
    """Judge by local rules, ask the gate, load. None where the outcome is already known."""
    message = (
        Message.objects.select_related("ticket__customer", "ticket__inbox")
        .filter(pk=message_id, kind=MessageKind.INBOUND)
        .first()
    )
    if message is None or MessageOutcome.objects.filter(message=message).exists():
        return None
    found = read(message)
    clauses = rules()
    if not asked and _waits(message, found, clauses):
        saving.not_asked(message)
        return None
    who = services.chosen(instead=instead)
    cost = egress.estimated_cost(who.service, len(message.text))
    answer = ask(Action.DRAFT, message, who.provider, found, clauses, cost=cost)
    if who.service is not None and _only_money_is_short(answer):
        who = services.chosen(instead=gettext(services.SPENT))
        answer = ask(Action.DRAFT, message, who.provider, found, clauses)
    if not answer.allowed:
        saving.not_allowed(message, answer)
        return None
    if reason := _outside_the_rules(clauses, found):
        saving.no_draft(message, answer.decision.pk, reason, gettext("Write the answer yourself."))
        return None
    prepared = load(message, who.provider, who.service, answer.decision.pk, found, clauses)
    return replace(prepared, instead=who.instead)


def _waits(message: Message, found: Found, clauses: Clauses) -> bool:
    """Whether the rules have the AI wait until somebody asks: for everything, or about this topic."""
    about = found.topics | ({topic_key(message.ticket.topic)} if message.ticket.topic else set())
    return clauses.autonomy is Autonomy.ON_DEMAND or not about.isdisjoint(clauses.on_demand_topics)


def _only_money_is_short(answer: gate.Answer) -> bool:
    """Whether nothing but the limit on spending stands in the way."""
    return [one.code for one in answer.judgement.stopped_by] == ["G14"]


def _stopped_otherwise(answer: gate.Answer) -> bool:
    """Whether anything but the missing source stands in the way: that one is told better by the result itself."""
    return any(one.code != "G15" for one in answer.judgement.stopped_by)


def _outside_the_rules(clauses: Clauses, found: Found) -> str:
    """Why the rules leave no room for a draft that would help; empty where they do."""
    if "message" not in clauses.ai_fields:
        return gettext("Your rules do not let the AI read messages.")
    return ""


def ask(
    action: Action,
    message: Message,
    provider: Provider,
    found: Found,
    clauses: Clauses,
    *,
    cost: int = 0,
    grounded: bool | None = None,
    prompt: str = "",
) -> gate.Answer:
    """Ask the gate for this message and this service. Fields that the rules do not name are left out of the call."""
    ticket = message.ticket
    request = GateRequest(
        action=action,
        topic=ticket.topic or None,
        human_only_topics_found=found.topics,
        subject=f"ticket:{ticket.pk}",
        customer_known=True,
        language=found.language,
        system=egress.system_ref(provider, prompt or prompting.in_use()),
        fields=FIELDS & clauses.ai_fields,
        estimated_cost_micro=cost,
        grounded=grounded,
    )
    return gate.check(request, subject_kind="message", subject_id=message.pk, customer=whose_choice(message))


def load(  # noqa: PLR0917 - everything that was read so far
    message: Message,
    provider: Provider,
    service: AIService | None,
    decision_id: int,
    found: Found,
    clauses: Clauses,
) -> Prepared:
    """What the work outside the transaction needs, for a decision that allowed it."""
    ticket, customer = message.ticket, customer_of(message)
    addresses = tuple(customer.addresses.values_list("address", flat=True))
    return Prepared(
        message_id=message.pk,
        ticket_id=ticket.pk,
        revision=ticket.customer_messages,
        decision_id=decision_id,
        provider=provider,
        timeout=float(service.timeout_seconds if service else 30),
        subject=(message.subject or ticket.subject) if "subject" in clauses.ai_fields else "",
        text=message.text[:LONGEST_QUESTION],
        language=found.language,
        tone=clauses.tone.value,
        tone_notes=clauses.tone_notes,
        values=clauses.values,
        business_name=Organization.objects.get(pk=message.organization_id).name,
        people=(KnownPerson(customer.name, addresses),),
        keep=tuple(Inbox.objects.values_list("address", flat=True)),
        shelf=shelf_for_inbox(ticket.inbox_id, kinds=clauses.ai_fields & SOURCES),
        learned=learning.learned_now(),
        topic=ticket.topic,
        upsell=clauses.upsell,
        prompt=prompting.in_use(),
    )


# Step 2: outside any transaction


def masked(prepared: Prepared) -> Asked:
    """What the service would be told, and nothing else leaves: masked text and the passages found. Calls nobody."""
    subject = redact.mask(prepared.subject, known=prepared.people, keep=prepared.keep)
    body = redact.mask(prepared.text, known=prepared.people, keep=prepared.keep, mapping=subject.mapping)
    name = redact.mask(prepared.people[0].name, known=prepared.people, mapping=body.mapping)
    query = retrieve.make_query(body.text, default_embedder(), subject=subject.text)
    request = DraftRequest(
        question=body.text,
        passages=_ranked(prepared, query),
        subject=subject.text,
        language=prepared.language,
        tone=Tone(prepared.tone),
        tone_notes=prepared.tone_notes,
        customer_name=name.text if name.spans and greetable(prepared.people[0].name) else "",
        business_name=prepared.business_name,
        values=prepared.values,
        prompt=prepared.prompt,
        query=query,
    )
    # Exactly what a service is told, word for word: the agent can look at it beside the draft.
    return Asked(request, "\n\n".join(one["content"] for one in messages(request)), name.mapping)


def write(organization_id: UUID, prepared: Prepared) -> Written:
    """Mask, find, let the service write, put the names back, check each sentence against its source."""
    asked = masked(prepared)
    query = asked.request.query
    written = _written(organization_id, prepared, asked)
    return replace(written, meaning=query.vectors[0] if query else None)


def _written(organization_id: UUID, prepared: Prepared, asked: Asked) -> Written:
    request, shown, mapping = asked.request, asked.shown, asked.mapping
    given = _given(prepared, request)
    result = egress.call_draft(
        prepared.provider,
        request,
        organization_id=organization_id,
        decision_id=prepared.decision_id,
        timeout=prepared.timeout,
        told=writing.Listener(organization_id, prepared, asked, given),
    )
    if isinstance(result, NoDraft):
        return Written(result, (), shown, mapping)
    looked = look_over(result, request, given=given, mapping=mapping, upsell=prepared.upsell)
    if looked.leaks:
        return Written(_held_back(result), (), shown, mapping, leaks=looked.leaks)
    if isinstance(looked.result, NoDraft):
        return Written(looked.result, (), shown, mapping)
    return Written(
        looked.result,
        looked.checks,
        shown,
        mapping,
        restored(looked.result, mapping),
        new_names=leaks.new_names(result.body, given=given),
    )


def _ranked(prepared: Prepared, query: Query) -> tuple[Passage, ...]:
    """The passages nearest to the question, moved a little by what earlier drafts taught."""
    shelf = prepared.shelf
    near = retrieve.rank(query, shelf.passages, shelf.vectors, titles=shelf.titles, limit=LOOK_AT)
    return adjust(near, prepared.learned, prepared.topic)


def _given(prepared: Prepared, request: DraftRequest) -> tuple[str, ...]:
    """All that a service may have its words from."""
    return (
        *_texts(request.passages),
        request.subject,
        request.question,
        *prepared.keep,
        prepared.business_name,
        prepared.tone_notes,
        *prepared.values,
    )


def _texts(passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        yield f"{passage.title}\n{passage.text}"


def _held_back(result: DraftResult) -> NoDraft:
    """No draft, at the price of one."""
    return NoDraft(
        NoDraftReason.HELD_BACK,
        tokens_in=result.tokens_in,
        tokens_out=result.tokens_out,
        cost_micro=result.cost_micro,
        model=result.model,
    )


def restored(result: DraftResult, mapping: Mapping[str, str]) -> DraftResult:
    """The draft with the names that the mask took out."""
    sentences = tuple(
        type(one)(put_back(one.text, mapping), one.source_ids, one.kind, one.lead) for one in result.sentences
    )
    return result.with_sentences(sentences)


# Step 3: ask again and save


def _erased(message: Message) -> bool:
    """Read after the gate's decision is stored: that row holds the customer, so an erasure is over or waits for us."""
    concerned = (message.ticket.customer_id, customer_of(message).pk)
    return Customer.objects.filter(pk__in=concerned).exclude(erased_at=None).exists()


def _without_other_customers(message: Message, written: Written) -> Written:
    """Hold a draft back that names another customer of the organization, whom neither ticket nor source names."""
    concerned = (message.ticket.customer_id, customer_of(message).pk)
    if isinstance(written.result, NoDraft) or not written.new_names:
        return written
    if not Customer.objects.filter(name__in=written.new_names).exclude(pk__in=concerned).exists():
        return written
    return Written(_held_back(written.result), (), written.masked, written.mapping, leaks=("PERSON",))


def finish(prepared: Prepared, written: Written) -> None:
    """Ask again, then save the draft or why there is none. A stop or an objection in between counts."""
    message = Message.objects.select_related("ticket__customer", "ticket__inbox").get(pk=prepared.message_id)
    topics = policy_topics(sensitive.topics(f"{message.subject}\n{message.text}"))
    found = Found(prepared.language, topics | topics_before(message))
    grounded = any(one.supported and not one.neutral for one in written.checks)
    written = _without_other_customers(message, written)
    if written.leaks:
        data_held_back.send(Written, message=message, decision_id=prepared.decision_id, kinds=written.leaks)
    answer = ask(
        Action.SAVE, message, prepared.provider, found, rules(), grounded=grounded, prompt=prepared.prompt
    )
    saving.add_cost(prepared.decision_id, written.result)
    writing.clear(message.pk)
    meanings.keep(message.ticket, written.meaning)
    nothing_found = isinstance(written.result, NoDraft) and not _stopped_otherwise(answer)
    if not answer.allowed and not nothing_found:
        saving.not_allowed(message, answer)
    elif _erased(message):
        reason = gettext("The customer's data was deleted meanwhile.")
        saving.no_draft(message, prepared.decision_id, reason, gettext("There is nothing to do."))
    elif isinstance(written.result, NoDraft):
        reason = f"{prepared.instead} {gettext(written.result.text)}".strip()
        saving.no_draft(message, prepared.decision_id, reason, gettext(written.result.next_step))
    else:
        saving.draft(message, prepared, written)
