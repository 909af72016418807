"""Demands on what the world outside sees: open, honest about failures, shared, and never a seal."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from governance.demands.base import Evidence, demand, failing, little, none_of, waiting, working
from governance.demands.book import Book
from governance.demands.trials import trial
from governance.selectors.badge import BAD, GOOD
from governance.selectors.badge import badge as now

INCIDENTS = "admin:governance_incident_changelist"
RECORDS = "admin:governance_record_changelist"


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


@demand(
    63, _l("Trust that customers can see"), _l("what the badge says now, and what it is made of"), "trust"
)
def badge(book: Book) -> Iterator[Evidence]:
    """As the badge itself is made, so that the two never say different things."""
    shown = now()
    says = _("The badge says “%(says)s”.") % {"says": shown.says}
    because = f"{says} {shown.because}".strip()
    if shown.tone == BAD:
        yield failing(because)
    elif shown.tone != GOOD:
        yield waiting(because)
    elif not book.steps["sent"]:
        yield little(f"{says} {_('No answer with AI help has left in 90 days.')}")
    else:
        n = {"n": book.steps["sent"]}
        yield working(f"{says} {_('Made from the %(n)s answers of 90 days; nobody can edit it.') % n}")
