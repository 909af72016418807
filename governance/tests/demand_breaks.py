"""For each demand: what breaks it. The test beside looks at the state before and after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance import shipped
from governance.core.facts import PolicyFacts
from governance.core.verdict import Verdict
from governance.demands.people_checks import FUTURE_SKILLS, SKILLS
from governance.models import (
    AISystem,
    BiasAudit,
    Certificate,
    Change,
    Course,
    DraftExplanation,
    EthicsPolicy,
    Finding,
    GuestAccess,
    Incident,
    LawTask,
    MetricEntry,
    OutcomeFact,
    PolicyComment,
    Record,
    Risk,
    SelfCheck,
    Vendor,
)
from governance.services import law, self_checks
from governance.tests.factories import (
    make_consent,
    make_decision,
    make_override,
    make_request,
    make_stop,
    make_version,
)
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member

Break = Callable[[Any], None]
BREAKS: dict[int, list[tuple[str, str, Break]]] = {}


def breaks(number: int, becomes: str) -> Callable[[Break], Break]:
    """Say which demand it breaks and what its state is then."""

    def add(one: Break) -> Break:
        BREAKS.setdefault(number, []).append((one.__name__, becomes, one))
        return one

    return add


def passed(*codes: str) -> list[dict[str, Any]]:
    verdict = {
        "outcome": "passed",
        "reason": {"text": "ok", "values": {}},
        "next_step": None,
        "firm": False,
        "detail": "",
    }
    return [{"code": code, **verdict} for code in codes]


def check_lets_everything_pass(patch: Any, code: str) -> None:
    """As if somebody had emptied the check."""
    from governance.core.gates import gate

    def judge(self: Any, request: Any, facts: Any) -> Verdict:
        return self.passed("fine")

    patch.setattr(type(gate(code)), "judge", judge)


def only_warns(code: str) -> Break:
    """The rules let the check only warn."""

    def soften(patch: Any) -> None:
        from dataclasses import replace

        from governance import gate

        real = gate.policy_facts

        def softer(policy: EthicsPolicy) -> PolicyFacts:
            found = real(policy)
            return replace(found, clauses=replace(found.clauses, warn_only=frozenset({code})))

        patch.setattr(gate, "policy_facts", softer)

    soften.__name__ = f"{code}_only_warns"
    return soften


for number, code in ((1, "G16"), (3, "G13"), (4, "G18"), (6, "G22"), (8, "G03"), (17, "G07"), (19, "G15"), (29, "G07"),
                     (38, "G21"), (48, "G06"), (52, "G11"), (60, "G18"), (25, "G10"), (10, "G12"), (12, "G12"), (24, "G03"),
                     (15, "G05"), (16, "G05"), (26, "G04"), (32, "G09"), (59, "G20"), (2, "G14"), (41, "G14"), (43, "G03"),
                     (22, "G12"), (49, "G12")):  # fmt: skip

    def _emptied(patch: Any, code: str = code) -> None:
        check_lets_everything_pass(patch, code)

    _emptied.__name__ = f"{code}_is_empty"
    breaks(number, "failing")(_emptied)

for number, code in ((19, "G15"), (38, "G21"), (15, "G05"), (59, "G20"), (25, "G10")):
    breaks(number, "waiting")(only_warns(code))


@breaks(1, "failing")
def an_answer_left_without_a_person(_: Any) -> None:
    make_decision(action="send", reasons=passed("G18"))


@breaks(4, "failing")
@breaks(63, "failing")
def an_answer_left_without_the_line(_: Any) -> None:
    make_decision(action="send", reasons=passed("G16"))


@breaks(3, "failing")
def a_step_went_on_after_a_stop(patch: Any) -> None:
    earlier = timezone.now() - timedelta(minutes=1)
    with patch.context() as clock:  # a stop is a record: its moment is not changed afterwards
        clock.setattr("django.utils.timezone.now", lambda: earlier)
        make_stop()
    make_decision(reasons=passed("G01"))


@breaks(5, "failing")
def an_approval_names_nobody(_: Any) -> None:
    make_decision(action="approve", reasons=passed("G09"))


@breaks(6, "failing")
def an_explanation_names_no_service(_: Any) -> None:
    DraftExplanation.objects.create(decision=make_decision(), service="")


@breaks(7, "failing")
@breaks(50, "failing")
def a_customer_waits_for_a_person(_: Any) -> None:
    request = make_request()
    type(request).objects.filter(pk=request.pk).update(
        kind="human_review", due_at=timezone.now() - timedelta(hours=1)
    )


@breaks(8, "failing")
@breaks(43, "failing")
def an_ai_without_card_was_called(_: Any) -> None:
    make_decision(system="stranger/large")


@breaks(9, "waiting")
def nobody_looked_after_a_change_of_law(_: Any) -> None:
    LawTask.objects.create(rule_key="gdpr.9", pack_version="1", clause="human_only_topics")
    LawTask.objects.update(created_at=timezone.now() - timedelta(days=100))


@breaks(37, "waiting")
def a_change_of_law_waits(_: Any) -> None:
    Record.objects.create(kind="horizon", title="A new law")
    LawTask.objects.create(rule_key="gdpr.9", pack_version="1", clause="human_only_topics")


@breaks(10, "failing")
@breaks(47, "failing")
def a_field_is_declared_by_nobody(patch: Any) -> None:
    from governance.demands import data

    patch.setattr(data, "undeclared", lambda: ["tickets.ticket.mood"])


@breaks(11, "failing")
@breaks(27, "failing")
def a_hole_in_the_walls(_: Any) -> None:
    SelfCheck.objects.create(
        kind="security_audit", ok=False, results=[{"ok": False, "wall": True, "said": "A hole."}]
    )


@breaks(11, "waiting")
def the_security_check_is_old(_: Any) -> None:
    SelfCheck.objects.filter(kind="security_audit").update(created_at=timezone.now() - timedelta(days=10))


@breaks(12, "failing")
def an_ai_saw_too_much(_: Any) -> None:
    make_decision(request={"fields": ["message", "card_number"]})


@breaks(13, "failing")
def those_who_said_no_wait_longer(_: Any) -> None:
    for no, seconds in ((True, 14_400.0), (False, 7_200.0)):
        OutcomeFact.objects.bulk_create(
            OutcomeFact(subject_id=n, event="first_reply", value=seconds, groups={"said_no_to_ai": no})
            for n in range(40)
        )


@breaks(14, "too_little_data")
def a_check_with_one_small_group(_: Any) -> None:
    _live_check(200, 3)


@breaks(14, "too_little_data")
def a_check_that_names_no_groups(_: Any) -> None:
    BiasAudit.objects.create(title="Waiting", kind="live", key="waiting", sample_size=5_000)


def _live_check(*sizes: int) -> None:
    groups = [{"group": str(n), "n": size} for n, size in enumerate(sizes)]
    BiasAudit.objects.create(
        title="Waiting",
        kind="live",
        key="waiting",
        verdict="pass",
        sample_size=sum(sizes),
        figures={"groups": groups},
    )


@breaks(15, "failing")
def a_check_is_past_its_date(_: Any) -> None:
    BiasAudit.objects.create(title="Old", verdict="pass", expires_on=timezone.localdate() - timedelta(days=1))


@breaks(16, "failing")
@breaks(42, "failing")
def a_difference_that_nobody_decided(_: Any) -> None:
    BiasAudit.objects.create(title="Pairs", kind="pairs", key="pairs-2", verdict="fail", sample_size=60)


@breaks(17, "failing")
@breaks(48, "failing")
def a_draft_after_a_no(_: Any) -> None:
    customer = make_customer()
    make_consent(customer=customer, purpose="ai_assist", state="objected")
    make_decision(customer=customer, reasons=passed("G06"))


@breaks(18, "failing")
def a_decision_is_not_in_the_record(_: Any) -> None:
    from governance.models import AIDecision

    AIDecision.objects.create(action="draft", subject_kind="message", subject_id=1, allowed=True)


@breaks(20, "failing")
def a_practice_mistake_got_out(_: Any) -> None:
    make_decision(kind="canary", action="send")


@breaks(21, "failing")
def faster_and_less_trusted(_: Any) -> None:
    for back, seconds, right in ((45, 20_000.0, 1.0), (5, 4_000.0, 0.4)):
        day = timezone.now() - timedelta(days=back)
        rows = OutcomeFact.objects.bulk_create(
            [OutcomeFact(subject_id=n, event="first_reply", value=seconds) for n in range(20)]
            + [OutcomeFact(subject_id=n, event="satisfied", value=float(n < 20 * right)) for n in range(20)]
        )
        OutcomeFact.objects.filter(pk__in=[one.pk for one in rows]).update(created_at=day)


@breaks(23, "failing")
def the_rules_are_not_what_was_published(patch: Any) -> None:
    from governance.demands import ruling

    patch.setattr(ruling, "content_hash", lambda policy: "0" * 64)


@breaks(23, "waiting")
@breaks(39, "waiting")
@breaks(57, "waiting")
@breaks(63, "waiting")
@breaks(62, "waiting")
def no_rules_are_in_force(patch: Any) -> None:
    from governance import gate

    patch.setattr(gate, "policy_in_force", lambda: None)
    BiasAudit.objects.all().delete()


@breaks(24, "failing")
def a_version_in_use_was_never_tested(_: Any) -> None:
    version = make_version(system=AISystem.objects.filter(stage="live").first(), state="shadow")
    type(version).objects.filter(pk=version.pk).update(state="approved", approved_at=timezone.now())


@breaks(25, "waiting")
@breaks(52, "waiting")
def an_outside_service_that_nobody_assessed(_: Any) -> None:
    AISystem.objects.create(name="Cloud", provider="cloud", is_external=True, stage="live")
    make_decision(system="cloud/large")


@breaks(52, "failing")
def a_service_elsewhere(_: Any) -> None:
    today = timezone.localdate()
    Vendor.objects.create(
        name="Far",
        provider="far",
        region="other",
        state="approved",
        approved_at=timezone.now(),
        expires_on=today,
    )


@breaks(26, "failing")
def a_large_risk_that_nobody_decided(_: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Risk.objects.create(title="A leak", likelihood_after=5, impact_after=5, decide_by=yesterday)


@breaks(27, "failing")
def a_control_does_not_hold(_: Any) -> None:
    Risk.objects.filter(key="privacy").update(control_ok=False)


@breaks(28, "failing")
def rules_that_nobody_looked_at(_: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=400)
    Risk.objects.filter(key="privacy").update(
        status="accepted", accepted_until=yesterday, likelihood_after=5, impact_after=5
    )


@breaks(28, "waiting")
def a_risk_is_past_its_day(_: Any) -> None:
    Risk.objects.filter(key="privacy").update(review_due=timezone.localdate() - timedelta(days=1))


@breaks(30, "waiting")
def customers_trust_less(_: Any) -> None:
    Finding.objects.create(title="Trust falls", source="survey")


@breaks(31, "failing")
def a_change_that_never_happened(_: Any) -> None:
    Change.objects.create(
        said="Too slow", changed="Faster", change_ref="policy:999999", published_at=timezone.now()
    )


@breaks(32, "waiting")
def somebody_is_not_trained(_: Any) -> None:
    make_member(Role.AGENT)


@breaks(53, "too_little_data")
def nothing_was_drafted_for_long(patch: Any) -> None:
    from governance.demands import book

    patch.setattr(book, "LOOKS_BACK", timedelta(0))


@breaks(54, "waiting")
def nobody_talked_about_the_work(_: Any) -> None:
    Record.objects.filter(kind__in=("talk", "consultation")).delete()


@breaks(54, "waiting")
def nobody_looks_after_the_jobs(_: Any) -> None:
    Risk.objects.filter(key="jobs").update(status="closed")


@breaks(54, "waiting")
def no_course_teaches_what_is_coming(_: Any) -> None:
    Course.objects.update(skills=sorted(SKILLS))


@breaks(29, "waiting")
def there_are_no_rules_to_choose_under(patch: Any) -> None:
    from governance import gate

    patch.setattr(gate, "policy_in_force", lambda: None)


@breaks(63, "waiting")
def an_exception_is_in_force(_: Any) -> None:
    make_override()


@breaks(63, "waiting")
def the_ai_was_stopped_for_everything(_: Any) -> None:
    make_stop()


@breaks(33, "waiting")
@breaks(22, "failing")
def rules_out_of_range(patch: Any) -> None:
    from dataclasses import replace

    from governance import gate

    real = gate.policy_facts

    def broken(policy: EthicsPolicy) -> PolicyFacts:
        found = real(policy)
        return replace(found, clauses=replace(found.clauses, goodwill_micro=0, ai_log_days=1))

    patch.setattr(gate, "policy_facts", broken)


@breaks(34, "waiting")
def a_quarter_without_figures(patch: Any) -> None:
    from governance import quarters

    patch.setattr(quarters, "of_quarter", lambda today: list(MetricEntry.objects.none()))


@breaks(35, "waiting")
def talks_that_say_nothing(_: Any) -> None:
    Record.objects.filter(kind__in=("talk", "consultation", "committee")).delete()
    Record.objects.create(kind="talk", title="We talked")


@breaks(40, "failing")
def published_over_a_comment(_: Any) -> None:
    PolicyComment.objects.create(policy=EthicsPolicy.objects.get(status="published"), text="Why?")


@breaks(44, "failing")
def mended_and_never_checked_again(_: Any) -> None:
    BiasAudit.objects.create(
        title="Waiting", key="wait", verdict="fail", decision="mend", decision_until=timezone.localdate()
    )


@breaks(45, "waiting")
def found_and_nobody_says_what_it_means(_: Any) -> None:
    BiasAudit.objects.create(title="Waiting", verdict="watch", sample_size=300)


@breaks(46, "failing")
def the_second_check_is_late(_: Any) -> None:
    Finding.objects.create(title="Waits longer", retest_due=timezone.localdate() - timedelta(days=1))


@breaks(51, "failing")
def a_table_left_out_of_the_download(patch: Any) -> None:
    from helpdesk.privacy import export

    real = export.tables()
    patch.setattr(
        export, "tables", lambda: [one for one in real if one[0]._meta.label_lower != "tickets.message"]
    )


@breaks(35, "waiting")
@breaks(54, "waiting")
@breaks(40, "waiting")
def talks_that_lead_nowhere(_: Any) -> None:
    Record.objects.update(decision="", decided_at=None)


@breaks(37, "waiting")
def things_to_watch_on_no_day(_: Any) -> None:
    Record.objects.filter(kind="horizon").update(due=None)


@breaks(56, "waiting")
def advice_that_waits(_: Any) -> None:
    Record.objects.create(kind="board", title="Advice", due=timezone.localdate())


@breaks(61, "waiting")
def a_concern_that_waits(_: Any) -> None:
    Record.objects.create(kind="concern", title="Worried", due=timezone.localdate())


@breaks(55, "waiting")
def a_scenario_came_true(_: Any) -> None:
    data = {"triggers": ["x"], "fired_at": "2026-11-01"}
    Record.objects.create(kind="scenario", title="The service is gone", data=data)


@breaks(56, "failing")
def advice_that_nobody_answered(_: Any) -> None:
    Record.objects.create(kind="board", title="Advice", due=timezone.localdate() - timedelta(days=1))


@breaks(61, "failing")
def a_concern_that_nobody_answered(_: Any) -> None:
    Record.objects.create(kind="concern", title="Worried", due=timezone.localdate() - timedelta(days=1))


@breaks(57, "failing")
def a_question_that_nobody_answered(_: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Record.objects.create(kind="question", title="Why?", is_from_outside=True, due=yesterday)


@breaks(58, "failing")
def a_lesson_that_names_somebody(_: Any) -> None:
    Record.objects.create(kind="lesson", title="Learned", text="anna@mail.example wrote", is_published=True)


@breaks(59, "failing")
def an_incident_that_nobody_reported(_: Any) -> None:
    now = timezone.now()
    Incident.objects.create(title="A leak", noticed_at=now, report_due_at=now - timedelta(hours=1))


@breaks(36, "too_little_data")
def nothing_was_opened(_: Any) -> None:
    OutcomeFact.objects.all().delete()


def in_order(member: Membership) -> None:
    """An organization where much is in order, so that what breaks it shows."""
    from governance.core.starter import starter
    from governance.services.policies import adopt_starter

    adopt_starter(starter=starter(), member=member)
    law.update()
    self_checks.run_due()
    SelfCheck.objects.create(
        kind="security_audit", ok=True, results=[{"name": "roles", "ok": True, "said": "Fine."}]
    )
    OutcomeFact.objects.bulk_create(
        OutcomeFact(subject_id=n, event="opened", groups={"language": "en", "channel": "mail"})
        for n in range(40)
    )
    _trained(member)
    BiasAudit.objects.update(is_published=True)
    make_decision(action="send", reasons=passed("G16", "G18"), system=shipped.systems()[0].key)
    make_decision(action="approve", reasons=passed("G09"), actor=member)
    DraftExplanation.objects.create(
        decision=make_decision(request={"fields": ["message"]}), service="built-in"
    )
    _live_check(60, 140)
    for kind in ("talk", "horizon", "consultation", "board"):
        Record.objects.create(
            kind=kind,
            title="We talked",
            text="What was said.",
            decision="More time for hard requests.",
            decided_at=timezone.now(),
            due=timezone.localdate() + timedelta(days=30),
        )
    Record.objects.create(kind="scenario", title="No service", data={"triggers": ["wait"]})
    Record.objects.create(kind="business_case", title="Worth it", decided_at=timezone.now(), decision="Yes")
    GuestAccess.objects.create(
        name="Guest", token_hash="2" * 64, expires_at=timezone.now() + timedelta(days=1)
    )


def _trained(member: Membership) -> None:
    Course.objects.update_or_create(
        key="ai-basics", defaults={"title": "AI", "state": "live", "skills": sorted(SKILLS | FUTURE_SKILLS)}
    )
    today = timezone.localdate()
    for course in Course.objects.filter(state="live"):
        Certificate.objects.create(
            member=member, course=course, issued_on=today, expires_on=today + timedelta(days=100)
        )
