"""An apology waits in the tickets of those concerned, beside what was typed there, and a person sends it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.services import incidents
from governance.tests.factories import make_decision, make_incident
from helpdesk.errors import NotAllowed
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import ComposerDraft, Message
from tickets.services import drafts
from tickets.tests.factories import make_ticket

pytestmark = pytest.mark.django_db


def test_replies_wait_in_the_tickets_concerned_and_nothing_is_sent() -> None:
    with organization_scope(make_organization().id):
        owner, customer = make_member(Role.OWNER), make_customer()
        first, second, other = make_ticket(customer=customer), make_ticket(customer=customer), make_ticket()
        for ticket in (first, second):
            make_decision(action="send", customer=customer, request={"subject": f"ticket:{ticket.pk}"})
        drafts.save_composer(ticket=second, member=owner, kind="reply", text="Dear Ms Lind,")
        incident = make_incident(
            apology="We gave you a wrong address. We are sorry.", noticed_at=timezone.now()
        )
        assert incidents.find_affected(incident=incident, member=owner) == 1
        incident.refresh_from_db()
        before = Message.objects.count()
        for _again in range(2):
            assert incidents.prepare_apologies(incident=incident, member=owner) == 2
        texts = dict(ComposerDraft.objects.values_list("ticket_id", "text"))
        assert texts == {
            first.pk: "We gave you a wrong address. We are sorry.",
            second.pk: "Dear Ms Lind,\n\nWe gave you a wrong address. We are sorry.",
        }
        assert other.pk not in texts
        assert Message.objects.count() == before, "nothing was sent"
        incident.refresh_from_db()
        assert incident.apologised_at is not None


def test_an_agent_prepares_nothing() -> None:
    with organization_scope(make_organization().id):
        incident = make_incident(apology="Sorry.", affected=["ticket:1"])
        with pytest.raises(NotAllowed):
            incidents.prepare_apologies(incident=incident, member=make_member(Role.AGENT))


def test_tickets_of_another_organization_are_not_reached() -> None:
    with organization_scope(make_organization().id):
        theirs = make_ticket().pk
    with organization_scope(make_organization().id):
        owner = make_member(Role.OWNER)
        incident = make_incident(apology="Sorry.", affected=[f"ticket:{theirs}"])
        assert incidents.prepare_apologies(incident=incident, member=owner) == 0
        assert not ComposerDraft.objects.exists()
