"""An AI service that fails: tried again with pauses, then left alone; the built-in assistant writes, and it is said."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery.exceptions import Retry

from aiassist import breaker, pipeline, trying_again
from aiassist.core.providers.base import ProviderBusy, ProviderPaused, ProviderTimeout
from aiassist.core.tests.fake_service import Service, completion, serve
from aiassist.models import AIService, ServiceTry
from aiassist.panel import panel
from aiassist.services import services, suggesting, trying
from aiassist.tasks import RETRIES, handle_message
from aiassist.tests.outside import DRAFT, Shop, shop
from governance.models import EthicsPolicy
from governance.services import policies
from helpdesk.people.tests.factories import make_organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message, MessageOutcome, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = {"body": completion(DRAFT)}
BROKEN = {"status": 503, "body": b"<html>oops</html>"}
WRONG_KEY = {"status": 401, "body": b"{}"}


@pytest.fixture
def outside(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    settings.AI_ALLOWED_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr("aiassist.core.providers.openai_compatible.MOST_RETRIES", 0)
    with serve() as service:
        service.will(GOOD)
        yield service


@pytest.fixture
def at(outside: Service) -> Shop:
    return shop(outside)


def _panel(at: Shop, message: Message) -> dict[str, Any]:
    with at.scope():
        ticket = Ticket.objects.get(pk=message.ticket_id)
        return panel(ticket, at.owner)


def _run(at: Shop, message: Message, *, retries: int) -> None:
    """The worker's turn number `retries`."""
    handle_message.apply(
        kwargs={"organization_id": str(at.organization.id), "message_id": message.pk}, retries=retries
    )


def test_the_chosen_service_writes_and_its_cost_is_on_the_decision(at: Shop, outside: Service) -> None:
    message = at.arrive()
    pipeline.handle(at.organization.id, message.pk)
    draft = at.draft(message)
    assert "Marta" in draft.text
    assert "30 days" in draft.text
    assert draft.instead == ""
    assert draft.decision.system == "127.0.0.1/tiny-1"
    assert (draft.decision.tokens_in, draft.decision.tokens_out, draft.decision.cost_micro) == (400, 60, 58)
    assert (at.spent().cost_micro, at.spent().reserved_micro) == (58, 0)
    assert "Oliveira" not in str(outside.requests), "no name leaves"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (WRONG_KEY, "did not accept the key"),
        ({"status": 404, "body": b"{}"}, "does not know this model"),
        ({"body": b"not json"}, "cannot be used"),
        ({"body": completion("{", finish="length")}, "cannot be used"),
    ],
)
def test_what_only_a_person_can_change_keeps_no_agent_waiting(
    at: Shop, outside: Service, step: dict[str, Any], said: str
) -> None:
    outside.will(step)
    message = at.arrive()
    pipeline.handle(at.organization.id, message.pk)
    shown = _panel(at, message)
    assert shown["state"] == "ready"
    assert said in shown["instead"]
    assert shown["suggest_url"], "the next step"
    assert at.draft(message).decision.system == "built-in/builtin-1"
    assert [one.allowed for one in at.decisions(action="draft")] == [True, True], "each asked for itself"
    assert at.spent().reserved_micro == 0, "what was promised to it is free again"


def test_an_answer_that_cannot_be_used_was_paid_for(at: Shop, outside: Service) -> None:
    outside.will({"body": completion("I would be happy to help!")})
    message = at.arrive()
    pipeline.handle(at.organization.id, message.pk)
    first, _second = at.decisions(action="draft")
    assert first.cost_micro == at.spent().cost_micro == 58


def test_a_busy_service_is_tried_again_and_the_panel_says_so(at: Shop, outside: Service) -> None:
    outside.will(BROKEN, GOOD)
    message = at.arrive()
    with pytest.raises(ProviderBusy):
        pipeline.handle(at.organization.id, message.pk)
    trying_again.note(at.organization.id, message.pk, "The AI service is busy.", 8)
    shown = _panel(at, message)
    assert shown["state"] == "waiting"
    assert shown["again"].reason == "The AI service is busy."
    assert 6 <= shown["again"].seconds <= 8
    pipeline.handle(at.organization.id, message.pk)
    assert at.draft(message).instead == ""


def test_the_worker_comes_back_later_each_time_and_never_before_the_service_wants(
    at: Shop, outside: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def retry(*, exc: Exception, countdown: float) -> Retry:
        pauses.append(countdown)
        return Retry()

    monkeypatch.setattr(handle_message, "retry", retry)
    message = at.arrive()
    arguments = {"organization_id": str(at.organization.id), "message_id": message.pk}
    for turn in range(2):
        outside.will({**BROKEN, "headers": {"Retry-After": "20"} if turn else {}})
        handle_message.push_request(retries=turn)
        with pytest.raises(Retry):
            handle_message.run(**arguments)
        handle_message.pop_request()
        breaker.forget(at.organization.id, "127.0.0.1/tiny-1")
    assert 2 <= pauses[0] <= 6
    assert pauses[1] >= 20


def test_after_the_last_try_the_built_in_assistant_writes(at: Shop, outside: Service) -> None:
    outside.will(BROKEN)
    message = at.arrive()
    _run(at, message, retries=RETRIES)
    draft = at.draft(message)
    assert draft.decision.system == "built-in/builtin-1"
    assert "busy" in draft.instead


def test_a_service_that_stays_broken_is_left_alone_and_found_again(at: Shop, outside: Service) -> None:
    outside.will(BROKEN)
    for number in range(breaker.FAILURES):
        with pytest.raises(ProviderBusy):
            pipeline.handle(at.organization.id, at.arrive(address=f"m{number}@example.com").pk)
    calls = len(outside.requests)
    message = at.arrive(address="another@example.com")
    started = time.monotonic()
    pipeline.handle(at.organization.id, message.pk)
    assert time.monotonic() - started < 5
    assert len(outside.requests) == calls, "nobody waits for a service that is known to be broken"
    assert "busy" in at.draft(message).instead
    left = breaker.seconds_left(at.organization.id, "127.0.0.1/tiny-1")
    assert 20 < left <= 36
    breaker.client().delete(breaker._key(at.organization.id, "127.0.0.1/tiny-1", "pause"))  # it is over
    outside.will(GOOD)
    later = at.arrive(address="later@example.com")
    pipeline.handle(at.organization.id, later.pk)
    assert at.draft(later).instead == ""
    assert breaker.seconds_left(at.organization.id, "127.0.0.1/tiny-1") == 0


def test_after_the_pause_one_call_finds_out_for_all(at: Shop) -> None:
    key = "127.0.0.1/tiny-1"
    for _ in range(breaker.FAILURES):
        with pytest.raises(ProviderTimeout), breaker.guarded(at.organization.id, key, seconds=1):
            raise ProviderTimeout
    breaker.client().delete(breaker._key(at.organization.id, key, "pause"))
    with breaker.guarded(at.organization.id, key, seconds=1):
        with pytest.raises(ProviderPaused), breaker.guarded(at.organization.id, key, seconds=1):
            pytest.fail("a second call was made")
    with breaker.guarded(at.organization.id, key, seconds=1):
        pass  # it works again, for everybody


def test_another_organizations_failures_are_its_own(at: Shop) -> None:
    other = make_organization().id
    for _ in range(breaker.FAILURES):
        with pytest.raises(ProviderTimeout), breaker.guarded(other, "s/m", seconds=1):
            raise ProviderTimeout
    with pytest.raises(ProviderPaused), breaker.guarded(other, "s/m", seconds=1):
        pytest.fail("called")
    with breaker.guarded(at.organization.id, "s/m", seconds=1):
        pass


def test_a_long_pause_that_the_service_asks_for_is_kept(at: Shop) -> None:
    with pytest.raises(ProviderBusy), breaker.guarded(at.organization.id, "s/m", seconds=1):
        raise ProviderBusy("status 429", retry_after=90)
    assert 80 < breaker.seconds_left(at.organization.id, "s/m") <= 90


def test_a_new_key_ends_the_pause(at: Shop, outside: Service) -> None:
    outside.will(WRONG_KEY)
    pipeline.handle(at.organization.id, at.arrive().pk)
    assert breaker.seconds_left(at.organization.id, "127.0.0.1/tiny-1") > 200
    with at.scope():
        services.save(service=AIService.objects.get(), key="sk-new", member=at.owner, changed=["key"])
    assert breaker.seconds_left(at.organization.id, "127.0.0.1/tiny-1") == 0


def test_without_valkey_each_call_ends_by_its_own_time_out(at: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    import redis

    def down() -> redis.Redis:
        raise redis.ConnectionError

    monkeypatch.setattr(breaker, "client", down)
    for _ in range(breaker.FAILURES + 2):
        with pytest.raises(ProviderTimeout), breaker.guarded(at.organization.id, "s/m", seconds=1):
            raise ProviderTimeout


def test_an_address_that_left_the_list_is_never_called(at: Shop, outside: Service, settings: Any) -> None:
    settings.AI_ALLOWED_HOSTS = ["ai.example"]
    message = at.arrive()
    pipeline.handle(at.organization.id, message.pk)
    assert outside.requests == []
    assert "not on the list of allowed addresses" in at.draft(message).instead


def test_a_trial_whose_address_left_the_list_says_so(at: Shop, outside: Service, settings: Any) -> None:
    at.arrive()
    with at.scope():
        [row] = trying.show(service=at.service, member=at.owner)
        trying.leave(service=at.service, member=at.owner)
    settings.AI_ALLOWED_HOSTS = ["ai.example"]
    assert trying.run(at.organization.id, row.pk) == "failed"
    with at.scope():
        assert "not on the list" in ServiceTry.objects.get().reason
    assert outside.requests == []


def test_money_that_is_used_up_is_said(at: Shop, outside: Service) -> None:
    with at.scope():
        AIService.objects.update(monthly_cap_micro=100)
    first, second = at.arrive(), at.arrive(address="late@example.com")
    pipeline.handle(at.organization.id, first.pk)
    with at.scope():
        AIService.objects.update(monthly_cap_micro=50)
    pipeline.handle(at.organization.id, second.pk)
    assert at.draft(first).instead == ""
    assert "money" in _panel(at, second)["instead"]
    assert len(outside.requests) == 1


def test_the_rules_limit_on_money_hands_over_too(at: Shop, outside: Service) -> None:
    with at.scope():
        draft = policies.draft_from(policy=EthicsPolicy.objects.get(status="published"), member=at.owner)
        draft.clauses = {**draft.clauses, "budget": {**draft.clauses["budget"], "daily_micro": 0}}
        draft.save()
        policies.publish(policy=draft, member=at.owner)
    message = at.arrive()
    pipeline.handle(at.organization.id, message.pk)
    assert "money" in at.draft(message).instead
    assert outside.requests == []


def test_the_service_can_be_asked_again_in_place_of_the_built_in_draft(at: Shop, outside: Service) -> None:
    outside.will({"body": b"not json"})
    message = at.arrive()
    pipeline.handle(at.organization.id, message.pk)
    outside.will(GOOD)
    with at.scope():
        suggesting.suggest(ticket=Ticket.objects.get(pk=message.ticket_id), member=at.owner)
        assert not MessageOutcome.objects.exists()
    pipeline.handle(at.organization.id, message.pk)
    assert at.draft(message).decision.system == "127.0.0.1/tiny-1"


def test_another_organization_has_its_own_word(at: Shop) -> None:
    message = at.arrive()
    trying_again.note(at.organization.id, message.pk, "Busy.", 8)
    with organization_scope(make_organization().id):
        assert trying_again.noted(message.pk) is None
