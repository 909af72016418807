"""The one way out: every call to an AI service goes through `call_draft`; a test holds that nothing else can."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from aiassist import breaker
from aiassist.core.providers.builtin import BuiltIn
from aiassist.models import AIService
from governance.core.facts import SystemRef
from governance.models import AIDecision
from helpdesk.tenancy.scope import organization_scope

if TYPE_CHECKING:
    from uuid import UUID

    from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft
    from aiassist.core.providers.base import Provider


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
) -> DraftResult | NoDraft:
    """Call the service, outside any transaction, for a decision that allowed exactly this service.

    Raises NotDecidedError where there is none, ProviderError where the service fails, ProviderPaused, without a call,
    where it failed several times just now (not with `although_paused`: a person tries it on purpose).
    """
    _require_decision(provider, organization_id, decision_id)
    if connection.in_atomic_block and not getattr(connection, "is_test_transaction", False):
        raise NotDecidedError("An AI service is never called inside a database transaction.")
    if not provider.is_external:
        return provider.draft(request, timeout)
    with breaker.guarded(
        organization_id, service_key(provider), seconds=timeout, although_paused=although_paused
    ):
        return provider.draft(request, timeout)


def service_key(provider: Provider) -> str:
    """How decisions, audits and the breaker name a service."""
    return f"{provider.name}/{provider.model}"


def _require_decision(provider: Provider, organization_id: UUID, decision_id: int) -> None:
    with organization_scope(organization_id):
        decision = AIDecision.objects.filter(pk=decision_id, allowed=True, kind="real").first()
    if decision is None or decision.action not in {"draft", "rewrite", "translate", "self_service", "evaluate"}:
        raise NotDecidedError("No decision allowed this call.")
    if decision.system != service_key(provider):
        raise NotDecidedError("The decision was for another AI service.")
