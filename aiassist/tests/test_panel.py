"""The AI panel: three choices of equal effort, off for a ticket without a reason, and who may not see it."""

from __future__ import annotations

import pytest

from aiassist import selectors
from aiassist.models import Draft, DraftState
from aiassist.tests.factories import make_draft
from governance.models import AIStop
from governance.services import decisions
from governance.tests.factories import make_decision
from helpdesk.people.models import Customer
from tickets.models import ComposerDraft, Message, MessageOutcome, Ticket
from tickets.tests.at_work import desk as at_work
from tickets.tests.desk import HTMX, Desk, make_desk
from tickets.tests.factories import make_ai_text, make_inbound, make_outcome, make_reply, make_ticket

pytestmark = pytest.mark.django_db
SENTENCES = [
    {"text": "Dear Marta,", "lead": "", "cites": [], "supported": True, "neutral": True},
    {"text": "You have 30 days.", "lead": "\n\n", "cites": [1], "supported": True, "neutral": False},
    {"text": "It will arrive on Friday.", "lead": " ", "cites": [], "supported": False, "neutral": False},
]
SOURCES = [
    {"number": 1, "kind": "article", "id": 1, "title": "Returns", "passage": "30 days.", "updated": "2026-11-01", "slug": "returns"}
]  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def drafted(desk: Desk) -> Ticket:
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox)
        draft = make_draft(
            make_inbound(ticket), text="Dear Marta,\n\nYou have 30 days. It will arrive on Friday.",
            sentences=SENTENCES, sources=SOURCES, replaced={"EMAIL": 1},
        )  # fmt: skip
        make_ai_text(ticket, draft.text, decision=draft.decision, unsupported=["It will arrive on Friday."])
        decisions.explain(decision=draft.decision, sources=SOURCES, service="built-in")
    return ticket


def test_the_panel_shows_draft_sources_and_what_has_none(desk: Desk) -> None:
    ticket = drafted(desk)
    html = desk.client(desk.agent).get(f"/tickets/{ticket.number}/ai/", headers=HTMX).content.decode()
    assert "You have 30 days." in html
    assert "Returns" in html
    assert "1 sentence has no source." in html
    assert "e-mail address" in html


@pytest.mark.parametrize(("choice", "state"), [("use", "used"), ("edit", "edited")])
def test_using_and_editing_put_the_draft_into_the_composer(desk: Desk, choice: str, state: str) -> None:
    ticket = drafted(desk)
    response = desk.client(desk.agent).post(f"/tickets/{ticket.number}/ai/{choice}/", headers=HTMX)
    assert response.status_code == 200
    html = response.content.decode()
    assert 'id="composer"' in html
    assert "You have 30 days." in html
    assert "It will arrive on Friday." in html
    with desk.scope():
        saved = ComposerDraft.objects.get()
        assert saved.used_decision is not None
        assert Draft.objects.get().state == state


def test_in_a_merged_conversation_the_newest_question_counts(desk: Desk) -> None:
    """The question of the merged ticket came last: its draft is shown, used and answered where the talk goes on."""
    with desk.scope():
        home = make_ticket(inbox=desk.inbox)
        make_draft(make_inbound(home), text="About the first question.")
    other = drafted(desk)
    with desk.scope():
        Ticket.objects.filter(pk=other.pk).update(merged_into=home, status="merged")
    client, url = desk.client(desk.agent), f"/tickets/{home.number}/ai/"
    html = client.get(url, headers=HTMX).content.decode()
    assert "You have 30 days." in html
    assert "About the first question." not in html
    assert client.post(f"{url}use/", headers=HTMX).status_code == 200
    with desk.scope():
        assert ComposerDraft.objects.get().ticket_id == home.pk
        assert Draft.objects.get(ticket=other).state == "used"
        make_reply(home, state="queued", text="You have thirty days.")
    assert "Answered" in client.get(url, headers=HTMX).content.decode()


def test_rejecting_costs_the_same_and_can_be_taken_back(desk: Desk) -> None:
    ticket, client = drafted(desk), desk.client(desk.agent)
    assert "Rejected" in client.post(f"/tickets/{ticket.number}/ai/reject/", headers=HTMX).content.decode()
    with desk.scope():
        assert Draft.objects.get().state == DraftState.REJECTED
    assert (
        "You have 30 days."
        in client.post(f"/tickets/{ticket.number}/ai/undo/", headers=HTMX).content.decode()
    )


def test_any_agent_turns_the_ai_off_and_on_for_a_ticket(desk: Desk) -> None:
    ticket, client = drafted(desk), desk.client(desk.agent)
    assert (
        "Off for this ticket"
        in client.post(f"/tickets/{ticket.number}/ai/off/", headers=HTMX).content.decode()
    )
    with desk.scope():
        assert AIStop.objects.get().lifted_at is None
    assert (
        "You have 30 days." in client.post(f"/tickets/{ticket.number}/ai/on/", headers=HTMX).content.decode()
    )


@pytest.mark.parametrize(
    ("result", "said"),
    [("not_allowed", "Not allowed here."), ("no_draft", "No draft this time."), ("failed", "Try again")],
)
def test_without_a_draft_it_says_why(desk: Desk, result: str, said: str) -> None:
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox)
        make_outcome(make_inbound(ticket), result=result, reason="A rule.", next_step="Do this.")
    html = desk.client(desk.agent).get(f"/tickets/{ticket.number}/ai/", headers=HTMX).content.decode()
    assert said in html
    assert "A rule." in html


def test_a_failed_message_can_be_tried_again(desk: Desk) -> None:
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox)
        make_outcome(make_inbound(ticket), result="failed", reason="Busy.")
    response = desk.client(desk.agent).post(f"/tickets/{ticket.number}/ai/retry/", headers=HTMX)
    assert "Reading the message" in response.content.decode()
    with desk.scope():
        assert not MessageOutcome.objects.exists()


@pytest.mark.parametrize("path", ["", "use/", "edit/", "reject/", "undo/", "off/", "on/", "retry/"])
def test_another_inbox_and_another_organization_are_404(desk: Desk, path: str) -> None:
    other = make_desk()
    with desk.scope():
        hidden = make_ticket(inbox=desk.other_inbox)
    seen = drafted(desk)
    for client, number in (
        (desk.client(desk.agent), hidden.number),
        (other.client(other.owner), seen.number),
    ):
        method = client.post if path else client.get
        assert method(f"/tickets/{number}/ai/{path}").status_code == 404
    with desk.scope():
        assert Draft.objects.get().state == DraftState.PROPOSED
        assert not AIStop.objects.exists()


def test_an_auditor_reads_and_changes_nothing(desk: Desk) -> None:
    ticket, client = drafted(desk), desk.client(desk.auditor)
    assert client.get(f"/tickets/{ticket.number}/ai/").status_code == 200
    assert client.post(f"/tickets/{ticket.number}/ai/use/").status_code == 403
    with desk.scope():
        assert not ComposerDraft.objects.exists()


def test_the_activity_page_costs_the_same_at_any_length(
    desk: Desk, django_assert_max_num_queries: object
) -> None:
    client = desk.client(desk.agent)
    counts = []
    for more in (2, 18):
        for _ in range(more):
            drafted(desk)
        with django_assert_max_num_queries(30) as captured:  # type: ignore[operator]
            html = client.get("/ai-activity/").content.decode()
        counts.append(len(captured))
    assert html.count("decision-") >= 20
    assert counts[0] == counts[1]


def test_activity_names_who_sent_it_and_the_ticket_of_every_step() -> None:
    at = at_work()
    at.send(at.draft_reply())
    with at.scope():
        rows = selectors.activity_page(selectors.activity(), at.member, "")["decisions"]
    by_action = {row["decision"].action: row for row in rows}
    assert {action: row["sent_by"] for action, row in by_action.items()} == dict.fromkeys(
        ("draft", "approve", "send"), "Nora"
    )
    assert {row["ticket"].number for row in rows} == {at.ticket.number}


def test_a_ticket_is_not_taken_for_the_message_with_its_number(desk: Desk) -> None:
    with desk.scope():
        message = make_inbound(make_ticket(inbox=desk.inbox))
        other = make_ticket(inbox=desk.inbox)
        about_ticket = make_decision(subject_kind="ticket", subject_id=message.pk)
        Ticket.objects.filter(pk=message.pk).exists() or make_ticket(pk=message.pk, inbox=desk.inbox)
        found = selectors.tickets_of([about_ticket], desk.owner)
    assert found[about_ticket.pk].pk == message.pk
    assert other.pk != message.pk


def test_activity_of_tickets_out_of_sight_names_no_ticket(desk: Desk) -> None:
    with desk.scope():
        hidden = make_ticket(inbox=desk.other_inbox, subject="Secret wholesale price")
        message = make_inbound(hidden)
        Customer.objects.filter(pk=hidden.customer_id).update(name="Greta Hidden")
        make_draft(message, decision=make_decision(subject_id=message.pk, customer=hidden.customer))
        assert Message.objects.exists()
    seen = desk.client(desk.agent).get("/ai-activity/").content.decode()
    assert "Secret wholesale price" not in seen
    assert "Greta Hidden" not in seen
    assert "Secret wholesale price" in desk.client(desk.owner).get("/ai-activity/").content.decode()
