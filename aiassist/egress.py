"""The one way out: every call to an AI service goes through `call_draft`; a test holds that nothing else can."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from aiassist import breaker, paid
from aiassist.core import helping, prompts
from aiassist.core.providers.builtin import BuiltIn
from aiassist.models import AIService
from governance.core.facts import SystemRef
from governance.models import AIDecision
from helpdesk.tenancy.scope import organization_scope

if TYPE_CHECKING:
    from uuid import UUID

    from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft
    from aiassist.core.helping import HelpRequest, HelpResult
    from aiassist.core.providers.base import Provider
    from aiassist.core.providers.stream import Told


#: The actions that call a service.
_CALLS = frozenset({"draft", "rewrite", "translate", "self_service", "evaluate"})
#: For estimates before a call: rather too much than too little.
CHARACTERS_A_TOKEN, PROMPT_TOKENS, ANSWER_TOKENS = 3, 3_000, 1_000


class NotDecidedError(RuntimeError):
    """A call without a decision that allowed it, or inside a transaction."""


def provider_for(service: AIService | None) -> Provider:
    """The organization's AI service, or the built-in one where none is switched on."""
    if service is None:
        return BuiltIn()
    # Only here: its client takes longer to load than the rest of a process that never calls it.
    from aiassist.core.providers.openai_compatible import OpenAICompatible, Prices

    return OpenAICompatible(
        name=urlsplit(service.base_url).hostname or "unknown",
        base_url=service.base_url,
        key=service.api_key,
        model=service.model,
        allowed_hosts=frozenset(settings.AI_ALLOWED_HOSTS),
        prices=Prices(1_000 * service.price_in_micro, 1_000 * service.price_out_micro),
    )


#: The service that is always there, as the rules name it.
BUILT_IN = (BuiltIn.name, BuiltIn.model)


def estimated_cost(service: AIService | None, characters: int) -> int:
    """What a call is likely to cost at most, in millionths: this many characters in, a long answer out."""
    if service is None:
        return 0
    tokens_in = characters // CHARACTERS_A_TOKEN + PROMPT_TOKENS
    return -(-(tokens_in * service.price_in_micro + ANSWER_TOKENS * service.price_out_micro) // 1_000)


def draft_offline(request: DraftRequest) -> DraftResult | NoDraft:
    """The built-in assistant on an invented question: no customer's data, no network, and so nothing to decide."""
    return BuiltIn().draft(request, 0.0)


def system_ref(provider: Provider, prompt_hash: str) -> SystemRef:
    """How the gate names this service."""
    return SystemRef(
        provider=provider.name, model=provider.model, prompt_hash=prompt_hash, external=provider.is_external
    )


def call_draft(
    provider: Provider,
    request: DraftRequest,
    *,
    organization_id: UUID,
    decision_id: int,
    timeout: float,
    although_paused: bool = False,
    told: Told | None = None,
) -> DraftResult | NoDraft:
    """Call the service, outside any transaction, for a decision that allowed exactly this service.

    Work that was paid for is not paid again: then the answer costs nothing. `told` hears an outside service's words
    while they are written.

    Raises NotDecidedError where there is no decision, ProviderError where the service fails, ProviderPaused, without a
    call, where it failed several times just now. With `although_paused` a person tries it on purpose: it is called.
    """
    decision = _require_decision(provider, organization_id, decision_id)
    if not provider.is_external:
        return provider.draft(request, timeout)

    def call() -> DraftResult | NoDraft:
        paused = {"although_paused": although_paused}
        with breaker.guarded(organization_id, service_key(provider), seconds=timeout, **paused):
            return provider.draft(request, timeout, told) if told else provider.draft(request, timeout)

    if although_paused:
        return call()
    sources = [one.source_id for one in request.passages]
    key = paid.key_of(service_key(provider), prompts.messages(request), sources)
    return paid.once(key, call, organization_id=organization_id, decision=decision, seconds=timeout)


def call_help(
    provider: Provider, request: HelpRequest, *, organization_id: UUID, decision_id: int, timeout: float
) -> HelpResult:
    """The same for rewording, translating and summing up."""
    decision = _require_decision(provider, organization_id, decision_id)
    if not provider.is_external:
        return provider.help(request, timeout)

    def call() -> HelpResult:
        with breaker.guarded(organization_id, service_key(provider), seconds=timeout):
            return provider.help(request, timeout)

    key = paid.key_of(service_key(provider), helping.messages(request), [])
    return paid.once(key, call, organization_id=organization_id, decision=decision, seconds=timeout)


def service_key(provider: Provider) -> str:
    """How decisions, audits and the breaker name a service."""
    return f"{provider.name}/{provider.model}"


def _require_decision(provider: Provider, organization_id: UUID, decision_id: int) -> AIDecision:
    """The decision that allowed this call; nothing is called inside a transaction."""
    if connection.in_atomic_block and not getattr(connection, "is_test_transaction", False):
        raise NotDecidedError("An AI service is never called inside a database transaction.")
    with organization_scope(organization_id):
        decision = AIDecision.objects.filter(pk=decision_id, allowed=True, kind="real").first()
    if decision is None or decision.action not in _CALLS:
        raise NotDecidedError("No decision allowed this call.")
    if decision.system != service_key(provider):
        raise NotDecidedError("The decision was for another AI service.")
    return decision
