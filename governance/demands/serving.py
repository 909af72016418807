"""Demands on what happens to a request: AI helps and never replaces, is told, explained, stopped, asked away."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from governance import shipped
from governance.core.clause_checks import require_valid
from governance.core.clauses import ClauseError
from governance.demands.base import Evidence, demand, failing, little, none_of, waiting, working
from governance.demands.book import Book
from governance.demands.trials import trial
from governance.models import AIDecision, AIStop, AISystem, Consent, DraftExplanation

ACTIVITY = "admin:governance_aidecision_changelist"
STOPS = "admin:governance_aistop_changelist"
RULES = "admin:governance_ethicspolicy_changelist"


@demand(
    1,
    _l("AI helps, it never replaces people"),
    _l("answers that left with AI help and without a person"),
    ACTIVITY,
)
def helps(book: Book) -> Iterator[Evidence]:
    yield trial(book, "nobody")
    yield none_of(
        book.steps["alone"],
        book.steps["sent"],
        failed=_("%(bad)s of %(n)s answers with AI help left without a person."),
        none_yet=_("No answer with AI help has left in 90 days."),
        good=_("A person approved each of the %(n)s answers with AI help of 90 days."),
    )


@demand(
    2,
    _l("Fits a small business"),
    _l("rules in force, an AI that costs nothing extra, spending limits"),
    RULES,
)
def small(book: Book) -> Iterator[Evidence]:
    if book.policy is None:
        yield waiting(_("No rules are in force: read and adopt the starter rules, five minutes."))
        return
    if not shipped.systems():
        yield failing(_("This release brings no AI of its own."))
    if book.rules.budget.monthly_micro is None or book.rules.budget.monthly_drafts is None:
        yield waiting(_("Your rules set no limit on what the AI may cost in a month."))
    yield trial(book, "budget")
    unseeded = not any(one.key for one in book.risks)
    yield (
        waiting(_("The list of risks that every shop starts with is missing."))
        if unseeded
        else working(
            _("The built-in assistant works without a network or a bill; risks and rules came filled in.")
        )
    )


@demand(3, _l("Everybody can stop the AI at once"), _l("steps that went on after “Stop the AI”"), STOPS)
def stopped(book: Book) -> Iterator[Evidence]:
    yield trial(book, "stop")
    if book.during_a_stop:
        yield failing(_("%(n)s steps went on after a stop.") % {"n": book.during_a_stop})
    else:
        pressed = AIStop.objects.filter(scope="organization", started_at__gte=book.since).count()
        yield working(_("Stopped for everything %(n)s times in 90 days; no step went on.") % {"n": pressed})


@demand(
    4,
    _l("Customers are told whenever they meet AI"),
    _l("answers with AI help that left without the line"),
    ACTIVITY,
)
def told(book: Book) -> Iterator[Evidence]:
    yield trial(book, "untold")
    yield none_of(
        book.steps["untold"],
        book.steps["sent"],
        failed=_("%(bad)s of %(n)s answers left without the line about AI."),
        none_yet=_("No answer with AI help has left in 90 days."),
        good=_("Each of the %(n)s answers with AI help of 90 days carried the line."),
    )


@demand(
    5,
    _l("No deception, no invented persons"),
    _l("whether the line names the person who answers for it"),
    RULES,
)
def honest(book: Book) -> Iterator[Evidence]:
    if book.policy is None:
        yield waiting(_("No rules are in force."))
        return
    nameless = [language for language, line in book.rules.disclosure.items() if "{name}" not in line]
    if nameless or not book.rules.disclosure:
        yield failing(
            _("The line names nobody in: %(languages)s.") % {"languages": ", ".join(nameless) or "–"}
        )
    unsigned = AIDecision.objects.filter(kind="real", action="approve", allowed=True, actor=None).count()
    yield none_of(
        unsigned,
        AIDecision.objects.filter(kind="real", action="approve", allowed=True).count(),
        failed=_("%(bad)s of %(n)s approvals name no person."),
        none_yet=_("Nobody has approved an answer yet; the line names the sender in every language."),
        good=_("Each of the %(n)s approvals names a person, and so does the line below the answer."),
    )


@demand(
    6,
    _l("Each AI-assisted answer can be explained"),
    _l("drafts that lack sources, version or rules"),
    ACTIVITY,
)
def explained(book: Book) -> Iterator[Evidence]:
    yield trial(book, "no_source")
    rows = DraftExplanation.objects.filter(created_at__gte=book.since)
    yield none_of(
        rows.filter(service="").count(),
        rows.count(),
        failed=_("%(bad)s of %(n)s explanations do not name the AI."),
        none_yet=_("No draft has been explained in 90 days."),
        good=_("%(n)s drafts of 90 days are kept with sources, version and rules."),
    )


@demand(
    7,
    _l("Explained to customers and owners in plain words"),
    _l("requests that a person looks again, and their dates"),
    "admin:governance_datarequest_changelist",
)
def plain(book: Book) -> Iterator[Evidence]:
    asked = book.requests
    if asked["again_late"]:
        yield failing(
            _("%(n)s customers wait too long for a person to look again.") % {"n": asked["again_late"]}
        )
        return
    shown = DraftExplanation.objects.filter(created_at__gte=book.since).exists()
    if not shown:
        yield little(_("No answer with an explanation in 90 days, so nobody could ask about one."))
    yield working(
        _("“Ask a person to look again”: %(n)s times in 90 days, none is late.") % {"n": asked["again"]}
    )


@demand(
    8,
    _l("No black box"),
    _l("each AI that was called against its card"),
    "admin:governance_aisystem_changelist",
)
def no_black_box(book: Book) -> Iterator[Evidence]:
    yield trial(book, "unregistered")
    cards = {
        one.provider
        for one in AISystem.objects.exclude(purpose="").exclude(limits="").exclude(known_failures="")
    } | {one.provider for one in shipped.systems()}
    without = [name for name in book.services if name.split("/")[0] not in cards]
    yield none_of(
        len(without),
        len(book.services),
        failed=_("%(bad)s of %(n)s AI systems that were called have no complete card."),
        none_yet=_("No AI was called in 90 days."),
        good=_("Each of the %(n)s AI systems that were called has a complete card."),
    )


@demand(
    17,
    _l("A way to a person, always"),
    _l("drafts for customers who asked for a person, topics for people"),
    ACTIVITY,
)
def to_a_person(book: Book) -> Iterator[Evidence]:
    yield trial(book, "humans_only")
    if not book.rules.human_only_topics:
        yield waiting(_("Your rules leave no topic to people."))
    else:
        yield trial(book, "sensitive")
    bad, every = book.against_a_no
    if bad:
        yield failing(_("%(n)s drafts were made for customers who had said no.") % {"n": bad})
    else:
        yield working(_("%(n)s drafts looked at: none for a customer who had said no.") % {"n": every})


@demand(
    18,
    _l("The owner keeps control"),
    _l("decisions of the AI that are not in the record of what happened"),
    ACTIVITY,
)
def control(book: Book) -> Iterator[Evidence]:
    bad, every = book.unledgered
    yield none_of(
        bad,
        every,
        failed=_("%(bad)s of the newest %(n)s decisions are not in the record of what happened."),
        none_yet=_("The AI was asked nothing in 90 days."),
        good=_("Each of the newest %(n)s decisions is in the record of what happened."),
    )


@demand(19, _l("What the AI does not know, it leaves"), _l("drafts without a source"), ACTIVITY)
def unknown(book: Book) -> Iterator[Evidence]:
    yield trial(book, "ungrounded")
    left = book.steps["ungrounded"]
    yield working(_("%(n)s drafts of 90 days were held back because nothing supported them.") % {"n": left})


@demand(20, _l("Oversight is real"), _l("practice mistakes and how many were found, second looks"), ACTIVITY)
def oversight(book: Book) -> Iterator[Evidence]:
    practised = AIDecision.objects.filter(kind="canary", created_at__gte=book.since).count()
    reached = AIDecision.objects.filter(kind="canary", action="send", allowed=True).count()
    if reached:
        yield failing(_("%(n)s practice mistakes were let out.") % {"n": reached})
    elif not practised:
        yield waiting(
            _("Nobody practises: the practice inbox is off until you turn it on and tell your team.")
        )
    else:
        yield working(_("%(n)s practice mistakes in 90 days; none can leave.") % {"n": practised})


@demand(
    29, _l("Customers choose a person, by topic and for good"), _l("choices of customers and topics"), STOPS
)
def preferences(book: Book) -> Iterator[Evidence]:
    yield trial(book, "humans_only")
    chosen = Consent.objects.filter(purpose="humans_only").values("customer").distinct().count()
    said = {"n": chosen, "topics": len(book.rules.human_only_topics), "stopped": book.steps["unwanted"]}
    said_words = _(
        "%(n)s customers chose; %(topics)s topics are for people; %(stopped)s steps were stopped for it."
    )
    yield working(said_words % said)


@demand(
    33,
    _l("People at the desk can act"),
    _l("goodwill, and stops that colleagues set without a reason"),
    RULES,
)
def empowered(book: Book) -> Iterator[Evidence]:
    if book.policy is None:
        yield waiting(_("No rules are in force, so nobody knows what they may grant."))
        return
    if book.rules.goodwill_micro <= 0:
        yield waiting(_("Your rules let nobody grant goodwill."))
    set_by_staff = AIStop.objects.filter(started_at__gte=book.since, started_by__isnull=False).count()
    written = AIDecision.objects.filter(kind="real", created_at__gte=book.since).exists()
    if not written:
        yield little(_("The AI did nothing in 90 days that anybody could have stopped or thrown away."))
    yield working(_("Colleagues stopped the AI somewhere %(n)s times in 90 days.") % {"n": set_by_staff})


@demand(38, _l("No pressing, no selling by stealth"), _l("answers that press the customer"), ACTIVITY)
def no_pressure(book: Book) -> Iterator[Evidence]:
    yield trial(book, "pressure")
    yield working(_("%(n)s answers that pressed were stopped in 90 days.") % {"n": book.steps["pressing"]})


@demand(53, _l("People and AI work together"), _l("drafts, and what people did with them"), ACTIVITY)
def together(book: Book) -> Iterator[Evidence]:
    drafts, sent = book.steps["drafts"], book.steps["sent"]
    if not drafts:
        yield little(_("The AI drafted nothing in 90 days."))
    else:
        yield working(
            _("%(n)s drafts in 90 days; %(sent)s answers left with AI help.") % {"n": drafts, "sent": sent}
        )


@demand(22, _l("Ethics for this business"), _l("whether what you chose changes what the AI may do"), RULES)
def own_ethics(book: Book) -> Iterator[Evidence]:
    if book.policy is None:
        yield waiting(_("No rules are in force."))
        return
    try:
        require_valid(book.rules)
    except ClauseError:
        yield failing(_("A rule in force is outside of what is allowed."))
    yield trial(book, "field")
    first = book.rules.values[0] if book.rules.values else ""
    yield working(_("Your first value is %(value)s; the rules are read at each step.") % {"value": first})
