"""Demands on ruling: a policy that holds, risks, services, dates, roles, costs, and values that may cost something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from governance.core.clauses import NEVER_SOFTENED
from governance.core.risk_seeds import RISK_SEEDS
from governance.demands.base import Evidence, demand, failing, none_of, waiting, working
from governance.demands.book import Book
from governance.demands.trials import trial
from governance.models import AISystem, LawTask, Override, PolicyComment, Risk, SystemVersion
from governance.services.policies import content_hash
from helpdesk.people.models import Role

RULES = "admin:governance_ethicspolicy_changelist"
RISKS = "admin:governance_risk_changelist"
SYSTEMS = "admin:governance_aisystem_changelist"
VENDORS = "admin:governance_vendor_changelist"
RECORDS = "admin:governance_record_changelist"
#: From when on an open risk above what is fine needs its decision.
DECIDE_WITHIN = timedelta(days=30)


@demand(
    23, _l("A short policy, published"), _l("the published rules against their seal, and their guard"), RULES
)
def policy(book: Book) -> Iterator[Evidence]:
    if book.policy is None:
        yield waiting(_("No rules are in force."))
        return
    if content_hash(book.policy) != book.policy.content_hash:
        yield failing(_("The rules in force are not the ones that were published."))
    if "governance_ethicspolicy.frozen" not in book.triggers:
        yield failing(_("The guard that keeps published rules from being changed is off."))
    if not book.policy.prose.strip():
        yield waiting(_("The rules have no page in words that customers can read."))
    yield working(
        _("Version %(version)s is in force, as it was published.") % {"version": book.policy.version}
    )


@demand(24, _l("Ethics at each stage of an AI's life"), _l("AI in use and the tests of its version"), SYSTEMS)
def stages(book: Book) -> Iterator[Evidence]:
    yield trial(book, "retired")
    in_use = AISystem.objects.filter(stage__in=("pilot", "live"))
    approved = SystemVersion.objects.filter(state="approved", system__in=in_use)
    untested = [one for one in approved if not one.results]
    yield none_of(
        len(untested),
        len(approved),
        failed=_("%(bad)s of %(n)s versions in use have no test result."),
        none_yet=_("No AI system is on record; they come with your first rules."),
        good=_("Each of the %(n)s versions in use was tested before."),
    )


@demand(
    25,
    _l("AI services chosen by their record"),
    _l("outside services that were called, against their assessment"),
    VENDORS,
)
def vendors(book: Book) -> Iterator[Evidence]:
    yield trial(book, "no_contract")
    good = {
        one.provider
        for one in book.vendors
        if one.state == "approved" and one.expires_on and one.expires_on >= book.today and one.contract
    }
    outside = set(AISystem.objects.filter(is_external=True).values_list("provider", flat=True))
    called = {name.split("/")[0] for name in book.services} & outside
    if called - good:
        yield waiting(
            _("%(n)s AI services that were called have no assessment that holds.") % {"n": len(called - good)}
        )
    else:
        yield working(_("%(n)s outside AI services were called; each assessment holds.") % {"n": len(called)})


@demand(
    26,
    _l("Risks known and looked after"),
    _l("the list of risks, who answers for each, decisions that are late"),
    RISKS,
)
def risks(book: Book) -> Iterator[Evidence]:
    if len([one for one in book.risks if one.key]) < len(RISK_SEEDS):
        yield waiting(_("The list of risks that every shop starts with is not complete."))
    if not book.risks:
        return
    yield trial(book, "risk")
    above = [one for one in book.risks if one.status == "open" and _left(one) > _fine(book, one)]
    late = [one for one in above if (one.decide_by or one.created_at.date() + DECIDE_WITHIN) < book.today]
    orphans = [one for one in book.risks if one.accountable_id is None]
    if late:
        yield failing(
            _("%(n)s risks are larger than you take, and the day to decide is past.") % {"n": len(late)}
        )
    elif above:
        yield waiting(_("%(n)s risks are larger than you take: decide within 30 days.") % {"n": len(above)})
    if orphans:
        yield waiting(_("Nobody looks after %(n)s risks.") % {"n": len(orphans)})
    yield working(_("%(n)s risks are on record.") % {"n": len(book.risks)})


def _left(one: Risk) -> int:
    """What counts today: what is left, unless the control that it rests on does not hold."""
    if one.control_ok is False:
        return int(one.likelihood_before * one.impact_before)
    return int(one.likelihood_after * one.impact_after)


def _fine(book: Book, one: Risk) -> int:
    return int(book.rules.risk_appetite if one.appetite is None else one.appetite)


@demand(27, _l("What we do about risks works"), _l("the controls that risks rest on, asked daily"), RISKS)
def controls(book: Book) -> Iterator[Evidence]:
    held = [one for one in book.risks if one.control]
    broken = [one for one in held if one.control_ok is False]
    asked = [one for one in held if one.control_checked_at]
    if broken:
        yield failing(_("What keeps %(n)s risks small does not hold.") % {"n": len(broken)})
    elif not asked:
        yield waiting(_("No risk rests on a control that was asked."))
    else:
        yield working(_("What keeps %(n)s risks small was asked, and holds.") % {"n": len(asked)})
    security = book.self_checks.get("security_audit")
    if security is None:
        yield waiting(_("No security check has run."))
    elif any(one.get("wall") and one.get("ok") is False for one in security.results):
        yield failing(_("The newest security check found a hole in the walls."))


@demand(
    28, _l("Never once and for all"), _l("every date on which something is looked at again"), "admin:index"
)
def dates(book: Book) -> Iterator[Evidence]:
    if not book.clocks:
        yield waiting(_("No date is set; they come with your first rules."))
        return
    closed = [one for one in book.clocks if one.closes_on is not None and one.closes_on < book.today]
    late = [one for one in book.clocks if one.days_left(book.today) < 0]
    if closed:
        yield failing(_("%(n)s dates are so late that they stop the AI.") % {"n": len(closed)})
    elif late:
        yield waiting(_("%(n)s dates are past.") % {"n": len(late)})
    else:
        yield working(_("%(n)s dates are set; none is past.") % {"n": len(book.clocks)})


@demand(37, _l("Looking ahead"), _l("changes of law that wait, things that you watch"), RECORDS)
def ahead(book: Book) -> Iterator[Evidence]:
    tasks = LawTask.objects.filter(state="open").count()
    watched = book.records_of("horizon")
    if tasks:
        yield waiting(_("%(n)s of your rules wait for a look after a change of law.") % {"n": tasks})
    elif not watched:
        yield waiting(_("Nothing to watch is written down for the year to come."))
    elif not (dated := [one for one in watched if one.due and one.due >= book.today]):
        yield waiting(
            _("%(n)s things are to be watched and none has a day to look again.") % {"n": len(watched)}
        )
    else:
        yield working(_("%(n)s things are watched until a day; no change of law waits.") % {"n": len(dated)})


@demand(
    39,
    _l("Somebody answers for it"),
    _l("owners, who published the rules, entries without a person"),
    "people",
)
def roles(book: Book) -> Iterator[Evidence]:
    owners = [one for one in book.members if one.role in (Role.OWNER, Role.OFFICER)]
    if not owners:
        yield failing(_("Nobody here may change the rules."))
    if book.policy is None:
        yield waiting(_("Nobody has published rules."))
    elif book.policy.approver_id not in {one.pk for one in book.members}:
        yield waiting(_("Whoever published the rules does not work here any more."))
    else:
        alone = book.policy.author_id == book.policy.approver_id
        said_alone = _("The rules were approved by their author; nobody else may.")
        if alone and len(owners) > 1 and book.policy.version > 1:
            yield waiting(_("The rules were approved by their author although a second person could."))
        yield working(
            said_alone if alone else _("The rules were approved by somebody other than their author.")
        )


@demand(
    40, _l("Those concerned are heard"), _l("comments on rules, talks, guests, answers to questions"), RECORDS
)
def heard(book: Book) -> Iterator[Evidence]:
    unanswered = PolicyComment.objects.filter(answer="", policy__status__in=("published", "replaced")).count()
    comments = PolicyComment.objects.count()
    asked = book.records_of("consultation", "guest_review", "question")
    talks = sum(one.decided_at is not None or one.answered_at is not None for one in asked)
    if unanswered:
        yield failing(_("Rules were published over %(n)s comments that nobody answered.") % {"n": unanswered})
    elif not comments and not talks:
        yield waiting(_("Nobody outside of those who wrote the rules was asked yet."))
    else:
        yield working(
            _("%(n)s comments and %(talks)s talks are on record, each answered.")
            % {"n": comments, "talks": talks}
        )


@demand(
    41,
    _l("What it costs and what it brings"),
    _l("cost and benefit on record, spending against the limit"),
    RECORDS,
)
def worth(book: Book) -> Iterator[Evidence]:
    yield trial(book, "budget")
    cases = book.records_of("business_case")
    decided = [one for one in cases if one.decided_at]
    if not cases:
        yield waiting(_("Nobody wrote down what the AI should bring and cost."))
    elif not decided:
        yield waiting(_("Cost and benefit are written down and wait for a decision."))
    else:
        yield working(_("%(n)s decisions on cost and benefit are on record.") % {"n": len(decided)})


@demand(
    60,
    _l("Values before speed"),
    _l("exceptions: who, why, which value gave way, until when"),
    "admin:governance_override_changelist",
)
def values(book: Book) -> Iterator[Evidence]:
    for name in ("untold", "nobody"):
        yield trial(book, name)
    if "governance_override.frozen" not in book.triggers:
        yield failing(_("The guard that keeps exceptions on record is off."))
    forbidden = Override.objects.filter(gate__in=NEVER_SOFTENED).count()
    lasting = Override.objects.filter(created_at__gte=book.since).count()
    if forbidden:
        yield failing(_("%(n)s exceptions were made where none is allowed.") % {"n": forbidden})
    else:
        yield working(_("%(n)s exceptions in 90 days, each with reason and end.") % {"n": lasting})
