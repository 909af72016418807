"""AI systems and their versions: registered before they are called, in the shadow until they passed, then one click."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import ledger, shipped
from governance.core.facts import SystemRef
from governance.models import AIDecision, AISystem, BiasAudit, Stage, SystemVersion, VersionState
from governance.services import audits, registers
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can


def called_by(decision: AIDecision | None) -> SystemRef | None:
    """The system that a decision was about, as the checks name it; None where none is on record."""
    stored = decision.request.get("system") if decision is not None else None
    return SystemRef.from_dict(stored) if stored else None


def register(
    *,
    provider: str,
    model: str,
    prompt_hash: str,
    name: str,
    external: bool = True,
    member: Membership | None = None,
) -> SystemVersion:
    """Put a system and this version of it on record, in the shadow; what is there already is returned as it is."""
    with transaction.atomic():
        system, created = AISystem.objects.get_or_create(
            provider=provider,
            defaults={"name": name, "is_external": external, "stage": Stage.BUILD, "accountable": member},
        )
        if created:
            registers.note(row=system, member=member, action="created")
        version, new = SystemVersion.objects.get_or_create(
            system=system, model=model, prompt_hash=prompt_hash, defaults={"proposed_by": member}
        )
        if new:
            _note("version_registered", version, member)
    return version


def note_results(
    *, version: SystemVersion, results: Mapping[str, Any], member: Membership | None = None
) -> None:
    """Keep what the shadow run measured (`passed`, `n`, figures); the figures of the pairs under `pairs`."""
    with transaction.atomic():
        version.results = dict(results)
        version.save(update_fields=["results"])
        _note("version_tested", version, member)


def approve(*, version: SystemVersion, member: Membership, despite: str = "") -> SystemVersion:
    """The one click: this version serves from now on, the one before retires; one taken out of use serves again.

    Its check on invented customers becomes a fairness check of its own. One that does worse on the test questions than
    what serves now takes a person's reason (`despite`), which is kept. Raises NotAllowed, InvalidState (not tested, not
    passed, worse without a reason, or its card says nothing about what it is for and what it gets wrong).
    """
    _require_right(member)
    with transaction.atomic():
        row = (
            SystemVersion.objects.select_for_update(of=("self",)).select_related("system").get(pk=version.pk)
        )
        _require_passed(row)
        _require_as_good(row, despite)
        now = timezone.now()
        SystemVersion.objects.filter(system=row.system, state=VersionState.APPROVED).exclude(
            pk=row.pk
        ).update(state=VersionState.RETIRED, retired_at=now)
        row.state, row.approved_by, row.approved_at = VersionState.APPROVED, member, now
        row.save()
        if row.system.stage not in (Stage.PILOT, Stage.LIVE):
            registers.change(row=row.system, member=member, stage=Stage.LIVE)
        _keep_pairs(row, member)
        _note("version_approved", row, member)
    return row


def _require_as_good(version: SystemVersion, despite: str) -> None:
    """On its test questions; where they could not be asked, nobody knows. The reason is kept with the results."""
    found = version.results.get("golden") or {}
    if found.get("why_not"):
        raise InvalidState(_("Its test questions could not be asked."), next_step=_("Run its tests again."))
    if not found.get("worse"):
        return
    if not despite.strip():
        raise InvalidState(
            _("It does worse on the test questions than what serves now."),
            next_step=_("Say in a sentence why it is used anyway, on the page of the AI service."),
        )
    version.results = {**version.results, "despite": despite.strip()[:300]}


def retire(*, version: SystemVersion, member: Membership) -> None:
    """It is not called any more."""
    _require_right(member)
    with transaction.atomic():
        changed = SystemVersion.objects.filter(pk=version.pk).exclude(state=VersionState.RETIRED)
        if changed.update(state=VersionState.RETIRED, retired_at=timezone.now()):
            _note("version_retired", version, member)


def accept_shipped(*, member: Membership) -> None:
    """Put the cards, versions and checks of this release on record: what publishing rules accepts. Idempotent."""
    for one in shipped.systems():
        system, created = AISystem.objects.get_or_create(provider=one.provider, defaults=_card(one, member))
        if created:
            registers.note(row=system, member=member, action="created")
        for prompt in one.prompts:
            version, new = SystemVersion.objects.get_or_create(
                system=system,
                model=one.model,
                prompt_hash=prompt,
                defaults={
                    "release": one.release,
                    "state": VersionState.APPROVED,
                    "results": dict(one.results),
                    "approved_by": member,
                    "approved_at": timezone.now(),
                },
            )
            if new:
                _note("version_accepted", version, member)
        if one.pairs:
            _keep_shipped_pairs(one, member)


def _card(one: shipped.ShippedSystem, member: Membership) -> dict[str, Any]:
    return {
        "name": one.name,
        "is_external": False,
        "purpose": one.purpose,
        "limits": one.limits,
        "bounds": one.bounds,
        "data": one.data,
        "known_failures": one.known_failures,
        "figures": dict(one.results),
        "stage": Stage.LIVE,
        "accountable": member,
        "review_due": timezone.localdate() + timedelta(days=365),
    }


def _keep_shipped_pairs(one: shipped.ShippedSystem, member: Membership) -> None:
    if BiasAudit.objects.filter(key="pairs", system=one.key).exists():
        return
    audits.keep_pairs(
        system=one.key, prompt_hash=one.prompts[0], name=one.name, figures=one.pairs, member=member
    )


def _keep_pairs(version: SystemVersion, member: Membership) -> None:
    pairs = version.results.get("pairs")
    if pairs:
        key = f"{version.system.provider}/{version.model}"
        audits.keep_pairs(
            system=key,
            prompt_hash=version.prompt_hash,
            name=version.system.name,
            figures=pairs,
            member=member,
        )


def _require_passed(version: SystemVersion) -> None:
    tests = _("Run its tests first: they take some minutes.")
    if version.results.get("passed") is not True:
        raise InvalidState(_("This version has not passed its tests."), next_step=tests)
    if _pairs_verdict(version) != "pass":
        raise InvalidState(
            _("Nobody has checked on invented customers whether it treats people alike."), next_step=tests
        )
    if not (version.system.purpose and version.system.limits and version.system.known_failures):
        raise InvalidState(
            _("Its card does not say what it is for, what it is not for and what it gets wrong."),
            next_step=_("Fill in the card first."),
        )


def _pairs_verdict(version: SystemVersion) -> str:
    """How its check on invented customers came out: its own, or the newest on record for exactly this version."""
    own = version.results.get("pairs")
    if own:
        return str(own.get("verdict", ""))
    key = f"{version.system.provider}/{version.model}"
    kept = BiasAudit.objects.filter(key="pairs", system=key, prompt_hash=version.prompt_hash)
    newest = kept.filter(expires_on__gte=timezone.localdate()).order_by("-pk").first()
    return newest.verdict if newest else ""


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer decides which AI is used."), next_step=_("Ask one of them.")
        )


def _note(event: str, version: SystemVersion, member: Membership | None) -> None:
    ledger.record(
        event,
        actor=ledger.actor_name(member),
        object_ref=f"version:{version.pk}",
        payload={
            "model": version.model,
            "prompt": version.prompt_hash,
            "state": version.state,
            "despite": version.results.get("despite", ""),
        },
    )
