"""The AI service's page: nothing leaves before it was shown and clicked, and then through every check; words that help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from aiassist import tasks
from aiassist.core.tests.fake_service import KEY, Service, completion, serve
from aiassist.models import AIService, Draft, ServiceTry
from aiassist.pipeline import prepare
from aiassist.services import indexing, services, trying
from aiassist.tests.factories import make_service
from governance.core.starter import starter
from governance.models import AIDecision, AISpend, LedgerEntry, SystemVersion, Vendor
from governance.services import consents, policies, systems
from helpdesk.errors import HelpdeskError
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import AIText, Message
from tickets.tests.factories import make_article, make_inbound, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
RETURNS = "You can return any item within 30 days of delivery. Returns are free of charge."
QUESTION = "Hello, this is Marta Oliveira, marta@example.com. How long do I have to return an item?"
FACTS = ("contract", "no_training", "region", "deletion", "sub_processors")


@pytest.fixture
def outside(settings: Any) -> Iterator[Service]:
    settings.AI_ALLOWED_HOSTS = ["127.0.0.1"]
    with serve() as service:
        service.will({})
        yield service


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=owner)
        make_article(title="Returns", body=RETURNS)
        for number in range(4):
            customer = make_customer(f"marta{number}@example.com", name="Marta Oliveira")
            make_inbound(make_ticket(customer=customer, subject=f"Return {number}"), text=QUESTION)
    indexing.index_organization(shop.id)
    return owner


@pytest.fixture
def desk(shop: Organization, owner: Membership) -> Client:
    return browser_of(shop, owner)


def _fill(desk: Client, url: str, key: str = KEY, **fields: Any) -> Any:
    values = {
        "name": "Ours", "base_url": url, "key": key, "model": "tiny-1", "monthly_cap": "", "price_in_micro": "100",
        "price_out_micro": "300", "timeout_seconds": "5",
    }  # fmt: skip
    return desk.post("/settings/ai-service/", {**values, **fields})


def _confirm(desk: Client, pk: int, **answers: str) -> None:
    said = {f"fact_{name}": answers.get(name, "yes") for name in FACTS}
    desk.post(f"/settings/ai-service/{pk}/company/", {"region": "eu", "contract": "Folder 7", **said})


def _set_up(desk: Client, shop: Organization, outside: Service) -> AIService:
    assert _fill(desk, outside.url).status_code == 302
    with organization_scope(shop.id):
        service = AIService.objects.get()
    _confirm(desk, service.pk)
    _pass_tests(desk, shop, service)
    desk.post(f"/settings/ai-service/{service.pk}/show/")
    return service


def _pass_tests(desk: Client, shop: Organization, service: AIService) -> None:
    with organization_scope(shop.id):
        version = SystemVersion.objects.get(model="tiny-1")
        passed = {"passed": True, "pairs": {"verdict": "pass", "n": 72}}
        systems.note_results(version=version, results=passed)
    desk.post(f"/settings/ai-service/{service.pk}/approve/")


def _send(desk: Client, shop: Organization, service: AIService, tries: int = 3) -> list[ServiceTry]:
    desk.post(f"/settings/ai-service/{service.pk}/leave/")
    with organization_scope(shop.id):
        keys = list(ServiceTry.objects.order_by("pk").values_list("pk", flat=True))
    tasks.try_service(organization_id=str(shop.id), try_ids=keys[:tries])
    with organization_scope(shop.id):
        return list(ServiceTry.objects.order_by("pk")[:tries])


def test_what_would_leave_is_shown_and_nothing_leaves(
    desk: Client, shop: Organization, outside: Service
) -> None:
    service = _set_up(desk, shop, outside)
    page = desk.get("/settings/ai-service/").content.decode()
    with organization_scope(shop.id):
        rows = list(ServiceTry.objects.all())
        assert {one.state for one in rows} == {"shown"}
        tasks.try_service(organization_id=str(shop.id), try_ids=[one.pk for one in rows])
    assert len(rows) == 3
    assert outside.requests == []
    for one in rows:
        assert "[PERSON_1]" in one.shown
        assert "marta" not in one.shown.lower()
        assert "oliveira" not in one.shown.lower()
    assert "What leaves, word for word" in page
    assert service.api_key not in page
    assert KEY not in page


def test_what_the_company_says_is_shown_without_answering_for_the_owner(
    desk: Client, shop: Organization, settings: Any
) -> None:
    settings.AI_ALLOWED_HOSTS = ["api.mistral.ai"]
    _fill(desk, "https://api.mistral.ai/v1")
    page = desk.get("/settings/ai-service/")
    assert "A French company; others report" in page.content.decode()
    assert page.content.decode().count("<b>not yet</b>") == 5
    assert not page.context["company"].initial, "the region is the owner's answer too"
    with organization_scope(shop.id):
        pk = AIService.objects.get().pk
    _confirm(desk, pk)
    with organization_scope(shop.id):
        assert {one["date"] for one in Vendor.objects.get().answers} == {""}


def test_what_was_shown_is_what_leaves_and_answers_stand_side_by_side(
    desk: Client, shop: Organization, outside: Service
) -> None:
    service = _set_up(desk, shop, outside)
    with organization_scope(shop.id):
        shown = sorted(ServiceTry.objects.values_list("shown", flat=True))
    rows = _send(desk, shop, service)
    assert [one.state for one in rows] == ["done"] * 3, [(one.reason, one.next_step) for one in rows]
    told = sorted("\n\n".join(part["content"] for part in one["messages"]) for one in outside.requests)
    assert told == shown
    assert all("30 days" in one.text and "Marta" in one.text for one in rows)
    assert all("30 days" in one.built_in for one in rows)
    assert all(one.cost_micro > 0 for one in rows)
    with organization_scope(shop.id):
        assert not Draft.objects.exists(), "a trial is no draft"
        assert AIText.objects.filter(text=rows[0].text).exists(), "pasted, it is known as the AI's"
        assert AISpend.objects.get().cost_micro == sum(one.cost_micro for one in rows)
        decisions = AIDecision.objects.filter(pk__in=[one.decision_id for one in rows])
        assert {(one.action, one.allowed) for one in decisions} == {("draft", True)}
        assert all(one.customer_id for one in decisions), "each customer's choices were asked for"
        assert services.in_use() is None, "nothing was switched on"
    page = desk.get("/settings/ai-service/").content.decode()
    assert "The built-in assistant" in page
    tasks.try_service(organization_id=str(shop.id), try_ids=[one.pk for one in rows])
    assert len(outside.requests) == 3, "twice is once"


def test_a_customer_who_said_no_is_not_tried_on(desk: Client, shop: Organization, outside: Service) -> None:
    service = _set_up(desk, shop, outside)
    with organization_scope(shop.id):
        first = ServiceTry.objects.order_by("pk")[0]
        customer = Message.objects.get(pk=first.message_id).ticket.customer
        consents.answer_without_ai(customer=customer, method="portal", language="en")
    rows = _send(desk, shop, service)
    assert [one.state for one in rows] == ["stopped", "done", "done"]
    assert rows[0].reason
    assert len(outside.requests) == 2


def test_without_the_five_facts_nothing_leaves(desk: Client, shop: Organization, outside: Service) -> None:
    _fill(desk, outside.url)
    with organization_scope(shop.id):
        service = AIService.objects.get()
    _confirm(desk, service.pk, no_training="unknown")
    desk.post(f"/settings/ai-service/{service.pk}/show/")
    rows = _send(desk, shop, service)
    assert {one.state for one in rows} == {"stopped"}
    assert outside.requests == []
    with organization_scope(shop.id):
        vendor = Vendor.objects.get()
        assert (vendor.state, vendor.facts["no_training"]["answer"]) == ("draft", "unknown")


@pytest.mark.parametrize(
    ("step", "key", "words"),
    [
        ({}, "sk-wrong", "did not accept the key"),
        ({"status": 404, "body": b"{}"}, KEY, "does not know this model"),
        ({"wait": 20}, KEY, "did not answer in time"),
        ({"status": 429, "body": b"{}", "headers": {"retry-after": "60"}}, KEY, "asks for a pause"),
        ({"body": completion("no json")}, KEY, "cannot be used"),
    ],
    ids=["key", "model", "slow", "429", "nonsense"],
)
def test_what_failed_is_said_in_words(  # noqa: PLR0917
    step: dict[str, Any], key: str, words: str, desk: Client, shop: Organization, outside: Service
) -> None:
    outside.will(step)
    _fill(desk, outside.url, key=key, timeout_seconds="1")
    with organization_scope(shop.id):
        service = AIService.objects.get()
    _confirm(desk, service.pk)
    _pass_tests(desk, shop, service)
    desk.post(f"/settings/ai-service/{service.pk}/show/")
    rows = _send(desk, shop, service, tries=1)
    assert {one.state for one in rows} == {"failed"}
    assert all(words in one.reason for one in rows)
    assert words in desk.get(f"/settings/ai-service/{service.pk}/tries/").content.decode()


def test_an_address_where_nothing_answers(desk: Client, shop: Organization, settings: Any) -> None:
    settings.AI_ALLOWED_HOSTS = ["127.0.0.1"]
    with serve() as gone:
        url = gone.url
    _fill(desk, url, timeout_seconds="30")
    with organization_scope(shop.id):
        service = AIService.objects.get()
    _confirm(desk, service.pk)
    _pass_tests(desk, shop, service)
    desk.post(f"/settings/ai-service/{service.pk}/show/")
    assert {one.reason for one in _send(desk, shop, service, tries=1)} == {
        "Nothing answers at this address. Check how it is written."
    }


@pytest.mark.parametrize(
    "address", ["https://evil.example/v1", "http://api.openai.com/v1", "https://127.0.0.1/v1", "ftp://x", "-"]
)
def test_an_address_that_is_not_allowed_is_refused(address: str, desk: Client, shop: Organization) -> None:
    assert _fill(desk, address).status_code == 422
    with organization_scope(shop.id):
        assert not AIService.objects.exists()


def test_the_key_is_encrypted_never_shown_and_stays_when_empty(
    desk: Client, shop: Organization, outside: Service
) -> None:
    _fill(desk, outside.url, key="sk-secret-words")
    _fill(desk, outside.url, key="", name="Other")
    with organization_scope(shop.id):
        service = AIService.objects.get()
        assert (service.api_key, service.name) == ("sk-secret-words", "Other")
        assert "sk-secret" not in str(list(LedgerEntry.objects.values()))
    assert "sk-secret" not in desk.get("/settings/ai-service/").content.decode()


def test_it_is_used_only_when_tested_and_a_change_switches_it_off(
    desk: Client, shop: Organization, outside: Service
) -> None:
    _fill(desk, outside.url)
    with organization_scope(shop.id):
        service = AIService.objects.get()
    _confirm(desk, service.pk)
    desk.post(f"/settings/ai-service/{service.pk}/use/", {"wanted": "1"})
    desk.post(f"/settings/ai-service/{service.pk}/show/")
    assert {one.state for one in _send(desk, shop, service)} == {"stopped"}
    with organization_scope(shop.id):
        assert services.in_use() is None, "not tested yet"
    _pass_tests(desk, shop, service)
    with organization_scope(shop.id):
        assert services.in_use() is None, "approved is not yet in use"
    desk.post(f"/settings/ai-service/{service.pk}/use/", {"wanted": "1"})
    with organization_scope(shop.id):
        assert services.in_use() == service
    _fill(desk, outside.url, key="", model="another")
    with organization_scope(shop.id):
        assert services.in_use() is None, "another model is another service"


def test_the_monthly_cap_brings_the_built_in_assistant_back(
    desk: Client, shop: Organization, outside: Service
) -> None:
    _fill(desk, outside.url, monthly_cap="0.50")
    with organization_scope(shop.id):
        AIService.objects.update(is_active=True)
        assert services.in_use() is not None
        AISpend.objects.create(day="2020-01-01", cost_micro=900_000)
        assert services.in_use() is not None, "another month"
        from django.utils import timezone

        AISpend.objects.create(day=timezone.now().date(), cost_micro=500_000)
        assert services.in_use() is None
        message = make_inbound(text="How long may I return it?")
        prepared = prepare(message.pk)
        assert prepared is not None
        assert prepared.provider.name == "built-in"


def test_only_an_owner_and_only_ones_own(shop: Organization, owner: Membership) -> None:
    del owner
    with organization_scope(shop.id):
        agent = make_member(Role.AGENT)
        service = AIService.objects.create(name="x", base_url="https://api.openai.com/v1", model="m")
        with pytest.raises(HelpdeskError):
            trying.show(service=service, member=agent)
    assert browser_of(shop, agent).get("/settings/ai-service/").status_code == 403
    other = make_organization()
    with organization_scope(other.id):
        stranger = make_member(Role.OWNER)
    theirs = browser_of(other, stranger)
    for name in ("company", "show", "leave", "check", "use"):
        assert theirs.post(f"/settings/ai-service/{service.pk}/{name}/").status_code == 404
    assert theirs.get(f"/settings/ai-service/{service.pk}/tries/").status_code == 404


def test_a_service_that_may_not_be_reached_any_more_is_said_so(desk: Client, shop: Organization) -> None:
    """Whoever runs the installation took its host off the list meanwhile."""
    with organization_scope(shop.id):
        service = make_service(base_url="https://gone.example/v1")
        make_inbound(make_ticket())
    for what in ("approve", "show"):
        answer = desk.post(f"/settings/ai-service/{service.pk}/{what}/", follow=True)
        assert "not on the list of allowed addresses" in answer.content.decode()
