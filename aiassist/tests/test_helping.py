"""Help beside a draft: shorter, warmer, clearer, translated, summed up; asked for, checked, used, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from aiassist import help_panel, helping
from aiassist.core.tests.fake_service import Service, completion, serve
from aiassist.drafting_models import Help
from aiassist.models import AIService
from aiassist.tests.factories_drafting import make_help
from aiassist.tests.outside import Shop, shop
from governance.models import AIDecision, DraftExplanation
from governance.services import consents, stops
from helpdesk.people.models import Customer, Role
from helpdesk.people.permissions import grant_inbox
from helpdesk.people.tests.factories import make_member
from helpdesk.people.tests.support import browser_of
from tickets.models import AIText, ComposerDraft, Message, Ticket
from tickets.services import replying
from tickets.services.involvement import involvement_of
from tickets.tests.desk import HTMX
from tickets.tests.factories import make_ai_text, make_inbound, make_inbox, make_reply, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
LONG = (
    "Hello Marta,\n\nThank you for your message. We were very happy to read that you like our shop so much. "
    "You can return the coat within 30 days of delivery. Coats are a wonderful thing in this season of the year. "
    "Please put the slip into the parcel. You can bring the parcel to any post office that is near you.\n\nKind regards"
)


def said(*texts: str, sources: tuple[str, ...] = ("M1",)) -> dict[str, Any]:
    sentences = [{"text": text, "sources": list(sources)} for text in texts]
    answer = {"sentences": sentences, "language": "en", "unanswered": [], "no_answer": False}
    return {"body": completion(answer)}


@pytest.fixture
def outside(settings: Any) -> Iterator[Service]:
    settings.AI_ALLOWED_HOSTS = ["127.0.0.1"]
    with serve() as service:
        service.will(said("Hello [PERSON_1], you can return the coat within 30 days of delivery."))
        yield service


@pytest.fixture
def at(outside: Service) -> Shop:
    return shop(outside, timeout_seconds=20)


@pytest.fixture
def alone(at: Shop) -> Shop:
    """The same shop without a service."""
    with at.scope():
        AIService.objects.update(is_active=False)
    return at


@pytest.fixture
def ticket(at: Shop) -> Ticket:
    message = at.arrive()
    with at.scope():
        return Ticket.objects.select_related("customer", "inbox").get(pk=message.ticket_id)


@pytest.fixture
def desk(at: Shop) -> Client:
    return browser_of(at.organization, at.owner)


def ask(at: Shop, desk: Client, ticket: Ticket, kind: str, body: str = LONG, **more: str) -> Help:
    """As the page does it, with the worker's turn."""
    values = {"ask": kind, "kind": "reply", "body": body, **more}
    response = desk.post(f"/tickets/{ticket.number}/ai/help/ask/", values, headers=HTMX)
    assert response.status_code == 200
    with at.scope():
        row = Help.objects.order_by("-pk").first()
        assert row is not None, response.content.decode()
    helping.run(at.organization.id, row.pk)
    with at.scope():
        return Help.objects.select_related("decision").get(pk=row.pk)


def test_shorter_without_a_service_only_leaves_out(alone: Shop, desk: Client, ticket: Ticket) -> None:
    row = ask(alone, desk, ticket, "shorter")
    assert row.state == "done", row.reason
    assert len(row.text.split()) < 0.8 * len(LONG.split())
    assert "30 days" in row.text, "what must be known stays"
    assert row.text.startswith("Hello Marta")
    plain = " ".join(LONG.split())
    assert all(sentence["text"] in plain for sentence in row.points), "not a word is new"
    assert row.decision is not None
    assert (row.decision.action, row.decision.allowed, row.decision.system) == (
        "rewrite",
        True,
        "built-in/builtin-1",
    )
    assert row.masked_request == "", "nothing left"


def test_what_is_short_already_stays(alone: Shop, desk: Client, ticket: Ticket) -> None:
    row = ask(alone, desk, ticket, "shorter", "You have 30 days.")
    assert row.state == "failed"
    assert "left out" in row.reason


def test_without_a_service_the_rest_says_what_it_needs(alone: Shop, desk: Client, ticket: Ticket) -> None:
    menu = desk.get(f"/tickets/{ticket.number}/ai/help/menu/").content.decode()
    assert "Shorter" in menu
    assert "need an AI service" in menu
    assert "/settings/ai-service/" in menu
    page = desk.post(f"/tickets/{ticket.number}/ai/help/ask/", {"ask": "warmer", "body": LONG}, headers=HTMX)
    assert "needs an AI service" in page.content.decode()
    with alone.scope():
        assert not Help.objects.exists()


def test_a_service_rewords_masked_and_its_words_count_as_the_ais(
    at: Shop, desk: Client, ticket: Ticket, outside: Service
) -> None:
    row = ask(at, desk, ticket, "warmer", LONG.replace("Hello Marta", "Hello Marta Oliveira"))
    assert row.state == "done", row.reason
    assert "Marta Oliveira" in row.text
    assert "Oliveira" not in str(outside.requests)
    assert "Oliveira" not in row.masked_request
    assert "30 days" in row.masked_request
    assert row.decision is not None
    assert row.decision.cost_micro == 58
    with at.scope():
        found = involvement_of(ticket=ticket, text=row.text)
        assert (found.degree, found.explained) == ("verbatim", True)
        assert [one.action for one in AIDecision.objects.filter(subject_kind="ticket").order_by("pk")] == [
            "rewrite",
            "save",
        ]


def test_using_it_changes_the_composer_and_taking_it_back_restores_it(
    at: Shop, desk: Client, ticket: Ticket
) -> None:
    row = ask(at, desk, ticket, "warmer")
    url = f"/tickets/{ticket.number}/ai/help/{row.pk}"
    page = desk.post(f"{url}/use/", {"kind": "reply", "body": LONG}, headers=HTMX).content.decode()
    assert "within 30 days of delivery." in page
    assert "Goes out with:" in page, "the disclosure is there"
    with at.scope():
        saved = ComposerDraft.objects.get()
        assert (saved.text, saved.used_decision_id, saved.set_aside) == (row.text, row.decision_id, "")
    assert "Take it back" in desk.get(f"/tickets/{ticket.number}/ai/help/").content.decode()
    page = desk.post(f"{url}/undo/", {"kind": "reply", "body": row.text}, headers=HTMX).content.decode()
    assert "Goes out with:" not in page, "the agent's own words again"
    with at.scope():
        saved = ComposerDraft.objects.get()
        assert (saved.text, saved.used_decision_id) == (LONG, None)


def test_what_was_typed_meanwhile_is_set_aside(at: Shop, desk: Client, ticket: Ticket) -> None:
    row = ask(at, desk, ticket, "warmer")
    url = f"/tickets/{ticket.number}/ai/help/{row.pk}/use/"
    desk.post(url, {"kind": "reply", "body": f"{LONG}\n\nPS: one more thing."}, headers=HTMX)
    with at.scope():
        assert "one more thing" in ComposerDraft.objects.get().set_aside


def test_a_reworded_draft_keeps_the_drafts_sources(at: Shop, desk: Client, ticket: Ticket) -> None:
    from aiassist.tests.factories import make_draft
    from governance.services import decisions

    with at.scope():
        draft = make_draft(Message.objects.get(), text=LONG)
        sources = [{"number": 1, "kind": "article", "id": 1, "title": "Returns", "passage": "30 days."}]
        decisions.explain(decision=draft.decision, sources=sources, service="built-in")
        make_ai_text(ticket, LONG, decision=draft.decision)
        replying.save_composer(
            ticket=ticket, member=at.owner, kind="reply", text=LONG, used_decision=draft.decision
        )
    row = ask(at, desk, ticket, "warmer")
    with at.scope():
        assert DraftExplanation.objects.get(decision=row.decision).sources == sources


def test_a_sentence_without_source_cannot_be_reworded_away(
    at: Shop, desk: Client, ticket: Ticket, outside: Service
) -> None:
    with at.scope():
        make_ai_text(ticket, LONG, unsupported=["Coats are a wonderful thing in this season of the year."])
    page = desk.post(
        f"/tickets/{ticket.number}/ai/help/ask/", {"ask": "warmer", "body": LONG}, headers=HTMX
    ).content.decode()
    assert "This sentence has no source" in page
    assert outside.requests == []


def test_what_a_service_adds_is_marked_and_cannot_be_sent(
    at: Shop, desk: Client, ticket: Ticket, outside: Service
) -> None:
    outside.will(
        said("You can return the coat within 30 days of delivery.", "We give you a voucher of 50 euros.")
    )
    row = ask(at, desk, ticket, "warmer")
    assert [one["supported"] for one in row.points] == [True, False]
    page = desk.get(f"/tickets/{ticket.number}/ai/help/").content.decode()
    assert "says more than your text" in page
    with at.scope():
        assert (
            involvement_of(ticket=ticket, text=row.text).unsupported == "We give you a voucher of 50 euros."
        )


def test_warmer_words_are_fine_and_new_facts_are_not(
    at: Shop, desk: Client, ticket: Ticket, outside: Service
) -> None:
    outside.will(
        said(
            "Hello Marta,",
            "How lovely that you wrote to us. You can of course return the coat within 30 days of delivery.",
            "We also offer free wrapping of presents. You can keep it for 60 days.",
        )
    )
    row = ask(at, desk, ticket, "warmer")
    assert [one["text"] for one in row.points if not one["supported"]] == [
        "We also offer free wrapping of presents.",
        "You can keep it for 60 days.",
    ]
    assert row.text.count("\n\n") == 2, "paragraphs stay"


def test_a_translation_with_other_numbers_is_marked(
    at: Shop, desk: Client, ticket: Ticket, outside: Service
) -> None:
    outside.will(
        said("Sie können den Mantel innerhalb von 30 Tagen zurückgeben.", "Sie haben dafür 60 Tage.")
    )
    row = ask(at, desk, ticket, "translate", language="de")
    assert row.state == "done", row.reason
    assert [one["supported"] for one in row.points] == [True, False]
    assert row.decision is not None
    assert row.decision.action == "translate"
    assert "Write in the language de" in outside.requests[0]["messages"][1]["content"]


def test_other_peoples_data_in_what_comes_back_is_thrown_away(
    at: Shop, desk: Client, ticket: Ticket, outside: Service
) -> None:
    outside.will(said("Write to otto@other.example within 30 days."))
    row = ask(at, desk, ticket, "warmer")
    assert (row.state, row.text) == ("failed", "")
    with at.scope():
        assert not AIText.objects.filter(kind="warmer").exists()


@pytest.mark.parametrize("what", ["objection", "stop", "human_topic"])
def test_every_check_is_asked(at: Shop, desk: Client, ticket: Ticket, outside: Service, what: str) -> None:
    with at.scope():
        if what == "objection":
            consents.answer_without_ai(customer=Customer.objects.get(), method="portal")
        elif what == "stop":
            stops.stop_ai(scope="ticket", member=at.owner, ticket_id=ticket.pk)
        else:
            make_inbound(ticket, customer=ticket.customer, text="My mother died last week, that is why.")
    row = ask(at, desk, ticket, "warmer")
    assert row.state == "stopped", row.reason
    assert row.reason
    assert outside.requests == []


def test_a_failing_service_says_so_and_shorter_is_done_here_instead(
    at: Shop, desk: Client, ticket: Ticket, outside: Service
) -> None:
    outside.will({"status": 401, "body": b"{}"})
    row = ask(at, desk, ticket, "warmer")
    assert row.state == "failed"
    assert "key" in row.reason
    row = ask(at, desk, ticket, "shorter")
    assert (row.state, row.service) == ("done", "built-in/builtin-1")
    assert "key" in row.reason


def test_a_summary_points_to_the_messages_it_rests_on(alone: Shop, desk: Client, ticket: Ticket) -> None:
    with alone.scope():
        first = Message.objects.get()
        answer = make_reply(
            ticket,
            state="sent",
            text="Hello Marta, you can return it within 30 days. Kind regards",
            author=alone.owner,
        )
        make_inbound(
            ticket, customer=ticket.customer, text="Thank you. And can I change it for a bigger size?"
        )
    row = ask(alone, desk, ticket, "summary", "")
    assert row.state == "done", row.reason
    assert [point["messages"][0] for point in row.points][:2] == [first.pk, answer.pk]
    page = desk.get(f"/tickets/{ticket.number}/ai/").content.decode()
    assert f'href="#message-{first.pk}"' in page
    assert "bigger size?" in page
    assert "Made here, out of their own sentences." in page
    with alone.scope():
        make_inbound(ticket, customer=ticket.customer, text="Any news?")
    assert "1 message came since." in desk.get(f"/tickets/{ticket.number}/ai/summary/").content.decode()


def test_notes_of_the_team_are_in_no_summary(
    at: Shop, desk: Client, ticket: Ticket, outside: Service
) -> None:
    with at.scope():
        replying.add_note(ticket=ticket, member=at.owner, text="She is a difficult one, be careful.")
    ask(at, desk, ticket, "summary", "")
    assert "difficult" not in str(outside.requests)


def test_another_inboxs_summary_and_text_are_out_of_reach(at: Shop, ticket: Ticket) -> None:
    with at.scope():
        row = make_help(ticket=ticket, kind="shorter", state="done", text="Secret.", member=at.owner)
        make_help(
            ticket=ticket,
            kind="summary",
            state="done",
            points=[{"text": "Secret.", "messages": [], "supported": True}],
        )
        agent = make_member(Role.AGENT)
        grant_inbox(agent, make_inbox(name="Wholesale"))
    client = browser_of(at.organization, agent)
    for path in ("ai/summary/", "ai/help/", "ai/help/menu/"):
        assert client.get(f"/tickets/{ticket.number}/{path}").status_code == 404
    assert client.post(f"/tickets/{ticket.number}/ai/help/{row.pk}/use/").status_code == 404


def test_a_colleagues_new_text_is_not_mine_to_use(at: Shop, ticket: Ticket) -> None:
    with at.scope():
        row = make_help(ticket=ticket, kind="shorter", state="done", text="Theirs.", member=at.owner)
        other = make_member(Role.OWNER)
    client = browser_of(at.organization, other)
    assert "Theirs." not in client.get(f"/tickets/{ticket.number}/ai/help/").content.decode()
    page = client.post(f"/tickets/{ticket.number}/ai/help/{row.pk}/use/", headers=HTMX).content.decode()
    assert "A colleague asked for this text" in page
    with at.scope():
        assert not ComposerDraft.objects.filter(text="Theirs.").exists()


def test_running_twice_does_it_once(at: Shop, desk: Client, ticket: Ticket, outside: Service) -> None:
    row = ask(at, desk, ticket, "warmer")
    helping.run(at.organization.id, row.pk)
    assert len(outside.requests) == 1


def test_next_steps_say_what_is_due(at: Shop) -> None:
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    with at.scope():
        late = make_ticket(status="open", due_at=now - timedelta(hours=1), waiting_since=now)
        quiet = make_ticket(status="pending", updated_at=now - timedelta(days=6))
        solved = make_ticket(status="solved", human_only=True)
        assert "past its time" in help_panel.next_steps(late, "ready")[0]
        assert "6 days" in help_panel.next_steps(quiet, "sent")[0]
        assert help_panel.next_steps(solved, "none") == []


def test_old_help_is_forgotten_with_the_ais_texts(at: Shop) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from aiassist.drafting_models import PaidCall, Writing
    from aiassist.services.retention import forget_old_texts
    from aiassist.tests.factories_drafting import make_paid_call, make_writing

    now = timezone.now()
    with at.scope():
        for days in (0, 8, 2_000):
            then = now - timedelta(days=days)
            Help.objects.filter(pk=make_help().pk).update(created_at=then)
            make_paid_call(claimed_at=then, answer="{}")
            make_writing(updated_at=then)
        assert forget_old_texts(now=now) == 5
        assert (Help.objects.count(), PaidCall.objects.count(), Writing.objects.count()) == (2, 1, 1)


def test_the_tickets_page_offers_it_beside_the_text(at: Shop, desk: Client, ticket: Ticket) -> None:
    with at.scope():
        replying.save_composer(ticket=ticket, member=at.owner, kind="reply", text=LONG)
    page = desk.get(f"/tickets/{ticket.number}/").content.decode()
    assert (
        f'hx-get="/tickets/{ticket.number}/ai/help/" hx-trigger="load, live:draft-{ticket.pk} from:body"'
        in page
    )
    assert f'hx-get="/tickets/{ticket.number}/ai/help/menu/"' in page


def test_an_article_is_worded_without_anybodys_data_and_a_person_publishes_it(
    at: Shop, desk: Client, ticket: Ticket, outside: Service
) -> None:
    from tickets.models import Article

    with at.scope():
        Ticket.objects.filter(pk=ticket.pk).update(status="solved")
        make_reply(
            ticket, state="sent", text="Dear Marta, you can return it within 30 days. It is free of charge."
        )
    outside.will(
        said(
            "How long do I have to return an item?",
            "You can return it within 30 days, [PERSON_1].",
            "It is free of charge. We also pay for a taxi.",
            sources=("M1", "M2"),
        )
    )
    before = desk.get(f"/tickets/{ticket.number}/ai/article/").content.decode()
    assert "Let the AI service word it" in before
    row = ask(at, desk, ticket, "article", "")
    assert row.state == "done", row.reason
    assert "Marta" not in row.text
    assert "[PERSON" not in row.text
    assert (
        "We also pay for a taxi." in desk.get(f"/tickets/{ticket.number}/ai/article/words/").content.decode()
    )
    page = desk.get(f"/tickets/{ticket.number}/ai/article/?words={row.pk}").content.decode()
    assert 'value="How long do I have to return an item?"' in page
    assert "within 30 days, …." in page
    with at.scope():
        assert Article.objects.count() == 1, "nothing is published by asking"


def test_without_a_service_the_article_begins_with_the_teams_own_words(
    alone: Shop, desk: Client, ticket: Ticket
) -> None:
    page = desk.get(f"/tickets/{ticket.number}/ai/article/?words=99").content.decode()
    assert "Let the AI service word it" not in page
    assert "How long do I have to return an item" in page
