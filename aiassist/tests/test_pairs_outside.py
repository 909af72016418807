"""The check on invented customers for a service outside: through every check, paid, kept where it belongs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from aiassist.core.prompts import VERSION as PROMPT_VERSION
from aiassist.core.tests.fake_service import GOOD_DRAFT, KEY, Service, completion, serve
from aiassist.evaluation import pairs
from aiassist.evaluation.invented import PEOPLE, QUESTIONS
from aiassist.models import AIService
from aiassist.services import pair_audit, services
from aiassist.tests.factories import make_service
from governance.core.starter import starter
from governance.models import AIDecision, AISpend, BiasAudit, Finding, SystemVersion, Vendor, VersionState
from governance.services import policies, stops, systems, vendors
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db(transaction=True)
FEW = (*PEOPLE[:3], next(one for one in PEOPLE if one.group == "plain writing"))
OTHERS = len(FEW) - 1
ASKED = 12
FACTS = dict.fromkeys(vendors.FACTS, "yes")
NO_ANSWER = {"sentences": [], "language": "en", "unanswered": [], "no_answer": True}


@pytest.fixture
def outside(settings: Any) -> Iterator[Service]:
    settings.AI_ALLOWED_HOSTS = ["127.0.0.1"]
    with serve() as service:
        service.will({})
        yield service


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Organization:
    real = pairs.measure
    monkeypatch.setattr(pairs, "measure", lambda *given, **named: real(*given, **{**named, "people": FEW}))
    monkeypatch.setattr(pair_audit, "QUESTIONS", QUESTIONS[2:4])
    monkeypatch.setattr(pair_audit, "QUESTIONS_OUTSIDE", QUESTIONS[:ASKED])
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=owner)
    return owner


def service_at(outside: Service, owner: Membership, *, approved: bool = True, **fields: Any) -> AIService:
    """A service with its five facts confirmed; in use once its version is approved."""
    values = {"base_url": outside.url, "model": "tiny-1", "api_key": KEY, "is_active": approved}
    prices = {"price_in_micro": 100, "price_out_micro": 300}
    row = make_service(**{**values, **prices, **fields})
    company = services.confirm_company(
        service=row, answers=FACTS, region="eu", contract="Folder 7", member=owner
    )
    vendors.approve(vendor=company, member=owner)
    version = systems.register(
        provider=company.provider, model="tiny-1", prompt_hash=PROMPT_VERSION, name=row.name
    )
    if approved:
        passed = {"passed": True, "pairs": {"verdict": "pass", "n": 72}}
        systems.note_results(version=version, results=passed)
        systems.approve(version=version, member=owner)
    return row


def is_plain(outside: Service) -> bool:
    """Whether the request that came last is from somebody who writes plainly."""
    return "thx" in json.dumps(outside.requests[-1]["messages"])


def test_the_service_in_use_is_checked_beside_the_built_in_one(
    shop: Organization, owner: Membership, outside: Service
) -> None:
    with organization_scope(shop.id):
        service_at(outside, owner)
    inside, other = pair_audit.run(shop.id)
    assert inside.system.startswith("built-in/")
    assert (other.system, other.verdict) == ("127.0.0.1/tiny-1", "pass")
    assert len(outside.requests) == ASKED * len(FEW)
    assert not [one.name for one in FEW if one.name in json.dumps(outside.requests)], "no name leaves"
    with organization_scope(shop.id):
        kept = BiasAudit.objects.filter(system="127.0.0.1/tiny-1").latest("pk")
        assert (kept.kind, kept.sample_size, kept.prompt_hash) == ("pairs", ASKED * OTHERS, PROMPT_VERSION)
        decision = AIDecision.objects.filter(action="evaluate", system="127.0.0.1/tiny-1").get()
        assert decision.allowed
        assert decision.tokens_in == 400 * ASKED * len(FEW)
        assert AISpend.objects.get().cost_micro == decision.cost_micro > 0
        assert AISpend.objects.get().reserved_micro == 0, "what was promised is given back"
        BiasAudit.objects.filter(system="127.0.0.1/tiny-1").update(
            created_at=timezone.now() - timedelta(days=8)
        )
        assert not pair_audit.is_fresh()
        BiasAudit.objects.filter(pk=kept.pk).update(created_at=timezone.now())
        assert pair_audit.is_fresh()


def test_an_unfair_service_closes_drafting_with_it(
    shop: Organization, owner: Membership, outside: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        outside,
        "next_step",
        lambda: {"body": completion(NO_ANSWER if is_plain(outside) else GOOD_DRAFT)},
    )
    with organization_scope(shop.id):
        service_at(outside, owner)
    _inside, other = pair_audit.run(shop.id)
    assert other.verdict == "fail"
    with organization_scope(shop.id):
        found = Finding.objects.get(source="audit")
        assert found.audit is not None
        assert found.audit.system == "127.0.0.1/tiny-1"


def test_a_service_that_is_not_approved_keeps_it_among_its_results(
    shop: Organization, owner: Membership, outside: Service
) -> None:
    with organization_scope(shop.id):
        row = service_at(outside, owner, approved=False)
        before = BiasAudit.objects.count()
    ran = pair_audit.check_service(shop.id, row.pk)
    assert ran.verdict == "pass"
    with organization_scope(shop.id):
        version = SystemVersion.objects.get(model="tiny-1")
        assert version.state == VersionState.SHADOW
        assert version.results["pairs"]["n"] == ASKED * OTHERS
        assert BiasAudit.objects.count() == before, "it counts once it is approved"
    assert len(pair_audit.run(shop.id)) == 1, "what is not in use is not checked weekly"


def test_a_service_whose_month_is_spent_is_not_asked(
    shop: Organization, owner: Membership, outside: Service
) -> None:
    """It drafts for nobody then, so the built-in one is what has to be fair."""
    with organization_scope(shop.id):
        service_at(outside, owner, monthly_cap_micro=5)
        AISpend.objects.create(day=timezone.now().date(), cost_micro=5)
    assert [one.system.split("/")[0] for one in pair_audit.run(shop.id)] == ["built-in"]
    assert outside.requests == []
    with organization_scope(shop.id):
        assert pair_audit.is_fresh()


@pytest.mark.parametrize("wrong", ["stopped", "company ended", "region"])
def test_what_keeps_drafts_away_keeps_the_check_away(
    wrong: str, shop: Organization, owner: Membership, outside: Service
) -> None:
    with organization_scope(shop.id):
        service_at(outside, owner)
        company = Vendor.objects.get()
        if wrong == "stopped":
            stops.stop_ai(scope="organization", member=owner)
        elif wrong == "company ended":
            vendors.end(vendor=company, member=owner)
        else:
            Vendor.objects.update(region="other")
    _inside, other = pair_audit.run(shop.id)
    assert other.why_not
    assert not other.verdict
    assert outside.requests == []


@pytest.mark.parametrize("step", [{"status": 500}, {"body": completion("no json")}, {"cut": True}])
def test_a_service_that_fails_leaves_no_half_check(
    step: dict[str, Any], shop: Organization, owner: Membership, outside: Service
) -> None:
    with organization_scope(shop.id):
        service_at(outside, owner)
        before = BiasAudit.objects.filter(system="127.0.0.1/tiny-1").count()
    outside.will({}, {}, step)
    _inside, other = pair_audit.run(shop.id)
    assert other.why_not
    with organization_scope(shop.id):
        assert BiasAudit.objects.filter(system="127.0.0.1/tiny-1").count() == before
        spend = AISpend.objects.get()
        assert spend.cost_micro > 0, "the answers before it were paid for"
        assert spend.reserved_micro == 0
