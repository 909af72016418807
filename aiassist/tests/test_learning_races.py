"""A no that comes at the same moment as a lesson: on two real connections, nothing of that customer stays."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from aiassist.core.learned import Learned
from aiassist.models import Lesson
from aiassist.services import learning
from aiassist.tests.factories import make_draft
from governance.core.starter import starter
from governance.services import consents, policies
from helpdesk.people.models import Customer
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.factories import make_inbound, make_reply, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = {"number": 1, "kind": "article", "id": 1, "title": "Returns", "passage": "30 days."}


def _answered(organization: Organization) -> tuple[Customer, int]:
    with organization_scope(organization.id):
        policies.adopt_starter(starter=starter(), member=make_member())
        customer = make_customer()
        consents.record_choice(customer=customer, purpose="improve", state="granted", method="portal")
        ticket = make_ticket(customer=customer, topic="returns")
        draft = make_draft(make_inbound(ticket), state="used", sources=[SOURCE])
        reply = make_reply(
            ticket, text="You have 30 days.", state="sent", sent_at=timezone.now(), decision=draft.decision
        )
    return customer, reply.pk


def _refuse(organization: Organization, customer: Customer, done: threading.Event) -> None:
    try:
        with organization_scope(organization.id):
            consents.record_choice(customer=customer, purpose="improve", state="refused", method="portal")
        done.set()
    finally:
        connection.close()


def test_a_no_while_something_is_learned_waits_and_takes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = make_organization()
    customer, reply_id = _answered(organization)
    done, ask = threading.Event(), learning._ask
    other = threading.Thread(target=_refuse, args=(organization, customer, done))

    def ask_while_the_customer_says_no(*arguments: Any) -> Any:
        answer = ask(*arguments)
        other.start()
        time.sleep(0.5)
        assert not done.is_set(), "the no waits until the lesson is there to be taken away"
        return answer

    monkeypatch.setattr(learning, "_ask", ask_while_the_customer_says_no)
    with organization_scope(organization.id):
        learning.note_answer(reply_id)
        assert Lesson.objects.exists()
    other.join(10)
    assert done.is_set()
    with organization_scope(organization.id):
        assert not Lesson.objects.exists()
        assert learning.learned_now() == Learned()
