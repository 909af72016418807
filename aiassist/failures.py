"""What people threw away: counted for the page that says what our AI gets wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import ngettext

from aiassist.models import Draft, DraftState
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


def register() -> None:
    """Called once, in AppConfig.ready."""
    offer(rejected)
