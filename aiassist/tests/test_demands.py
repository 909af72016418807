"""What this room and the tickets room add to the demands: broken on purpose, and it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from aiassist import demands as ours
from aiassist.core.redact import Masked
from aiassist.models import Draft
from aiassist.tests.factories import make_draft
from governance import demands
from governance.core.starter import starter
from governance.models import DraftExplanation, OutcomeFact
from governance.services.policies import adopt_starter
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets import demands as of_tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def test_a_used_draft_without_explanation_shows(shop: Organization) -> None:
    with organization_scope(shop.id):
        draft = make_draft(state="used")
        DraftExplanation.objects.filter(decision=draft.decision).delete()
        assert "1 of 1 drafts that were used" in demands.standing_of(6).said
        DraftExplanation.objects.create(decision=draft.decision, service="built-in")
        assert "Each of the 1 drafts" in demands.standing_of(6).said


def test_a_text_that_stays_too_long_shows(shop: Organization) -> None:
    with organization_scope(shop.id):
        draft = make_draft()
        assert demands.standing_of(49).state != "failing"
        Draft.objects.filter(pk=draft.pk).update(created_at=timezone.now() - timedelta(days=93))
        assert demands.standing_of(49).state == "failing"


def test_what_is_not_masked_shows(shop: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    with organization_scope(shop.id):
        assert "4 invented numbers and addresses were replaced" in demands.standing_of(12).said
        monkeypatch.setattr(ours, "mask", lambda text: Masked(text, (), {}))
        assert demands.standing_of(12).state == "failing"


def test_what_people_did_with_drafts_is_counted(shop: Organization) -> None:
    with organization_scope(shop.id):
        assert "Nobody has used" in demands.standing_of(33).said
        for state in ("used", "rejected", "rejected"):
            make_draft(state=state)
        assert "threw away 2" in demands.standing_of(33).said
        assert "1 unchanged" in demands.standing_of(53).said


@pytest.mark.parametrize("state", ["used", "rejected"])
def test_people_who_always_do_the_same_are_noticed(state: str, shop: Organization) -> None:
    with organization_scope(shop.id):
        for _ in range(29):
            make_draft(state=state)
        assert demands.standing_of(53).state == "working"
        make_draft(state=state)
        assert demands.standing_of(53).state == "waiting"
        make_draft(state="edited")
        assert demands.standing_of(53).state == "working"


def test_a_language_that_no_invented_customer_writes_shows(
    shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    with organization_scope(shop.id):
        adopt_starter(starter=starter(), member=make_member(Role.OWNER))
        _opened("en", 28)
        assert "28 requests in 90 days: too few" in demands.standing_of(14).said
        _opened("en-GB", 2)
        assert "as the 30 real ones" in demands.standing_of(14).said
        _opened("de", 1)
        assert "German" not in demands.standing_of(14).said, "one of 31 is no gap yet"
        _opened("de", 4)
        _opened("nl", 40)
        found = demands.standing_of(14)
        assert (found.state, "also write German;" in found.said) == ("waiting", True), found.said
        monkeypatch.setattr(ours, "LANGUAGES", ("en", "de"))
        assert demands.standing_of(14).state != "waiting"


def _opened(language: str, times: int) -> None:
    OutcomeFact.objects.bulk_create(
        OutcomeFact(subject_id=n, event="opened", groups={"language": language}) for n in range(times)
    )


@pytest.mark.parametrize(
    ("number", "left"),
    [(1, (3, 1, 0, 0)), (4, (3, 0, 1, 0)), (5, (3, 0, 0, 1))],
    ids=["person", "line", "name"],
)
def test_messages_that_left_wrongly_show(
    number: int, left: tuple[int, ...], shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database refuses such a message, so the count is what is planted."""
    with organization_scope(shop.id):
        assert demands.standing_of(number).state != "failing"
        monkeypatch.setattr(of_tickets, "_left", lambda book: left)
        found = demands.standing_of(number)
        assert found.state == "failing"
        assert "1 of 3 messages" in found.said


def test_a_guard_that_is_off_shows(shop: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    from governance.demands.book import Book

    with organization_scope(shop.id):
        monkeypatch.setattr(Book, "triggers", frozenset())
        for number in (1, 48, 60):
            assert demands.standing_of(number).state == "failing"
