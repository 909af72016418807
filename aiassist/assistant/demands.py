"""What the demands look at on the help pages: does each answer say whose words it is, and name its source?"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from aiassist.assistant.models import Question, QuestionState
from governance.demands.base import Evidence, also, none_of
from governance.demands.book import Book


def told_and_sourced(book: Book) -> Iterator[Evidence]:
    """Nothing where the assistant has not answered: where it is off, there is nothing to look at. One query."""
    answered = Question.objects.filter(state=QuestionState.ANSWERED, done_at__gte=book.since)
    found = answered.aggregate(every=Count("pk"), bad=Count("pk", filter=Q(label="") | Q(sources=[])))
    if found["every"]:
        yield none_of(
            found["bad"],
            found["every"],
            failed=_(
                "%(bad)s of %(n)s answers of the assistant named no source or not whose words they are."
            ),
            none_yet="",
            good=_("Each of the %(n)s answers of the assistant said that an AI speaks and named its source."),
        )


def register() -> None:
    """Called once, by the assistant's setup."""
    also(29)(told_and_sourced)
