"""Articles, ready replies, the help centre; the switch of the AI; a ticket opened by an agent."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from governance.models import AIStop
from governance.tests.factories import make_policy
from tickets.models import Article, CannedReply, Ticket
from tickets.signals import knowledge_changed
from tickets.tests.desk import HTMX, Desk, make_desk
from tickets.tests.factories import make_article, make_canned_reply

pytestmark = pytest.mark.django_db
ARTICLE = {"title": "Returns & refunds", "slug": "", "body": "30 days.\n\n<b>Really</b>", "language": "en"}


@pytest.fixture
def desk() -> Desk:
    """A desk with its people."""
    return make_desk()


def test_an_article_is_written_published_and_withdrawn(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[Any] = []

    def hear(**news: Any) -> None:
        told.append(news["organization_id"])

    knowledge_changed.connect(hear)
    client, anyone = desk.client(desk.agent), desk.client()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/articles/new/", {**ARTICLE, "then": "save"}).status_code == 302
    knowledge_changed.disconnect(hear)
    assert told == [desk.organization.id]
    with desk.scope():
        article = Article.objects.get()
    assert (article.slug, article.status, article.author_id) == ("returns-refunds", "draft", desk.agent.pk)
    assert anyone.get("/help/returns-refunds/").status_code == 404
    assert "Returns" not in anyone.get("/help/").content.decode()
    client.post(f"/articles/{article.pk}/publish/")
    page = anyone.get("/help/returns-refunds/").content.decode()
    assert "<p>30 days.</p><p>&lt;b&gt;Really&lt;/b&gt;</p>" in page
    assert "Returns &amp; refunds" in anyone.get("/help/").content.decode()
    client.post(f"/articles/{article.pk}/withdraw/")
    assert anyone.get("/help/returns-refunds/").status_code == 404
    client.post(f"/articles/{article.pk}/remove/")
    with desk.scope():
        assert not Article.objects.exists()


def test_a_second_article_or_reply_of_the_name_is_said_in_the_form(desk: Desk) -> None:
    with desk.scope():
        make_article(slug="returns")
        make_canned_reply(title="Hello")
    client = desk.client(desk.agent)
    assert client.post("/articles/new/", {**ARTICLE, "slug": "returns"}).status_code == 422
    assert client.post("/replies/new/", {"title": "Hello", "body": "x", "language": "en"}).status_code == 422
    other = make_desk()
    assert other.client(other.agent).post("/articles/new/", {**ARTICLE, "slug": "returns"}).status_code == 302


def test_replies_are_kept_by_agents_and_read_by_auditors(desk: Desk) -> None:
    client = desk.client(desk.agent)
    assert (
        client.post("/replies/new/", {"title": "Hello", "body": "Hi!", "language": "de"}).status_code == 302
    )
    with desk.scope():
        reply = CannedReply.objects.get()
    changed = {"title": "Hello", "body": "Hi there!", "language": "de", "inbox": desk.inbox.pk}
    assert client.post(f"/replies/{reply.pk}/", changed).status_code == 302
    auditor = desk.client(desk.auditor)
    assert "Hi there!" in auditor.get("/replies/").content.decode()
    assert auditor.get("/articles/").status_code == 200
    for url in ("/replies/new/", f"/replies/{reply.pk}/", f"/replies/{reply.pk}/remove/", "/articles/new/"):
        assert auditor.post(url, changed).status_code == 403
    with desk.scope():
        assert CannedReply.objects.get().body == "Hi there!"


def test_other_organizations_knowledge_does_not_exist(desk: Desk) -> None:
    other = make_desk()
    with other.scope():
        article, reply = make_article(), make_canned_reply()
    client = desk.client(desk.owner)
    for url in (f"/articles/{article.pk}/", f"/replies/{reply.pk}/", f"/help/{article.slug}/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/articles/{article.pk}/remove/").status_code == 404


@pytest.mark.parametrize("url", ["/articles/", "/replies/", "/help/"])
def test_lists_take_the_same_queries_at_any_length(url: str, django_assert_max_num_queries: Any) -> None:
    taken = []
    for size in (2, 20):
        desk = make_desk()
        with desk.scope():
            for _ in range(size):
                make_article(author=desk.agent)
                make_canned_reply(inbox=desk.inbox)
        client = desk.client(desk.agent)
        client.get(url)
        with django_assert_max_num_queries(20) as captured:
            assert client.get(url).status_code == 200
        taken.append(len(captured.captured_queries))
    assert taken[0] == taken[1]


def test_anyone_who_works_here_stops_the_ai_and_an_owner_starts_it(desk: Desk) -> None:
    agent, owner = desk.client(desk.agent), desk.client(desk.owner)
    assert desk.client(desk.auditor).post("/ai/stop/").status_code == 403
    for _ in range(2):
        assert "AI is stopped" in agent.post("/ai/stop/", headers=HTMX).content.decode()
    with desk.scope():
        assert AIStop.objects.filter(lifted_at=None).count() == 1
    assert agent.post("/ai/start/").status_code == 403
    assert "Start again" not in agent.get("/ai/", headers=HTMX).content.decode()
    assert "Start again" in owner.get("/", headers={}).content.decode()
    assert "AI is stopped" not in owner.post("/ai/start/", headers=HTMX).content.decode()
    with desk.scope():
        assert not AIStop.objects.filter(lifted_at=None).exists()


def test_the_switch_tells_what_is_in_force(desk: Desk, settings: Any) -> None:
    client = desk.client(desk.owner)
    assert "AI is off" in client.get("/ai/").content.decode()
    with desk.scope():
        make_policy(status="published", version=3, published_at=timezone.now())
    page = client.get("/ai/").content.decode()
    assert "AI assistance is on" in page
    assert "Rules v3" in page
    settings.AI_STOPPED = True
    page = client.get("/ai/").content.decode()
    assert "By whoever runs this installation." in page
    assert "Start again" not in page


def test_an_agent_opens_a_ticket_for_a_caller(desk: Desk) -> None:
    client = desk.client(desk.agent)
    page = client.get("/tickets/new/").content.decode()
    assert "Shop" in page
    assert "Wholesale" not in page
    data = {
        "inbox": desk.inbox.pk,
        "address": "Ann@Example.org",
        "subject": "Called",
        "text": "Wants a refund",
    }
    made = client.post("/tickets/new/", data)
    assert made.status_code == 302
    with desk.scope():
        ticket = Ticket.objects.get()
        assert (ticket.channel, ticket.number, ticket.customer_messages) == ("agent", 1, 1)
    assert client.get(made.url).status_code == 200
    assert client.post("/tickets/new/", {**data, "inbox": desk.other_inbox.pk}).status_code == 422
    assert desk.client(desk.auditor).get("/tickets/new/").status_code == 403
