"""Papers made from the facts: versions, differences, what is out of date, downloads; and changes with their proof."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone

from governance.core.starter import starter
from governance.models import Change, LedgerEntry, Paper, Vendor
from governance.papers import pdf, text
from governance.papers.facts import Facts, Period
from governance.papers.report import moments
from governance.services import papers
from governance.services.policies import adopt_starter
from governance.tests.factories import make_decision
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    cache.clear()
    return make_organization(name="Zoé | Söhne")


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        member = make_member()
        adopt_starter(starter=starter(), member=member)
    return member


@pytest.mark.parametrize("key", papers.KINDS)
def test_every_paper_is_written_from_facts_and_prints(
    shop: Organization, owner: Membership, key: str
) -> None:
    with organization_scope(shop.id):
        make_decision(action="draft", allowed=False)
        paper = papers.make(key=key, member=owner)
    assert "Zoé" in paper.content
    assert paper.version == 1
    assert len(paper.content) > 400
    assert "%(" not in paper.content
    drawn = pdf.pdf(title=paper.title, content=paper.content, foot="Zoé → ж")
    assert drawn.startswith(b"%PDF")
    assert drawn == pdf.pdf(title=paper.title, content=paper.content, foot="Zoé → ж"), (
        "the same paper, the same file"
    )


def test_nothing_new_is_no_new_version_and_a_change_makes_the_paper_out_of_date(
    shop: Organization, owner: Membership
) -> None:
    with organization_scope(shop.id):
        first = papers.make(key="processing_record", member=owner)
        assert papers.make(key="processing_record", member=owner).pk == first.pk
        assert papers.drifted() == []
        now = timezone.now()
        Vendor.objects.create(
            name="Letters Inc",
            provider="l",
            region="us",
            state="approved",
            approved_at=now,
            expires_on=now.date(),
        )
        assert [one.kind for one in papers.drifted()] == ["processing_record"]
        second = papers.make(key="processing_record", member=owner)
        assert second.version == 2
        assert papers.drifted() == []
        lines = papers.difference(first.content, second.content)
        assert ("new", "| Letters Inc | AI service | the United States |") in lines
    with organization_scope(shop.id):
        assert LedgerEntry.objects.filter(event="paper_made").count() == 2


def test_the_home_says_which_paper_no_longer_holds(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        papers.make(key="privacy_notice", member=owner)
        assert papers.keep_drift().ok
        now = timezone.now()
        Vendor.objects.create(
            name="Letters Inc",
            provider="l",
            region="us",
            state="approved",
            approved_at=now,
            expires_on=now.date(),
        )
        assert not papers.keep_drift().ok
        assert papers.known_drift() == ["Privacy notice"]
    assert (
        "no longer says what is true: Privacy notice."
        in browser_of(shop, owner).get("/admin/").content.decode()
    )
    with organization_scope(shop.id):
        papers.make(key="privacy_notice", member=owner)
        assert papers.known_drift() == []


@pytest.mark.parametrize(
    ("language", "title", "right"),
    [
        ("en", "Privacy notice", "Say no to AI with one click"),
        ("de", "Datenschutzhinweise", "Mit einem Klick Nein zu KI sagen"),
        ("fr", "Avis de confidentialité", "Dire non à l’IA en un clic"),
        ("es", "Aviso de privacidad", "Decir no a la IA con un clic"),
    ],
)
def test_what_customers_read_is_made_in_their_language(
    shop: Organization, owner: Membership, language: str, title: str, right: str
) -> None:
    with organization_scope(shop.id):
        own = papers.make(key="privacy_notice", member=owner)
        made = papers.make(key="privacy_notice", member=owner, language=language)
        assert (made.language, made.version) == (language, 1)
        assert made.title == title
        assert right in made.content
        assert (made.pk == own.pk) is (language == shop.language)
        english = [
            one for one in ("keeps what is needed", "Your rights", "Nobody outside") if one in made.content
        ]
        assert bool(english) is (language == "en")
        assert papers.drifted() == [], "each is compared in its own language"


def test_no_paper_is_made_in_a_language_that_it_is_not_written_in(
    shop: Organization, owner: Membership
) -> None:
    client = browser_of(shop, owner)
    with organization_scope(shop.id):
        for key, language in (
            ("privacy_notice", "xx"),
            ("balancing_note", "de"),
            ("processing_record", "fr"),
        ):
            with pytest.raises(InvalidState, match="not written in that language"):
                papers.make(key=key, member=owner, language=language)
    page = client.get("/admin/governance/paper/").content.decode()
    assert page.count('<select name="language"') == 1
    client.post("/admin/governance/paper/make/", {"paper": "privacy_notice", "language": "fr"})
    client.post("/admin/governance/paper/make/", {"paper": "privacy_notice", "language": "../"})
    page = client.get("/admin/governance/paper/").content.decode()
    assert "FR v1" in page
    with organization_scope(shop.id):
        assert papers.Paper.objects.count() == 1


def test_the_notice_names_the_assistant_only_where_there_is_one(
    shop: Organization, owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    with organization_scope(shop.id):
        kind = papers.KINDS["privacy_notice"]
        assert "assistant" not in papers.written(kind, Facts())
        on = replace(Facts().rules, self_service=True)
        monkeypatch.setattr(Facts, "rules", property(lambda _: on))
        assert "an assistant, marked as AI" in papers.written(kind, Facts())


def test_a_version_never_changes(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        paper = papers.make(key="staff_notice", member=owner)
        with pytest.raises(DatabaseError), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(content="something else")


def test_the_record_of_processing_knows_every_stored_field(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        paper, facts = papers.make(key="processing_record", member=owner), Facts()
        rows = next(given for kind, given in text.pieces(paper.content) if kind == "table")
    assert sum(int(row[2]) for row in rows[1:]) == len(facts.fields)


def test_the_balancing_note_follows_the_rules(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        paper = papers.make(key="balancing_note", member=owner)
        assert "Names, addresses and numbers are replaced" in paper.content
    other = make_organization()
    with organization_scope(other.id):
        empty = papers.make(key="balancing_note", member=make_member())
    assert "nothing to weigh" in empty.content


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 2, 2), date(2026, 2, 1)),
        (date(2024, 1, 1), date(2026, 1, 1)),
        (date(2999, 1, 1), date(2999, 1, 2)),
    ],
)
def test_a_period_without_sense_is_refused(
    shop: Organization, owner: Membership, start: date, end: date
) -> None:
    with organization_scope(shop.id), pytest.raises(InvalidState, match="period"):
        papers.make(key="owner_report", member=owner, period=Period(start, end))


def test_a_day_on_which_the_clocks_change_is_whole() -> None:
    with timezone.override("Europe/Berlin"):
        start, end = moments(Period(date(2026, 10, 25), date(2026, 10, 25)))
    assert end.astimezone(None) - start.astimezone(None) == timedelta(hours=25)


def test_only_owner_and_officer_make_papers(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        agent = make_member(role=Role.AGENT)
        with pytest.raises(NotAllowed):
            papers.make(key="staff_notice", member=agent)
        with pytest.raises(InvalidState):
            papers.make(key="nonsense", member=owner)


# In the admin


def test_an_owner_makes_compares_and_downloads(shop: Organization, owner: Membership) -> None:
    client = browser_of(shop, owner)
    assert "not made yet" in client.get("/admin/governance/paper/").content.decode()
    made = client.post("/admin/governance/paper/make/", {"paper": "privacy_notice"})
    page = client.get(made["Location"]).content.decode()
    assert "The first version." in page
    with organization_scope(shop.id):
        paper = Paper.objects.get()
    base = f"/admin/governance/paper/{paper.pk}/paper."
    assert client.get(base + "pdf").content.startswith(b"%PDF")
    assert json.loads(client.get(base + "json").content)["sha256"] == paper.content_hash
    assert client.get(base + "md").content.decode() == paper.content
    assert client.get(base + "exe").status_code == 404
    bad = {"paper": "owner_report", "from": "2026-02-02", "to": "2026-02-01"}
    refused = client.post("/admin/governance/paper/make/", bad, follow=True)
    assert "The period must begin before it ends" in refused.content.decode()


def test_another_organizations_paper_does_not_exist(shop: Organization, owner: Membership) -> None:
    other = make_organization()
    with organization_scope(other.id):
        paper = papers.make(key="staff_notice", member=make_member())
    assert browser_of(shop, owner).get(f"/admin/governance/paper/{paper.pk}/paper.pdf").status_code == 404


def test_a_change_is_tied_to_something_that_happened(shop: Organization, owner: Membership) -> None:
    client = browser_of(shop, owner)
    values: dict[str, Any] = {"said": "Too stiff", "changed": "Warmer", "source_ref": ""}
    with organization_scope(shop.id):
        entry = LedgerEntry.objects.filter(event="policy_published").get()
    refused = client.post("/admin/governance/change/add/", {**values, "change_ref": "policy:999"})
    assert refused.status_code == 200
    personal = {**values, "said": "ada@example.com said so", "change_ref": entry.object_ref}
    assert client.post("/admin/governance/change/add/", personal).status_code == 200
    assert (
        client.post("/admin/governance/change/add/", {**values, "change_ref": entry.object_ref}).status_code
        == 302
    )
    with organization_scope(shop.id):
        change = Change.objects.get()
    assert change.change_hash == entry.hash
    assert "Warmer" not in browser_of(shop).get("/trust/").content.decode()
    client.post(f"/admin/governance/change/{change.pk}/step/publish/")
    assert "Warmer" in browser_of(shop).get("/trust/").content.decode()
