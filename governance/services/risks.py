"""Risks: those that every shop starts with, and how far a decision on one may go without changing the rules."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from governance import controls, effects, gate, indicators
from governance.core.clauses import Clauses
from governance.core.risk_seeds import RISK_SEEDS, RiskSeed
from governance.models import Risk
from governance.services import registers
from helpdesk.errors import InvalidState
from helpdesk.people.models import Membership

REVIEW_AFTER = timedelta(days=365)


def seed(*, member: Membership) -> None:
    """Put the shipped risks on record, those that are missing. Idempotent; the controls are asked at once."""
    known = set(Risk.objects.exclude(key="").values_list("key", flat=True))
    for one in RISK_SEEDS:
        if one.key not in known:
            risk = _row(one, member)
            risk.save()
            registers.note(row=risk, member=member, action="created")
    controls.run()


def keep(*, risk: Risk, member: Membership) -> Risk:
    """Store a risk as its form checked it. Raises NotAllowed, InvalidState: a limit of its own above that of the rules,
    an acceptance without reason or for more than a year, closed while it is larger than the rules allow."""
    before = Risk.objects.filter(pk=risk.pk).first() if risk.pk else None
    limit, today = _limit(), timezone.localdate()
    if (
        risk.appetite is not None
        and risk.appetite > limit
        and (before is None or before.appetite != risk.appetite)
    ):
        raise InvalidState(
            _("Your rules take %(limit)s of 25 at most; for one risk it can only be less.")
            % {"limit": limit},
            next_step=_("Accept this one for a while, or change the rules."),
        )
    if risk.status == "accepted":
        _require_acceptance(risk, before, today)
    large = effects.score(risk) > (limit if risk.appetite is None else min(limit, risk.appetite))
    if risk.status == "closed" and large and risk.strategy != "avoid":
        raise InvalidState(
            _("It is larger than your rules allow, so it cannot be closed."),
            next_step=_("Make it smaller, accept it for a while, or do not do it any more (“Do not do it”)."),
        )
    registers.save_row(row=risk, member=member)
    return risk


def remove(*, risk: Risk, member: Membership) -> None:
    """Remove one that was a mistake. Raises NotAllowed, InvalidState: while it is larger than the rules allow, or one
    that every shop has."""
    if risk.key or effects.score(risk) > _limit():
        raise InvalidState(
            _("This risk stays on record."),
            next_step=_("Say what you do about it, or accept it for a while."),
        )
    registers.remove_row(row=risk, member=member)


def _limit() -> int:
    policy = gate.policy_in_force()
    return (Clauses.from_dict(policy.clauses) if policy else Clauses()).risk_appetite


def _require_acceptance(risk: Risk, before: Risk | None, today: date) -> None:
    if not risk.accepted_because.strip():
        raise InvalidState(_("Say why it is fine to live with it."))
    end = risk.accepted_until or risk.review_due
    same = (
        before is not None
        and before.status == "accepted"
        and end == (before.accepted_until or before.review_due)
    )
    if end and not same and not today <= end <= today + registers.RENEW_FOR:
        raise InvalidState(
            _("A risk is accepted for a year at most, from today on."), next_step=_("Choose a day within it.")
        )


def _row(one: RiskSeed, member: Membership) -> Risk:
    figure = indicators.BY_KEY.get(indicators.SHIPPED.get(one.key, ""))
    return Risk(
        key=one.key,
        title=_(one.title),
        description=_(one.about),
        treatment=_(one.treatment),
        likelihood_before=one.before[0],
        impact_before=one.before[1],
        likelihood_after=one.after[0],
        impact_after=one.after[1],
        control=one.control,
        indicator=figure.key if figure else "",
        indicator_limit=figure.limit if figure else None,
        accountable=member,
        review_due=timezone.localdate() + REVIEW_AFTER,
    )
