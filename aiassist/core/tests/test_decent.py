"""What presses is left out of a draft, whoever wrote it; what is left still answers."""

from __future__ import annotations

from aiassist.core.decent import without_pressure
from aiassist.core.drafts import DraftResult, DraftSentence, Kind, NoDraft, NoDraftReason, NoteCode

CANCEL = "Please cancel my subscription."


def draft(*texts: str) -> DraftResult:
    answers = tuple(DraftSentence(text, ("a#0",)) for text in texts)
    return DraftResult((DraftSentence("Hello,", (), Kind.GREETING, ""), *answers), "en", "m", tokens_in=7)


def left(*texts: str, asked: str = "Where is my parcel?", upsell: bool = False) -> list[str]:
    result = without_pressure(draft(*texts), asked, upsell=upsell)
    assert isinstance(result, DraftResult)
    return [one.text for one in result.sentences[1:]]


def test_a_plain_draft_stays_as_it_is() -> None:
    plain = draft("Your parcel arrives on Thursday.", "You can return it within 30 days of delivery.")
    assert without_pressure(plain, "Where is my parcel?") is plain


def test_what_presses_goes_and_a_note_says_so() -> None:
    result = without_pressure(draft("It arrives on Thursday.", "Act now, only today!"), "Where is my parcel?")
    assert isinstance(result, DraftResult)
    assert [one.text for one in result.sentences] == ["Hello,", "It arrives on Thursday."]
    assert [(one.code, one.detail) for one in result.notes] == [(NoteCode.PRESSURE, "1")]


def test_a_draft_that_only_presses_is_none() -> None:
    result = without_pressure(draft("Act now, only today!"), "Where is my parcel?")
    assert isinstance(result, NoDraft)
    assert result.reason is NoDraftReason.PRESSES
    assert result.tokens_in == 7, "it was paid for all the same"


def test_what_meaning_finds_goes_too() -> None:
    assert left("It arrives on Thursday.", "Book it today, tomorrow the price is higher.") == [
        "It arrives on Thursday."
    ]


def test_offers_stay_where_the_rules_allow_them() -> None:
    offer = "You may also like the model Runa."
    assert left("It arrives on Thursday.", offer) == ["It arrives on Thursday."]
    assert left("It arrives on Thursday.", offer, upsell=True) == ["It arrives on Thursday.", offer]
    assert left(offer, asked="Do you have something warmer?") == [offer]


def test_who_leaves_gets_the_answer_before_any_offer() -> None:
    offer, answer = "We can offer you a free month.", "Your plan ends on 30 June."
    assert left(offer, answer, asked=CANCEL, upsell=True) == [answer]
