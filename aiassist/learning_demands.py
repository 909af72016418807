"""What learning adds to the demands: test questions answered worse, topics nobody decided on, lessons without a yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from aiassist.models import GoldenRun, Lesson, TopicProposal
from aiassist.services import prompting
from governance.demands.base import Evidence, also, failing, waiting, working
from governance.demands.book import Book
from governance.models import Consent

#: A proposal that nobody looked at for so long.
_LATE = timedelta(days=30)


def tested(_book: Book) -> Iterator[Evidence]:
    """The newest run with the wording in use, of each AI. Nothing before the first run: the release has its own."""
    newest = GoldenRun.objects.filter(prompt_hash=prompting.in_use()).order_by("system", "-pk")
    runs = list(newest.distinct("system"))
    worse = sum(bool(run.worse) for run in runs)
    if worse:
        yield waiting(_("On the test questions %(n)s AI does worse than before.") % {"n": worse})
    elif runs:
        asked = {"n": sum(run.figures.get("n", 0) for run in runs)}
        yield working(_("On %(n)s test questions the AI does as well as before.") % asked)


def decided(book: Book) -> Iterator[Evidence]:
    """Topics that were proposed to people."""
    late = TopicProposal.objects.filter(state="open", created_at__lt=book.now - _LATE).count()
    if late:
        yield waiting(
            _("On %(n)s topics the AI does worse than no AI, and nobody has decided.") % {"n": late}
        )


def agreed(_book: Book) -> Iterator[Evidence]:
    """Every lesson's customer says yes today."""
    newest = Consent.objects.filter(customer=OuterRef("customer"), purpose="improve").order_by("-pk")
    lessons = Lesson.objects.annotate(said=Subquery(newest.values("state")[:1]))
    every = lessons.count()
    without = every - lessons.filter(said="granted").count()
    if without:
        yield failing(_("%(n)s lessons of the AI come from customers who have not agreed.") % {"n": without})
    elif every:
        yield working(_("Each of the %(n)s lessons comes from a customer who agreed.") % {"n": every})


def register() -> None:
    """Called once, in AppConfig.ready."""
    parts = {43: tested, 29: decided, 48: agreed}
    for number, part in parts.items():
        also(number)(part)
