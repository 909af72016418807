"""The round of questions to the team, once a quarter: who answered is known, what they answered is nobody's."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import PulseAnswer, PulseTicket, Record, RecordKind
from governance.services import registers
from helpdesk.errors import Conflict, InvalidState
from helpdesk.people.models import Membership, Role

#: Below this nobody's answers are shown, and the team talks instead.
ENOUGH = 8
QUESTIONS = {
    "helps": gettext_lazy("The AI makes my work better."),
    "freedom": gettext_lazy("I can reject a draft without thinking of what others make of it."),
    "skills": gettext_lazy("I know what I need to know to judge a draft."),
    "future": gettext_lazy("I am confident about my work here in a year."),
    "heard": gettext_lazy("When I say that something is wrong, something happens."),
}


@dataclass(frozen=True)
class Result:
    """What a round says: `n` answers, the mean of each question, and the free words in no order."""

    n: int
    means: tuple[tuple[str, float], ...]
    texts: tuple[str, ...]


def round_of(day: date) -> str:
    """The quarter's name: 2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def may_answer(member: Membership) -> bool:
    """Whether there is a round for this team, and this person has not answered it. Two queries."""
    if member.role == Role.AUDITOR or team_size() < ENOUGH:
        return False
    return not PulseTicket.objects.filter(member=member, round=round_of(timezone.localdate())).exists()


def team_size() -> int:
    """Who is asked: everybody who works here now."""
    return Membership.objects.filter(is_active=True).exclude(role=Role.AUDITOR).count()


def answer(*, member: Membership, answers: Mapping[str, int], text: str = "") -> None:
    """Take the answers of this quarter, once per person. Nothing leads from the person to the answer: no time, no id
    in order, no entry in the record. Raises Conflict (answered already), InvalidState (too few people, bad values).
    """
    known = {name: value for name, value in answers.items() if name in QUESTIONS and value in range(1, 6)}
    if len(known) < len(QUESTIONS):
        raise InvalidState(_("A question has no answer yet."), next_step=_("Choose one for each."))
    if member.role == Role.AUDITOR or team_size() < ENOUGH:
        raise InvalidState(
            _("With fewer than eight people answers would have names."),
            next_step=_("Talk about it together."),
        )
    now = round_of(timezone.localdate())
    with transaction.atomic():
        _ticket, new = PulseTicket.objects.get_or_create(member=member, round=now)
        if not new:
            raise Conflict(_("You have answered this quarter's round."), next_step=_("The next one comes."))
        # A number drawn by lot: numbers in order would tell whose answer is whose.
        PulseAnswer.objects.create(
            pk=secrets.randbelow(2**62) + 1, round=now, answers=known, text=text.strip()[:2000]
        )


def result(round_name: str) -> Result | None:
    """What the round says, from eight answers on; None below that. One query."""
    rows = list(PulseAnswer.objects.filter(round=round_name).order_by("pk").values_list("answers", "text"))
    if len(rows) < ENOUGH:
        return None
    means = tuple(
        (name, round(sum(int(one[name]) for one, _text in rows) / len(rows), 1)) for name in QUESTIONS
    )
    return Result(len(rows), means, tuple(sorted(text for _one, text in rows if text)))


def latest() -> tuple[str, Result] | None:
    """The newest round that has enough answers. Two queries."""
    counted = PulseAnswer.objects.order_by().values("round").annotate(n=Count("pk")).filter(n__gte=ENOUGH)
    newest = max((one["round"] for one in counted), default=None)
    found = result(newest) if newest else None
    return (newest, found) if newest and found else None


def plan_talk() -> Record | None:
    """Where the team is too small for a round: one talk a quarter is on the list, written down once."""
    if team_size() >= ENOUGH or team_size() < 2:
        return None
    today = timezone.localdate()
    first_month = today.month - (today.month - 1) % 3
    if Record.objects.filter(
        kind=RecordKind.TALK, created_at__date__gte=today.replace(month=first_month, day=1)
    ).exists():
        return None
    talk = Record(
        kind=RecordKind.TALK,
        title=_("Talk about the work with AI, %(round)s") % {"round": round_of(today)},
        due=_quarter_end(today),
    )
    talk.save()
    registers.note(row=talk, member=None, action="created")
    return talk


def _quarter_end(day: date) -> date:
    month = day.month - (day.month - 1) % 3 + 2
    return date(day.year, month, 30 if month in {6, 9} else 31)
