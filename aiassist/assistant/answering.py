"""From a question to an answer or a person: ask, mask, find, write, check, ask again, show. Nobody stands between.

As in the pipeline of messages the work is done outside any transaction, between two short scopes that ask every check.
Whatever is not certain ends with a person: no source for a sentence, pressure, a topic for people, a stop, a no.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone, translation

from aiassist import egress, pipeline, reading
from aiassist.assistant import words
from aiassist.assistant.models import Conversation, Question, QuestionState
from aiassist.core import ground, language, leaks, sensitive, sensitive_meaning
from aiassist.core.drafts import NoDraft, NoteCode
from aiassist.core.people import KnownPerson
from aiassist.core.providers.base import Provider, ProviderError
from aiassist.core.topics import policy_topics
from aiassist.models import AIService
from aiassist.retrieval import shelf_for_inbox
from aiassist.services import prompting, saving, services, sorting
from aiassist.work import Found, Prepared, Written, sources_used
from governance import gate, signals
from governance.core.clauses import Clauses
from governance.core.facts import GateRequest
from governance.core.topics import topic_key
from governance.core.vocabulary import Action, ActorKind, Involvement
from governance.pressing import pressing
from governance.services import decisions
from helpdesk.people.models import Customer
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Inbox

log = structlog.get_logger(__name__)
FIELDS = frozenset({"message", "language", "articles"})
#: How long a visitor waits before a person is offered instead.
PATIENCE = timedelta(seconds=45)
#: No longer than this for one call, whatever the service's own limit is.
LONGEST_CALL = 25.0
#: Nearness of the best passage below which the assistant says that it does not know; chosen on half of an own set.
SURE = 0.59


@dataclass(frozen=True)
class Shown:
    """What would be shown: the sentences with their sources, and what the checks are told of it."""

    sentences: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    text: str
    grounded: bool


def handle(organization_id: UUID, question_id: int, *, outside: bool = True) -> None:
    """Answer the question or leave it to a person. Idempotent: one that is done is left alone. Opens its own scopes.

    A service that fails does not keep the visitor waiting: the built-in assistant looks instead.
    """
    with organization_scope(organization_id):
        prepared = prepare(question_id, outside=outside)
    if prepared is None:
        return
    try:
        written = _write(organization_id, prepared)
    except ProviderError:
        with organization_scope(organization_id):
            decisions.give_back(decision_id=prepared.decision_id)
        if prepared.provider.is_external:
            handle(organization_id, question_id, outside=False)
        else:
            give_up(organization_id, question_id)
        return
    with organization_scope(organization_id), transaction.atomic():
        finish(prepared, written)


def give_up(organization_id: UUID, question_id: int) -> None:
    """Something went wrong: a person answers."""
    with organization_scope(organization_id):
        _to_person(question_id, "late")


# Step 1: ask and load


def prepare(question_id: int, *, outside: bool = True) -> Prepared | None:
    """Judge by local rules, ask every check that concerns the call, load. None where a person answers."""
    question = _waiting(question_id)
    if question is None:
        return None
    clauses = reading.rules()
    if at_once := _at_once(question, clauses):
        _to_person(question_id, at_once)
        return None
    found = Found(_language(question), _topics(question))
    Question.objects.filter(pk=question_id).update(language=found.language)
    service = services.in_use() if outside else None
    answer = _may_look(question, service, found, clauses)
    if service is not None and [one.code for one in answer.judgement.stopped_by] == ["G14"]:
        service = None  # only money is short, and the built-in assistant costs none
        answer = _may_look(question, service, found, clauses)
    if not answer.allowed:
        _to_person(question_id, _why(answer, found, clauses), answer)
        return None
    return _load(question, service, answer.decision.pk, found, clauses)


def _at_once(question: Question, clauses: Clauses) -> str:
    """Why a person answers without any check being asked: no AI is involved. Empty where the checks decide."""
    if question.created_at < timezone.now() - PATIENCE:
        return "late"
    if "person_please" in sensitive.topics(question.text):
        return "asked"
    return "" if "message" in clauses.ai_fields else "rules"


def _topics(question: Question) -> frozenset[str]:
    """Topics that the rules may keep to people: by words, by meaning, and as learned from the team's own tickets."""
    learned = sorting.likely(question.text)
    found = policy_topics(sensitive.topics(question.text)) | sensitive_meaning.topics(question.text)
    return found | ({topic_key(learned)} if learned else set())


def _waiting(question_id: int, *, lock: bool = False) -> Question | None:
    """The question, unless it is done, deleted, or a person has the conversation already."""
    waiting = Question.objects.filter(pk=question_id, state=QuestionState.WAITING, conversation__ticket=None)
    rows = waiting.filter(conversation__customer__erased_at=None).select_related("conversation__customer")
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def _language(question: Question) -> str:
    detected = language.detect(question.text)
    return detected if detected != "und" else question.conversation.language or "en"


def _may_look(question: Question, service: AIService | None, found: Found, clauses: Clauses) -> gate.Answer:
    cost = egress.estimated_cost(service, len(question.text))
    provider = egress.provider_for(service)
    return _ask(Action.SELF_SERVICE, question, provider, found, clauses, estimated_cost_micro=cost)


def _ask(
    action: Action,
    question: Question,
    provider: Provider,
    found: Found,
    clauses: Clauses,
    *,
    prompt: str = "",
    **told: Any,
) -> gate.Answer:
    customer = question.conversation.customer
    request = GateRequest(
        action=action,
        human_only_topics_found=found.topics,
        subject=f"assistant:{question.pk}",
        customer_known=customer is not None,
        language=found.language,
        system=egress.system_ref(provider, prompt or prompting.in_use()),
        fields=FIELDS & clauses.ai_fields,
        actor_kind=ActorKind.CUSTOMER,
        ai_involvement=Involvement.VERBATIM,
        second_look=False,  # nobody looks before the visitor does
        stays_inside=True,  # used for this one answer and for nothing else
        **told,
    )
    return gate.check(request, subject_kind="assistant", subject_id=question.pk, customer=customer)


def _load(
    question: Question, service: AIService | None, decision_id: int, found: Found, clauses: Clauses
) -> Prepared:
    customer = question.conversation.customer
    return Prepared(
        message_id=question.pk,
        ticket_id=0,
        revision=0,
        decision_id=decision_id,
        provider=egress.provider_for(service),
        timeout=min(LONGEST_CALL, float(service.timeout_seconds)) if service else LONGEST_CALL,
        subject="",
        text=question.text,
        language=found.language,
        tone=clauses.tone.value,
        tone_notes=clauses.tone_notes,
        values=clauses.values,
        business_name=Organization.objects.get(pk=question.organization_id).name,
        people=(_known(customer),),
        keep=tuple(Inbox.objects.values_list("address", flat=True)),
        shelf=shelf_for_inbox(0, kinds=clauses.ai_fields & {"articles"}),
        prompt=prompting.in_use(),
    )


def _known(customer: Customer | None) -> KnownPerson:
    if customer is None:
        return KnownPerson("", ())
    return KnownPerson(customer.name, tuple(customer.addresses.values_list("address", flat=True)))


# Step 2: outside any transaction. Nothing is shown while it is written: every word passes the checks first.


def _write(organization_id: UUID, prepared: Prepared) -> Written:
    """Mask, find, let the service write, look for what must not be in it, check each sentence against its source."""
    asked = pipeline.masked(prepared)
    request, mapping = replace(asked.request, customer_name="", with_closing=False), asked.mapping
    result = egress.call_draft(
        prepared.provider,
        request,
        organization_id=organization_id,
        decision_id=prepared.decision_id,
        timeout=prepared.timeout,
    )
    if isinstance(result, NoDraft):
        return Written(result, (), "", mapping)
    sources = [f"{one.title}\n{one.text}" for one in request.passages]
    ours = (prepared.business_name, prepared.tone_notes, *prepared.values, *prepared.keep)
    given = (*sources, request.question, *ours)
    leaked = tuple(one.kind for one in leaks.scan(result.body, given=given, mapping=mapping))
    return Written(
        result,
        ground.check(result.sentences, request.passages),
        "",
        mapping,
        pipeline.restored(result, mapping),
        leaks=leaked,
        new_names=leaks.new_names(result.body, given=given),
    )


# Step 3: ask again and show


def finish(prepared: Prepared, written: Written) -> None:
    """Ask every check about the words themselves, then show them or leave the question to a person."""
    question = _waiting(prepared.message_id, lock=True)
    saving.add_cost(prepared.decision_id, written.result)
    if question is None:
        return  # deleted, or done by another worker
    if isinstance(written.result, NoDraft):
        _to_person(question.pk, "unknown")
    elif written.leaks or _names_another_customer(question, written):
        signals.leak_held_back(
            where=f"assistant:{question.pk}",
            provider=prepared.provider.name,
            kinds=written.leaks or ("PERSON",),
        )
        _to_person(question.pk, "held")
    elif written.result.confidence and written.result.confidence < SURE:
        _to_person(question.pk, "unknown")
    else:
        _show(question, prepared, written)


def _names_another_customer(question: Question, written: Written) -> bool:
    others = Customer.objects.filter(name__in=written.new_names)
    return bool(written.new_names) and others.exclude(pk=question.conversation.customer_id).exists()


def _show(question: Question, prepared: Prepared, written: Written) -> None:
    found, clauses = Found(prepared.language, _topics(question)), reading.rules()
    shown = _shown(prepared, written)
    with translation.override(question.conversation.language or prepared.language):
        label = words.label()
    answer = _ask(
        Action.ANSWER,
        question,
        prepared.provider,
        found,
        clauses,
        prompt=prepared.prompt,
        grounded=shown.grounded,
        disclosure_present=bool(label),
        provenance_complete=bool(shown.sources) and all(one["cites"] for one in shown.sentences),
        pressure=pressing(shown.text, question.text),
    )
    if not answer.allowed:
        _to_person(question.pk, _why(answer, found, clauses), answer)
        return
    decisions.explain(
        decision=answer.decision,
        sources=shown.sources,
        service=prepared.provider.name,
        model=prepared.provider.model,
        prompt_hash=prepared.prompt,
        fields_used=sorted(FIELDS & clauses.ai_fields),
        replaced=saving.kinds_replaced(written.mapping),
    )
    Question.objects.filter(pk=question.pk, state=QuestionState.WAITING).update(
        state=QuestionState.ANSWERED,
        label=label,
        answer=shown.text,
        answer_language=_answer_language(prepared, written),
        sentences=shown.sentences,
        sources=shown.sources,
        open_parts=_open_parts(written),
        decision=answer.decision,
        done_at=timezone.now(),
    )


def _shown(prepared: Prepared, written: Written) -> Shown:
    """Only what rests on a published article: greetings and courtesies stay away, a person would have meant them."""
    numbers = {source: number for number, source in enumerate(sources_used(written, prepared.shelf), 1)}
    sources = [{"number": number, **prepared.shelf.rows[source]} for source, number in numbers.items()]
    rows = [one for one in saving.sentence_rows(written, numbers) if not one["neutral"]]
    sentences = [{name: one[name] for name in ("text", "lead", "cites")} for one in rows]
    published = all(one["kind"] == "article" and one["slug"] for one in sources)
    return Shown(
        sentences=sentences,
        sources=sources,
        text="".join(one["lead"] + one["text"] for one in sentences).strip(),
        grounded=published and bool(rows) and all(one["supported"] for one in rows),
    )


def _answer_language(prepared: Prepared, written: Written) -> str:
    notes = written.restored.notes if written.restored else ()
    other = [one.detail for one in notes if one.code is NoteCode.OTHER_LANGUAGE]
    return (other[0] if other else prepared.language)[:8]


def _open_parts(written: Written) -> list[str]:
    notes = written.restored.notes if written.restored else ()
    return [one.detail for one in notes if one.code is NoteCode.OPEN_QUESTION][:3]


def _why(answer: gate.Answer, found: Found, clauses: Clauses) -> str:
    """What the visitor is told; what they asked for themselves stands before everything else."""
    codes = [one.code for one in answer.judgement.stopped_by]
    if not codes or not clauses.self_service:
        return "rules"
    if "G07" in codes:
        return "without_ai"
    if codes[0] == "G15" and found.language not in clauses.languages:
        return "language"
    return words.BY_CHECK.get(codes[0], "rules")


def _to_person(question_id: int, why: str, answer: gate.Answer | None = None) -> None:
    """A person answers; twice is once."""
    values: dict[str, Any] = {"decision": answer.decision} if answer else {}
    Question.objects.filter(pk=question_id, state=QuestionState.WAITING).update(
        state=QuestionState.PERSON, why=why, done_at=timezone.now(), **values
    )
    log.info("assistant_left_to_people", question=question_id, why=why)


def forget_old(before: Any) -> int:
    """Delete conversations begun before this moment, with their questions; returns how many rows went."""
    return int(Conversation.objects.filter(created_at__lt=before).delete()[0])
