"""Demands on personal data: known, protected, minimal, told, chosen, taken along, kept where it may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from governance import figures, quarters
from governance.core.clauses import AI_FIELDS
from governance.demands.base import Evidence, demand, failing, little, none_of, waiting, working
from governance.demands.book import Book
from governance.demands.trials import trial
from governance.models import AIDecision, AISystem, Consent, LawRule, LawTask
from helpdesk.privacy import export, notice
from helpdesk.privacy.registry import undeclared

AUDITORS = "auditors-demands"
REQUESTS = "admin:governance_datarequest_changelist"
CHOICES = "admin:governance_consent_changelist"
#: The security check runs weekly; older than this it says nothing about today.
SECURITY_HOLDS = timedelta(days=9)


@demand(
    9,
    _l("The law, and beyond it"),
    _l("the law as data, and what its changes ask of your rules"),
    "auditors-law",
)
def law(book: Book) -> Iterator[Evidence]:
    known = LawRule.objects.count()
    if not known:
        yield waiting(_("The law has not been loaded yet; the daily task does it."))
        return
    late = LawTask.objects.filter(state="open", created_at__lt=book.now - timedelta(days=90)).count()
    if late:
        yield waiting(_("%(n)s rules wait for a look since a change of law three months ago.") % {"n": late})
    yield working(_("%(n)s rules of the law are tied to checks that run.") % {"n": known})


@demand(10, _l("Every kind of data is known"), _l("stored fields that nobody declared"), AUDITORS)
def known_data(book: Book) -> Iterator[Evidence]:
    unknown, held = undeclared(), len(notice.held_about_customers())
    yield none_of(
        len(unknown),
        held,
        failed=_("%(bad)s stored fields are not declared."),
        none_yet=_("Nothing is held about customers."),
        good=_("All %(n)s fields about customers have a purpose, a term and a way to be deleted."),
    )
    yield trial(book, "field")


@demand(
    11, _l("Encryption, access, security checks"), _l("the newest weekly security check"), "auditors-security"
)
def secured(book: Book) -> Iterator[Evidence]:
    last = book.self_checks.get("security_audit")
    if last is None or book.now - last.created_at > SECURITY_HOLDS:
        yield waiting(
            _("No security check in the last nine days; it runs weekly by itself, or now by a button.")
        )
        return
    bad = [one for one in last.results if one.get("ok") is False]
    day = {"day": f"{last.created_at:%Y-%m-%d}", "n": len(last.results)}
    if any(one.get("wall") for one in bad):
        yield failing(_("The walls between organizations do not hold everywhere."))
    elif bad:
        yield waiting(
            _("The check of %(day)s: ") % day + " ".join(str(one.get("said", "")) for one in bad[:3])
        )
    else:
        yield working(_("%(n)s things were looked at on %(day)s; each was in order.") % day)


@demand(
    12,
    _l("Nobody sees what they must not"),
    _l("fields that an AI saw against the fields that rules name"),
    AUDITORS,
)
def unseen(book: Book) -> Iterator[Evidence]:
    yield trial(book, "field")
    rows = AIDecision.objects.filter(kind="real", allowed=True, created_at__gte=book.since).order_by("-pk")
    seen = [set(one.get("fields") or ()) for one in rows.values_list("request", flat=True)[:500]]
    yield none_of(
        sum(bool(one - set(AI_FIELDS)) for one in seen),
        len(seen),
        failed=_("%(bad)s of %(n)s steps saw a field that no rules can allow."),
        none_yet=_("The AI saw nothing in 90 days."),
        good=_("The newest %(n)s steps saw nothing beyond what rules can allow."),
    )


@demand(
    47,
    _l("What is collected is said, and stays true"),
    _l("the privacy notice against what is stored"),
    "privacy",
)
def said(book: Book) -> Iterator[Evidence]:
    told = {name for one in notice.entries(book.rules.ai_log_days) for name in one.fields}
    held = {name for name, _declared in notice.held_about_customers()}
    yield none_of(
        len(held - told) + len(undeclared()),
        len(held),
        failed=_("%(bad)s stored fields are not in the privacy notice."),
        none_yet=_("Nothing is held about customers."),
        good=_("The privacy notice is made from the %(n)s fields that are stored."),
    )


@demand(
    48,
    _l("Consent, and a no at any time"),
    _l("steps for customers who had said no; choices that were altered"),
    CHOICES,
)
def consent(book: Book) -> Iterator[Evidence]:
    yield trial(book, "objected")
    yield trial(book, "paused")
    if "governance_consent.append_only" not in book.triggers:
        yield failing(_("The guard that keeps choices from being altered is off."))
    bad, every = book.against_a_no
    if bad:
        yield failing(_("%(bad)s of %(n)s drafts were made after a no.") % {"bad": bad, "n": every})
    else:
        chosen = Consent.objects.count()
        yield working(_("%(n)s choices on record; no draft was made after a no.") % {"n": chosen})


@demand(
    49,
    _l("Only what is needed, only as long"),
    _l("what may be seen, and how long the AI's texts are kept"),
    "admin:governance_ethicspolicy_changelist",
)
def minimal(book: Book) -> Iterator[Evidence]:
    if book.policy is None:
        yield waiting(_("No rules are in force, so no term is set."))
        return
    yield trial(book, "field")
    if book.rules.retention_days is None:
        yield waiting(_("Your rules do not say how long solved requests are kept."))
    kept = {"days": book.rules.ai_log_days, "n": len(book.rules.ai_fields), "of": len(AI_FIELDS)}
    yield working(_("The AI may see %(n)s of %(of)s fields; its texts go after %(days)s days.") % kept)


@demand(50, _l("Customers see, manage and delete"), _l("requests that are past their date"), REQUESTS)
def managed(book: Book) -> Iterator[Evidence]:
    asked = book.requests
    if not _there("portal-my-data", "portal-choices", "portal-download"):
        yield failing(_("The customer's page about their data is missing."))
    if asked["late"]:
        yield failing(_("%(n)s requests about data are past their date.") % {"n": asked["late"]})
    elif not asked["every"]:
        yield little(_("No request about data in 90 days; customers can make one at any time."))
    else:
        yield working(_("%(n)s requests about data in 90 days; none is late.") % {"n": asked["every"]})


@demand(
    51,
    _l("Data can be taken along"),
    _l("tables that lead to a customer and are not in the download"),
    REQUESTS,
)
def portable(book: Book) -> Iterator[Evidence]:
    names = {model._meta.label_lower for model, _path, _fields in export.tables()}
    missing = {"tickets.message", "tickets.ticket", "governance.consent", "people.customer"} - names
    yield none_of(
        len(missing),
        len(names),
        failed=_("%(bad)s tables of customers are not in the download."),
        none_yet=_("No table is in the download."),
        good=_("The download holds %(n)s tables, as a file that other programs read."),
    )


@demand(
    52,
    _l("Data stays where the law of the region holds"),
    _l("where outside AI services work"),
    "admin:governance_vendor_changelist",
)
def sovereign(book: Book) -> Iterator[Evidence]:
    yield trial(book, "region")
    outside = [one for one in book.vendors if one.state == "approved"]
    elsewhere = [one for one in outside if one.region not in book.rules.regions]
    unknown = AISystem.objects.filter(is_external=True, stage__in=("pilot", "live")).exclude(
        provider__in=[one.provider for one in outside]
    )
    if elsewhere:
        yield failing(
            _("%(n)s approved AI services work where your rules do not let data go.") % {"n": len(elsewhere)}
        )
    elif unknown.exists():
        yield waiting(_("An outside AI is in use and nobody wrote down where it works."))
    else:
        yield working(_("%(n)s outside AI services, each in a region of your rules.") % {"n": len(outside)})


def _there(*names: str) -> bool:
    try:
        return all(reverse(name) for name in names)
    except NoReverseMatch:
        return False


@demand(
    34,
    _l("Figures beyond money"),
    _l("trust, fairness, transparency and staff, for the last quarter"),
    "admin:index",
)
def beyond_money(book: Book) -> Iterator[Evidence]:
    missing = quarters.missing_of_quarter(book.today)
    if missing:
        yield waiting(_("No entry for the last quarter: %(names)s.") % {"names": ", ".join(missing)})
        return
    known = quarters.of_quarter(book.today)
    unmeasured = [one for one in known if one.value is None]
    if len(unmeasured) == len(known):
        yield little(_("Nothing could be measured in the last quarter, and each entry says why."))
    else:
        yield working(
            _(
                "%(n)s figures of the last quarter, each with its count; %(un)s say why they were not measured."
            )
            % {"n": len(known) - len(unmeasured), "un": len(unmeasured)}
        )


@demand(
    21,
    _l("Speed never at the cost of trust"),
    _l("speed against trust, this month and the one before"),
    "admin:index",
)
def balance(book: Book) -> Iterator[Evidence]:
    sheet = figures.sheet(book.now)
    against = figures.divergence(sheet)
    if against:
        yield failing(against)
    elif not figures.comparable(sheet):
        yield little(_("Too few answers and opinions in two months to set speed against trust."))
    else:
        yield working(_("Speed and trust of this month and the one before do not part."))


@demand(
    36, _l("The classic figures stay"), _l("answers, solved requests and times of 90 days"), "admin:index"
)
def classic(book: Book) -> Iterator[Evidence]:
    replies, solved = book.outcomes["first_reply"], book.outcomes["solved"]
    if not book.outcomes["opened"]:
        yield little(_("No request was opened in 90 days."))
    else:
        said = {"opened": book.outcomes["opened"], "replies": replies, "solved": solved}
        yield working(_("%(opened)s opened, %(replies)s answered, %(solved)s solved in 90 days.") % said)
