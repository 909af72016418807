"""How a large change of the rules comes into force: a round of comments, another person's yes, or a night's sleep.

The first version and small changes need neither. Where nobody else may approve, the author says yes twice, a day apart,
and the trust page says "approved by its author".
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import ledger
from governance.core.clauses import Clauses
from governance.core.ledger_hash import canonical
from governance.core.loosening import loosened
from governance.models import EthicsPolicy, PolicyApproval, PolicyComment, PolicyStatus
from governance.services import round_mail
from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import ROLE_ACTIONS, can

#: Between the two yeses of an author whom nobody else can relieve.
SLEEP_ON_IT = timedelta(hours=24)


def text_hash(policy: EthicsPolicy) -> str:
    """What an approval is for: title, prose, rules and size of the change. Another text needs another yes."""
    said = {
        "title": policy.title,
        "prose": policy.prose,
        "clauses": policy.clauses,
        "is_major": policy.is_major,
    }
    return hashlib.sha256(canonical(said)).hexdigest()


def is_large(policy: EthicsPolicy) -> bool:
    """Marked as large, or protecting less than the rules in force; never so for the first version."""
    before = EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED).first()
    if before is None:
        return False
    return policy.is_major or bool(
        loosened(Clauses.from_dict(before.clauses), Clauses.from_dict(policy.clauses))
    )


def looser(policy: EthicsPolicy) -> tuple[str, ...]:
    """Names of the rules that protect less than those in force; empty for the first version."""
    before = EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED).first()
    if before is None:
        return ()
    return loosened(Clauses.from_dict(before.clauses), Clauses.from_dict(policy.clauses))


def propose(*, policy: EthicsPolicy, member: Membership) -> EthicsPolicy:
    """Open the round of comments; proposing again after an edit opens a new one. Raises NotAllowed, Conflict."""
    _require_right(member)
    with transaction.atomic():
        row = _draft(policy)
        row.is_major = is_large(row)
        row.round_opened_at = timezone.now()
        days = Clauses.from_dict(row.clauses).round_days
        row.round_closes_at = row.round_opened_at + timedelta(days=days)
        row.save()
        _note("policy_proposed", row, member)
        round_mail.tell(policy=row, member=member)
    return row


def comment(*, policy: EthicsPolicy, member: Membership, text: str) -> PolicyComment:
    """Say something about a draft while its round is open. Raises InvalidState, Conflict."""
    with transaction.atomic():
        row = _draft(policy)
        if not text.strip():
            raise InvalidState(_("There is nothing in it yet."), next_step=_("Write something first."))
        if row.round_closes_at is None or row.round_closes_at <= timezone.now():
            raise InvalidState(
                _("The time for comments is over."), next_step=_("Write to those who work on the rules.")
            )
        said = PolicyComment.objects.create(policy=row, member=member, text=text.strip())
        _note("policy_commented", row, member)
    return said


def answer(*, comment: PolicyComment, member: Membership, text: str) -> None:
    """What becomes of a comment; each needs an answer before the version comes into force."""
    _require_right(member)
    if not text.strip():
        raise InvalidState(_("There is nothing in it yet."), next_step=_("Write something first."))
    PolicyComment.objects.filter(pk=comment.pk).update(
        answer=text.strip(), answered_by=member, answered_at=timezone.now()
    )


def approve(*, policy: EthicsPolicy, member: Membership) -> PolicyApproval:
    """Say yes to the text as it stands.

    Whoever wrote in it cannot, as long as somebody else may: nobody approves their own words by way of another's
    version. Raises NotAllowed, Conflict, InvalidState (an author's second yes comes a day after the first).
    """
    _require_right(member)
    with transaction.atomic():
        row = _draft(policy)
        writers, hashed = _writers(row), text_hash(row)
        if member.pk in writers and _others(writers):
            raise NotAllowed(
                _("You wrote in this version, so somebody else approves it."),
                next_step=_("Ask another owner or ethics officer."),
            )
        first = PolicyApproval.objects.filter(policy=row, member=member, content_hash=hashed, step=1).first()
        if first is not None and member.pk in writers:
            _require_slept(first.created_at)
        yes, _new = PolicyApproval.objects.get_or_create(
            policy=row,
            member=member,
            content_hash=hashed,
            step=2 if first is not None and member.pk in writers else 1,
        )
        _note("policy_approved", row, member)
    return yes


def missing(policy: EthicsPolicy) -> list[str]:
    """What still stands between this draft and the day it counts, as sentences; empty: it can be published."""
    if not is_large(policy):
        return []
    now, said = timezone.now(), []
    if policy.round_closes_at is None:
        said.append(_("A large change is open for comments first."))
    elif policy.round_closes_at > now:
        said.append(
            _("Comments are open until %(day)s.")
            % {"day": date_format(policy.round_closes_at, "DATETIME_FORMAT")}
        )
    if PolicyComment.objects.filter(policy=policy, answer="").exists():
        said.append(_("A comment waits for an answer."))
    writers = _writers(policy)
    yeses = set(
        PolicyApproval.objects.filter(policy=policy, content_hash=text_hash(policy)).values_list(
            "member_id", "step"
        )
    )
    if any(person not in writers for person, _step in yeses):
        pass  # somebody else said yes; it holds though they may have left since
    elif _others(writers):
        said.append(_("Another owner or ethics officer has not approved this text yet."))
    elif not any(step == 2 for _person, step in yeses):
        said.append(_("You approve it twice, a day apart, because nobody else can."))
    return said


def require_ready(policy: EthicsPolicy) -> None:
    """Raise InvalidState with the first thing that is missing."""
    if said := missing(policy):
        raise InvalidState(
            said[0], next_step=_("Small changes that protect no less can be published at once.")
        )


def approver_of(policy: EthicsPolicy, publisher: Membership) -> Membership:
    """Who answers for the text besides its author: the other person who approved it, else whoever publishes."""
    writers = _writers(policy)
    yeses = PolicyApproval.objects.filter(policy=policy, content_hash=text_hash(policy))
    other = yeses.exclude(member_id__in=writers).select_related("member").order_by("pk").first()
    return other.member if other is not None else publisher


def _writers(policy: EthicsPolicy) -> set[int]:
    return {*policy.editors, *([policy.author_id] if policy.author_id else [])}


def _others(writers: set[int]) -> bool:
    """Whether somebody who may approve did not write in it."""
    roles = [role for role, actions in ROLE_ACTIONS.items() if "manage_policy" in actions]
    return Membership.objects.filter(is_active=True, role__in=roles).exclude(pk__in=writers).exists()


def _require_slept(first: datetime) -> None:
    if timezone.now() < first + SLEEP_ON_IT:
        raise InvalidState(
            _("Sleep on it: your second yes counts a day after the first."),
            next_step=_("Come back after %(time)s.")
            % {"time": date_format(first + SLEEP_ON_IT, "DATETIME_FORMAT")},
        )


def _draft(policy: EthicsPolicy) -> EthicsPolicy:
    row = EthicsPolicy.objects.select_for_update(of=("self",)).filter(pk=policy.pk).first()
    if row is None or row.status != PolicyStatus.DRAFT:
        raise Conflict(
            _("This version is no draft any more."), next_step=_("Start a new version to change the rules.")
        )
    return row


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer decides on rules."), next_step=_("Ask one of them.")
        )


def _note(event: str, policy: EthicsPolicy, member: Membership) -> None:
    ledger.record(
        event,
        actor=ledger.actor_name(member),
        object_ref=f"policy:{policy.pk}",
        payload={"version": policy.version, "hash": text_hash(policy)},
        policy_version=str(policy.version),
    )
