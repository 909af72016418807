"""What only this room can look at for the demands: drafts, what people did with them, what is masked and forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from aiassist.core.redact import mask
from aiassist.models import Draft
from governance.demands.base import Evidence, also, failing, little, none_of, working
from governance.demands.book import Book
from governance.models import DraftExplanation
from tickets.models import AIText

#: Invented data that must never leave as they are.
_PLANTED = ("anna.muster@mail.example", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "+49 30 901820")
#: The task that forgets runs daily.
_LATE = timedelta(days=2)


def _drafts(book: Book) -> Counter[str]:
    """Drafts of 90 days by what became of them. One query."""
    kept = book.__dict__.setdefault("rooms", {})
    if "drafts" not in kept:
        rows = Draft.objects.filter(created_at__gte=book.since).order_by().values("state")
        kept["drafts"] = Counter({one["state"]: one["n"] for one in rows.annotate(n=Count("pk"))})
    found: Counter[str] = kept["drafts"]
    return found


def explained(book: Book) -> Iterator[Evidence]:
    used = Draft.objects.filter(state__in=("used", "edited"), created_at__gte=book.since)
    known = DraftExplanation.objects.filter(decision__in=used.values("decision"))
    every = used.count()
    yield none_of(
        every - known.count(),
        every,
        failed=_("%(bad)s of %(n)s drafts that were used have no explanation on record."),
        none_yet=_("Nobody has used a draft in 90 days."),
        good=_("Each of the %(n)s drafts that were used has its explanation on record."),
    )


def masked(_book: Book) -> Iterator[Evidence]:
    text = mask("My data: " + ", ".join(_PLANTED) + ". Please help.").text
    left = {"n": sum(one in text for one in _PLANTED), "of": len(_PLANTED)}
    if left["n"]:
        yield failing(_("%(n)s of %(of)s invented numbers and addresses were not replaced.") % left)
    else:
        yield working(
            _("%(of)s invented numbers and addresses were replaced before anything could leave.") % left
        )


def refused(book: Book) -> Iterator[Evidence]:
    drafts = _drafts(book)
    decided = drafts["used"] + drafts["edited"] + drafts["rejected"]
    if not decided:
        yield little(_("Nobody has used or thrown away a draft in 90 days."))
    else:
        said = _("Of %(n)s drafts people threw away %(away)s and changed %(edited)s.")
        yield working(said % {"n": decided, "away": drafts["rejected"], "edited": drafts["edited"]})


def together(book: Book) -> Iterator[Evidence]:
    drafts = _drafts(book)
    decided = drafts["used"] + drafts["edited"] + drafts["rejected"]
    if not decided:
        yield little(_("Nobody has used or thrown away a draft in 90 days."))
    else:
        said = _("Of %(n)s drafts people used %(used)s unchanged and %(edited)s changed.")
        yield working(said % {"n": decided, "used": drafts["used"], "edited": drafts["edited"]})


def forgotten(book: Book) -> Iterator[Evidence]:
    before = book.now - timedelta(days=book.rules.ai_log_days) - _LATE
    late = (
        Draft.objects.filter(created_at__lt=before).count()
        + AIText.objects.filter(created_at__lt=before).count()
    )
    if late:
        yield failing(_("%(n)s texts of the AI are kept longer than your rules say.") % {"n": late})
    else:
        yield working(_("No text of the AI is kept longer than your rules say."))


def register() -> None:
    """Called once, in AppConfig.ready."""
    parts = {6: explained, 12: masked, 33: refused, 53: together, 49: forgotten}
    for number, part in parts.items():
        also(number)(part)
