"""What people threw away: counted for the page that says what our AI gets wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import ngettext

from aiassist.models import Draft, DraftState, Question
from governance.selectors.known_failures import Failure, offer


def rejected(since: datetime) -> Iterator[Failure]:
    """Drafts that a person rejected or changed before sending. One query."""
    found = Draft.objects.filter(decided_at__gte=since).aggregate(
        rejected=Count("pk", filter=Q(state=DraftState.REJECTED)),
        edited=Count("pk", filter=Q(state=DraftState.EDITED)),
    )
    thrown, edited = found["rejected"], found["edited"]
    yield Failure(
        ngettext(
            "%(n)s draft in 90 days was thrown away by a person.",
            "%(n)s drafts in 90 days were thrown away by a person.",
            thrown,
        )
        % {"n": thrown},
        thrown,
    )
    yield Failure(
        ngettext(
            "%(n)s draft in 90 days had to be changed by a person.",
            "%(n)s drafts in 90 days had to be changed by a person.",
            edited,
        )
        % {"n": edited},
        edited,
    )


def called_wrong(since: datetime) -> Iterator[Failure]:
    """Answers of the assistant on the help pages that their readers called wrong. One query."""
    wrong = Question.objects.filter(right=False, done_at__gte=since).count()
    yield Failure(
        ngettext(
            "%(n)s answer of the assistant in 90 days was not right, said its reader.",
            "%(n)s answers of the assistant in 90 days were not right, said their readers.",
            wrong,
        )
        % {"n": wrong},
        wrong,
    )


def register() -> None:
    """Called once, in AppConfig.ready."""
    offer(rejected)
    offer(called_wrong)
