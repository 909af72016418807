"""The ethics policy: drafts, publication, and the starter that an owner can adopt in five minutes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

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
from governance.services import risks, rulings, systems, training
from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id
from helpdesk.tenancy.tasks import enqueue_on_commit


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
    with transaction.atomic():
        draft = _ready(policy, member)
        EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED).update(status=PolicyStatus.REPLACED)
        _put_in_force(draft, member)
        systems.accept_shipped(member=member)
        training.seed(member=member)
    return draft


def schedule(*, policy: EthicsPolicy, member: Membership, effective_at: datetime) -> EthicsPolicy:
    """Let a draft come into force by itself at that moment; until then the rules of today count.

    Raises what `publish` raises, and InvalidState for a moment that has passed.
    """
    if effective_at <= timezone.now():
        raise InvalidState(
            _("That moment has passed."), next_step=_("Choose a later one, or publish at once.")
        )
    with transaction.atomic():
        draft = _ready(policy, member)
        _sign(draft, member)
        draft.status, draft.effective_at = PolicyStatus.SCHEDULED, effective_at
        draft.save()
        ledger.record(
            "policy_scheduled",
            actor=ledger.actor_name(member),
            object_ref=f"policy:{draft.pk}",
            payload={"version": draft.version, "hash": draft.content_hash, "from": effective_at.isoformat()},
            policy_version=str(draft.version),
        )
    return draft


def start_due() -> EthicsPolicy | None:
    """Put the newest version whose moment has come in force; earlier ones that it overtook are drafts again."""
    with transaction.atomic():
        rows = list(EthicsPolicy.objects.select_for_update().order_by("version"))
        now = timezone.now()
        due = [
            one
            for one in rows
            if one.status == PolicyStatus.SCHEDULED
            and one.effective_at is not None
            and one.effective_at <= now
        ]
        if not due:
            return None
        *overtaken, newest = due
        if any(one.status == PolicyStatus.PUBLISHED and one.version > newest.version for one in rows):
            overtaken = due  # somebody put a newer version in force in the meantime
        EthicsPolicy.objects.filter(pk__in=[one.pk for one in overtaken]).update(status=PolicyStatus.DRAFT)
        if newest not in overtaken and rulings.missing(newest):
            _wait_again(newest)
            return None
        if newest in overtaken:
            return None
        EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED).update(status=PolicyStatus.REPLACED)
        newest.status, newest.published_at = PolicyStatus.PUBLISHED, now
        newest.review_due = (now + timedelta(days=newest.clauses.get("review_days", 365))).date()
        newest.save()
        ledger.record(
            "policy_published",
            actor="system",
            object_ref=f"policy:{newest.pk}",
            payload={"version": newest.version, "hash": newest.content_hash},
            policy_version=str(newest.version),
        )
    return newest


def _wait_again(row: EthicsPolicy) -> None:
    """Other rules came into force since it was scheduled, and against those it takes protection away: it is a draft
    again, and needs what such a change needs."""
    EthicsPolicy.objects.filter(pk=row.pk).update(status=PolicyStatus.DRAFT, effective_at=None)
    RegisterChange.objects.create(
        object_ref=f"policy:{row.pk}",
        title=str(row),
        action="changed",
        values={"status": [PolicyStatus.SCHEDULED.value, PolicyStatus.DRAFT.value]},
    )
    ledger.record(
        "policy_taken_back",
        actor="system",
        object_ref=f"policy:{row.pk}",
        payload={"version": row.version},
        policy_version=str(row.version),
    )


def take_back(*, policy: EthicsPolicy, member: Membership) -> None:
    """A version that starts later is a draft again. Raises NotAllowed, Conflict (it has started, or is a draft)."""
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer can take rules back."), next_step=_("Ask one of them.")
        )
    with transaction.atomic():
        row = EthicsPolicy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
        if row.status != PolicyStatus.SCHEDULED:
            raise Conflict(
                _("This version does not wait for its day any more."),
                next_step=_("Look at the list of versions."),
            )
        row.status, row.effective_at = PolicyStatus.DRAFT, None
        row.save(update_fields=["status", "effective_at"])
        ledger.record(
            "policy_taken_back",
            actor=ledger.actor_name(member),
            object_ref=f"policy:{row.pk}",
            payload={"version": row.version},
            policy_version=str(row.version),
        )


def _ready(policy: EthicsPolicy, member: Membership) -> EthicsPolicy:
    """The draft, locked with all others, if this member may put it in force as it is."""
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer can publish rules."), next_step=_("Ask one of them.")
        )
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
    return draft


def _sign(draft: EthicsPolicy, member: Membership) -> None:
    """Who answers for the text, and its hash."""
    approver = rulings.approver_of(draft, member)
    draft.approver, draft.self_approved = approver, draft.author_id == approver.pk
    draft.content_hash = content_hash(draft)


def _put_in_force(draft: EthicsPolicy, member: Membership) -> None:
    _sign(draft, member)
    draft.status, draft.published_at = PolicyStatus.PUBLISHED, timezone.now()
    draft.review_due = (draft.published_at + timedelta(days=draft.clauses.get("review_days", 365))).date()
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
        _look_at_ourselves()
        return published


def _look_at_ourselves() -> None:
    """The first security check, law pack and state of the demands come with the first rules, not an hour later."""
    from governance.self_check_tasks import look  # it imports every check, and those read rules

    enqueue_on_commit(look, organization_id=current_organization_id())
