"""Ways round the rules that somebody tried: each is closed, and the way that is meant still works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from governance import facts
from governance.core.facts import GateRequest, SystemRef
from governance.core.gates import gate as check_of
from governance.core.starter import starter
from governance.core.vocabulary import Action, Outcome
from governance.models import (
    BiasAudit,
    EthicsPolicy,
    Finding,
    Incident,
    Override,
    Record,
    RegisterChange,
    Risk,
    SecondLook,
    SystemVersion,
    Vendor,
)
from governance.services import (
    audits,
    drafts,
    findings,
    incidents,
    overrides,
    policies,
    records,
    risks,
    second_looks,
    systems,
    vendors,
)
from governance.tests.factories import make_vendor
from helpdesk.errors import InvalidState
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
YES = {"contract": "yes", "no_training": "yes", "region": "yes"}


@pytest.fixture
def owner() -> Iterator[Membership]:
    with organization_scope(make_organization().id):
        member = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=member)
        yield member


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


# AI services and systems


def approved_vendor(owner: Membership) -> Vendor:
    vendor = make_vendor(region="eu", contract="On the shelf")
    vendors.approve(vendor=vendors.confirm(vendor=vendor, answers=YES, member=owner), member=owner)
    vendor.refresh_from_db()
    return vendor


@pytest.mark.parametrize("fact", sorted(YES))
@pytest.mark.parametrize("said", ["no", "unknown"])
def test_an_approved_service_is_not_called_once_a_needed_fact_is_no_yes(
    owner: Membership, fact: str, said: str
) -> None:
    vendor = approved_vendor(owner)
    called = SystemRef(provider=vendor.provider, model="m", prompt_hash="p", external=True)
    request = GateRequest(action=Action.DRAFT, system=called, customer_known=True)
    assert check_of("G10").judge(request, facts.load(None)[0]).outcome is Outcome.PASSED
    vendors.confirm(vendor=vendor, answers={fact: said}, member=owner)
    assert check_of("G10").judge(request, facts.load(None)[0]).outcome is Outcome.STOPPED
    with pytest.raises(InvalidState, match="not certain"):
        vendors.approve(vendor=vendor, member=owner)


def test_a_fact_that_only_the_trust_page_tells_takes_no_approval_away(owner: Membership) -> None:
    vendor = approved_vendor(owner)
    assert vendors.confirm(vendor=vendor, answers={"deletion": "no"}, member=owner).state == "approved"


def test_a_version_of_the_built_in_assistant_that_is_out_of_use_is_not_called(owner: Membership) -> None:
    version = SystemVersion.objects.select_related("system").get(
        system__provider="built-in", model="builtin-1"
    )
    called = SystemRef(
        provider=version.system.provider, model=version.model, prompt_hash=version.prompt_hash, external=False
    )
    request = GateRequest(action=Action.DRAFT, system=called, customer_known=True)
    assert check_of("G03").judge(request, facts.load(None)[0]).outcome is Outcome.PASSED
    systems.retire(version=version, member=owner)
    assert check_of("G03").judge(request, facts.load(None)[0]).outcome is Outcome.STOPPED
    systems.approve(version=version, member=owner)
    assert check_of("G03").judge(request, facts.load(None)[0]).outcome is Outcome.PASSED, (
        "and there is a way back"
    )


# Checks of fairness, risks, findings: decisions end


def test_what_a_machine_measured_counts_no_longer_than_it_was_measured_to(owner: Membership) -> None:
    audit = BiasAudit.objects.filter(kind="pairs").latest("pk")
    end = audit.expires_on
    audit.expires_on = in_days(3_650)
    with pytest.raises(InvalidState, match="counts until"):
        audits.keep(audit=audit, member=owner)
    audit.expires_on = None
    assert audits.keep(audit=audit, member=owner).expires_on == end, "left empty it is the day it was"
    audit.expires_on = in_days(30)
    assert audits.keep(audit=audit, member=owner).expires_on == in_days(30), "sooner is fine"


def test_a_check_by_hand_counts_as_long_as_the_rules_say(owner: Membership) -> None:
    with pytest.raises(InvalidState, match="counts until"):
        audits.keep(
            audit=BiasAudit(title="Ours", verdict="pass", sample_size=9, expires_on=in_days(366)),
            member=owner,
        )
    audits.keep(
        audit=BiasAudit(title="Ours", verdict="pass", sample_size=9, expires_on=in_days(365)), member=owner
    )


def test_a_decision_on_a_difference_holds_for_a_year(owner: Membership) -> None:
    failed = BiasAudit(
        title="Ours",
        verdict="fail",
        sample_size=9,
        decision="accept",
        decision_text="-",
        decision_until=in_days(366),
    )
    with pytest.raises(InvalidState, match="a year"):
        audits.keep(audit=failed, member=owner)
    failed.decision_until = in_days(20)
    audits.keep(audit=failed, member=owner)
    finding = Finding.objects.get(audit=failed)
    finding.decision, finding.decision_text, finding.retest_due = "mend", "Soon.", in_days(3_650)
    findings.keep(finding=finding, member=owner)
    failed.refresh_from_db()
    assert failed.decision_until == in_days(365), "a late second check makes it no longer"


def large(**fields: Any) -> Risk:
    return Risk(
        title="Large", likelihood_before=5, impact_before=5, likelihood_after=5, impact_after=4, **fields
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"appetite": 25}, "can only be less"),
        ({"status": "accepted", "accepted_because": "Fine.", "accepted_until": 366}, "a year at most"),
        ({"status": "accepted", "accepted_because": "Fine.", "accepted_until": -1}, "a year at most"),
        ({"status": "accepted", "accepted_because": " ", "accepted_until": 30}, "why"),
        ({"status": "closed"}, "cannot be closed"),
        ({"status": "closed", "appetite": 3}, "cannot be closed"),
    ],
)
def test_a_large_risk_is_decided_within_the_rules(
    owner: Membership, fields: dict[str, Any], said: str
) -> None:
    if "accepted_until" in fields:
        fields = {**fields, "accepted_until": in_days(fields["accepted_until"])}
    with pytest.raises(InvalidState, match=said):
        risks.keep(risk=large(**fields), member=owner)
    assert not Risk.objects.filter(title="Large").exists()


def test_a_large_risk_is_accepted_for_a_while_or_not_run(owner: Membership) -> None:
    row = risks.keep(
        risk=large(status="accepted", accepted_because="Busy.", accepted_until=in_days(365)), member=owner
    )
    row.description = "More words."
    Risk.objects.filter(pk=row.pk).update(accepted_until=in_days(-3))
    row.accepted_until = in_days(-3)
    assert risks.keep(risk=row, member=owner).accepted_until == in_days(-3), (
        "an old one can still be written in"
    )
    row.status, row.strategy = "closed", "avoid"
    assert risks.keep(risk=row, member=owner).status == "closed"


def test_a_risk_that_counts_is_not_thrown_away(owner: Membership) -> None:
    row = risks.keep(risk=large(), member=owner)
    with pytest.raises(InvalidState, match="stays"):
        risks.remove(risk=row, member=owner)
    with pytest.raises(InvalidState, match="stays"):
        risks.remove(risk=Risk.objects.exclude(key="")[0], member=owner)
    small = risks.keep(risk=Risk(title="A typing error", likelihood_after=1, impact_after=1), member=owner)
    risks.remove(risk=small, member=owner)
    assert not Risk.objects.filter(title="A typing error").exists()


def test_what_people_told_is_mended_only_with_the_change_they_can_read(owner: Membership) -> None:
    finding = Finding(
        title="Customers trust us less", source="trust", decision="mend", decision_text="-", state="closed"
    )
    with pytest.raises(InvalidState, match="what was changed"):
        findings.keep(finding=finding, member=owner)
    finding.decision = "accept"
    assert findings.keep(finding=finding, member=owner).state == "closed"


def test_a_serious_incident_is_not_unticked_without_a_word(owner: Membership) -> None:
    row = incidents.keep(
        incident=Incident(title="Wrong answers", noticed_at=timezone.now(), is_serious=True), member=owner
    )
    row.is_serious = False
    with pytest.raises(InvalidState, match="called serious"):
        incidents.keep(incident=row, member=owner)
    assert Incident.objects.get(pk=row.pk).is_serious
    row.review = "It was the training desk, no customer saw it."
    assert not incidents.keep(incident=row, member=owner).is_serious


def test_a_serious_incident_is_not_narrowed_without_a_word(owner: Membership) -> None:
    row = incidents.keep(
        incident=Incident(title="Wrong answers", noticed_at=timezone.now(), is_serious=True, topic="refund"),
        member=owner,
    )
    row.topic = "delivery"
    with pytest.raises(InvalidState, match="let back"):
        incidents.keep(incident=row, member=owner)
    row.topic = ""  # everything: more is kept from the AI, not less
    assert incidents.keep(incident=row, member=owner).topic == ""
    row.topic = "refund"
    with pytest.raises(InvalidState, match="let back"):
        incidents.keep(incident=row, member=owner)
    row.review = "Only refunds were wrong: the article had an old amount."
    assert incidents.keep(incident=row, member=owner).topic == "refund"


# Exceptions, looks, rules


def give_way(owner: Membership, days: int, **where: Any) -> Override:
    return overrides.give_way(
        code="G04",
        member=owner,
        why="Busy.",
        value_given_way="care",
        until=timezone.now() + timedelta(days=days),
        **where,
    )


def test_exceptions_one_after_the_other_are_one(owner: Membership) -> None:
    first = give_way(owner, 7)
    for where in ({}, {"ticket_id": 3}, {"topic": "boats"}):
        with pytest.raises(InvalidState, match="seven days in a row"):
            give_way(owner, 7, **where)
    assert overrides.in_force() == [first]


def later(monkeypatch: pytest.MonkeyPatch, **delta: float) -> None:
    moment = timezone.now() + timedelta(**delta)
    monkeypatch.setattr("governance.services.overrides.timezone.now", lambda: moment)


def test_after_a_break_an_exception_is_a_new_one(owner: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    give_way(owner, 2, topic="boats")
    give_way(owner, 7, topic="shoes")
    monkeypatch.undo()
    later(monkeypatch, days=2, hours=23)
    with pytest.raises(InvalidState, match="in a row"):
        give_way(owner, 6, topic="boats")
    give_way(owner, 4, topic="boats")
    monkeypatch.undo()
    later(monkeypatch, days=9)
    give_way(owner, 7, topic="boats")


def test_whoever_sends_is_not_the_second_who_looked(owner: Membership) -> None:
    asked_by, looked_by = make_member(Role.AGENT), make_member(Role.AGENT)
    look = second_looks.ask_for(subject_kind="ticket", subject_id=1, content_hash="a" * 64, member=asked_by)
    second_looks.give(look=look, member=looked_by, is_fine=True)
    about: Any = {"subject_kind": "ticket", "subject_id": 1, "content_hash": "a" * 64}
    assert second_looks.is_fine(**about, approver=asked_by)
    assert not second_looks.is_fine(**about, approver=looked_by), "two people, whoever asked"
    assert SecondLook.objects.count() == 1


def test_scheduled_rules_that_would_loosen_those_of_meanwhile_wait_again(
    owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    stricter, waiting = drafts.start_draft(member=owner), drafts.start_draft(member=owner)
    policies.schedule(policy=waiting, member=owner, effective_at=timezone.now() + timedelta(hours=1))
    stricter.clauses["human_only_topics"] = [*stricter.clauses["human_only_topics"], "boats"]
    drafts.save_draft(policy=stricter, member=owner)
    policies.publish(policy=stricter, member=owner)
    moment = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("governance.services.policies.timezone.now", lambda: moment)
    assert policies.start_due() is None
    assert EthicsPolicy.objects.get(status="published") == stricter
    waiting.refresh_from_db()
    assert (waiting.status, waiting.effective_at) == ("draft", None)
    assert RegisterChange.objects.filter(object_ref=f"policy:{waiting.pk}").exists()
    monkeypatch.undo()
    assert policies.start_due() is None


# What somebody else said


def test_a_concern_is_neither_rewritten_nor_put_aside_nor_removed(owner: Membership) -> None:
    row = records.raise_concern(text="I do not like how it talks about returns.", member=None)
    changes: list[dict[str, Any]] = [
        {"text": "All is fine."},
        {"title": "Nothing"},
        {"state": "closed"},
        {"due": in_days(400)},
        {"due": None},
    ]
    for values in changes:
        mine = Record.objects.get(pk=row.pk)
        for name, value in values.items():
            setattr(mine, name, value)
        with pytest.raises(InvalidState):
            records.keep(record=mine, member=owner)
    with pytest.raises(InvalidState, match="stays on record"):
        records.remove(record=row, member=owner)
    mine = Record.objects.get(pk=row.pk)
    mine.decision = "We look into it."
    records.keep(record=mine, member=owner)
    records.answer_concern(record=mine, member=owner, text="You are right.")
    assert Record.objects.get(pk=row.pk).state == "answered"
