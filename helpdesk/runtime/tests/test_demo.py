"""The demo: real mails through the real intake, each with its outcome; two firms, two ethics."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from aiassist.models import Draft
from governance import ledger
from helpdesk.runtime.management.demo.airline import AIRLINE
from helpdesk.runtime.management.demo.boutique import BOUTIQUE
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import MessageOutcome, Ticket


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_demo_loads_once_and_every_open_mail_has_its_outcome() -> None:
    call_command("load_demo", stdout=StringIO())
    call_command("load_demo", stdout=StringIO())
    for business in (BOUTIQUE, AIRLINE):
        organization = Organization.objects.get(slug=business.slug)
        with organization_scope(organization.id):
            assert Ticket.objects.count() == len(business.mails)
            unanswered = [mail for mail in business.mails if not mail.answer]
            assert MessageOutcome.objects.count() == len(unanswered)
            assert Draft.objects.count() >= 2
            assert ledger.verify().ok
