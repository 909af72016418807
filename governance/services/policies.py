"""The ethics policy: drafts, publication, and the starter that an owner can adopt in five minutes."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import ledger
from governance.core.clause_checks import require_valid
from governance.core.clauses import Clauses
from governance.core.ledger_hash import canonical
from governance.core.starter import Starter
from governance.models import Attestation, EthicsPolicy, PolicyStatus, RegisterChange
from governance.services import risks, rulings, systems
from helpdesk.errors import Conflict, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id


def content_hash(policy: EthicsPolicy) -> str:
    """SHA-256 over version, title, prose and clauses: what the trust page shows."""
    said = {
        "version": policy.version,
        "title": policy.title,
        "prose": policy.prose,
        "clauses": policy.clauses,
    }
    return hashlib.sha256(canonical(said)).hexdigest()


def next_version() -> int:
    """One more than the newest version."""
    return (EthicsPolicy.objects.aggregate(newest=Max("version"))["newest"] or 0) + 1


def draft_from(*, policy: EthicsPolicy | None, member: Membership) -> EthicsPolicy:
    """A new draft that starts as a copy of `policy`, or from the defaults."""
    return EthicsPolicy.objects.create(
        version=next_version(),
        title=policy.title if policy else _("How we use AI"),
        prose=policy.prose if policy else "",
        clauses=policy.clauses if policy else Clauses().to_dict(),
        is_major=policy is None,
        author=member,
    )


def publish(*, policy: EthicsPolicy, member: Membership) -> EthicsPolicy:
    """Put a draft in force at once; the one before is replaced.

    Locks the organization's policies. Raises NotAllowed, Conflict (published by someone else in the meantime),
    ClauseError (a rule out of range; says which), InvalidState (a large change that nobody commented on or approved).
    """
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer can publish rules."), next_step=_("Ask one of them.")
        )
    with transaction.atomic():
        locked = {one.pk: one for one in EthicsPolicy.objects.select_for_update().order_by("pk")}
        draft = locked.get(policy.pk)
        if draft is None or draft.status != PolicyStatus.DRAFT:
            raise Conflict(
                _("This version is published already."),
                next_step=_("Start a new version to change the rules."),
            )
        require_valid(Clauses.from_dict(draft.clauses))
        rulings.require_ready(draft)
        draft.is_major = draft.is_major or rulings.is_large(draft)
        EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED).update(status=PolicyStatus.REPLACED)
        _put_in_force(draft, member)
        systems.accept_shipped(member=member)
    return draft


def _put_in_force(draft: EthicsPolicy, member: Membership) -> None:
    approver = rulings.approver_of(draft, member)
    draft.status, draft.approver = PolicyStatus.PUBLISHED, approver
    draft.self_approved = draft.author_id == approver.pk
    draft.published_at = timezone.now()
    draft.review_due = (draft.published_at + timedelta(days=draft.clauses.get("review_days", 365))).date()
    draft.content_hash = content_hash(draft)
    draft.save()
    ledger.record(
        "policy_published",
        actor=ledger.actor_name(member),
        object_ref=f"policy:{draft.pk}",
        payload={"version": draft.version, "hash": draft.content_hash},
        policy_version=str(draft.version),
    )
    attest(policy=draft, member=member)


def attest(*, policy: EthicsPolicy, member: Membership) -> None:
    """ "I have read it": once per person and version, bound to its hash. Saying it twice is no error."""
    with transaction.atomic():
        _row, new = Attestation.objects.get_or_create(
            member=member, policy=policy, defaults={"content_hash": policy.content_hash}
        )
        if new:
            ledger.record(
                "policy_read",
                actor=ledger.actor_name(member),
                object_ref=f"policy:{policy.pk}",
                payload={"hash": policy.content_hash},
                policy_version=str(policy.version),
            )


def still_right(*, policy: EthicsPolicy, member: Membership) -> None:
    """The rules in force were looked at and stay: due again after as long as they say. Raises NotAllowed, Conflict."""
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer can say that the rules are still right."),
            next_step=_("Ask one of them."),
        )
    with transaction.atomic():
        row = EthicsPolicy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
        if row.status != PolicyStatus.PUBLISHED:
            raise Conflict(
                _("This version is not in force any more."), next_step=_("Look at the one that is.")
            )
        row.review_due = timezone.localdate() + timedelta(days=row.clauses.get("review_days", 365))
        row.save(update_fields=["review_due"])
        RegisterChange.objects.create(
            object_ref=f"policy:{row.pk}", title=str(row), action="renewed", member=member
        )
        ledger.record(
            "policy_renewed",
            actor=ledger.actor_name(member),
            object_ref=f"policy:{row.pk}",
            payload={"until": row.review_due.isoformat()},
            policy_version=str(row.version),
        )


def adopt_starter(*, starter: Starter, member: Membership) -> EthicsPolicy:
    """Publish a starter policy in the organization's name."""
    organization = Organization.objects.get(pk=current_organization_id())
    with transaction.atomic():
        draft = EthicsPolicy.objects.create(
            version=next_version(),
            title=starter.title,
            prose=starter.for_business(organization.name),
            clauses=starter.clauses.to_dict(),
            author=member,
        )
        published = publish(policy=draft, member=member)
        risks.seed(member=member)
        return published
