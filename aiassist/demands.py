"""What only this room can look at for the demands: drafts, what people did with them, what is masked and forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from aiassist.core.redact import mask
from aiassist.evaluation.invented import LANGUAGES
from aiassist.models import Draft
from governance.demands.base import Evidence, also, failing, little, none_of, waiting, working
from governance.demands.book import Book
from governance.models import DraftExplanation, OutcomeFact
from tickets.models import AIText

#: Invented data that must never leave as they are.
_PLANTED = ("anna.muster@mail.example", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "+49 30 901820")
#: From so many decisions on, always the same one says that nobody decides.
_ENOUGH = 30
#: A language in which fewer than this part of the requests come is not a gap yet.
_SHARE = 0.05
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
        return
    said = {"n": decided, "used": drafts["used"], "edited": drafts["edited"]}
    if decided >= _ENOUGH and drafts["used"] == decided:
        yield waiting(_("All %(n)s drafts were used unchanged: ask whether they are still read.") % said)
    elif decided >= _ENOUGH and drafts["rejected"] == decided:
        yield waiting(_("All %(n)s drafts were thrown away: the AI is of no help yet.") % said)
    else:
        yield working(_("Of %(n)s drafts people used %(used)s unchanged and %(edited)s changed.") % said)


def covered(book: Book) -> Iterator[Evidence]:
    """Whether those who are served with AI help write as the invented customers do. One query."""
    opened = OutcomeFact.objects.filter(event="opened", created_at__gte=book.since).order_by()
    rows = opened.values("groups__language").annotate(n=Count("pk"))
    by_language: Counter[str] = Counter()
    for one in rows:
        by_language[str(one["groups__language"] or "")[:2]] += one["n"]
    served = Counter({one: by_language[one[:2]] for one in book.rules.languages})
    every = served.total()
    if every < book.rules.audit_least_group:
        yield little(_("%(n)s requests in 90 days: too few to tell what languages matter.") % {"n": every})
        return
    left_out = [one for one, n in served.items() if one not in LANGUAGES and n >= _SHARE * every]
    names = {"languages": ", ".join(map(_language, left_out)), "n": every}
    if left_out:
        yield waiting(
            _("Customers also write %(languages)s; the check on invented customers does not.") % names
        )
    else:
        yield working(_("The invented customers write as the %(n)s real ones of 90 days do.") % names)


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


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
    parts = {6: explained, 12: masked, 14: covered, 33: refused, 53: together, 49: forgotten}
    for number, part in parts.items():
        also(number)(part)
