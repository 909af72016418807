"""Known answers for the recognition of pasted AI text."""

from __future__ import annotations

import pytest

from tickets.overlap import SHARE, ai_share

DRAFT = (
    "Hello Anna,\n\nThank you for writing to us. You can send the boots back within thirty days of delivery as long"
    " as they have not been worn outside. Please put the return slip into the parcel and hand it in at any post"
    " office. We pay for the label when the item was faulty.\n\nKind regards"
)
OWN = (
    "Hi Anna, sorry for the wait, I looked at your parcel myself and it left our shop on Tuesday morning. Tom"
)
ARTICLE = "Returns. You can send the boots back within thirty days of delivery as long as they have not been worn outside."


def words(start: int, count: int, prefix: str = "w") -> str:
    return " ".join(f"{prefix}{number}" for number in range(start, start + count))


def test_unedited_draft_is_recognised() -> None:
    found = ai_share(DRAFT, [DRAFT])
    assert found.recognised
    assert found.share == 1.0


def test_own_words_are_not_recognised() -> None:
    assert not ai_share(OWN, [DRAFT]).recognised


def test_one_whole_sentence_in_a_long_own_mail_is_enough() -> None:
    body = f"{OWN} {words(0, 400)} We pay for the label, when the item was FAULTY! {words(400, 400)}"
    found = ai_share(body, [DRAFT])
    assert found.recognised
    assert found.sentence == "We pay for the label when the item was faulty."


@pytest.mark.parametrize(("count", "recognised"), [(7, False), (8, True)])
def test_a_sentence_needs_eight_words(count: int, recognised: bool) -> None:
    sentence = words(0, count) + "."
    ai_text = f"{sentence} {words(100, 200)}."
    body = f"{words(0, 60, 'own')} {sentence} {words(60, 60, 'own')}"
    assert ai_share(body, [ai_text]).recognised is recognised


@pytest.mark.parametrize(
    ("shared_words", "recognised"),
    [(33, False), (34, True), (60, True)],  # 100 shingles: 29, 30 and 56 in common
)
def test_thirty_percent_of_shingles_is_the_line(shared_words: int, recognised: bool) -> None:
    ai_text = words(0, 104)
    body = f"{words(0, 300, 'own')} {words(10, shared_words)} {words(300, 300, 'own')}"
    found = ai_share(body, [ai_text])
    assert found.recognised is recognised
    assert (found.share >= SHARE) is recognised


def test_share_of_the_body_counts_too() -> None:
    """A short mail cut from the middle of a long draft is the AI's, even if it is little of the draft."""
    assert ai_share(words(100, 20), [words(0, 600)]).recognised


@pytest.mark.parametrize(
    "disguise",
    [
        str.upper,
        lambda text: text.replace(" ", "\n"),
        lambda text: text.replace(" ", "   \u00a0"),
        lambda text: text.replace("e", "e\u200b"),
        lambda text: text.replace("e", "e\u00ad"),
        lambda text: text.replace(".", "").replace(",", " -"),
        lambda text: f"\u201c{text}\u201d",
        lambda text: "\n".join(f"> {line}" for line in [text]),
    ],
    ids=["case", "lines", "spaces", "zero-width", "soft hyphen", "punctuation", "quotes", "quote sign"],
)
def test_disguises_do_not_help(disguise: object) -> None:
    assert callable(disguise)
    assert ai_share(disguise(DRAFT), [DRAFT], quoted=["Where is my parcel?"]).recognised


def test_light_editing_is_still_recognised() -> None:
    edited = (
        DRAFT.replace("thirty", "30").replace("Please put", "Just put").replace("any post office", "the post")
    )
    assert ai_share(edited, [DRAFT]).recognised


def test_quoted_customer_text_is_ignored() -> None:
    customer = "I ordered the blue boots two weeks ago and they still have not arrived at my house."
    draft = f"You wrote: {customer} {words(0, 40)}"
    body = f"It is on the way.\n\nOn Mon, 3 Nov 2025 Anna wrote:\n> {customer}\n"
    assert not ai_share(body, [draft]).recognised
    assert not ai_share(body, [draft], quoted=[customer]).recognised


def test_outlook_style_quote_is_ignored() -> None:
    body = f"Done.\n\n-----Original Message-----\n{DRAFT}"
    assert not ai_share(body, [DRAFT]).recognised


def test_article_that_a_person_pastes_is_not_the_ais() -> None:
    body = f"Hi Anna, our rule says: {ARTICLE.removeprefix('Returns. ')} Best, Tom"
    assert ai_share(body, [DRAFT]).recognised
    assert not ai_share(body, [DRAFT], exempt=[ARTICLE]).recognised


def test_whole_draft_is_recognised_even_if_made_of_articles() -> None:
    articles = [ARTICLE, "Refunds reach your card in five working days after the parcel has come back to us."]
    draft = f"Hello Anna,\n\nThank you for your message. {articles[0]} {articles[1]}\n\nKind regards"
    assert ai_share(draft, [draft], exempt=articles).recognised


def test_stock_phrase_alone_is_not_the_ais() -> None:
    body = "Thank you for writing to us. I will call you this afternoon about the missing button. Tom"
    assert not ai_share(body, [DRAFT]).recognised


def test_short_ai_text() -> None:
    assert ai_share("Yes, that size is in stock.", ["Yes, that size is in stock."]).recognised
    assert not ai_share("Yes", ["Yes"]).recognised


def test_the_strongest_of_several_texts_is_returned() -> None:
    found = ai_share(DRAFT, [words(0, 50), DRAFT, words(50, 50)])
    assert found.recognised
    assert found.share == 1.0


@pytest.mark.parametrize("body", ["", "   ", "\u200b", "> only a quote"])
def test_nothing_written_is_nothing_recognised(body: str) -> None:
    assert not ai_share(body, [DRAFT, ""]).recognised
