"""The help centre as a visitor meets it: a question, its answer, and a way to us where there is none."""

from __future__ import annotations

from typing import Any

import pytest

from tickets import finding
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import make_article
from tickets.views import help as help_pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with articles in two languages; this room alone finds by words."""
    monkeypatch.setattr(finding, "_finders", [])
    desk = make_desk()
    with desk.scope():
        make_article(
            title="How do I return something?",
            body="Within 30 days.\n\nSend it back in <its> box.",
            slug="returns",
        )
        make_article(
            title="Wie schicke ich etwas zurück?",
            body="Innerhalb von 30 Tagen.",
            slug="ruecksendung",
            language="de",
        )
    return desk


def test_a_question_shows_the_article_and_the_passage_that_answers(desk: Desk) -> None:
    page = desk.client().get("/help/", {"q": "how can I retrun the box"}).content.decode()
    assert "Found for “how can I retrun the box”" in page
    assert 'href="/help/returns/"' in page
    assert "Send it back in &lt;its&gt; box." in page


def test_the_question_is_shown_as_text_and_nothing_else(desk: Desk) -> None:
    page = desk.client().get("/help/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_nothing_found_teaches_and_leads_to_us(desk: Desk) -> None:
    page = desk.client().get("/help/", {"q": "quantum physics"}).content.decode()
    assert "We have no article about that yet." in page
    assert "Try it in other words" in page
    assert 'href="/portal/"' in page
    assert "How do I return something?" in page, "what there is stands below"


@pytest.mark.parametrize(("language", "first"), [("en", "returns"), ("de", "ruecksendung")])
def test_the_readers_language_comes_first(desk: Desk, language: str, first: str) -> None:
    page = desk.client().get("/help/", headers={"Accept-Language": language}).content.decode()
    links = [part.split('"')[0] for part in page.split('href="/help/')[1:]]
    assert next(one for one in links if one) == f"{first}/"


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Ein Mensch liest es."), ("fr", "Une personne le lit."), ("es", "Lo lee una persona.")],
)
def test_the_page_speaks_the_readers_language(desk: Desk, language: str, said: str) -> None:
    page = (
        desk.client().get("/help/", {"q": "quantum"}, headers={"Accept-Language": language}).content.decode()
    )
    assert said in page


def test_nobody_searches_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(help_pages, "MOST_A_MINUTE", 2)
    client = desk.client()
    answers = [client.get("/help/", {"q": "return"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "Please wait a little" in answers[2].content.decode()
    assert make_desk().client().get("/help/", {"q": "return"}).status_code == 200, "counted per shop"


def test_the_page_takes_the_same_queries_with_more_articles(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    client, taken = desk.client(), []
    for _ in range(2):
        with desk.scope():
            for n in range(15):
                make_article(title=f"Delivery {n}", body="Delivery costs ten euros.")
        client.get("/help/", {"q": "delivery"})
        with django_assert_max_num_queries(20) as captured:
            client.get("/help/", {"q": "delivery"})
        taken.append(len(captured.captured_queries))
    assert taken[0] == taken[1]
