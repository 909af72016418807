"""How AI touched a request in five lines, the one tap "was this right?", and a customer who settles it themselves."""

from __future__ import annotations

import pytest

from governance.models import OutcomeFact
from governance.services.consents import record_choice
from governance.tests.factories import make_decision
from helpdesk.people.tests.factories import make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.portal.tests.support import signed_in
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message, MessageOutcome, Ticket
from tickets.portal_links import TOUCHED, touched_path
from tickets.portal_touched import lines
from tickets.services.by_customer import settle
from tickets.services.opening import add_inbound
from tickets.tests.factories import make_inbound, make_reply, make_ticket
from tickets.tests.test_portal import Asked, asked, shop  # noqa: F401

pytestmark = pytest.mark.django_db


def told(ticket: Ticket) -> dict[str, str]:
    return {line.label: line.text for line in lines(ticket)}


def inbound_of(asked: Asked) -> Message:  # noqa: F811
    return Message.objects.get(ticket=asked.ticket, kind="inbound")


def test_five_lines_when_ai_drafted_and_a_person_changed_it(asked: Asked, shop: Organization) -> None:  # noqa: F811
    with organization_scope(shop.id):
        Ticket.objects.filter(pk=asked.ticket.pk).update(topic="returns")
        MessageOutcome.objects.create(message=inbound_of(asked), result="drafted")
        asked.ticket.refresh_from_db()
        said = told(asked.ticket)
    assert list(said) == ["Sorting", "Draft", "Answer", "What AI saw", "Your choice"]
    assert "AI sorted it under" in said["Sorting"]
    assert "AI wrote a draft" in said["Draft"]
    assert "Marta changed it, checked it and sent it" in said["Answer"]
    page = asked.client.get(f"{asked.path}ai/").content.decode()
    assert page.count("<li><div><b>") == 5


def test_five_lines_when_a_person_wrote_it_alone(shop: Organization) -> None:  # noqa: F811
    with organization_scope(shop.id):
        ticket = make_ticket()
        make_inbound(ticket)
        make_reply(ticket, state="sent")
        said = told(ticket)
    assert said["Sorting"] == "AI did not sort it; people did."
    assert said["Draft"] == "None: AI was not asked."
    assert said["Answer"].startswith("Answered by a person")
    assert said["What AI saw"] == "Nothing of your request."


def test_sorting_is_told_even_where_no_topic_came_of_it(shop: Organization) -> None:  # noqa: F811
    with organization_scope(shop.id):
        ticket = make_ticket()
        message = make_inbound(ticket)
        make_decision(action="triage", subject_kind="message", subject_id=message.pk, allowed=True)
        assert "AI read it to sort it" in told(ticket)["Sorting"]


def test_a_stopped_triage_is_no_sorting(shop: Organization) -> None:  # noqa: F811
    with organization_scope(shop.id):
        ticket = make_ticket()
        message = make_inbound(ticket)
        make_decision(action="triage", subject_kind="message", subject_id=message.pk, allowed=False)
        assert "people did" in told(ticket)["Sorting"]


def test_a_customer_who_said_no_reads_answered_by_a_person(asked: Asked, shop: Organization) -> None:  # noqa: F811
    with organization_scope(shop.id):
        record_choice(customer=asked.customer, purpose="humans_only", state="granted", method="portal")
        ticket = make_ticket(customer=asked.customer)
        make_inbound(ticket)
        said = told(ticket)
    assert said["Draft"] == "None: you asked for answers without AI."
    assert "answered by a person" in said["Your choice"]
    page = asked.client.get(f"/portal/tickets/{ticket.number}/").content.decode()
    assert "answered by a person" in page
    assert "Answer me without AI" not in asked.client.get(f"{asked.path}ai/").content.decode()


@pytest.mark.parametrize("size", [1, 12])
def test_the_lines_cost_the_same_at_any_length(
    asked: Asked,  # noqa: F811
    shop: Organization,  # noqa: F811
    size: int,
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    with organization_scope(shop.id):
        for _ in range(size):
            MessageOutcome.objects.create(message=make_inbound(asked.ticket), result="no_draft")
        with django_assert_max_num_queries(8):  # type: ignore[operator]
            lines(asked.ticket)


# Was this right?


def test_one_tap_is_kept_and_can_be_changed(asked: Asked, shop: Organization) -> None:  # noqa: F811
    page = f"{asked.path}ai/"
    assert "Was our answer right?" in asked.client.get(page).content.decode()
    asked.client.post(page, {"right": "yes"})
    assert "You said: yes" in asked.client.get(page).content.decode()
    asked.client.post(page, {"right": "no", "words": "It took five <b>days</b>"})
    assert "You said: no" in asked.client.get(page).content.decode()
    with organization_scope(shop.id):
        [fact] = OutcomeFact.objects.filter(event="satisfied")
        assert (fact.subject_kind, fact.subject_id, fact.value) == ("ticket", asked.ticket.pk, 0.0)
        newest = asked.ticket.events.filter(kind="was_right").latest("pk")
        assert newest.data == {"right": False, "words": "It took five <b>days</b>"}
        assert "days" not in str(fact.groups)


def test_the_same_tap_twice_is_one(asked: Asked, shop: Organization) -> None:  # noqa: F811
    for _ in range(2):
        asked.client.post(f"{asked.path}ai/", {"right": "yes"})
    with organization_scope(shop.id):
        assert asked.ticket.events.filter(kind="was_right").count() == 1


@pytest.mark.parametrize("data", [{}, {"right": "maybe"}, {"right": "1"}])
def test_anything_else_is_no_answer(asked: Asked, shop: Organization, data: dict[str, str]) -> None:  # noqa: F811
    assert asked.client.post(f"{asked.path}ai/", data).status_code == 404
    with organization_scope(shop.id):
        assert not OutcomeFact.objects.filter(event="satisfied").exists()


def test_before_an_answer_there_is_nothing_to_judge(shop: Organization, asked: Asked) -> None:  # noqa: F811
    with organization_scope(shop.id):
        ticket = make_ticket(customer=asked.customer)
        make_inbound(ticket)
    page = f"/portal/tickets/{ticket.number}/ai/"
    assert "Was our answer right?" not in asked.client.get(page).content.decode()
    asked.client.post(page, {"right": "no"})
    with organization_scope(shop.id):
        assert not OutcomeFact.objects.filter(event="satisfied").exists()


def test_the_link_works_without_sign_in_and_shows_only_the_lines(asked: Asked, shop: Organization) -> None:  # noqa: F811
    with organization_scope(shop.id):
        path = touched_path(asked.ticket)
    stranger = browser_of(shop)
    page = stranger.get(path)
    assert page.status_code == 200
    text = page.content.decode()
    for private in ("Blue shoes", "Where are", "In two days", asked.path):
        assert private not in text
    assert stranger.post(path, {"right": "yes"}).status_code == 302
    assert "You said: yes" in stranger.get(path).content.decode()
    assert stranger.get(asked.path).status_code == 302, "and it signs nobody in"
    assert stranger.get(path[:-3] + "zz/").status_code == 404
    assert browser_of(make_organization()).get(path).status_code == 404
    with organization_scope(shop.id):
        Ticket.objects.filter(pk=asked.ticket.pk).update(status="spam")
    assert stranger.get(path).status_code == 404


def test_a_link_of_another_use_is_none(asked: Asked, shop: Organization) -> None:  # noqa: F811
    from tickets.portal_links import why_url

    with organization_scope(shop.id):
        token = why_url(asked.reply).rstrip("/").rsplit("/", 1)[1]
    assert TOUCHED not in token
    assert browser_of(shop).get(f"/portal/ai/{token}/").status_code == 404


# Settling it


def test_a_customer_settles_and_opens_again(asked: Asked, shop: Organization) -> None:  # noqa: F811
    assert "This is settled" in asked.client.get(asked.path).content.decode()
    for _ in range(2):
        asked.client.post(f"{asked.path}settle/")
    page = asked.client.get(asked.path).content.decode()
    assert "Solved" in page
    assert "Open it again" in page
    asked.client.post(f"{asked.path}reopen/")
    with organization_scope(shop.id):
        assert Ticket.objects.get(pk=asked.ticket.pk).status == "open"
        events = OutcomeFact.objects.filter(subject_id=asked.ticket.pk).order_by("pk")
        assert list(events.values_list("event", flat=True)) == ["solved", "reopened"]


def test_an_answer_opens_what_the_customer_settled(asked: Asked, shop: Organization) -> None:  # noqa: F811
    with organization_scope(shop.id):
        settle(ticket=asked.ticket)
        add_inbound(ticket=asked.ticket, customer=asked.customer, text="One more thing")
        assert Ticket.objects.get(pk=asked.ticket.pk).status == "open"


@pytest.mark.parametrize("status", ["closed", "spam"])
def test_what_is_closed_stays_closed(shop: Organization, status: str) -> None:  # noqa: F811
    asked = Asked(shop, status=status)  # noqa: F811
    for verb in ("settle", "reopen"):
        asked.client.post(f"{asked.path}{verb}/")
    with organization_scope(shop.id):
        assert Ticket.objects.get(pk=asked.ticket.pk).status == status


def test_in_german(asked: Asked, shop: Organization) -> None:  # noqa: F811
    client = signed_in(shop, asked.customer)
    client.cookies["django_language"] = "de"
    page = client.get(f"{asked.path}ai/").content.decode()
    assert "War unsere Antwort richtig?" in page
    assert "Was die KI gesehen hat" in page
