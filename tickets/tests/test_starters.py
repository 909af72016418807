"""Starter articles: twelve for each kind, in whole sentences, with blanks that no customer ever reads."""

from __future__ import annotations

import re
from typing import Any

import pytest

from helpdesk.tenancy.kinds import Kind
from tickets.models import Article
from tickets.starters import blanks, languages, starters
from tickets.tests.desk import Desk, make_desk

EVERY = [(kind.value, language) for kind in Kind for language in sorted(languages(kind.value))]


@pytest.fixture
def desk() -> Desk:
    """A desk with its people."""
    return make_desk()


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_each_kind_has_twelve_whole_articles(kind: str, language: str) -> None:
    found = starters(kind, language)
    assert len({one.key for one in found}) == len({one.title for one in found}) == len(found) == 12
    assert [one.key for one in found] == [one.key for one in starters(kind, "en")]
    for one in found:
        assert 80 < len(one.body) < 1500, one.key
        assert not re.search(r"\[[^\]]*(\[|\n)|  |TODO|lorem", one.body), one.key
        assert one.body.count("[") == one.body.count("]"), one.key
        assert len(one.title) <= 90, one.key
        assert one.body[-1] in ".?!", one.key
    assert sum(bool(blanks(one.body)) for one in found) >= 8


@pytest.mark.django_db
def test_ticked_ones_are_added_and_only_finished_ones_become_public(desk: Desk) -> None:
    client = desk.client(desk.agent)
    page = client.get("/articles/starters/?kind=shop").content.decode()
    assert page.count('name="pick"') == 12
    data: dict[str, Any] = {
        "kind": "shop",
        "language": "en",
        "pick": ["returns", "delivery"],
        "then": "publish",
    }
    data |= {
        "title-returns": "Returning",
        "body-returns": "Within 30 days.",
        "title-refund": "No",
        "body-refund": "No",
    }
    answer = client.post("/articles/starters/", {**data, "next": "/setup/"}, follow=False)
    assert answer.url == "/setup/"
    with desk.scope():
        made = {one.origin: one for one in Article.objects.all()}
    assert {key: one.status for key, one in made.items()} == {
        "starter:shop:returns": "published",
        "starter:shop:delivery": "draft",
    }
    assert (made["starter:shop:returns"].title, made["starter:shop:returns"].body) == (
        "Returning",
        "Within 30 days.",
    )
    again = client.get("/articles/starters/?kind=shop").content.decode()
    assert again.count("There already") == 2
    assert "[" not in desk.client().get("/help/").content.decode()


@pytest.mark.django_db
def test_a_starter_with_a_blank_left_is_not_published_from_its_own_page_either(desk: Desk) -> None:
    client = desk.client(desk.agent)
    client.post("/articles/starters/", {"kind": "care", "pick": ["cancel"], "then": "draft"})
    with desk.scope():
        article = Article.objects.get()
    fields = {"title": article.title, "slug": article.slug, "body": article.body, "language": "en"}
    answer = client.post(f"/articles/{article.pk}/", {**fields, "then": "publish"})
    assert answer.status_code == 422
    assert "[number]" in answer.content.decode()
    client.post(f"/articles/{article.pk}/publish/")
    with desk.scope():
        assert Article.objects.get().status == "draft"
    done = {**fields, "body": "Tell us a day before.", "then": "publish"}
    assert client.post(f"/articles/{article.pk}/", done).status_code == 302
    with desk.scope():
        assert Article.objects.get().status == "published"


@pytest.mark.django_db
def test_the_page_begins_with_the_kind_of_the_house(desk: Desk) -> None:
    client = desk.client(desk.agent)
    assert 'name="pick"' not in client.get("/articles/starters/").content.decode()
    type(desk.organization).objects.filter(pk=desk.organization.pk).update(kind="travel")
    assert "How much baggage may I take?" in client.get("/articles/starters/").content.decode()
    assert 'name="pick"' not in client.get("/articles/starters/?kind=../../etc/passwd").content.decode()
