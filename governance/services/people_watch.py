"""What is looked at every day about people: courses offered, concerns in time, scenarios, trust, the quarter's talk."""

from __future__ import annotations

from math import sqrt

from django.utils import timezone
from django.utils.translation import gettext as _

from governance import figures, gate
from governance.models import Finding
from governance.selectors import survey
from governance.services import pulse, records, registers, training

#: A fall of a figure of trust by this much, between two windows of 30 days, is a finding.
FALL = -0.05


def look() -> None:
    """Do all of it; running it twice changes nothing more. Without rules in force, only put concerns on record."""
    records.note_unnamed()
    if gate.policy_in_force() is None:
        return
    training.seed()
    records.find_late()
    records.fire_scenarios()
    pulse.plan_talk()
    look_at_trust()


def look_at_trust() -> Finding | None:
    """Open a finding when what customers think became worse, one for each quarter. Six queries at most."""
    sheet = figures.sheet()
    worse = [one for one in sheet if one.key in figures.TRUST and _fell(one)]
    ref = f"trust:{pulse.round_of(timezone.localdate())}"
    if not worse or Finding.objects.filter(source="trust", source_ref=ref).exists():
        return None
    said = [
        _("%(figure)s: %(was)s, now %(is)s.") % {"figure": one.title, "was": one.said_before, "is": one.said}
        for one in worse
    ]
    if themes := survey.named_by_the_unhappy():
        named = ", ".join(f"{one.words} ({one.count})" for one in themes)
        said.append(_("Those who trust us little write about: %(themes)s.") % {"themes": named})
    divergence = figures.divergence(sheet)
    finding = Finding(
        source="trust",
        source_ref=ref,
        title=_("Customers trust us less"),
        description="\n".join([*said, *([divergence] if divergence else [])]),
    )
    finding.save()
    registers.note(row=finding, member=None, action="created")
    return finding


def _fell(one: figures.Figure) -> bool:
    """Whether it became worse by more than chance would do: the two 95 % intervals, taken together."""
    if one.change is None or one.change > FALL:
        return False
    wide = [_half(one.now), _half(one.before)]
    return abs((one.now.value or 0) - (one.before.value or 0)) > sqrt(sum(half * half for half in wide))


def _half(measured: figures.Measured) -> float:
    """Half of an interval; nothing where there is none."""
    if measured.low is None or measured.high is None:
        return 0.0
    return (measured.high - measured.low) / 2
