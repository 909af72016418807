"""Words while a service writes: seen in the panel as they come, used by nobody before they were checked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from aiassist import pipeline, writing
from aiassist.core.providers import stream
from aiassist.core.tests.fake_service import Service, completion, serve
from aiassist.drafting_models import PaidCall, TicketMeaning, Writing
from aiassist.panel import panel
from aiassist.tests.outside import DRAFT, QUESTION, Shop, shop
from governance.services import stops
from helpdesk.errors import HelpdeskError
from helpdesk.people.tests.factories import make_customer
from tickets.models import AIText, Message, MessageState, Ticket
from tickets.services import replying

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = {"body": completion(DRAFT), "piece": 10, "pause": 0.06}


@pytest.fixture
def outside(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    settings.AI_ALLOWED_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(stream, "TELL_EVERY", 0.0)
    monkeypatch.setattr(writing, "STORE_EVERY", 0.1)
    with serve() as service:
        service.will(SLOW)
        yield service


@pytest.fixture
def at(outside: Service) -> Shop:
    return shop(outside, timeout_seconds=30)


def _in_background(at: Shop, message: Message) -> threading.Thread:
    def work() -> None:
        pipeline.handle(at.organization.id, message.pk)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def _panel(at: Shop, message: Message) -> dict[str, Any]:
    with at.scope():
        return panel(Ticket.objects.get(pk=message.ticket_id), at.owner)


def _words(at: Shop, message: Message, seconds: float = 30) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if words := _panel(at, message).get("words", ""):
            return str(words)
        time.sleep(0.02)
    pytest.fail("no words came")


def _send(at: Shop, message: Message, text: str) -> Message:
    """The owner pastes a text and sends it."""
    with at.scope():
        ticket = Ticket.objects.get(pk=message.ticket_id)
        try:
            return replying.send_reply(
                ticket=ticket, member=at.owner, text=text, seen_revision=ticket.customer_messages
            )
        except HelpdeskError as error:
            refused = error
    raise refused


OWN_WORDS = "Please simply send the item back to us at any time within 30 days of delivery, that is all you have to do."
WORDED = {**DRAFT, "sentences": [
    {"text": "Hello [PERSON_1],", "sources": []}, {"text": OWN_WORDS, "sources": ["S1"]},
    *[{"text": "Returns are free of charge.", "sources": ["S1"]}] * 6,
]}  # fmt: skip


def test_first_words_are_seen_before_the_draft_is_there_and_cannot_be_sent(
    at: Shop, outside: Service
) -> None:
    outside.will({**SLOW, "body": completion(WORDED), "pause": 0.1})
    message = at.arrive()
    thread = _in_background(at, message)
    words = _words(at, message)
    shown = _panel(at, message)
    assert words.startswith("Hello")
    assert shown["state"] == "waiting"
    assert "use_url" not in shown, "there is no button for it"
    long_enough = _longer(at, message)
    assert long_enough.startswith("Hello Marta"), "names come back"
    with pytest.raises(HelpdeskError, match="where this answer comes from"):
        _send(at, message, long_enough)
    thread.join()
    assert _panel(at, message)["state"] == "ready"
    with at.scope():
        assert not Writing.objects.exists()
        assert set(AIText.objects.values_list("kind", flat=True)) == {"partial", "draft"}
        assert not Message.objects.filter(state=MessageState.QUEUED).exists()


def _longer(at: Shop, message: Message) -> str:
    """At least a sentence of the answer: fewer words are anybody's."""
    for _ in range(400):
        words = str(_panel(at, message).get("words", ""))
        if OWN_WORDS in words:
            return words
        time.sleep(0.02)
    return pytest.fail("the sentence did not come")


def test_the_finished_draft_can_be_approved(at: Shop) -> None:
    message = at.arrive()
    pipeline.handle(at.organization.id, message.pk)
    reply = _send(at, message, at.draft(message).text)
    assert reply.state == MessageState.QUEUED
    assert reply.ai_involvement == "verbatim"


def test_words_that_are_somebody_elses_are_not_shown_at_all(at: Shop, outside: Service) -> None:
    body = {
        **DRAFT,
        "sentences": [
            {"text": "Write to otto@other.example about it, he had the same question before.", "sources": []}
        ],
    }
    outside.will({**SLOW, "body": completion(json.dumps(body))})
    with at.scope():
        make_customer("otto@other.example", name="Otto Habicht")
    message = at.arrive()
    thread = _in_background(at, message)
    seen = []
    while thread.is_alive():
        seen.append(str(_panel(at, message).get("words", "")))
        time.sleep(0.02)
    thread.join()
    assert not any("otto@" in one for one in seen)
    assert at.outcome(message).result == "no_draft"
    with at.scope():
        assert not Writing.objects.exists()


def test_a_stop_stands_over_the_words(at: Shop) -> None:
    message = at.arrive()
    thread = _in_background(at, message)
    _words(at, message)
    with at.scope():
        stops.stop_ai(scope="organization", member=at.owner)
    assert _panel(at, message)["state"] == "stopped"
    thread.join()
    assert at.outcome(message).result == "not_allowed"
    with at.scope():
        assert not Writing.objects.exists()


def test_a_stream_that_dies_leaves_no_words_behind(
    at: Shop, outside: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiassist.core.providers.openai_compatible.MOST_RETRIES", 0)
    outside.will({**SLOW, "die_after": 9})
    message = at.arrive()
    with pytest.raises(Exception, match="busy"):
        pipeline.handle(at.organization.id, message.pk)
    with at.scope():
        assert not Writing.objects.exists()
        assert AIText.objects.filter(kind="partial").exists(), "what was seen is still known as the AI's"
        assert not PaidCall.objects.exists()


# The same work


def test_two_workers_on_one_message_pay_once(at: Shop, outside: Service) -> None:
    message = at.arrive()
    threads = [_in_background(at, message) for _ in range(2)]
    for thread in threads:
        thread.join()
    assert len(outside.requests) == 1
    assert at.draft(message).text
    assert sorted(one.cost_micro for one in at.decisions(action="draft")) == [0, 58]
    assert at.spent().cost_micro == 58


def test_the_same_question_again_costs_nothing_and_a_changed_source_does(at: Shop, outside: Service) -> None:
    from aiassist.services import indexing
    from tickets.models import Article

    first, second = at.arrive(), at.arrive()
    for message in (first, second):
        pipeline.handle(at.organization.id, message.pk)
    assert len(outside.requests) == 1
    assert at.draft(second).decision.cost_micro == 0
    assert at.draft(second).text == at.draft(first).text
    with at.scope():
        Article.objects.update(
            body="You can return any item within 14 days of delivery. Returns are free of charge."
        )
        Article.objects.first().save()
    indexing.index_organization(at.organization.id)
    pipeline.handle(at.organization.id, at.arrive().pk)
    assert len(outside.requests) == 2


def test_a_failed_call_is_not_remembered(at: Shop, outside: Service) -> None:
    outside.will({"body": b"not json"}, {"body": completion(DRAFT)})
    pipeline.handle(at.organization.id, at.arrive().pk)
    later = at.arrive()
    pipeline.handle(at.organization.id, later.pk)
    assert at.draft(later).instead == ""
    assert len(outside.requests) == 2


def test_a_claim_of_a_worker_that_died_is_taken_over(at: Shop, outside: Service) -> None:
    from datetime import timedelta

    from django.utils import timezone

    message = at.arrive()
    pipeline.handle(at.organization.id, message.pk)
    with at.scope():
        PaidCall.objects.update(answer="", claimed_at=timezone.now() - timedelta(minutes=2))
    pipeline.handle(at.organization.id, at.arrive().pk)
    assert len(outside.requests) == 2


def test_what_is_kept_of_an_answer_is_sealed_and_goes_with_its_customer(at: Shop, outside: Service) -> None:
    from django.db import connection

    from helpdesk.privacy.erasure import erase

    message = at.arrive(QUESTION)
    pipeline.handle(at.organization.id, message.pk)
    with at.scope():
        with connection.cursor() as cursor:
            cursor.execute("SELECT answer FROM aiassist_paidcall")
            assert "30 days" not in cursor.fetchone()[0]
        assert TicketMeaning.objects.count() == 1
        erase(Message.objects.get(pk=message.pk).customer)
        assert not PaidCall.objects.exists()
        assert not TicketMeaning.objects.exists()
