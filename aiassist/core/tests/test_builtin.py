"""The built-in service: sentences of the sources and nothing else, in a frame that an agent would send."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from aiassist.core import ground
from aiassist.core.drafts import (
    DraftRequest,
    DraftResult,
    Kind,
    NoDraft,
    NoDraftReason,
    NoteCode,
    Passage,
    Tone,
)
from aiassist.core.providers.builtin import BuiltIn
from aiassist.core.tests.knowledge import ANSWERED, ARTICLES, UNANSWERED
from aiassist.core.tests.shelf import shelf

BODIES = {article.id: " ".join(article.body.split()) for article in ARTICLES}


def write(question: str, **changes: Any) -> DraftResult | NoDraft:
    settings: dict[str, Any] = {"passages": shelf().rank(question), "customer_name": "[PERSON_1]"}
    return BuiltIn().draft(DraftRequest(question, **{**settings, **changes}), 5)


def draft(question: str, **changes: Any) -> DraftResult:
    result = write(question, **changes)
    assert isinstance(result, DraftResult)
    return result


def test_a_draft_reads_like_an_answer() -> None:
    assert draft("Can I return earrings that I bought last week?").body == (
        "Hello [PERSON_1],\n\nThank you for your message.\n\n"
        "You can return any item within 30 days of delivery, as long as it is unworn and the labels are still on."
        " Please use the return slip that came with your parcel and hand it in at any post office.\n\n"
        "Earrings, underwear and items made to measure cannot be returned for reasons of hygiene.\n\nKind regards"
    ).replace("post office.\n\nEarrings", "post office. Earrings")


def test_nothing_is_invented_and_everything_is_supported() -> None:
    for one in ANSWERED:
        result = write(one.text)
        if isinstance(result, NoDraft):
            continue
        for sentence in result.sentences:
            if sentence.kind is Kind.ANSWER:
                (source,) = sentence.source_ids
                assert " ".join(sentence.text.split()).split(". ", 1)[-1] in BODIES[source]
        checks = ground.check(result.sentences, shelf().passages)
        assert ground.unsupported(checks) == (), one.text


def test_the_needed_fact_is_in_the_draft() -> None:
    needed = {
        "How long do I have to return something?": "30 days",
        "How much is shipping to France and how many days does it take?": "4 to 6 working days",
        "Do you deliver to Switzerland?": "We do not ship outside the EU",
        "Are the Vela boots true to size?": "half a size large",
        "Can I pay in instalments?": "not possible",
        "When can I check in online?": "48 hours",
        "Can my sister use my ticket instead of me?": "cannot be transferred",
        "At checkout I get E-417, what is that?": "declined the card",
        "Can I move my booking to another date?": "40 euros",
        "I typed the wrong delivery address. Can it be changed?": "My orders",
    }
    for question, fact in needed.items():
        assert fact in draft(question).body, question


def test_most_questions_without_an_answer_get_no_draft() -> None:
    drafted = [one.text for one in UNANSWERED if isinstance(write(one.text), DraftResult)]
    assert len(drafted) <= 1


def test_steps_stay_together() -> None:
    body = draft("How do I get my boarding pass?").body
    assert "You need three things:\n1. Open Manage booking on our website.\n2. Enter" in body


def test_each_question_is_answered_or_named_as_open() -> None:
    result = draft(
        "I ordered two dresses. How long does delivery to Austria take? And can I return one of them if it does not"
        " fit? Also, do you offer student discounts?"
    )
    assert {"delivery", "returns"} <= set(result.source_ids)
    assert [(note.code, note.detail) for note in result.notes] == [
        (NoteCode.OPEN_QUESTION, "Also, do you offer student discounts?")
    ]


CANNED = Passage(
    "canned-1",
    "Hi,\n\nthank you for asking. Our VAT number stands on every invoice.\n\nBest regards\nThe team",
    "VAT number",
    kind="canned",
    language="en",
    score=0.9,
)


def test_a_canned_reply_is_taken_whole_without_its_own_frame() -> None:
    body = draft("What is your VAT number?", passages=(CANNED,)).body
    assert body == (
        "Hello [PERSON_1],\n\nThank you for asking. Our VAT number stands on every invoice.\n\nKind regards"
    )


@pytest.mark.parametrize(
    ("language", "tone", "first", "last"),
    [
        ("en", Tone.WARM, "Hello [PERSON_1],", "Warm regards"),
        ("de", Tone.NEUTRAL, "Guten Tag [PERSON_1],", "Freundliche Grüße"),
        ("de", Tone.BRIEF, "Guten Tag [PERSON_1]!", "Freundliche Grüße"),
        ("fr", Tone.NEUTRAL, "Bonjour [PERSON_1],", "Cordialement"),
        ("es", Tone.WARM, "Hola [PERSON_1]:", "Un cordial saludo"),
    ],
)
def test_language_and_tone_of_the_frame(language: str, tone: Tone, first: str, last: str) -> None:
    result = draft("How long is a gift card valid?", language=language, tone=tone)
    assert result.body.startswith(first)
    assert result.body.endswith(last)
    other = [note.code for note in result.notes]
    assert (NoteCode.OTHER_LANGUAGE in other) is (language != "en")


def test_a_language_without_a_frame_is_said() -> None:
    result = draft("How long is a gift card valid?", language="nl")
    assert NoteCode.GREETING_LANGUAGE in [note.code for note in result.notes]


def test_without_name_or_closing() -> None:
    body = draft("How long is a gift card valid?", customer_name="", with_closing=False, tone=Tone.BRIEF).body
    assert body == "Hello,\n\nGift cards are valid for three years from the day of purchase."


@pytest.mark.parametrize(
    ("question", "passages", "reason"),
    [
        ("", (CANNED,), NoDraftReason.NO_QUESTION),
        ("Hello,\n\nThanks!", (CANNED,), NoDraftReason.NO_QUESTION),
        ("How long is a gift card valid?", (), NoDraftReason.NO_SOURCES),
    ],
)
def test_why_there_is_no_draft(question: str, passages: tuple[Passage, ...], reason: NoDraftReason) -> None:
    result = write(question, passages=passages)
    assert isinstance(result, NoDraft)
    assert result.reason is reason
    assert result.text
    assert result.next_step


def test_gaps_to_fill_in_are_not_sent() -> None:
    passage = Passage(
        "a", "Your code is {{ code }}. Gift cards are valid for three years.", "Gift cards", score=0.8
    )
    assert "{{" not in draft("How long is a gift card valid?", passages=(passage,)).body


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the built-in service opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert draft("How long is a gift card valid?").source_ids == ("gift-cards",)
