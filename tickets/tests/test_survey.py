"""Customers are asked on their own pages, by mail only where the rules say so, and nothing leads back from a theme."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from governance import figures
from governance.core.starter import starter
from governance.core.themes import themes_of
from governance.models import DataRequest, EthicsPolicy, Finding, OutcomeFact, SurveyAnswer, SurveyInvite
from governance.selectors import survey as reading
from governance.services import people_watch, policies, survey
from helpdesk.people.models import Customer, Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of, delivered
from helpdesk.portal.tests.support import signed_in
from helpdesk.privacy.erasure import erase
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets import survey_mail
from tickets.models import Ticket
from tickets.portal_survey import path_for
from tickets.tests.factories import make_inbound, make_reply, make_ticket

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def shop() -> Organization:
    shop = make_organization(name="Linden & Vale")
    with organization_scope(shop.id):
        policies.adopt_starter(starter=starter(), member=make_member(Role.OWNER, name="Marta"))
    return shop


def answered(shop: Organization, address: str = "olu@example.com", **fields: Any) -> Ticket:
    with organization_scope(shop.id):
        known = Customer.objects.filter(addresses__address=address).first()
        ticket = make_ticket(customer=known or make_customer(address), subject="Blue shoes", **fields)
        make_inbound(ticket)
        reply = make_reply(ticket, author=make_member(Role.AGENT))
        for state in ("queued", "sending", "sent"):
            reply.state = state
            reply.save()
    return ticket


def by_mail(shop: Organization) -> None:
    with organization_scope(shop.id):
        policy = EthicsPolicy.objects.get(status="published")
        EthicsPolicy.objects.filter(pk=policy.pk).update(status="replaced")
        policies.publish(
            policy=EthicsPolicy.objects.create(
                version=policy.version + 1,
                title=policy.title,
                prose=policy.prose,
                clauses={**policy.clauses, "survey_by_mail": True},
                author=policy.author,
            ),
            member=Membership.objects.get(user__name="Marta"),
        )


# On the customer's page


def test_one_tap_with_words_is_kept_and_can_be_changed(shop: Organization) -> None:
    ticket = answered(shop)
    client = signed_in(shop, ticket.customer)
    path = f"/portal/tickets/{ticket.number}/"
    page = client.get(path).content.decode()
    assert "How far do you trust us with your questions?" in page
    assert "No AI service reads it." in page
    for score, words in ((2, "I waited too long."), (5, "")):
        said = client.post(f"{path}opinion/", {"score": score, "words": words})
        assert said["Location"] == f"{path}#opinion"
    with organization_scope(shop.id):
        row = SurveyAnswer.objects.get()
        assert (row.score, row.text, row.question, row.subject_id) == (5, "", "trust", ticket.pk)
    assert "You said: Fully. Thank you." in client.get(path).content.decode()


@pytest.mark.parametrize("score", ["", "0", "6", "x", "-1", "1.5"])
def test_nonsense_is_not_an_opinion(shop: Organization, score: str) -> None:
    ticket = answered(shop)
    client = signed_in(shop, ticket.customer)
    assert client.post(f"/portal/tickets/{ticket.number}/opinion/", {"score": score}).status_code == 302
    with organization_scope(shop.id):
        assert not SurveyAnswer.objects.exists()


def test_only_about_an_answer_of_ours_and_only_ones_own(shop: Organization) -> None:
    ticket = answered(shop)
    with organization_scope(shop.id):
        unanswered = make_ticket(customer=ticket.customer)
        other = make_customer("other@example.com")
    client = signed_in(shop, ticket.customer)
    path = f"/portal/tickets/{unanswered.number}/"
    assert "How far do you trust us" not in client.get(path).content.decode()
    assert client.post(f"{path}opinion/", {"score": 5}).status_code == 404
    stranger = signed_in(shop, other)
    assert stranger.post(f"/portal/tickets/{ticket.number}/opinion/", {"score": 1}).status_code == 404


def test_the_link_of_a_mail_shows_this_question_and_nothing_of_the_ticket(shop: Organization) -> None:
    ticket, elsewhere = answered(shop), make_organization(slug="elsewhere")
    with organization_scope(shop.id):
        path = path_for(ticket)
    client = browser_of(shop)
    page = client.get(path).content.decode()
    assert "How far do you trust us" in page
    assert "Blue shoes" not in page
    assert client.post(path, {"score": 4, "words": "Quick"}).status_code == 302
    with organization_scope(shop.id):
        assert SurveyAnswer.objects.get().text == "Quick"
    assert browser_of(elsewhere).get(path).status_code == 404
    assert client.get(path[:-3] + "xx/").status_code == 404


def test_words_go_with_their_customer_and_the_tap_stays_without_them(shop: Organization) -> None:
    ticket = answered(shop)
    with organization_scope(shop.id):
        survey.say(customer=ticket.customer, ticket_id=ticket.pk, score=1, text="I am Olu and I am angry.")
        erase(ticket.customer)
        row = SurveyAnswer.objects.get()
        assert (row.score, row.text) == (1, "")
    with organization_scope(shop.id):
        path = path_for(ticket)
    assert browser_of(shop).get(path).status_code == 404


# By mail


def ask(shop: Organization, later: timedelta = timedelta(0)) -> int:
    with organization_scope(shop.id), delivered():
        return survey_mail.ask(NOW + later)


def solved(shop: Organization, address: str, ago: int = 2) -> Ticket:
    return answered(shop, address, status="solved", solved_at=NOW - timedelta(days=ago), language="de")


def test_nobody_is_asked_by_mail_unless_the_rules_say_so(shop: Organization, mailoutbox: list[Any]) -> None:
    solved(shop, "olu@example.com")
    assert ask(shop) == 0
    by_mail(shop)
    assert ask(shop) == 1
    (mail,) = mailoutbox
    assert mail.to == ["olu@example.com"]
    assert mail.subject == "Wie haben wir es gemacht, fragt Linden & Vale"
    assert "höchstens einmal in 90 Tagen" in mail.body
    assert "/portal/opinion/" in mail.extra_headers["List-Unsubscribe"]
    assert ask(shop) == 0, "once"


def test_at_most_once_in_ninety_days_and_never_who_said_no(shop: Organization, mailoutbox: list[Any]) -> None:
    by_mail(shop)
    first = solved(shop, "olu@example.com")
    solved(shop, "olu@example.com")
    assert ask(shop) == 1
    solved(shop, "olu@example.com", ago=-85)
    assert ask(shop, timedelta(days=88)) == 0
    with organization_scope(shop.id):
        SurveyInvite.objects.update(created_at=NOW - timedelta(days=91))
    client: Client = browser_of(shop)
    with organization_scope(shop.id):
        path = path_for(first)
    client.post(path, {"never": "1"})
    assert "We do not ask you by mail again." in client.get(path).content.decode()
    solved(shop, "olu@example.com")
    assert ask(shop) == 0
    assert len(mailoutbox) == 1


def test_who_spoke_lately_whose_data_is_paused_and_what_is_too_old_is_not_asked(shop: Organization) -> None:
    by_mail(shop)
    spoke, paused = solved(shop, "a@example.com"), solved(shop, "b@example.com")
    solved(shop, "c@example.com", ago=9)
    solved(shop, "d@example.com", ago=0)
    with organization_scope(shop.id):
        survey.say(customer=spoke.customer, ticket_id=spoke.pk, score=3)
        DataRequest.objects.create(kind="restrict", customer=paused.customer, due_at=NOW, status="fulfilled")
    assert ask(shop) == 0


# What the owner reads


def opinion(score: int, text: str = "", ago: int = 0, number: int = 1) -> None:
    for _ in range(number):
        row = SurveyAnswer.objects.create(
            customer=make_customer(), subject_id=1, question="trust", score=score, text=text
        )
        SurveyAnswer.objects.filter(pk=row.pk).update(created_at=NOW - timedelta(days=ago))


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("I had to wait a whole week", "waiting"),
        ("Ich musste lange warten", "waiting"),
        ("J'ai attendu trois jours", "waiting"),
        ("Tuve que esperar mucho", "waiting"),
        ("It felt like a robot", "ai"),
        ("Die KI hat mich nicht verstanden", "understood"),
        ("Je veux parler à un humain", "person"),
        ("¿Dónde está mi dinero?", "money"),
        ("What do you do with my data?", "privacy"),
    ],
)
def test_themes_are_found_in_four_languages(text: str, theme: str) -> None:
    assert theme in themes_of(text)


def test_a_word_inside_another_is_no_theme() -> None:
    assert themes_of("I paint in Spain with a kitten") == frozenset()


def test_themes_and_words_of_few_are_hidden(shop: Organization) -> None:
    with organization_scope(shop.id):
        opinion(1, "I waited a week", number=4)
        found = reading.opinions()
        assert (found.themes, found.texts, found.hidden, found.written) == ((), (), 1, 4)
        assert (found.count, found.taps) == (4, ())
        opinion(2, "I waited a month")
        found = reading.opinions()
        assert [(one.key, one.count, one.mean) for one in found.themes] == [("waiting", 5, 1.2)]
        assert len(found.texts) == 5
        owner = Membership.objects.get(user__name="Marta")
        agent, auditor = make_member(Role.AGENT), make_member(Role.AUDITOR)
    path = "/admin/governance/ethicspolicy/opinions/"
    page = browser_of(shop, owner).get(path).content.decode()
    for said in ("5 answers in 90 days", "waiting", "I waited a month", "Not measured, because"):
        assert said in page, said
    assert browser_of(shop, auditor).get(path).status_code == 200
    assert browser_of(shop, agent).get(path).status_code == 302, "an agent does not get in"


def test_a_fall_of_trust_opens_one_finding_with_what_the_unhappy_write_about(shop: Organization) -> None:
    with organization_scope(shop.id):
        opinion(5, ago=45, number=20)
        opinion(2, "I waited far too long", number=14)
        finding = people_watch.look_at_trust()
        assert finding is not None
        assert "Trust: 5.0, now 2.0." in finding.description
        assert "waiting (14)" in finding.description
        assert people_watch.look_at_trust() is None
        assert Finding.objects.filter(source="trust").count() == 1


def test_a_fall_that_chance_explains_opens_none(shop: Organization) -> None:
    with organization_scope(shop.id):
        for scores, ago in (((5, 1, 5, 1, 5, 5), 45), ((5, 1, 5, 1, 1, 4), 0)):
            for score in scores:
                opinion(score, ago=ago, number=2)
        (trust,) = [one for one in figures.sheet() if one.key == "trust"]
        assert trust.change is not None
        assert trust.change < people_watch.FALL, "it fell, on paper"
        assert people_watch.look_at_trust() is None


def test_faster_and_less_trusted_is_said_on_the_owners_home(shop: Organization) -> None:
    with organization_scope(shop.id):
        opinion(5, ago=45, number=12)
        opinion(2, number=12)
        for seconds, ago in ((20_000.0, 45), (4_000.0, 0)):
            for _ in range(12):
                row = OutcomeFact.objects.create(subject_id=1, event="first_reply", value=seconds)
                OutcomeFact.objects.filter(pk=row.pk).update(created_at=NOW - timedelta(days=ago))
        owner = Membership.objects.get(user__name="Marta")
    for path in ("/admin/", "/admin/governance/ethicspolicy/opinions/"):
        page = browser_of(shop, owner).get(path).content.decode()
        assert "Answers became faster" in page
        assert "while trust became worse (Trust: 5.0, now 2.0)" in page
