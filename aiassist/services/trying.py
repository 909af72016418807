"""Try an AI service on own tickets: first what would leave is shown, and only after a click it leaves, through every
check and the one way out. What comes back is for comparing: it is marked as the AI's and becomes no draft."""

from __future__ import annotations

import time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from aiassist import egress, pipeline, reading
from aiassist.core import language, sensitive
from aiassist.core.drafts import DraftResult, NoDraft, gettext_noop
from aiassist.core.providers.base import ProviderBusy, ProviderError, ProviderRefused
from aiassist.core.topics import policy_topics
from aiassist.models import AIService, ServiceTry, TryState
from aiassist.services import saving, services
from aiassist.work import Asked, Found, Prepared
from governance.core.vocabulary import Action
from governance.models import AIDecision
from governance.services import decisions
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.scope import organization_scope
from tickets.content import text_hash
from tickets.models import AIText, Message, MessageKind, Status

HOW_MANY = 3
UNREACHABLE = gettext_noop("Nothing answers at this address. Check how it is written.")
CROWDED = gettext_noop(
    "The AI service asks for a pause: too many requests, or no credit. Try again in a minute."
)


def show(*, service: AIService, member: Membership) -> list[ServiceTry]:
    """The three newest fitting requests, each with exactly what would leave. Nothing leaves.

    Earlier trials of this service go. Raises NotAllowed, InvalidState where no request fits.
    """
    if not can(member, "manage_ai_service"):
        raise NotAllowed(gettext("Only an owner tries an AI service."), next_step=gettext("Ask an owner."))
    with transaction.atomic():
        ServiceTry.objects.filter(service=service).delete()
        tries = [
            ServiceTry.objects.create(
                service=service, message=message, member=member, shown=pipeline.masked(prepared).shown
            )
            for message in candidates()
            for prepared in [_prepared(message, service, 0)]
        ]
    if not tries:
        raise InvalidState(
            gettext("There is no request to try it on yet."),
            next_step=gettext(
                "Requests that only people answer are left out. Come back after the first mails."
            ),
        )
    return tries


def candidates() -> list[Message]:
    """The newest message of each of three customers that people did not keep for themselves. One query."""
    rows = (
        Message.objects.filter(
            kind=MessageKind.INBOUND,
            ticket__human_only=False,
            ticket__customer__erased_at=None,
        )
        .exclude(ticket__status__in=[Status.SPAM, Status.MERGED])
        .exclude(text="")
        .select_related("ticket__customer", "ticket__inbox", "customer")
        .order_by("-pk")[: HOW_MANY * 10]
    )
    by_ticket = {one.ticket_id: one for one in reversed(rows)}
    return sorted(by_ticket.values(), key=lambda one: -one.pk)[:HOW_MANY]


def leave(*, service: AIService, member: Membership) -> list[int]:
    """The click: what was shown may leave now. Returns the trials for the task. Raises NotAllowed."""
    if not can(member, "manage_ai_service"):
        raise NotAllowed(gettext("Only an owner tries an AI service."), next_step=gettext("Ask an owner."))
    fitting = ServiceTry.objects.filter(service=service, state__in=[TryState.SHOWN, TryState.FAILED])
    keys = list(fitting.values_list("pk", flat=True))
    ServiceTry.objects.filter(pk__in=keys).update(state=TryState.WAITING, reason="", next_step="")
    return keys


def run(organization_id: UUID, try_id: int) -> str:
    """Ask, call, keep, for one trial. Opens its own scopes; a second run does nothing. Returns the state."""
    with organization_scope(organization_id):
        row = ServiceTry.objects.filter(pk=try_id, state=TryState.WAITING).select_related("service").first()
        if row is None:
            return ""
        message = _message(row.message_id)
        prepared, own = _asked(row, message), _own(message)
        row.refresh_from_db(fields=["state"])
    if prepared is None:
        return row.state
    asked = pipeline.masked(prepared)
    if asked.shown != row.shown:
        return _end(
            organization_id,
            try_id,
            TryState.STOPPED,
            reason=gettext("It changed since you looked: look again."),
        )
    started = time.monotonic()
    try:
        result = _call(organization_id, prepared, asked)
    except ProviderError as error:
        with organization_scope(organization_id):
            saving.settle_failed(prepared.decision_id, error)
        return _end(organization_id, try_id, TryState.FAILED, reason=gettext(words(error)))
    took = int((time.monotonic() - started) * 1000)
    built_in = _call(organization_id, own, asked) if own else None
    with organization_scope(organization_id):
        return _keep(row, prepared, asked, (result, built_in), took)


def words(error: ProviderError) -> str:
    """The failure as an English sentence, marked for translation; not reachable is another thing than busy."""
    if isinstance(error, ProviderBusy):
        return CROWDED if error.detail.startswith("status") else UNREACHABLE
    return error.text


def _message(pk: int) -> Message:
    return Message.objects.select_related("ticket__customer", "ticket__inbox", "customer").get(pk=pk)


def _found(message: Message) -> Found:
    """As the pipeline reads it, without writing anything down."""
    detected = language.detect(message.text)
    if detected == "und":
        detected = message.ticket.language or reading.customer_of(message).language or "en"
    topics = sensitive.topics(f"{message.subject}\n{message.text}")
    return Found(detected, policy_topics(topics) | reading.topics_before(message))


def _prepared(message: Message, service: AIService | None, decision_id: int) -> Prepared:
    clauses = reading.rules()
    provider = services.provider_of(service) if service else egress.provider_for(None)
    return pipeline.load(message, provider, service, decision_id, _found(message), clauses)


def _asked(row: ServiceTry, message: Message) -> Prepared | None:
    """Ask every check, for this customer and this service; None (and why, on the row) where one says no."""
    service, found = row.service, _found(message)
    cost = egress.estimated_cost(service, len(message.text))
    try:
        provider = egress.provider_for(service)
    except ProviderRefused as refused:  # its address left the list since it was looked at
        _update(
            row.pk,
            TryState.FAILED,
            reason=gettext(refused.text),
            next_step=gettext("Correct the address above."),
        )
        return None
    answer = pipeline.ask(Action.DRAFT, message, provider, found, reading.rules(), cost=cost)
    if answer.allowed:
        return _prepared(message, service, answer.decision.pk)
    _update(
        row.pk, TryState.STOPPED, reason=answer.reason, next_step=answer.next_step, decision=answer.decision
    )
    return None


def _own(message: Message) -> Prepared | None:
    """The built-in assistant is asked about like any other."""
    provider = egress.provider_for(None)
    answer = pipeline.ask(Action.DRAFT, message, provider, _found(message), reading.rules())
    return _prepared(message, None, answer.decision.pk) if answer.allowed else None


def _call(organization_id: UUID, prepared: Prepared, asked: Asked) -> DraftResult | NoDraft:
    return egress.call_draft(
        prepared.provider,
        asked.request,
        organization_id=organization_id,
        decision_id=prepared.decision_id,
        timeout=prepared.timeout,
        although_paused=True,
    )


def _keep(
    row: ServiceTry,
    prepared: Prepared,
    asked: Asked,
    results: tuple[DraftResult | NoDraft, DraftResult | NoDraft | None],
    took: int,
) -> str:
    result, built_in = results
    decisions.add_cost(
        decision=AIDecision(pk=prepared.decision_id),
        tokens_in=result.tokens_in,
        tokens_out=result.tokens_out,
        cost_micro=result.cost_micro,
    )
    text = _text(result, asked)
    if isinstance(result, DraftResult):
        # Whoever pastes it into an answer pastes a text of the AI.
        AIText.objects.create(
            ticket_id=prepared.ticket_id,
            decision_id=prepared.decision_id,
            text=text,
            text_hash=text_hash(text),
        )
    _update(
        row.pk,
        TryState.DONE,
        text=text,
        built_in=_text(built_in, asked) if built_in else "",
        cost_micro=result.cost_micro,
        milliseconds=took,
        decision_id=prepared.decision_id,
    )
    return TryState.DONE


def _text(result: DraftResult | NoDraft, asked: Asked) -> str:
    if isinstance(result, NoDraft):
        return gettext(result.text)
    return pipeline.restored(result, asked.mapping).body


def _end(organization_id: UUID, try_id: int, state: TryState, *, reason: str) -> str:
    with organization_scope(organization_id):
        _update(try_id, state, reason=reason[:300])
    return state


def _update(try_id: int, state: TryState, **values: object) -> None:
    ServiceTry.objects.filter(pk=try_id).update(state=state, **values)
