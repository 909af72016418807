"""An AI system's way from plan to retirement: each stage has a list of what must be there before the next one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import AISystem, BiasAudit, Incident, Stage, SystemVersion, Vendor, VersionState
from governance.services import registers
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: The way; retiring is open from everywhere, and from there the way begins again.
NEXT = {
    Stage.PLAN: Stage.BUILD,
    Stage.BUILD: Stage.PILOT,
    Stage.PILOT: Stage.LIVE,
    Stage.RETIRED: Stage.BUILD,
}


@dataclass(frozen=True)
class Item:
    """One line of the list: what must be there, and whether it is. Looked up, never ticked."""

    said: str
    done: bool


def checklist(system: AISystem) -> list[Item]:
    """What is needed before the next stage; empty where there is none. At most five queries."""
    stage = Stage(system.stage)
    if stage in {Stage.PLAN, Stage.RETIRED}:
        return _planned(system)
    if stage is Stage.BUILD:
        return [*_planned(system), *_built(system)]
    if stage is Stage.PILOT:
        return [*_planned(system), *_built(system), *_tried(system)]
    return []


def move_on(*, system: AISystem, member: Membership) -> AISystem:
    """To the next stage. Raises NotAllowed, InvalidState (there is none, or something is missing: it says what)."""
    _require_right(member)
    with transaction.atomic():
        row = AISystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
        following = NEXT.get(Stage(row.stage))
        if following is None:
            raise InvalidState(_("It is in use already."), next_step=_("You can only stop using it."))
        missing = [one.said for one in checklist(row) if not one.done]
        if missing:
            raise InvalidState(_("Something is missing: %(what)s") % {"what": missing[0]})
        registers.change(row=row, member=member, stage=following)
    return row


def retire(*, system: AISystem, member: Membership) -> AISystem:
    """It is not called any more; its card stays. Raises NotAllowed."""
    _require_right(member)
    with transaction.atomic():
        row = AISystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
        if row.stage != Stage.RETIRED:
            registers.change(row=row, member=member, stage=Stage.RETIRED)
    return row


def _planned(system: AISystem) -> list[Item]:
    return [
        Item(_("The card says what it is for."), bool(system.purpose.strip())),
        Item(_("The card says what it is not for."), bool(system.limits.strip())),
        Item(_("Somebody answers for it."), system.accountable_id is not None),
    ]


def _built(system: AISystem) -> list[Item]:
    items = [
        Item(_("The card says which data it sees."), bool(system.data.strip())),
        Item(_("The card says what it gets wrong."), bool(system.known_failures.strip())),
        Item(
            _("A version is registered."),
            SystemVersion.objects.filter(system=system).exclude(state=VersionState.RETIRED).exists(),
        ),
    ]
    if system.is_external:
        approved = Vendor.objects.filter(
            provider=system.provider, state="approved", expires_on__gte=timezone.localdate()
        )
        items.append(Item(_("The AI service behind it is approved."), approved.exists()))
    return items


def _tried(system: AISystem) -> list[Item]:
    versions = SystemVersion.objects.filter(system=system, state=VersionState.APPROVED)
    checked = BiasAudit.objects.filter(
        key="pairs", system__startswith=f"{system.provider}/", expires_on__gte=timezone.localdate()
    ).order_by("-pk")
    newest = checked.first()
    serious = Incident.objects.filter(system=system, is_serious=True).exclude(state="closed")
    return [
        Item(_("A version passed its tests and is approved."), versions.exists()),
        Item(
            _("Invented customers were treated alike, lately."),
            newest is not None and newest.verdict == "pass",
        ),
        Item(_("Nothing serious is open."), not serious.exists()),
    ]


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer decides which AI is used."), next_step=_("Ask one of them.")
        )
