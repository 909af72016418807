"""Asking customers by mail how we did: only where the rules say so, a few days after, and at most once in 90 days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from governance import gate
from governance.core.clauses import ClauseError, Clauses
from governance.models import DataRequest
from governance.services import survey
from helpdesk.people.mail import post_on_commit
from helpdesk.portal.language import supported
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id
from tickets.mail.recipients import answer_address
from tickets.models import BlockedSender, Message, MessageKind, MessageState, Status, Ticket
from tickets.portal_survey import path_for

#: A request is asked about when it was solved between so many days ago.
FROM: Final = timedelta(days=1)
UNTIL: Final = timedelta(days=5)
#: Mails of one run.
MOST: Final = 200


def ask(now: datetime) -> int:
    """Mail the question to whom it may be asked; returns how many. In a scope; running it twice asks once."""
    if not _wanted():
        return 0
    organization = Organization.objects.get(pk=current_organization_id())
    silent = survey.asked_lately(now)
    sent = 0
    for ticket in _solved(now):
        if ticket.customer_id not in silent and _ask(ticket, organization):
            silent.add(ticket.customer_id)
            sent += 1
        if sent >= MOST:
            break
    return sent


def _wanted() -> bool:
    policy = gate.policy_in_force()
    try:
        return policy is not None and Clauses.from_dict(policy.clauses).survey_by_mail
    except ClauseError:
        return False


def _solved(now: datetime) -> list[Ticket]:
    """Requests that were answered and solved a few days ago, of customers whose data may be used."""
    answered = Message.objects.filter(
        ticket=OuterRef("pk"), kind=MessageKind.REPLY, state=MessageState.SENT, raw_mail=None
    )
    paused = DataRequest.objects.filter(
        customer=OuterRef("customer"), kind__in=("restrict", "erase"), status__in=("open", "fulfilled")
    )
    rows = Ticket.objects.filter(
        status=Status.SOLVED, solved_at__gte=now - UNTIL, solved_at__lt=now - FROM, customer__erased_at=None
    )
    rows = rows.filter(Exists(answered)).exclude(Exists(paused))
    return list(rows.select_related("customer").order_by("pk")[: 5 * MOST])


def _ask(ticket: Ticket, organization: Organization) -> bool:
    address = answer_address(ticket)
    if not address or BlockedSender.objects.filter(address=address).exists():
        return False
    with transaction.atomic():
        if survey.invite(customer=ticket.customer, ticket_id=ticket.pk) is None:
            return False
        post_on_commit(_mail(ticket, address, organization))
    return True


def _mail(ticket: Ticket, address: str, organization: Organization) -> EmailMessage:
    language = supported(ticket.language) or supported(ticket.customer.language) or organization.language
    link = base_url(organization) + path_for(ticket)
    with translation.override(language):
        subject = _("How did we do, %(organization)s asks") % {"organization": organization.name}
        body = render_to_string("portal/email/survey.txt", {"organization": organization, "link": link})
    headers = {"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{link}>"}
    return EmailMessage(subject=subject, body=body, to=[address], headers=headers)
