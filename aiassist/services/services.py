"""The organization's AI service: its address and key, the facts about the company, its tests, and switching it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from aiassist import breaker, egress
from aiassist.core.prompts import VERSION as PROMPT_VERSION
from aiassist.core.providers.base import Provider, ProviderRefused
from aiassist.models import AIService
from governance import known_services, ledger
from governance.core.sentence import gettext_noop
from governance.models import AISpend, AISystem, SystemVersion, Vendor, VersionState
from governance.services import registers, systems, vendors
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can


@dataclass(frozen=True)
class Known:
    """A service that many use, and its address."""

    key: str
    name: str
    base_url: str


#: What can be filled in beforehand. The five facts cannot: they are in the contract that the owner signed, and where
#: the data goes depends on the project or plan. What the companies say about them: `governance.known_services`.
KNOWN = (
    Known("mistral", "Mistral AI", "https://api.mistral.ai/v1"),
    Known("openai", "OpenAI", "https://api.openai.com/v1"),
    Known("openrouter", "OpenRouter", "https://openrouter.ai/api/v1"),
)
CARD = {
    "purpose": gettext_noop(
        "Writes drafts from our own articles and ready replies. A person decides on each."
    ),
    "limits": gettext_noop("Not for decisions about people, and not for the topics that only people answer."),
    "known_failures": gettext_noop("May sound certain where a source is missing; such sentences are marked."),
}


#: Why the built-in assistant works although a service was chosen.
SPENT = gettext_noop("The money for the AI service is used up.")


def in_use() -> AIService | None:
    """The service that drafts now; None where the built-in assistant does, also once the month's money is spent."""
    service = AIService.objects.filter(is_active=True).first()
    return None if service is not None and is_spent(service) else service


def is_spent(service: AIService) -> bool:
    """Whether the month's money for this service is used up."""
    return bool(service.monthly_cap_micro) and spent_this_month() >= service.monthly_cap_micro


@dataclass(frozen=True)
class Chosen:
    """Who works: `service` None is the built-in assistant; `instead` says why it does although another was chosen."""

    provider: Provider
    service: AIService | None = None
    instead: str = ""


def chosen(*, instead: str = "") -> Chosen:
    """Who is to work now. `instead`: why it must not be the organization's own choice this time."""
    service = AIService.objects.filter(is_active=True).first()
    if service is None:
        return Chosen(egress.provider_for(None))
    if instead or is_spent(service):
        return Chosen(egress.provider_for(None), None, instead or _(SPENT))
    try:
        return Chosen(egress.provider_for(service), service)
    except ProviderRefused as refused:  # its address left the list
        return Chosen(egress.provider_for(None), None, _(refused.text))


def spent_this_month() -> int:
    """Millionths that AI cost since the first of the month, with what is promised to calls under way."""
    first = timezone.now().date().replace(day=1)
    found = AISpend.objects.filter(day__gte=first).aggregate(
        spent=Sum("cost_micro", default=0), held=Sum("reserved_micro", default=0)
    )
    return int(found["spent"]) + int(found["held"])


def provider_name(base_url: str) -> str:
    """How the registers name the company behind an address: its host."""
    return urlsplit(base_url).hostname or ""


def address_problem(address: str) -> str:
    """Why this installation lets nothing out to an address; empty where it does."""
    parts = urlsplit(address)
    if parts.hostname not in settings.AI_ALLOWED_HOSTS:
        allowed = ", ".join(settings.AI_ALLOWED_HOSTS)
        return _("This installation lets nothing out to that address. It allows: %(allowed)s.") % {
            "allowed": allowed
        }
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        return _("The address must start with https://.")
    return ""


def save(*, service: AIService, key: str, member: Membership, changed: list[str]) -> AIService:
    """Store address, model, prices and, where one is given, a new key. Nothing is switched on.

    What was in use at another address or with another model is so no longer. Raises NotAllowed, InvalidState.
    """
    _require_right(member)
    if said := address_problem(service.base_url):
        raise InvalidState(said)
    with transaction.atomic():
        if {"base_url", "model"} & set(changed):
            service.is_active = False
        if key:
            service.api_key = key.strip()
        service.save()
        transaction.on_commit(lambda: _call_it_again(service), robust=True)
        _note("saved", service, member, changed)
    return service


def _call_it_again(service: AIService) -> None:
    """Whatever was wrong may be right now: the next call finds out."""
    breaker.forget(service.organization_id, f"{provider_name(service.base_url)}/{service.model}")


def version_of(service: AIService) -> SystemVersion | None:
    """The registered version that this service would be called in."""
    found = SystemVersion.objects.filter(
        system__provider=provider_name(service.base_url), model=service.model, prompt_hash=PROMPT_VERSION
    )
    return found.select_related("system").first()


def vendor_of(service: AIService) -> Vendor | None:
    """What is known about the company."""
    return Vendor.objects.filter(provider=provider_name(service.base_url)).first()


def confirm_company(
    *, service: AIService, answers: Mapping[str, str], region: str, contract: str, member: Membership
) -> Vendor:
    """Keep the five facts, region and contract, and put the AI on record for its tests; `vendors.approve` comes next.

    Raises NotAllowed, InvalidState.
    """
    _require_right(member)
    known = known_services.find(provider_name(service.base_url))
    vendor = vendor_of(service) or Vendor(
        provider=provider_name(service.base_url),
        name=known.name if known else service.name,
        website=known.website if known else "",
        accountable=member,
    )
    vendor.region, vendor.contract = region, contract
    vendor.answers = known.to_answers() if known else vendor.answers
    vendors.confirm(vendor=vendor, answers=answers, member=member)
    _register(service, member)
    return vendor


def provider_of(service: AIService) -> Provider:
    """How the service is called. Raises InvalidState where its address may not be reached (any more)."""
    try:
        return egress.provider_for(service)
    except ProviderRefused as refused:
        raise InvalidState(_(refused.text), next_step=_("Correct the address above.")) from refused


def _register(service: AIService, member: Membership) -> SystemVersion:
    provider = provider_of(service)
    version = systems.register(
        provider=provider.name,
        model=provider.model,
        prompt_hash=PROMPT_VERSION,
        name=service.name,
        member=member,
    )
    card = {name: _(text) for name, text in CARD.items() if not getattr(version.system, name)}
    if card:
        system = AISystem.objects.get(pk=version.system_id)
        registers.change(row=system, member=member, **card)
    return version


def approve(*, service: AIService, member: Membership, despite: str = "") -> None:
    """Approve the version that was tested: from now on it may be tried on own tickets. Nothing is switched on.

    `despite`: why, where it does worse on the test questions. Raises NotAllowed, InvalidState with what is missing.
    """
    _require_right(member)
    version = version_of(service) or _register(service, member)
    if version.state != VersionState.APPROVED:
        systems.approve(version=version, member=member, despite=despite)


def use(*, service: AIService, member: Membership) -> None:
    """From now on this service drafts. Raises NotAllowed, InvalidState with what is missing."""
    _require_right(member)
    if not service.api_key:
        raise InvalidState(_("There is no key yet."), next_step=_("Enter it above."))
    vendor = vendor_of(service)
    today = timezone.localdate()
    if vendor is None or vendor.state != "approved" or not vendor.expires_on or vendor.expires_on < today:
        raise InvalidState(_("The five facts are not confirmed yet."), next_step=_("Answer them first."))
    with transaction.atomic():
        approve(service=service, member=member)
        AIService.objects.filter(is_active=True).exclude(pk=service.pk).update(is_active=False)
        AIService.objects.filter(pk=service.pk).update(is_active=True)
        _note("used", service, member, [])


def stop_using(*, service: AIService, member: Membership) -> None:
    """The built-in assistant drafts again. Raises NotAllowed."""
    _require_right(member)
    with transaction.atomic():
        AIService.objects.filter(pk=service.pk).update(is_active=False)
        _note("left", service, member, [])


def _require_right(member: Membership) -> None:
    if not can(member, "manage_ai_service"):
        raise NotAllowed(_("Only an owner chooses the AI service."), next_step=_("Ask one of the owners."))


def _note(what: str, service: AIService, member: Membership, changed: list[str]) -> None:
    """Names of fields, and never the key."""
    ledger.record(
        f"ai_service_{what}",
        actor=ledger.actor_name(member),
        object_ref=f"ai_service:{service.pk}",
        payload={"changed": changed, "host": provider_name(service.base_url), "model": service.model},
    )
