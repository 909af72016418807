"""Saved views: kept under a name, for oneself or everybody, removed with undo; and what an empty view says."""

from __future__ import annotations

from typing import Any

import pytest

from tickets.models import SavedView
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import make_inbound, make_ticket
from tickets.tests.test_conversation_pages import undo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(name="desk")
def _desk() -> Desk:
    desk = make_desk()
    with desk.scope():
        make_inbound(make_ticket(inbox=desk.inbox, priority=4, subject="Burning"))
        make_inbound(make_ticket(inbox=desk.inbox, subject="Calm"))
    return desk


def save(client: Any, name: str = "Fires", query: str = "priority=4&view=open", **more: str) -> Any:
    return client.post("/views/", {"name": name, "query": query, **more}, follow=True)


def views(desk: Desk) -> list[str]:
    with desk.scope():
        return list(SavedView.objects.order_by("pk").values_list("name", flat=True))


def test_a_narrowed_list_is_kept_and_found_in_the_left_pane(desk: Desk) -> None:
    client = desk.client(desk.agent)
    assert b"Save this view" not in client.get("/?view=open").content
    assert b"Save this view" in client.get("/?view=open&priority=4").content
    page = save(client).content.decode()
    assert "Burning" in page
    assert "Calm" not in page
    assert (
        '<a class="nav-link" href="/?view=open&amp;priority=4" aria-current="page"><span class="clip">Fires'
        in page
    )
    assert page.count('data-view="open" aria-current') == 0  # one place at a time
    assert "Save this view" not in page
    assert "Remove this saved view" in page
    assert (
        "Fires" in client.get("/counts/", headers={"HX-Current-URL": "http://x/?view=open"}).content.decode()
    )


def test_a_private_one_is_nobody_elses(desk: Desk) -> None:
    save(desk.client(desk.agent))
    assert b"Fires" not in desk.client(desk.owner).get("/").content
    with desk.scope():
        pk = SavedView.objects.get().pk
    assert desk.client(desk.owner).post(f"/views/{pk}/remove/").status_code == 404
    assert make_desk().client(desk.owner).post(f"/views/{pk}/remove/").status_code in (302, 403, 404)
    assert views(desk) == ["Fires"]


def test_a_shared_one_is_everybodys_who_sees_its_inbox(desk: Desk) -> None:
    owner, agent = desk.client(desk.owner), desk.client(desk.agent)
    save(owner, "Ours", f"priority=4&view=open&inbox={desk.inbox.pk}", shared="on")
    save(owner, "Hidden", f"priority=4&view=open&inbox={desk.other_inbox.pk}", shared="on")
    page = agent.get("/").content.decode()
    assert "Ours" in page
    assert "Hidden" not in page
    with desk.scope():
        ours = SavedView.objects.get(name="Ours").pk
    assert "Only who saved it" in agent.post(f"/views/{ours}/remove/", follow=True).content.decode()
    assert views(desk) == ["Ours", "Hidden"]


def test_removed_and_undone(desk: Desk) -> None:
    agent, owner = desk.client(desk.agent), desk.client(desk.owner)
    save(agent, shared="on")
    with desk.scope():
        pk = SavedView.objects.get().pk
    page = owner.post(f"/views/{pk}/remove/", follow=True)
    assert views(desk) == []
    assert undo(owner, page).status_code == 200
    with desk.scope():
        again = SavedView.objects.get()
        assert (again.name, again.query, again.is_shared) == ("Fires", "view=open&priority=4", True)
        assert again.owner_id == desk.agent.pk  # whose it was


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("  ", "priority=4", "Give it a name"),
        ("x" * 41, "priority=4", "Give it a name"),
        ("Long", f"q={'ß' * 190}", "too long to keep"),
        ("fires", "view=nonsense&evil=1&inbox=abc", ""),  # only what the list knows is kept
    ],
)
def test_bad_input(desk: Desk, name: str, query: str, said: str) -> None:
    page = save(desk.client(desk.agent), name, query).content.decode()
    if said:
        assert said in page
        assert views(desk) == []
        return
    with desk.scope():
        assert SavedView.objects.get().query == "view=nonsense"


def test_the_same_name_twice_and_too_many(desk: Desk) -> None:
    client = desk.client(desk.agent)
    save(client)
    assert "You have a view of that name" in save(client).content.decode()
    with desk.scope():
        SavedView.objects.bulk_create(
            SavedView(owner=desk.agent, name=f"n{n}", query="tag=x", organization=desk.organization)
            for n in range(19)
        )
    assert "You have 20 views" in save(client, "one more").content.decode()
    assert len(views(desk)) == 20


def test_an_auditor_saves_nothing(desk: Desk) -> None:
    client = desk.client(desk.auditor)
    assert b"Save this view" not in client.get("/?view=open&priority=4").content
    assert client.post("/views/", {"name": "Fires", "query": "priority=4"}).status_code in (403, 404)
    assert views(desk) == []


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("mine", "Nothing is yours right now"),
        ("pending", "No customer owes us an answer"),
        ("snoozed", "Nothing sleeps"),
        ("solved", "Nothing is solved yet"),
        ("spam", "No spam"),
    ],
)
def test_an_empty_view_says_what_will_be_here(desk: Desk, view: str, said: str) -> None:
    assert said in desk.client(desk.agent).get(f"/?view={view}").content.decode()
