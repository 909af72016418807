"""The first mail to a customer: what it says, who gets it, and how often."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from governance import links
from governance.core.clauses import Clauses
from governance.core.starter import starter
from governance.services import consents, policies
from governance.tests.factories import make_policy
from helpdesk.celery import app as celery_app
from helpdesk.people.models import ApiToken, Customer
from helpdesk.people.tests.factories import make_member
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets import tasks
from tickets.mail.send import send
from tickets.models import Inbox, Message, RawMail, Ticket
from tickets.services.acknowledging import waiting_for_acknowledgement
from tickets.tests.mails import arrive, shop

pytestmark = pytest.mark.django_db


@pytest.fixture(name="open_shop")
def _open_shop() -> tuple[Organization, Inbox]:
    organization, inbox = shop(name="Boots & Co")
    with organization_scope(organization.id):
        policies.adopt_starter(starter=starter(), member=make_member())
    return organization, inbox


def _acknowledge(organization: Organization) -> str:
    with organization_scope(organization.id):
        newest = Message.objects.filter(kind="inbound").order_by("-pk").first()
    why = tasks.acknowledge(organization_id=str(organization.id), message_id=newest.pk)
    with organization_scope(organization.id):
        queued = list(Message.objects.filter(kind="ack", state="queued").values_list("pk", flat=True))
    for pk in queued:
        assert send(organization_id=organization.id, message_id=pk) == "sent"
    return why


def test_it_says_number_time_ai_and_how_to_say_no(open_shop: tuple[Organization, Inbox]) -> None:
    organization, inbox = open_shop
    arrive(inbox, message_id="<q@x>")
    assert _acknowledge(organization) == "send"
    (sent,) = mail.outbox
    assert sent.to == ["ana@customer.example"]
    assert "number 1" in sent.subject
    assert "Boots & Co" in sent.body
    assert "within" in sent.body
    assert "AI may help draft the answer. A person reads and sends it." in sent.body
    assert f"http://{organization.slug}.localhost:8000/privacy/" in sent.body
    assert (sent.extra_headers["Auto-Submitted"], sent.extra_headers["In-Reply-To"]) == (
        "auto-replied",
        "<q@x>",
    )
    assert sent.extra_headers["AI-Involvement"] == "none"
    assert sent.reply_to[0].count("+t") == 1
    token = re.search(r"/portal/no-ai/([^/\s]+)/", sent.body)
    with organization_scope(organization.id):
        assert links.customer_of(token[1], links.WITHOUT_AI) == Customer.objects.get()
        assert links.customer_of(token[1], links.AGREE) is None
        assert Ticket.objects.get().first_reply_at is None, "an acknowledgement is no answer"


def test_once_a_day_and_customer_and_never_for_a_second_message(
    open_shop: tuple[Organization, Inbox],
) -> None:
    organization, inbox = open_shop
    arrive(inbox, message_id="<q@x>")
    assert _acknowledge(organization) == "send"
    assert _acknowledge(organization) == "not_first"
    arrive(inbox, in_reply_to="<q@x>")
    assert _acknowledge(organization) == "not_first"
    arrive(inbox)
    assert _acknowledge(organization) == "recent"
    with organization_scope(organization.id):
        Customer.objects.update(acknowledged_at=timezone.now() - timedelta(hours=25))
    arrive(inbox)
    assert _acknowledge(organization) == "send"
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    "headers",
    [{"auto_submitted": "auto-generated"}, {"list_id": "<l.example>"}, {"precedence": "bulk"},
     {"from": "help@shop.example"}, {"return_path": "<>"}],
    ids=str,
)  # fmt: skip
def test_machines_and_lists_get_none(
    open_shop: tuple[Organization, Inbox],
    headers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    organization, inbox = open_shop
    asked: list[Any] = []
    monkeypatch.setattr(tasks.acknowledge, "apply_async", lambda **call: asked.append(call))
    with django_capture_on_commit_callbacks(execute=True):
        arrive(inbox, **headers)
    assert asked == []
    with organization_scope(organization.id):
        RawMail.objects.update(received_at=timezone.now() - timedelta(minutes=5))
        assert waiting_for_acknowledgement() == []
        filed = Message.objects.filter(kind="inbound").first()
    if filed:
        assert _acknowledge(organization) == "not_a_person"
    assert mail.outbox == []


def test_a_lost_task_is_found(open_shop: tuple[Organization, Inbox]) -> None:
    organization, inbox = open_shop
    arrive(inbox)
    with organization_scope(organization.id):
        assert waiting_for_acknowledgement() == [], "its own task is still on the way"
        RawMail.objects.update(received_at=timezone.now() - timedelta(minutes=1))
        assert waiting_for_acknowledgement() == [Message.objects.get().pk]
    assert _acknowledge(organization) == "send"
    with organization_scope(organization.id):
        assert waiting_for_acknowledgement() == []


def test_it_speaks_the_customers_language_and_remembers_a_no(open_shop: tuple[Organization, Inbox]) -> None:
    organization, inbox = open_shop
    arrive(
        inbox, "Guten Tag, wann kommt meine Bestellung endlich bei mir an? Ich warte schon seit zwei Wochen."
    )
    with organization_scope(organization.id):
        customer = Customer.objects.get()
        consents.answer_without_ai(customer=customer, method="mail_link")
    assert _acknowledge(organization) == "send"
    assert "Sie möchten Antworten ohne KI. Dabei bleibt es." in mail.outbox[0].body
    with organization_scope(organization.id):
        assert Customer.objects.get().language == "de"


def test_where_the_rules_want_none_there_is_none() -> None:
    organization, inbox = shop(name="Boots & Co")
    with organization_scope(organization.id):
        draft = make_policy(clauses={**Clauses().to_dict(), "acknowledgement": False})
        policies.publish(policy=draft, member=make_member())
    arrive(inbox)
    assert _acknowledge(organization) == "switched_off"
    with organization_scope(organization.id):
        RawMail.objects.update(received_at=timezone.now() - timedelta(minutes=1))
        assert waiting_for_acknowledgement() == []


def test_a_customer_who_was_erased_meanwhile_gets_none(open_shop: tuple[Organization, Inbox]) -> None:
    organization, inbox = open_shop
    arrive(inbox)
    with organization_scope(organization.id):
        Customer.objects.update(erased_at=timezone.now())
    assert _acknowledge(organization) == "not_wanted"


def test_without_rules_there_is_no_ai_to_tell_about() -> None:
    organization, inbox = shop()
    arrive(inbox)
    assert _acknowledge(organization) == "send"
    assert "AI" not in mail.outbox[0].body


def test_a_mail_calls_for_its_acknowledgement_after_the_commit(
    open_shop: tuple[Organization, Inbox],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(tasks.acknowledge, "apply_async", lambda **call: asked.append(call["kwargs"]))
    organization, inbox = open_shop
    with django_capture_on_commit_callbacks(execute=True):
        arrive(inbox)
    with organization_scope(organization.id):
        expected = {"organization_id": str(organization.id), "message_id": Message.objects.get().pk}
    assert asked == [expected]


# A ticket that a program opens


def _opened_by_program(organization: Organization, inbox: Inbox, **asked: Any) -> Any:
    with organization_scope(organization.id):
        member = make_member("owner")
        secret = f"program-{member.pk}"
        digest = hashlib.sha256(secret.encode()).hexdigest()
        ApiToken.objects.create(token_hash=digest, membership=member, name="program")
    data = {"inbox": inbox.pk, "address": "Ann@Example.org", "subject": "Hello", "text": "Where is it?"}
    client = Client(HTTP_HOST=f"{organization.slug}.localhost", headers={"Authorization": f"Bearer {secret}"})
    made = client.post("/api/v1/tickets/", {**data, **asked}, content_type="application/json")
    assert made.status_code == 201, made.json()
    return made.json()


@pytest.mark.parametrize("asked", [{}, {"acknowledge": True}, {"acknowledge": False}], ids=str)
def test_a_program_calls_for_it_unless_it_imports(
    open_shop: tuple[Organization, Inbox],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    asked: dict[str, bool],
) -> None:
    called: list[Any] = []
    monkeypatch.setattr(tasks.acknowledge, "apply_async", lambda **call: called.append(call["kwargs"]))
    organization, inbox = open_shop
    with django_capture_on_commit_callbacks(execute=True):
        _opened_by_program(organization, inbox, **asked)
    wanted = asked.get("acknowledge", True)
    with organization_scope(organization.id):
        message = Message.objects.get()
        expected = [{"organization_id": str(organization.id), "message_id": message.pk}]
        assert called == (expected if wanted else [])
        assert Ticket.objects.get().events.filter(kind="imported").exists() is not wanted
        assert waiting_for_acknowledgement() == [], "its own task is still on the way"
        Ticket.objects.update(created_at=timezone.now() - timedelta(minutes=1))
        assert waiting_for_acknowledgement() == ([message.pk] if wanted else [])
    assert celery_app.amqp.router.route({}, tasks.acknowledge.name)["queue"].name == "mail"


def test_whoever_a_program_writes_for_is_told_of_ai_once_a_day(open_shop: tuple[Organization, Inbox]) -> None:
    organization, inbox = open_shop
    _opened_by_program(organization, inbox, language="de")
    assert _acknowledge(organization) == "send"
    (sent,) = mail.outbox
    assert sent.to == ["ann@example.org"]
    assert "Eine KI kann beim Entwurf der Antwort helfen." in sent.body
    assert "/portal/no-ai/" in sent.body
    assert _acknowledge(organization) == "not_first"
    _opened_by_program(organization, inbox)
    assert _acknowledge(organization) == "recent"
    with organization_scope(organization.id):
        Ticket.objects.update(created_at=timezone.now() - timedelta(minutes=1))
        assert waiting_for_acknowledgement() == []
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("address", ["help@shop.example", "Help@Shop.example", "no-reply@bank.example"])
def test_a_program_starts_no_loop(open_shop: tuple[Organization, Inbox], address: str) -> None:
    organization, inbox = open_shop
    _opened_by_program(organization, inbox, address=address)
    assert _acknowledge(organization) == "not_a_person"
    assert mail.outbox == []
