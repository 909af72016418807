"""Drafts of the policy as the admin works on them: saved, thrown away, published against what was on the screen."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import EthicsPolicy, PolicyStatus
from governance.services import policies, rulings
from helpdesk.errors import Conflict, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can


def start_draft(*, member: Membership) -> EthicsPolicy:
    """A new version that starts as a copy of the rules in force. Raises NotAllowed."""
    _require_right(member)
    with transaction.atomic():
        # Two at once would take the same number: the second waits for the first.
        rows = list(EthicsPolicy.objects.select_for_update().order_by("pk"))
        in_force = next((one for one in rows if one.status == PolicyStatus.PUBLISHED), None)
        return policies.draft_from(policy=in_force, member=member)


def save_draft(*, policy: EthicsPolicy, member: Membership, seen_text: str = "") -> None:
    """Store a draft. Raises NotAllowed, Conflict where it was published in the meantime.

    `seen_text` is the hash of the text that the member had before them: another one means that somebody else saved it
    since, and nothing is overwritten.
    """
    _require_right(member)
    with transaction.atomic():
        row = _locked_draft(policy)
        if seen_text and rulings.text_hash(row) != seen_text:
            raise Conflict(
                _("Somebody else changed this version while you were writing; nothing was overwritten."),
                next_step=_("Copy what you wrote, open the version again and put it in."),
            )
        policy.editors = sorted({*policy.editors, member.pk})
        policy.save()


def locked_draft(*, policy: EthicsPolicy, member: Membership) -> EthicsPolicy:
    """The draft as it stands now, locked until the transaction ends. Raises NotAllowed, Conflict."""
    _require_right(member)
    return _locked_draft(policy)


def discard_draft(*, policy: EthicsPolicy, member: Membership) -> None:
    """Throw a draft away. Raises NotAllowed, Conflict where it was published in the meantime."""
    _require_right(member)
    with transaction.atomic():
        _locked_draft(policy).delete()


def publish_draft(*, policy: EthicsPolicy, member: Membership, seen_version: int) -> EthicsPolicy:
    """Publish, if the rules in force are still those that the member had before them (0: none).

    Raises what `policies.publish` raises, and Conflict where somebody published another version meanwhile.
    """
    with transaction.atomic():
        rows = list(EthicsPolicy.objects.select_for_update().order_by("pk"))
        in_force = next((one for one in rows if one.status == PolicyStatus.PUBLISHED), None)
        draft = next((one for one in rows if one.pk == policy.pk), None)
        if draft is None or draft.status != PolicyStatus.DRAFT:
            raise published_already(draft)
        if in_force is not None and in_force.version != seen_version:
            raise Conflict(
                _("%(name)s published version %(version)s while you were writing; your draft is saved.")
                % {"name": in_force.approver or _("Somebody"), "version": in_force.version},
                next_step=_("Read what is different below, then publish again if yours should replace it."),
            )
        return policies.publish(policy=draft, member=member)


def published_already(policy: EthicsPolicy | None) -> Conflict:
    """What to say to whoever saves or publishes a version that is no draft any more."""
    if policy is None:
        return Conflict(_("Somebody threw this draft away."), next_step=_("Start a new version."))
    return Conflict(
        _("%(name)s published version %(version)s already; it can no longer be changed.")
        % {"name": policy.approver or _("Somebody"), "version": policy.version},
        next_step=_("Start a new version to change the rules."),
    )


def _locked_draft(policy: EthicsPolicy) -> EthicsPolicy:
    row = EthicsPolicy.objects.select_for_update().filter(pk=policy.pk).first()
    if row is None or row.status != PolicyStatus.DRAFT:
        raise published_already(row)
    return row


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer can write rules."), next_step=_("Ask one of them.")
        )
