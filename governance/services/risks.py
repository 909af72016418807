"""The risks that every shop starts with, put on record once, each with a control that was asked at that moment."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from governance import controls, indicators
from governance.core.risk_seeds import RISK_SEEDS, RiskSeed
from governance.models import Risk
from governance.services import registers
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
