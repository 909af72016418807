"""What the product notices by itself and opens an incident for: a leak, a record that is broken, many complaints."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import AISystem, DataRequest, Incident, OutcomeFact
from governance.services import incidents

LEAK, LEDGER, COMPLAINTS = "leak_scan", "ledger_break", "complaints"
#: So many drafts held back while one incident is open are no accident any more: the AI stops there.
SERIOUS_LEAKS = 3
#: Complaints of a week that are many: at least so many, and so much more than in the weeks before.
LEAST_COMPLAINTS, TIMES_MORE, WEEKS_BEFORE = 5, 3, 4


def leak_held_back(*, where: str, provider: str, kinds: tuple[str, ...]) -> Incident:
    """A draft had other people's data in it and was thrown away. The third one while it is open stops that AI.

    `where`: `ticket:7`, or `assistant:7` for a question on the help pages.
    """
    open_one = Incident.objects.filter(signal=LEAK).exclude(state="closed").first()
    seen = {*open_one.affected, where} if open_one is not None else {where}
    return incidents.signal(
        name=LEAK,
        title=_("A draft had other people's data in it and was held back"),
        description=_("What was found: %(kinds)s. The values themselves are not kept.")
        % {"kinds": ", ".join(sorted(set(kinds)))},
        kind="leak",
        serious=len(seen) >= SERIOUS_LEAKS,
        system=AISystem.objects.filter(provider=provider).first(),
        elsewhere=[where],
        nothing_left=_("The draft was thrown away before anybody saw it; nothing left."),
    )


def ledger_broken(*, seq: int | None, problem: str) -> Incident:
    """The record of what happened does not add up: until somebody has looked, the AI stops everywhere."""
    return incidents.signal(
        name=LEDGER,
        title=_("The record of what happened does not add up"),
        description=_("Entry %(seq)s: %(problem)s") % {"seq": seq, "problem": problem},
        kind="record",
        severity=5,
        serious=True,
    )


def look_at_complaints() -> Incident | None:
    """Open an incident where customers complain much more than they did: “not right”, or “a person, please look again”.

    Four queries; twice a day is enough.
    """
    now = timezone.now()
    week = now - timedelta(days=7)
    before = week - timedelta(days=7 * WEEKS_BEFORE)
    wrong = OutcomeFact.objects.filter(event="satisfied", value=0)
    asked = DataRequest.objects.filter(kind="human_review")
    this_week = wrong.filter(created_at__gte=week).count() + asked.filter(created_at__gte=week).count()
    if this_week < LEAST_COMPLAINTS:
        return None
    window = {"created_at__gte": before, "created_at__lt": week}
    usual = (wrong.filter(**window).count() + asked.filter(**window).count()) / WEEKS_BEFORE
    if this_week < TIMES_MORE * max(usual, 1):
        return None
    tickets = wrong.filter(created_at__gte=week).values_list("subject_id", flat=True)[:200]
    return incidents.signal(
        name=COMPLAINTS,
        title=_("Many customers say that answers were not right"),
        description=_("%(n)s in seven days; about %(usual)s a week before that.")
        % {"n": this_week, "usual": round(usual, 1)},
        kind="wrong",
        tickets=tickets,
    )
