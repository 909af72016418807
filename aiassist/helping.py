"""Help beside a draft, from asked to done: every check, mask, the one way out, checks of what came, checks again.

As with drafts, the call is made outside any transaction, and a stop or an objection meanwhile counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.translation import gettext

from aiassist import egress, reading
from aiassist.core import ground, helping, language, leaks, redact, sensitive
from aiassist.core.drafts import REASON_TEXTS, NoDraftReason, Tone
from aiassist.core.help_words import SYSTEM
from aiassist.core.helping import HelpKind, HelpRequest, HelpResult, Piece
from aiassist.core.people import KnownPerson
from aiassist.core.prompts import VERSION as PROMPT_VERSION
from aiassist.core.providers.base import Provider, ProviderError
from aiassist.core.topics import policy_topics
from aiassist.drafting_models import Help, HelpState
from aiassist.missing import without_stand_ins
from aiassist.selectors import newest_inbound
from aiassist.services import saving, services
from aiassist.signals import data_held_back
from governance import gate
from governance.core.facts import GateRequest
from governance.core.vocabulary import Action
from governance.models import AIDecision, DraftExplanation
from governance.services import decisions
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Customer
from helpdesk.tenancy.scope import organization_scope
from tickets.content import text_hash
from tickets.conversation import messages_of
from tickets.models import AIText, ComposerDraft, Inbox, Message, MessageKind, MessageState

#: Of a long conversation the newest so many messages are read, each up to so many letters.
MESSAGES, LETTERS = 30, 3_000
#: A reply quotes its customer, so the rules on messages hold for it too.
FIELDS = frozenset({"message", "language"})


@dataclass(frozen=True)
class _Prepared:
    """What the work outside the transaction needs; nothing in it touches the database."""

    help_id: int
    decision_id: int
    provider: Provider
    timeout: float
    request: HelpRequest = field(repr=False)  # not masked yet
    ids: Mapping[str, int]  # name of a piece -> id of its message
    people: tuple[KnownPerson, ...] = field(repr=False)
    keep: tuple[str, ...]
    instead: str = ""


@dataclass(frozen=True)
class _Done:
    """What came back, with names restored, and what was told."""

    request: HelpRequest = field(repr=False)  # as it was told, masked
    result: HelpResult = field(repr=False)
    checks: tuple[ground.SentenceCheck, ...]
    mapping: Mapping[str, str] = field(repr=False)
    leaks: tuple[str, ...] = ()


def run(organization_id: UUID, help_id: int, *, instead: str = "") -> str:
    """Do what was asked for. Idempotent: what is done or stopped is left alone. Returns the state.

    A service that fails is told by its words; where the built-in assistant can do it, it does it `instead`.
    """
    with organization_scope(organization_id):
        prepared = _prepare(help_id, instead)
    if prepared is None:
        return HelpState.STOPPED
    try:
        done = _work(organization_id, prepared)
    except ProviderError as error:
        with organization_scope(organization_id):
            saving.settle_failed(prepared.decision_id, error)
        said = gettext(error.text)
        if HelpKind(prepared.request.kind) in egress.provider_for(None).helps and not instead:
            return run(organization_id, help_id, instead=said)
        with organization_scope(organization_id):
            return _end(
                help_id, HelpState.FAILED, said, gettext("Try again in a minute, or write it yourself.")
            )
    with organization_scope(organization_id):
        return _finish(prepared, done)


# Ask and load


def _prepare(help_id: int, instead: str) -> _Prepared | None:
    row = (
        Help.objects.select_related("ticket__customer", "ticket__inbox", "member__user")
        .filter(pk=help_id, state=HelpState.WAITING)
        .first()
    )
    if row is None:
        return None
    pieces, ids = _pieces(row)
    request = HelpRequest(
        HelpKind(row.kind), pieces, _language(row, pieces), Tone(reading.rules().tone.value)
    )
    who = services.chosen(instead=instead)
    if request.kind not in who.provider.helps:
        _end(help_id, HelpState.FAILED, who.instead or gettext("This needs an AI service."), "")
        return None
    letters = sum(len(one.text) for one in pieces)
    cost = egress.estimated_cost(who.service, letters)
    answer = _ask(_action(request.kind), row, who.provider, request, cost=cost)
    if not answer.allowed:
        _end(help_id, HelpState.STOPPED, answer.reason, answer.next_step)
        return None
    customers = {one.customer for one in messages_of(row.ticket).select_related("customer") if one.customer}
    return _Prepared(
        help_id=row.pk,
        decision_id=answer.decision.pk,
        provider=who.provider,
        timeout=float(who.service.timeout_seconds if who.service else 30),
        request=request,
        ids=ids,
        people=tuple(_known(one) for one in {row.ticket.customer, *customers}),
        keep=tuple(Inbox.objects.values_list("address", flat=True)),
        instead=who.instead,
    )


def _known(customer: Customer) -> KnownPerson:
    return KnownPerson(customer.name, tuple(customer.addresses.values_list("address", flat=True)))


def _pieces(row: Help) -> tuple[tuple[Piece, ...], dict[str, int]]:
    """The text to reword, or the conversation without the team's notes: those are not for a service."""
    if row.before:
        return (Piece("M1", row.before),), {}
    said = messages_of(row.ticket).filter(kind__in=[MessageKind.INBOUND, MessageKind.REPLY])
    said = said.exclude(state__in=[MessageState.CANCELLED, MessageState.PREPARED]).exclude(text="")
    newest = list(reversed(said.order_by("-pk")[:MESSAGES]))
    pieces, ids = [], {}
    for number, message in enumerate(newest, start=1):
        who = "customer" if message.kind == MessageKind.INBOUND else "team"
        pieces.append(Piece(f"M{number}", message.text[:LETTERS], who))
        ids[f"M{number}"] = message.pk
    return tuple(pieces), ids


def _language(row: Help, pieces: Sequence[Piece]) -> str:
    """What the result is written in: the language asked for, for a summary the team's, else the text's own."""
    if row.language:
        return row.language
    if row.kind == HelpKind.SUMMARY:
        return row.ticket.organization.language or "en"
    found = language.detect(pieces[0].text) if pieces else "und"
    return found if found != "und" else row.ticket.language or "en"


def _action(kind: HelpKind) -> Action:
    return Action.TRANSLATE if kind is HelpKind.TRANSLATE else Action.REWRITE


def _ask(
    action: Action,
    row: Help,
    provider: Provider,
    request: HelpRequest,
    *,
    cost: int = 0,
    grounded: bool | None = None,
) -> gate.Answer:
    """Every check, for this ticket's customer and everything that the text is about."""
    ticket = row.ticket
    text = "\n".join(one.text for one in request.pieces)
    newest = newest_inbound(ticket)
    topics = policy_topics(sensitive.topics(text))
    if newest is not None:
        topics |= policy_topics(sensitive.topics(f"{newest.subject}\n{newest.text}")) | reading.topics_before(
            newest
        )
    asked = GateRequest(
        action=action,
        topic=ticket.topic or None,
        human_only_topics_found=topics,
        subject=f"ticket:{ticket.pk}",
        customer_known=True,
        language=request.language,
        system=egress.system_ref(provider, PROMPT_VERSION),
        fields=FIELDS,
        estimated_cost_micro=cost,
        grounded=grounded,
    )
    customer = reading.whose_choice(newest) if newest is not None else ticket.customer
    return gate.check(asked, subject_kind="ticket", subject_id=ticket.pk, customer=customer, actor=row.member)


# Outside any transaction


def _work(organization_id: UUID, prepared: _Prepared) -> _Done:
    mapping: Mapping[str, str] = {}
    pieces = []
    for one in prepared.request.pieces:
        masked = redact.mask(one.text, known=prepared.people, keep=prepared.keep, mapping=mapping)
        mapping = masked.mapping
        pieces.append(replace(one, text=masked.text))
    request = replace(prepared.request, pieces=tuple(pieces))
    result = egress.call_help(
        prepared.provider,
        request,
        organization_id=organization_id,
        decision_id=prepared.decision_id,
        timeout=prepared.timeout,
    )
    given = (*(one.text for one in request.pieces), *prepared.keep)
    found = tuple(one.kind for one in leaks.scan(result.body, given=given, mapping=mapping))
    return _Done(request, result, helping.check(request, result), mapping, found)


# Ask again and keep


def _finish(prepared: _Prepared, done: _Done) -> str:
    decision = AIDecision(pk=prepared.decision_id)
    saving.add_cost(prepared.decision_id, done.result)
    row = Help.objects.select_related("ticket__customer", "ticket__inbox", "member__user").get(
        pk=prepared.help_id
    )
    if done.leaks:
        data_held_back.send(
            Help, message=newest_inbound(row.ticket), decision_id=decision.pk, kinds=done.leaks
        )
        held = gettext(REASON_TEXTS[NoDraftReason.HELD_BACK])
        return _end(row.pk, HelpState.FAILED, held, gettext("Write it yourself."))
    if not done.result.sentences:
        return _end(row.pk, HelpState.FAILED, *_nothing(row))
    grounded = any(one.supported for one in done.checks)
    answer = _ask(Action.SAVE, row, prepared.provider, prepared.request, grounded=grounded)
    if not answer.allowed:
        return _end(row.pk, HelpState.STOPPED, answer.reason, answer.next_step)
    if row.ticket.customer.erased_at is not None:
        return _end(row.pk, HelpState.STOPPED, gettext("The customer's data was deleted meanwhile."), "")
    _keep(row, prepared, done)
    return HelpState.DONE


def _nothing(row: Help) -> tuple[str, str]:
    if row.kind == HelpKind.SHORTER:
        return gettext("No sentence could be left out without losing something."), ""
    return gettext("Nothing came of it."), gettext("Write it yourself.")


def _keep(row: Help, prepared: _Prepared, done: _Done) -> None:
    points = [
        {
            "text": _put_back(row, one.text, done.mapping),
            "messages": [prepared.ids[name] for name in one.source_ids if name in prepared.ids],
            "supported": check.supported,
        }
        for one, check in zip(done.result.sentences, done.checks, strict=True)
    ]
    text = _put_back(row, done.result.body, done.mapping)
    outside = prepared.provider.is_external
    told = [SYSTEM, *(one["content"] for one in helping.messages(done.request)[1:])] if outside else []
    Help.objects.filter(pk=row.pk).update(
        state=HelpState.DONE,
        text=text,
        points=points,
        decision_id=prepared.decision_id,
        service=egress.service_key(prepared.provider),
        masked_request="\n\n".join(told),
        reason=prepared.instead[:300],
        language=done.result.language,
    )
    _remember(row, prepared, text, points)
    _explain(row, prepared, done)
    publish_on_commit("draft", ticket=row.ticket.merged_into_id or row.ticket_id)


def _put_back(row: Help, text: str, mapping: Mapping[str, str]) -> str:
    """With the names that the mask took out; an article is for everybody and gets none."""
    if row.kind == HelpKind.ARTICLE:
        return without_stand_ins(text)
    return redact.restore(text, mapping)


def _remember(row: Help, prepared: _Prepared, text: str, points: list[dict[str, object]]) -> None:
    """A paste of it is the AI's. What people wrote themselves proves nothing, so it stays theirs to paste."""
    AIText.objects.create(
        ticket_id=row.ticket_id,
        decision_id=prepared.decision_id,
        kind=row.kind,
        text=text,
        text_hash=text_hash(text),
        exempt=[one.text for one in prepared.request.pieces],
        unsupported=[one["text"] for one in points if not one["supported"]],
    )


def _explain(row: Help, prepared: _Prepared, done: _Done) -> None:
    """Where an answer comes from: what the text stood on before it was reworded."""
    written = ComposerDraft.objects.filter(ticket=row.ticket, author=row.member).first()
    before = written.used_decision_id if written and row.before else None
    earlier = DraftExplanation.objects.filter(decision=before).first() if before else None
    decisions.explain(
        decision=AIDecision(pk=prepared.decision_id),
        sources=earlier.sources if earlier else [],
        service=prepared.provider.name,
        model=prepared.provider.model,
        prompt_hash=PROMPT_VERSION,
        fields_used=sorted(FIELDS),
        replaced=dict(Counter(one.strip("[]").rsplit("_", 1)[0] for one in done.mapping)),
    )


def _end(help_id: int, state: HelpState, reason: str, next_step: str = "") -> str:
    Help.objects.filter(pk=help_id).update(state=state, reason=reason[:300], next_step=next_step[:300])
    row = Help.objects.select_related("ticket").get(pk=help_id)
    publish_on_commit("draft", ticket=row.ticket.merged_into_id or row.ticket_id)
    return state


def asked_messages(row: Help) -> Sequence[Message]:
    """The messages that a summary points to, for their authors and days. One query."""
    ids = {pk for point in row.points for pk in point["messages"]}
    return list(Message.objects.filter(pk__in=ids).select_related("customer", "author__user", "ticket"))
