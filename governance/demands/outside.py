"""Demands on what the world outside sees: open, honest about failures, shared, and never a seal."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from governance.demands.base import Evidence, demand, failing, little, none_of, waiting, working
from governance.demands.book import Book
from governance.demands.trials import trial
from governance.models import AIDecision

INCIDENTS = "admin:governance_incident_changelist"
RECORDS = "admin:governance_record_changelist"
#: The names that the badge's address may have.
BADGES = ("badge", "trust-badge", "trust_badge")


@demand(57, _l("Open to everybody"), _l("what the public page shows, and questions that wait"), "trust")
def public(book: Book) -> Iterator[Evidence]:
    if book.policy is None:
        yield waiting(_("The public page says that no rules are in force."))
        return
    late = [
        one
        for one in book.records_of("question")
        if one.is_from_outside and one.state == "open" and one.due and one.due < book.today
    ]
    if late:
        yield failing(_("%(n)s questions from outside are past their date.") % {"n": len(late)})
    shown = sum(one.is_published for one in book.audits)
    hidden = [
        one for one in book.incidents if one.is_serious and not one.is_published and not one.public_text
    ]
    if hidden:
        yield waiting(
            _("%(n)s serious incidents are not on the public page and nothing says why.") % {"n": len(hidden)}
        )
    if not shown:
        yield waiting(_("No check of fairness is on the public page yet; it says so there."))
    yield working(_("Rules, figures and %(n)s checks of fairness are public.") % {"n": shown})


@demand(
    58, _l("Sharing what was learned"), _l("lessons that were shared, and that they name nobody"), RECORDS
)
def shared(book: Book) -> Iterator[Evidence]:
    lessons = [one for one in book.records_of("lesson") if one.is_published]
    if not lessons:
        yield waiting(_("No lesson has been shared yet."))
        return
    yield none_of(
        sum("@" in one.text for one in lessons),
        len(lessons),
        failed=_("%(bad)s of %(n)s shared lessons hold a mail address."),
        none_yet="",
        good=_("%(n)s lessons are shared; none holds a mail address."),
    )


@demand(
    59,
    _l("Honest about what goes wrong"),
    _l("serious incidents without a review; what was held back"),
    INCIDENTS,
)
def imperfect(book: Book) -> Iterator[Evidence]:
    yield trial(book, "incident")
    late = [
        one
        for one in book.incidents
        if one.state != "closed"
        and one.report_due_at is not None
        and one.report_due_at < book.now
        and one.reported_at is None
        and not one.not_reported_because
    ]
    serious = [one for one in book.incidents if one.is_serious and one.state != "closed"]
    if late:
        yield failing(_("%(n)s incidents should have been reported by now.") % {"n": len(late)})
    elif serious:
        yield waiting(
            _("%(n)s serious incidents are open; the AI keeps away from there.") % {"n": len(serious)}
        )
    owed = [
        one
        for one in book.incidents
        if one.state == "closed" and one.affected_count and not one.apologised_at
    ]
    if owed:
        yield waiting(_("%(n)s closed incidents touched people whom nobody told.") % {"n": len(owed)})
    wrong = book.steps["stopped"]
    said = {"n": len(book.incidents), "held": wrong}
    yield working(_("%(n)s incidents on record; %(held)s steps of the AI were stopped in 90 days.") % said)


@demand(63, _l("Trust that customers can see"), _l("the badge, and the facts it is made of"), "trust")
def badge(book: Book) -> Iterator[Evidence]:
    if not any(_exists(name) for name in BADGES):
        yield little(_("Not measured, because the badge is not part of this release yet."))
        return
    if book.policy is None:
        yield waiting(_("The badge says that no rules are in force."))
        return
    if book.steps["alone"] or book.steps["untold"]:
        yield failing(_("An answer left without a person or without the line, and the badge says so."))
    kept = AIDecision.objects.filter(created_at__gte=book.since).exists()
    yield working(
        _("The badge is made from the checks of this moment; nobody can edit it.")
        if kept
        else _("The badge shows the rules in force; there is nothing to count yet.")
    )


def _exists(name: str) -> bool:
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False
