"""Goodwill: what a colleague may give away without asking, up to what the rules say, for each subject."""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext as _

from governance import gate, ledger
from governance.core.clauses import Clauses
from governance.models import OutcomeFact
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

MICRO = 1_000_000
#: More than this in one go is a typing error, whoever it is.
MOST_MICRO = 10_000 * MICRO
EVENT = "goodwill"


def limit_micro() -> int:
    """What the rules in force let each colleague give for one subject; 0 without rules. One query."""
    policy = gate.policy_in_force()
    return Clauses.from_dict(policy.clauses).goodwill_micro if policy else 0


def given_micro(*, subject_kind: str, subject_id: int) -> int:
    """What was given for this subject so far. One query."""
    rows = OutcomeFact.objects.filter(subject_kind=subject_kind, subject_id=subject_id, event=EVENT)
    return round(rows.aggregate(sum=Sum("value"))["sum"] or 0)


def grant(*, subject_kind: str, subject_id: int, micro: int, member: Membership) -> int:
    """Note that something was given and return the sum for this subject. Owner and officer may give more than the rules
    let others give. The caller holds a lock on the subject, so that two at once do not both fit.

    Raises InvalidState (no amount), NotAllowed (above what the rules allow; says how much is left).
    """
    if not 0 < micro <= MOST_MICRO:
        raise InvalidState(_("That is no amount to give."), next_step=_("Write a number above zero."))
    given, limit = given_micro(subject_kind=subject_kind, subject_id=subject_id), limit_micro()
    if given + micro > limit and not can(member, "manage_policy"):
        left = max(limit - given, 0) / MICRO
        raise NotAllowed(
            _("Your rules let you give %(left)s more here.") % {"left": f"{left:.2f}"},
            next_step=_("Ask an owner or ethics officer: they can give more."),
        )
    OutcomeFact.objects.create(
        subject_kind=subject_kind, subject_id=subject_id, event=EVENT, value=float(micro)
    )
    ledger.record(
        "goodwill_given",
        actor=ledger.actor_name(member),
        object_ref=f"{subject_kind}:{subject_id}",
        payload={"micro": micro, "sum": given + micro, "limit": limit},
    )
    return given + micro
