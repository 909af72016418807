"""Test questions of an organization, and that nothing which does worse on them goes live by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aiassist import egress, pipeline, tasks
from aiassist.assistant import answering
from aiassist.core import prompts, rubric
from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft, NoDraftReason, Tone
from aiassist.core.prompts import CURRENT, VERSION
from aiassist.core.providers.base import ProviderTimeout
from aiassist.core.providers.builtin import BuiltIn
from aiassist.core.wordings import EARLIER, difference
from aiassist.models import Draft, GoldenRun, GoldenTicket, PromptChoice
from aiassist.services import golden, indexing, prompting, services
from aiassist.tests.factories import make_draft, make_service
from aiassist.tests.factories_assistant import make_conversation, make_question
from aiassist.tests.factories_learning import make_golden, make_golden_run
from governance.core.starter import starter
from governance.models import AIDecision, DraftExplanation, LedgerEntry, SystemVersion, VersionState
from governance.services import consents, policies, stops, systems
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.factories import make_article, make_inbound, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
RETURNS = (
    "You can return an item within 30 days of delivery, as long as it is unworn. Returns are free of charge."
)
OLD = EARLIER[0].version


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of the release's questions are enough here; all of them are measured elsewhere."""
    monkeypatch.setattr(golden, "QUESTIONS", golden.QUESTIONS[:3])
    monkeypatch.setattr(golden, "STARTER_OUTSIDE", golden.QUESTIONS[:2])


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=owner)
        make_article(title="Returns", body=RETURNS)
    indexing.index_organization(shop.id)
    return owner


class Worse(BuiltIn):
    """Says less than the built-in assistant."""

    def draft(self, request: DraftRequest, timeout: float = 0.0) -> DraftResult | NoDraft:
        return NoDraft(NoDraftReason.NOTHING_FITS, model=self.model)


class WorseWithNewWording(BuiltIn):
    """Does well with the earlier wording only."""

    def draft(self, request: DraftRequest, timeout: float = 0.0) -> DraftResult | NoDraft:
        if request.prompt == OLD:
            return super().draft(request, timeout)
        return NoDraft(NoDraftReason.NOTHING_FITS, model=self.model)


class Outside(Worse):
    """An outside service that does worse."""

    name, model, is_external = "ai.example", "m", True


def use(monkeypatch: pytest.MonkeyPatch, provider: Any, outside: Any = None) -> None:
    def provider_for(service: Any) -> Any:
        return provider if service is None else outside

    monkeypatch.setattr(egress, "provider_for", provider_for)


def ran(shop: Organization, *arguments: Any) -> GoldenRun:
    found = golden.run(shop.id, *arguments)
    assert found.run is not None, found.why_not
    return found.run


def test_own_questions_are_asked_with_own_articles_and_compared_with_what_served(
    shop: Organization, owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    with organization_scope(shop.id):
        row = golden.save(
            row=GoldenTicket(
                title="Coat", question="How long do I have to return a coat?", must_say=["30 days"], sources=["Returns"]
            ),
            member=owner,
        )  # fmt: skip
    first = ran(shop)
    assert first.figures["n"] == 4
    assert f"own-{row.pk}" not in first.figures["missed"]
    assert first.worse == []
    assert ran(shop).worse == [], "the same AI does the same"
    use(monkeypatch, Worse())
    worse = ran(shop)
    assert f"question:own-{row.pk}" in worse.worse
    assert worse.than == f"built-in/builtin-1 {VERSION}"
    with organization_scope(shop.id):
        assert AIDecision.objects.filter(action="evaluate", allowed=True, customer=None).count() == 3
        row.must_say = ["14 days"]
        golden.save(row=row, member=owner)
    use(monkeypatch, BuiltIn())
    assert f"question:own-{row.pk}" not in ran(shop).worse, "another question now: nothing to compare with"


def test_a_question_in_a_customers_words_needs_their_yes_when_it_is_made_and_each_time_it_is_asked(
    shop: Organization, owner: Membership
) -> None:
    with organization_scope(shop.id):
        customer = make_customer("marta@example.com", name="Marta Oliveira")
        ticket = make_ticket(customer=customer, subject="A coat of Marta Oliveira")
        message = make_inbound(ticket, text="I am Marta Oliveira, marta@example.com. Can I return a coat?")
        make_draft(message, sources=[{"title": "Returns", "passage": "-", "kind": "article", "number": 1}])
        begun = golden.begin(ticket=ticket)
        assert (begun.question, begun.words, begun.sources) == ("", False, ("Returns",))
        row = GoldenTicket(title="Coat", question="Can I return a coat?", sources=["Returns"])
        with pytest.raises(InvalidState, match="not agreed"):
            golden.save(row=row, member=owner, ticket=ticket)
        assert not GoldenTicket.objects.exists()
        consents.record_choice(customer=customer, purpose="improve", state="granted", method="portal")
        begun = golden.begin(ticket=ticket)
        assert begun.words
        assert "Marta" not in begun.question + begun.subject
        assert "example.com" not in begun.question
        row.question = begun.question
        golden.save(row=row, member=owner, ticket=ticket)
        assert row.customer == customer
    assert ran(shop).figures["n"] == 4
    with organization_scope(shop.id):
        assert AIDecision.objects.filter(action="evaluate", customer=customer, allowed=True).exists()
        consents.record_choice(customer=customer, purpose="improve", state="refused", method="portal")
        assert not GoldenTicket.objects.exists()
        # Even a row that stayed behind is not asked.
        make_golden(customer=customer)
    assert ran(shop).figures["n"] == 3


def test_every_check_is_asked_before_a_run(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        stops.stop_ai(scope="organization", member=owner)
    found = golden.run(shop.id)
    assert found.run is None
    assert found.why_not


def test_a_service_that_fails_leaves_no_figures(
    shop: Organization, owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(BuiltIn):
        def draft(self, request: DraftRequest, timeout: float = 0.0) -> DraftResult | NoDraft:
            raise ProviderTimeout

    use(monkeypatch, Late())
    assert golden.run(shop.id).why_not
    with organization_scope(shop.id):
        assert not GoldenRun.objects.exists()


def test_a_service_whose_address_left_the_list_says_so(
    shop: Organization, owner: Membership, settings: Any
) -> None:
    settings.AI_ALLOWED_HOSTS = []
    with organization_scope(shop.id):
        service = make_service(is_active=True)
    found = golden.run(shop.id, service.pk)
    assert found.run is None
    assert found.why_not
    assert ran(shop).worse == [], "the built-in assistant is asked all the same"


# A new wording


@pytest.fixture
def served_before(shop: Organization, owner: Membership) -> None:
    """The organization worked with the earlier release."""
    with organization_scope(shop.id):
        PromptChoice.objects.all().delete()
        PromptChoice.objects.create(prompt_hash=OLD)


def test_a_new_wording_that_is_as_good_comes_into_use_by_itself(
    shop: Organization, served_before: None
) -> None:
    with organization_scope(shop.id):
        assert (prompting.in_use(), prompting.waits()) == (OLD, True)
    assert golden.settle(shop.id) is True
    with organization_scope(shop.id):
        assert prompting.in_use() == VERSION
        assert PromptChoice.objects.latest("pk").member is None
    assert golden.settle(shop.id) is False


def test_a_worse_wording_does_not_go_live_by_itself(
    shop: Organization, owner: Membership, served_before: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, WorseWithNewWording())
    for _night in range(2):
        assert golden.settle(shop.id) is False
        with organization_scope(shop.id):
            assert prompting.in_use() == OLD
            assert prompting.waits()
    with organization_scope(shop.id):
        assert "passed" in prompting.worse_than_in_use(VERSION)
        agent = make_member(Role.AGENT)
        with pytest.raises(NotAllowed):
            prompting.choose(version=VERSION, member=agent, reason="I like it.")
        with pytest.raises(InvalidState, match="worse"):
            prompting.choose(version=VERSION, member=owner)
        assert prompting.in_use() == OLD
        chosen = prompting.choose(version=VERSION, member=owner, reason="The old one broke a law.")
        assert (prompting.in_use(), chosen.member, chosen.reason) == (
            VERSION,
            owner,
            "The old one broke a law.",
        )
        assert "passed" in chosen.despite
    with organization_scope(shop.id):
        assert LedgerEntry.objects.filter(event="instructions_chosen").count() == 2


def test_a_wording_that_cannot_be_tried_does_not_go_live_by_itself(
    shop: Organization, owner: Membership, served_before: None
) -> None:
    with organization_scope(shop.id):
        stops.stop_ai(scope="organization", member=owner)
    assert golden.settle(shop.id) is False
    with organization_scope(shop.id):
        assert prompting.in_use() == OLD


def test_going_back_holds_is_on_record_and_can_be_taken_back(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        assert prompting.in_use() == VERSION
        prompting.choose(version=OLD, member=owner)
        assert prompting.in_use() == OLD
    assert golden.settle(shop.id) is False, "what a person left does not come back by itself"
    with organization_scope(shop.id):
        assert prompting.in_use() == OLD
        with pytest.raises(InvalidState, match="already"):
            prompting.choose(version=OLD, member=owner)
        with pytest.raises(InvalidState):
            prompting.choose(version="made up", member=owner)
        prompting.choose(version=VERSION, member=owner)
        assert [one.prompt_hash for one in PromptChoice.objects.order_by("pk")] == [VERSION, OLD, VERSION]


def test_drafts_are_decided_written_and_explained_with_the_wording_in_use(
    shop: Organization, owner: Membership
) -> None:
    with organization_scope(shop.id):
        prompting.choose(version=OLD, member=owner)
        message = make_inbound(make_ticket(), text="How long do I have to return an item?")
    pipeline.handle(shop.id, message.pk)
    with organization_scope(shop.id):
        draft = Draft.objects.select_related("decision").get()
        assert draft.decision.prompt_hash == OLD
        assert DraftExplanation.objects.get(decision=draft.decision).prompt_hash == OLD


def test_the_assistant_on_the_help_pages_is_told_the_same(shop: Organization) -> None:
    base = starter()
    with organization_scope(shop.id):
        owner, rules = make_member(Role.OWNER), replace(base.clauses, self_service=True)
        policies.adopt_starter(starter=replace(base, clauses=rules), member=owner)
        prompting.choose(version=OLD, member=owner)
        make_article(title="Returns", body=RETURNS)
        question = make_question(make_conversation(), text="How long do I have to return an item?")
    indexing.index_organization(shop.id)
    answering.handle(shop.id, question.pk)
    with organization_scope(shop.id):
        hashes = AIDecision.objects.filter(subject_kind="assistant").values_list("prompt_hash", flat=True)
        assert set(hashes) == {OLD}
        assert len(hashes) == 2


def test_an_earlier_wording_is_really_what_a_service_is_told() -> None:
    asked = DraftRequest(question="How long?", passages=(), tone=Tone.WARM, tone_notes="Say du.")
    now = prompts.messages(asked)
    then = prompts.messages(DraftRequest(**{**_fields(asked), "prompt": OLD}))
    assert "Say du." in now[1]["content"]
    assert "Say du." not in then[1]["content"]
    assert then[0]["content"] == EARLIER[0].system
    assert ("+", "How the shop wants to sound: (your notes on tone)") in list(difference(EARLIER[0], CURRENT))
    assert all(sign == " " for sign, _line in difference(CURRENT, CURRENT))
    assert OLD != VERSION


def _fields(asked: DraftRequest) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in ("question", "passages", "tone", "tone_notes")}


# A new model


@pytest.fixture
def tested(shop: Organization, owner: Membership, monkeypatch: pytest.MonkeyPatch) -> int:
    """An outside service that passed the check on people and does worse on the test questions."""
    with organization_scope(shop.id):
        service = make_service(is_active=False)
    use(monkeypatch, BuiltIn(), Outside())
    with organization_scope(shop.id):
        version = systems.register(provider="ai.example", model="m", prompt_hash=VERSION, name="Outside")
        version.system.purpose = version.system.limits = version.system.known_failures = "Said."
        version.system.save()
        systems.note_results(version=version, results={"passed": True, "pairs": {"verdict": "pass", "n": 72}})
        monkeypatch.setattr(golden, "_ask", _allow)
    return service.pk


def _allow(provider: Any, service: Any, version: str, calls: int, row: Any = None) -> Any:
    """Company, region and fairness have tests of their own."""
    from types import SimpleNamespace

    from governance.tests.factories import make_decision

    system = f"{provider.name}/{provider.model}"
    decision = make_decision(action="evaluate", system=system, prompt_hash=version, allowed=True)
    return SimpleNamespace(allowed=True, decision=decision, reason="", next_step="")


def test_a_worse_model_cannot_go_live_by_itself_nor_by_one_click(
    shop: Organization, owner: Membership, tested: int
) -> None:
    golden.check_service(shop.id, tested)
    with organization_scope(shop.id):
        version = SystemVersion.objects.get(system__provider="ai.example")
        assert "passed" in version.results["golden"]["worse"]
        assert version.results["golden"]["than"].startswith("built-in/builtin-1")
        assert version.state == VersionState.SHADOW
        with pytest.raises(InvalidState, match="worse"):
            systems.approve(version=version, member=owner)
        with pytest.raises(InvalidState, match="worse"):
            services.approve(service=services.AIService.objects.get(pk=tested), member=owner)
        version.refresh_from_db()
        assert version.state == VersionState.SHADOW
        systems.approve(version=version, member=owner, despite="It speaks Finnish.")
        version.refresh_from_db()
        assert (version.state, version.results["despite"]) == (VersionState.APPROVED, "It speaks Finnish.")


def test_a_model_that_could_not_be_asked_is_not_approved(
    shop: Organization, owner: Membership, tested: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(Outside):
        def draft(self, request: DraftRequest, timeout: float = 0.0) -> DraftResult | NoDraft:
            raise ProviderTimeout

    use(monkeypatch, BuiltIn(), Late())
    golden.check_service(shop.id, tested)
    with organization_scope(shop.id):
        version = SystemVersion.objects.get(system__provider="ai.example")
        with pytest.raises(InvalidState, match="could not be asked"):
            systems.approve(version=version, member=owner, despite="Anyway.")


def test_the_tests_of_a_service_ask_the_test_questions_too(
    monkeypatch: pytest.MonkeyPatch, shop: Organization
) -> None:
    asked: list[int] = []
    from aiassist.services.pair_audit import Ran

    monkeypatch.setattr(tasks.pair_audit, "check_service", lambda _organization, _pk: Ran("-", "pass"))
    monkeypatch.setattr(tasks.golden, "check_service", lambda _organization, pk: asked.append(pk))
    tasks.check_service(organization_id=str(shop.id), service_id=7)
    assert asked == [7]


# Bad input, other organizations, the command


def test_what_says_nothing_is_no_test_question(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        for bad in (GoldenTicket(title="x", question=" "), GoldenTicket(title="x", question="How long?")):
            with pytest.raises(InvalidState):
                golden.save(row=bad, member=owner)
        with pytest.raises(NotAllowed):
            golden.save(
                row=GoldenTicket(title="x", question="?", must_say=["y"]), member=make_member(Role.AGENT)
            )
        row = make_golden()
        golden.remove(row=row, member=owner)
        assert not GoldenTicket.objects.filter(removed_at=None).exists()
        golden.put_back(row=row, member=owner)
        assert GoldenTicket.objects.filter(removed_at=None).exists()


def test_the_command_runs_what_the_organization_uses(
    shop: Organization, owner: Membership, capsys: pytest.CaptureFixture[str]
) -> None:
    with organization_scope(shop.id):
        make_golden()
    call_command("evaluate", "drafts", "--organization", shop.slug, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["organization"] == shop.slug
    assert [(one["system"], one["n"], one["worse"]) for one in found["runs"]] == [
        ("built-in/builtin-1", 4, [])
    ]
    with pytest.raises(CommandError, match="no organization"):
        call_command("evaluate", "drafts", "--organization", "nobody")


def test_runs_of_another_organization_are_not_seen(shop: Organization, owner: Membership) -> None:
    other = make_organization()
    with organization_scope(other.id):
        make_golden_run(worse=["passed"], prompt_hash=VERSION)
    with organization_scope(shop.id):
        assert prompting.worse_than_in_use(VERSION) == []


def test_questions_that_changed_are_not_compared() -> None:
    one = rubric.Golden(key="a", question="How long?", must_say=("30",))
    other = rubric.Golden(key="a", question="How long now?", must_say=("30",))
    good, bad = [rubric.Judged("a", {"must_say": True})], [rubric.Judged("a", {"must_say": False})]
    assert rubric.compared(rubric.rows(good, [one]), rubric.rows(bad, [other])) is None
    assert rubric.compared(rubric.rows(good, [one]), rubric.rows(bad, [one])) == [
        "passed",
        "must_say",
        "question:a",
    ]
