"""A large change waits for comments and another person; nobody approves their own words, whichever way round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from governance.core.clauses import Autonomy, Basis, Clauses, Sorting
from governance.core.loosening import loosened
from governance.core.starter import starter
from governance.models import EthicsPolicy, PolicyApproval
from governance.services import drafts, policies, rulings
from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Iterator[Membership]:
    with organization_scope(make_organization().id):
        member = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=member)
        yield member


def large(member: Membership, **clauses: Any) -> EthicsPolicy:
    draft = drafts.start_draft(member=member)
    draft.clauses = {**draft.clauses, **(clauses or {"upsell": True})}
    drafts.save_draft(policy=draft, member=member)
    return draft


def proposed(member: Membership, **clauses: Any) -> EthicsPolicy:
    """A large change whose round is over."""
    row = rulings.propose(policy=large(member, **clauses), member=member)
    EthicsPolicy.objects.filter(pk=row.pk).update(round_closes_at=timezone.now())
    row.refresh_from_db()
    return row


def test_a_small_change_counts_at_once(owner: Membership) -> None:
    published = policies.publish(policy=large(owner, response_hours=12), member=owner)
    assert (published.is_major, published.self_approved) == (False, True)


def test_taking_protection_away_is_never_small(owner: Membership) -> None:
    draft = large(owner)
    assert not draft.is_major
    with pytest.raises(InvalidState, match="comments"):
        policies.publish(policy=draft, member=owner)


def test_alone_the_author_says_yes_twice_a_day_apart(owner: Membership) -> None:
    row = proposed(owner)
    rulings.approve(policy=row, member=owner)
    with pytest.raises(InvalidState, match="Sleep on it"):
        rulings.approve(policy=row, member=owner)
    with pytest.raises(InvalidState, match="twice"):
        policies.publish(policy=row, member=owner)
    PolicyApproval.objects.update(created_at=timezone.now() - timedelta(hours=24))
    rulings.approve(policy=row, member=owner)
    published = policies.publish(policy=row, member=owner)
    assert (published.is_major, published.self_approved, published.approver) == (True, True, owner)


def test_with_two_the_other_one_approves_and_stands_in_the_record(owner: Membership) -> None:
    officer = make_member(Role.OFFICER)
    row = proposed(owner)
    with pytest.raises(NotAllowed, match="somebody else"):
        rulings.approve(policy=row, member=owner)
    with pytest.raises(NotAllowed):
        rulings.approve(policy=row, member=make_member(Role.AGENT))
    rulings.approve(policy=row, member=officer)
    published = policies.publish(policy=row, member=owner)
    assert (published.approver, published.self_approved) == (officer, False)


def test_a_circle_of_approvals_is_no_approval(owner: Membership) -> None:
    """The officer writes into the owner's draft; now neither may approve it."""
    officer = make_member(Role.OFFICER)
    third = make_member(Role.OWNER)
    row = proposed(owner)
    row.prose += "\nOne more sentence."
    drafts.save_draft(policy=row, member=officer)
    for writer in (owner, officer):
        with pytest.raises(NotAllowed, match="somebody else"):
            rulings.approve(policy=row, member=writer)
    rulings.approve(policy=row, member=third)
    assert rulings.missing(row) == []


def test_another_text_needs_another_yes(owner: Membership) -> None:
    officer = make_member(Role.OFFICER)
    row = proposed(owner)
    rulings.approve(policy=row, member=officer)
    row.clauses = {**row.clauses, "regions": ["us"]}
    drafts.save_draft(policy=row, member=owner)
    with pytest.raises(InvalidState, match="not approved"):
        policies.publish(policy=row, member=owner)


def test_comments_have_their_time_and_get_an_answer(owner: Membership) -> None:
    officer, agent = make_member(Role.OFFICER), make_member(Role.AGENT)
    row = rulings.propose(policy=large(owner), member=owner)
    said = rulings.comment(policy=row, member=agent, text="Customers will not like it.")
    assert any("open until" in one for one in rulings.missing(row))
    EthicsPolicy.objects.filter(pk=row.pk).update(round_closes_at=timezone.now())
    row.refresh_from_db()
    with pytest.raises(InvalidState, match="over"):
        rulings.comment(policy=row, member=agent, text="Late.")
    rulings.approve(policy=row, member=officer)
    assert rulings.missing(row) == ["A comment waits for an answer."]
    rulings.answer(comment=said, member=owner, text="We leave it out of complaints.")
    policies.publish(policy=row, member=owner)
    with pytest.raises(Conflict):
        rulings.approve(policy=row, member=officer)
    with pytest.raises(Conflict):
        rulings.propose(policy=row, member=owner)


def test_two_officers_at_once_the_second_is_told_who_was_quicker(owner: Membership) -> None:
    officer = make_member(Role.OFFICER, name="Ida")
    mine, hers = large(owner, response_hours=12), large(officer, response_hours=48)
    drafts.publish_draft(policy=hers, member=officer, seen_version=1)
    with pytest.raises(Conflict, match="Ida published version"):
        drafts.publish_draft(policy=mine, member=owner, seen_version=1)
    assert EthicsPolicy.objects.get(status="published").pk == hers.pk


def test_the_database_knows_one_policy_and_no_secret_self_approval(owner: Membership) -> None:
    draft = large(owner)
    with pytest.raises(IntegrityError, match="one_policy_in_force"), transaction.atomic():
        EthicsPolicy.objects.filter(pk=draft.pk).update(status="published")
    with pytest.raises(IntegrityError, match="author_is_not_approver"), transaction.atomic():
        EthicsPolicy.objects.filter(pk=draft.pk).update(approver=owner)


LOOSER: dict[str, tuple[Any, Any]] = {
    "basis": (Basis.ASK_FIRST, Basis.LEGITIMATE_INTEREST),
    "autonomy": (Autonomy.ON_DEMAND, Autonomy.DRAFTS_ONLY),
    "sorting": (Sorting.SUGGEST, Sorting.APPLY),
    "human_only_topics": (("health", "legal"), ("health",)),
    "second_look_topics": (("refund",), ()),
    "on_demand_topics": (("refund",), ()),
    "training_courses": (("ai-basics",), ()),
    "ai_fields": (frozenset({"message"}), frozenset({"message", "topic"})),
    "warn_only": (frozenset(), frozenset({"G14"})),
    "overridable": (frozenset(), frozenset({"G04"})),
    "regions": (("eu",), ("eu", "us")),
    "purpose_fields": ({"improve": ()}, {"improve": ("message",)}),
    "retention_days": (400, None),
    "audit_ratio_percent": (80, 70),
    "ai_log_days": (90, 91),
    "risk_appetite": (4, 5),
    "audit_days": (90, 365),
    "review_days": (90, 365),
    "review_grace_days": (0, 1),
    "training_grace_days": (0, 1),
    "reading_grace_days": (0, 1),
    "upsell": (False, True),
    "self_service": (False, True),
    "survey_by_mail": (False, True),
}


@pytest.mark.parametrize("name", LOOSER)
def test_less_protection_is_noticed_and_more_is_not(name: str) -> None:
    strict, loose = (Clauses(**{name: value}) for value in LOOSER[name])
    assert loosened(strict, loose) == (name,)
    assert loosened(loose, strict) == loosened(strict, strict) == ()


def test_rules_can_start_later_and_nothing_changes_until_then(owner: Membership) -> None:
    row = large(owner, response_hours=12)
    with pytest.raises(InvalidState, match="passed"):
        policies.schedule(policy=row, member=owner, effective_at=timezone.now())
    row = policies.schedule(policy=row, member=owner, effective_at=timezone.now() + timedelta(days=1))
    assert policies.start_due() is None
    assert EthicsPolicy.objects.get(status="published").version == 1
    for change in (
        lambda: policies.publish(policy=row, member=owner),
        lambda: drafts.save_draft(policy=row, member=owner),
    ):
        with pytest.raises(Conflict):
            change()
    with pytest.raises(Exception, match="cannot be changed"), transaction.atomic():
        EthicsPolicy.objects.filter(pk=row.pk).update(prose="Something else.")
    EthicsPolicy.objects.filter(pk=row.pk).update(effective_at=timezone.now())
    started = policies.start_due()
    assert started is not None
    assert (started.version, EthicsPolicy.objects.get(version=1).status) == (2, "replaced")
    assert policies.start_due() is None


def test_of_two_that_are_due_the_newer_starts(owner: Membership) -> None:
    soon = timezone.now() + timedelta(days=1)
    older = policies.schedule(policy=large(owner, response_hours=12), member=owner, effective_at=soon)
    newer = policies.schedule(policy=large(owner, response_hours=6), member=owner, effective_at=soon)
    EthicsPolicy.objects.filter(status="scheduled").update(effective_at=timezone.now())
    started = policies.start_due()
    assert started is not None
    assert started.pk == newer.pk
    older.refresh_from_db()
    assert older.status == "draft"
