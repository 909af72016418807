"""Demands on treating people alike: measured, repeated, read by people, mended, checked again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from governance import shipped
from governance.demands.base import Evidence, demand, failing, little, none_of, waiting, working
from governance.demands.book import Book
from governance.demands.trials import trial
from governance.models import BiasAudit, SystemVersion

CHECKS = "admin:governance_biasaudit_changelist"
FINDINGS = "admin:governance_finding_changelist"
SYSTEMS = "admin:governance_aisystem_changelist"


def _valid(book: Book, one: BiasAudit) -> bool:
    end = one.expires_on or one.created_at.date() + timedelta(days=book.rules.audit_days)
    return end >= book.today


def _newest(book: Book) -> list[BiasAudit]:
    """The newest check of each question."""
    found: dict[tuple[str, str], BiasAudit] = {}
    for one in book.audits:
        found.setdefault((one.key or str(one.pk), one.system), one)
    return list(found.values())


@demand(13, _l("The same service for everybody"), _l("who waits longer, by their choice about AI"), CHECKS)
def alike(book: Book) -> Iterator[Evidence]:
    if book.waiting.longer or any(one.kind == "live" and one.verdict == "fail" for one in _newest(book)):
        yield failing(
            book.waiting.said if book.waiting.longer else _("A check of real requests found a difference.")
        )
    elif not book.waiting.enough:
        yield little(book.waiting.said)
    else:
        yield working(book.waiting.said)


@demand(
    14,
    _l("What is measured stands for the customers"),
    _l("how many requests of each group the checks saw, and whose language was left out"),
    CHECKS,
)
def representative(book: Book) -> Iterator[Evidence]:
    live = [one for one in _newest(book) if one.kind == "live"]
    if not live:
        yield little(_("Not measured, because no check has looked at real requests yet."))
        return
    least = book.rules.audit_least_group
    small = [one for one in live if _smallest(one) < least]
    said = {"n": len(small or live), "least": least}
    if small:
        yield little(_("%(n)s checks saw a group of fewer than %(least)s requests: too few to tell.") % said)
    else:
        yield working(_("%(n)s checks saw at least %(least)s requests of each group.") % said)


def _smallest(one: BiasAudit) -> int:
    """The smallest group that a check looked at; a check that names no groups looked at none."""
    groups = one.figures.get("groups", []) if isinstance(one.figures, dict) else []
    return min((int(group.get("n") or 0) for group in groups), default=0)


@demand(15, _l("Checked again and again"), _l("checks that are past their date"), CHECKS)
def again(book: Book) -> Iterator[Evidence]:
    yield trial(book, "unchecked")
    newest = _newest(book)
    yield none_of(
        sum(not _valid(book, one) for one in newest),
        len(newest),
        failed=_("%(bad)s of %(n)s checks of fairness are past their date."),
        none_yet=_("No check of fairness is on record."),
        good=_("Each of the %(n)s checks of fairness is in date."),
    )


@demand(
    16,
    _l("Somebody decides when a difference is found"),
    _l("checks that found a difference and nobody decided"),
    CHECKS,
)
def decided(book: Book) -> Iterator[Evidence]:
    yield trial(book, "unfair")
    found = [one for one in _newest(book) if one.verdict == "fail"]
    open_ones = [one for one in found if not one.decision]
    if open_ones:
        yield failing(_("%(n)s checks found a difference and wait for a decision.") % {"n": len(open_ones)})
    else:
        yield working(_("%(n)s checks found a difference; each is decided.") % {"n": len(found)})


@demand(42, _l("Checked with statistics"), _l("pairs of invented customers, with their numbers"), CHECKS)
def statistics(book: Book) -> Iterator[Evidence]:
    pairs = [one for one in _newest(book) if one.kind == "pairs"]
    if not pairs:
        yield waiting(_("No check on invented customers is on record; it comes with your first rules."))
        return
    empty = [one for one in pairs if not one.sample_size and not one.figures.get("n")]
    if empty:
        yield failing(_("%(n)s checks on invented customers give no numbers.") % {"n": len(empty)})
    elif any(one.verdict == "fail" and not one.decision for one in pairs):
        yield failing(_("The check on invented customers found a difference."))
    else:
        counted = sum(one.sample_size or int(one.figures.get("n", 0)) for one in pairs)
        yield working(_("%(n)s pairs of invented customers were compared.") % {"n": counted})


@demand(43, _l("It works as intended"), _l("test results of each version that was called"), SYSTEMS)
def intended(book: Book) -> Iterator[Evidence]:
    yield trial(book, "unregistered")
    tested = {f"{one.provider}/{one.model}" for one in shipped.systems() if one.results.get("passed")}
    for one in SystemVersion.objects.filter(state="approved").select_related("system"):
        if one.results.get("passed"):
            tested.add(f"{one.system.provider}/{one.model}")
    untested = [name for name in book.services if name not in tested]
    yield none_of(
        len(untested),
        len(book.services),
        failed=_("%(bad)s of %(n)s AI systems that were called have no passed test on record."),
        none_yet=_("No AI was called in 90 days."),
        good=_("Each of the %(n)s AI systems that were called passed its tests."),
    )


@demand(44, _l("What is found is mended"), _l("differences that were mended, and the check after"), FINDINGS)
def mended(book: Book) -> Iterator[Evidence]:
    mend = [one for one in book.audits if one.decision == "mend"]
    if not mend:
        yield little(_("Not measured, because no difference was found that had to be mended."))
        return
    later = {one.key for one in book.audits if one.verdict == "pass"}
    unproved = [one for one in mend if not one.key or one.key not in later]
    yield none_of(
        len(unproved),
        len(mend),
        failed=_("%(bad)s of %(n)s mended differences have no check that says so."),
        none_yet="",
        good=_("Each of the %(n)s mended differences was checked again and passed."),
    )


@demand(45, _l("People read what was found"), _l("checks that nobody explained in words"), CHECKS)
def read(book: Book) -> Iterator[Evidence]:
    telling = [one for one in _newest(book) if one.verdict in ("fail", "watch")]
    if not telling:
        yield little(_("Not measured, because no check found anything to explain."))
        return
    mute = [one for one in telling if not one.interpretation or one.interpreted_by_id is None]
    yield (
        waiting(_("%(n)s checks wait for somebody to say what they mean.") % {"n": len(mute)})
        if mute
        else working(_("Somebody said in words what each of %(n)s checks means.") % {"n": len(telling)})
    )


@demand(46, _l("Check, mend, check again"), _l("findings whose second check is late"), FINDINGS)
def cycle(book: Book) -> Iterator[Evidence]:
    late = [
        one
        for one in book.findings
        if one.state != "closed" and one.retest_due and one.retest_due < book.today
    ]
    yield none_of(
        len(late),
        len(book.findings),
        failed=_("%(bad)s of %(n)s findings wait for their second check."),
        none_yet=_("Nothing was found yet, so nothing had to go round."),
        good=_("%(n)s findings on record; no second check is late."),
    )


@demand(
    62,
    _l("No data scientist needed"),
    _l("the check on invented customers that comes with the product"),
    CHECKS,
)
def packaged(book: Book) -> Iterator[Evidence]:
    ours = [one for one in shipped.systems() if one.pairs.get("n")]
    if not ours:
        yield failing(_("This release comes without a check on invented customers."))
    pairs = [one for one in book.audits if one.kind == "pairs"]
    if not pairs:
        yield waiting(_("The check on invented customers comes with your first rules."))
    elif not any(_valid(book, one) for one in pairs):
        yield waiting(_("The check on invented customers is past its date: run it again."))
    else:
        yield working(
            _("Checked on %(day)s without any file or form.") % {"day": f"{pairs[0].created_at:%Y-%m-%d}"}
        )
