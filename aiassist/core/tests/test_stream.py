"""Words while they are written: from a real server's stream, in pieces of any size, and never more than it said."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from aiassist.core.drafts import DraftResult
from aiassist.core.providers import stream
from aiassist.core.providers.base import ProviderBusy, ProviderRefused, ProviderTimeout
from aiassist.core.providers.stream import words_so_far
from aiassist.core.tests.fake_service import GOOD_DRAFT, Service, completion, serve
from aiassist.core.tests.test_openai_compatible import REQUEST, client

BODY = "Hello [PERSON_1],\n\nYou can return the dress within 30 days of delivery."


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(stream, "TELL_EVERY", 0.0)
    with serve() as running:
        running.will({})
        yield running


@pytest.mark.parametrize("piece", [1, 3, 17, 10_000])
def test_a_streamed_draft_is_the_same_draft(service: Service, piece: int) -> None:
    service.will({"piece": piece})
    heard: list[str] = []
    result = client(service).draft(REQUEST, 5, heard.append)
    assert isinstance(result, DraftResult)
    assert result.body == BODY
    assert (result.tokens_in, result.tokens_out, result.cost_micro) == (400, 60, 96)
    assert all(" ".join(BODY.split()).startswith(one) for one in heard)
    assert service.requests[0]["stream"] is True
    assert service.requests[0]["response_format"]["type"] == "json_schema"


def test_first_words_come_before_the_last(service: Service) -> None:
    service.will({"piece": 8, "pause": 0.02})
    heard: list[tuple[float, str]] = []
    client(service).draft(REQUEST, 5, lambda words: heard.append((time.monotonic(), words)))
    assert heard[0][1].startswith("Hello")
    assert len(heard[0][1]) < len(BODY) / 2
    assert heard[-1][0] - heard[0][0] > 0.1


def test_a_service_that_knows_no_streams_is_asked_without(service: Service) -> None:
    refusal = {"status": 400, "body": b'{"error": {"message": "stream_options is not supported"}}'}
    service.will(refusal, {})
    heard: list[str] = []
    assert isinstance(client(service).draft(REQUEST, 5, heard.append), DraftResult)
    assert [one.get("stream") for one in service.requests] == [True, None]
    assert heard == []


def test_a_service_that_answers_in_one_piece_is_understood(service: Service) -> None:
    service.will({"no_stream": True})
    assert isinstance(client(service).draft(REQUEST, 5, lambda words: None), DraftResult)


def test_a_stream_that_dies_in_the_middle_is_asked_once_more(service: Service) -> None:
    service.will({"die_after": 4}, {})
    result = client(service).draft(REQUEST, 5, lambda words: None)
    assert isinstance(result, DraftResult)
    assert result.attempts == 2
    assert result.body == BODY, "nothing of the first attempt is in it"


def test_a_stream_that_always_dies_is_no_draft(service: Service) -> None:
    service.will({"die_after": 6})
    with pytest.raises(ProviderBusy):
        client(service).draft(REQUEST, 5, lambda words: None)
    assert len(service.requests) == 3


def test_a_slow_stream_ends_in_time(service: Service) -> None:
    service.will({"piece": 1, "pause": 0.05})
    started = time.monotonic()
    with pytest.raises(ProviderTimeout):
        client(service).draft(REQUEST, 0.8, lambda words: None)
    assert time.monotonic() - started < 2


def test_a_wrong_key_is_refused_before_any_word(service: Service) -> None:
    heard: list[str] = []
    with pytest.raises(ProviderRefused):
        client(service, key="sk-wrong").draft(REQUEST, 5, heard.append)
    assert heard == []


def test_an_answer_that_was_cut_off_is_no_draft_in_a_stream_either(service: Service) -> None:
    from aiassist.core.providers.base import ProviderBadAnswer

    service.will({"body": completion(json.dumps(GOOD_DRAFT)[:60], finish="length")})
    with pytest.raises(ProviderBadAnswer) as error:
        client(service).draft(REQUEST, 5, lambda words: None)
    assert (error.value.tokens_in, error.value.tokens_out) == (400, 60)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ""),
        ('{"sentences": [{"te', ""),
        ('{"sentences": [{"text": "Hel', ""),
        ('{"sentences": [{"text": "Hello Marta, you ca', "Hello Marta, you"),
        ('{"sentences": [{"text": "Hello [PERSO', "Hello"),
        ('{"sentences": [{"text": "Hello [PERSON_1], you', "Hello [PERSON_1],"),
        ('{"sentences": [{"text": "Say \\"hi\\" to ', 'Say "hi" to'),
        ('{"sentences": [{"text": "Caf\\u00e9 at noon \\u00', "Café at noon"),
        ('{"sentences": [{"text": "One.", "sources": []}, {"text": "Two is n', "One. Two is"),
    ],
)
def test_only_whole_words_are_told(content: str, said: str) -> None:
    assert words_so_far(content) == said


def test_every_beginning_of_a_draft_tells_a_beginning_of_its_text() -> None:
    whole = json.dumps({"sentences": [{"text": 'Über "30" Tage\nund [PERSON_1] é.'}, {"text": "Ende."}]})
    last = words_so_far(whole)
    for cut in range(len(whole)):
        assert last.startswith(words_so_far(whole[:cut]))
