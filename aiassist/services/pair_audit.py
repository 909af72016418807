"""The check on invented customers for one organization: every AI in use, through the one way out, kept as a check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from aiassist import egress
from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft
from aiassist.core.prompts import VERSION as PROMPT_VERSION
from aiassist.core.providers.base import Provider, ProviderError, ProviderRefused
from aiassist.evaluation import pairs
from aiassist.evaluation.invented import PEOPLE, QUESTIONS
from aiassist.models import AIService
from aiassist.services.services import in_use
from governance import gate
from governance.core.facts import GateRequest
from governance.core.vocabulary import Action
from governance.models import AIDecision, AISystem, BiasAudit, VersionState
from governance.services import audits, decisions, systems
from helpdesk.tenancy.scope import organization_scope

#: An outside service is asked less: each call costs money. With 18 others than the reference that is 72 pairs.
QUESTIONS_OUTSIDE = QUESTIONS[::4]
TIMEOUT = 30.0
#: A little less than a week, so that a weekly run is never a day late.
RUN_EVERY = timedelta(days=6, hours=12)


@dataclass(frozen=True)
class Ran:
    """What became of one AI: the verdict, or why it could not be checked."""

    system: str
    verdict: str = ""
    why_not: str = ""
    figures: dict[str, Any] | None = None


@dataclass(frozen=True)
class _Prepared:
    provider: Provider
    decision_id: int


def is_fresh() -> bool:
    """Whether every AI in use was checked within the last week. Inside a scope; two queries."""
    since = timezone.now() - RUN_EVERY
    service = in_use()
    try:
        wanted = {f"{one.name}/{one.model}" for one in map(egress.provider_for, {None, service})}
    except ProviderRefused:  # its address left the list: only the built-in one can be checked
        wanted = {"/".join(egress.BUILT_IN)}
    checked = BiasAudit.objects.filter(key="pairs", created_at__gte=since).values_list("system", flat=True)
    return wanted <= set(checked)


def run(organization_id: UUID) -> list[Ran]:
    """Check the built-in AI and the outside service that is in use. Opens its own scopes; minutes, not seconds."""
    with organization_scope(organization_id):
        service = in_use()
    return [_check(organization_id, one) for one in ([None, service] if service else [None])]


def check_service(organization_id: UUID, service_id: int) -> Ran:
    """Check one outside service, in use or not: what a version in the shadow needs before it is approved."""
    with organization_scope(organization_id):
        service = AIService.objects.get(pk=service_id)
    return _check(organization_id, service)


def _check(organization_id: UUID, service: AIService | None) -> Ran:
    try:
        provider = egress.provider_for(service)
    except ProviderRefused as refused:
        return Ran(service.name if service else "", why_not=refused.text)
    questions = QUESTIONS if service is None else QUESTIONS_OUTSIDE
    with organization_scope(organization_id):
        prepared, why_not = _ask(service, len(questions) * len(PEOPLE))
        rule = audits.rule()
    key = f"{provider.name}/{provider.model}"
    if prepared is None:
        return Ran(key, why_not=why_not)
    cost = _Cost()
    try:
        figures = pairs.measure(_writer(organization_id, prepared, cost), questions, rule=rule)
    except ProviderError as error:
        with organization_scope(organization_id):
            cost.note(prepared.decision_id)
        return Ran(key, why_not=error.text)
    with organization_scope(organization_id):
        cost.note(prepared.decision_id)
        _keep(provider, figures)
    return Ran(key, str(figures["verdict"]), figures=figures)


def _ask(service: AIService | None, calls: int) -> tuple[_Prepared | None, str]:
    """Ask the gate, once for the whole run: nobody's data is used, but money, stops and regions count."""
    provider = egress.provider_for(service)
    ref = egress.system_ref(provider, PROMPT_VERSION)
    if service is not None:
        systems.register(
            provider=provider.name, model=provider.model, prompt_hash=PROMPT_VERSION, name=service.name
        )
    request = GateRequest(
        action=Action.EVALUATE,
        concerns_customer=False,
        language="en",
        system=ref,
        estimated_cost_micro=calls * egress.estimated_cost(service, 400),
        stays_inside=True,
    )
    answer = gate.check(request, subject_kind="evaluation", subject_id=0, customer=None)
    if not answer.allowed:
        return None, f"{answer.reason} {answer.next_step}".strip()
    return _Prepared(provider, answer.decision.pk), ""


class _Cost:
    """What all calls of a run cost together."""

    def __init__(self) -> None:
        self.tokens_in = self.tokens_out = self.micro = 0

    def add(self, result: DraftResult | NoDraft) -> None:
        self.tokens_in += result.tokens_in
        self.tokens_out += result.tokens_out
        self.micro += result.cost_micro

    def note(self, decision_id: int) -> None:
        """On the decision and in the day's sum; no draft was written for anybody."""
        decisions.add_cost(
            decision=AIDecision(pk=decision_id),
            tokens_in=self.tokens_in,
            tokens_out=self.tokens_out,
            cost_micro=self.micro,
            drafts=0,
        )


def _writer(organization_id: UUID, prepared: _Prepared, cost: _Cost) -> pairs.Write:
    def write(request: DraftRequest) -> DraftResult | NoDraft:
        result = egress.call_draft(
            prepared.provider,
            request,
            organization_id=organization_id,
            decision_id=prepared.decision_id,
            timeout=TIMEOUT,
        )
        cost.add(result)
        return result

    return write


def _keep(provider: Provider, figures: dict[str, Any]) -> None:
    """As a check that counts; a version that is still being tested keeps it among its results instead."""
    system = AISystem.objects.filter(provider=provider.name).first()
    name = system.name if system is not None else provider.name
    if system is not None and provider.is_external:
        version = systems.register(
            provider=provider.name, model=provider.model, prompt_hash=PROMPT_VERSION, name=name
        )
        if version.state == VersionState.SHADOW:
            passed = version.results.get("passed", figures["verdict"] == "pass")
            systems.note_results(
                version=version, results={**version.results, "passed": passed, "pairs": figures}
            )
            return
    audits.keep_pairs(
        system=f"{provider.name}/{provider.model}", prompt_hash=PROMPT_VERSION, name=name, figures=figures
    )
