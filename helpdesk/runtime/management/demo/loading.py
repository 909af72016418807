"""Loads a demo business: people, rules, knowledge, and its mails through the real intake and the real AI worker."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.utils import timezone

from aiassist import pipeline
from aiassist.services import indexing
from aiassist.tasks import only_once
from governance.core import starter
from governance.services import consents, policies, self_checks
from helpdesk.people.models import Customer, Membership, User
from helpdesk.people.permissions import grant_inbox
from helpdesk.runtime.management.demo.shapes import Business, Mail
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.mail.customers import customer_for
from tickets.mail.receive import receive
from tickets.models import (
    Article,
    ArticleStatus,
    CannedReply,
    Inbox,
    Message,
    MessageKind,
    MessageState,
    Tag,
    Ticket,
    TicketTag,
)

_SENT = "A person on our team checks and sends every answer."
_ON_HELP_PAGES = """A person on our team checks and sends every answer to a message.
- **On our help pages an AI answers by itself.** It says so before its first word and repeats only what
  our published articles say. No person reads its answer first; one is always one click away."""


def _airline() -> starter.Starter:
    """The busy desk lets the assistant answer on its help pages, and says so; the boutique does not."""
    base = starter.airline()
    prose = base.prose.replace(_SENT, _ON_HELP_PAGES)
    return replace(base, prose=prose, clauses=replace(base.clauses, self_service=True))


POLICIES = {"boutique": starter.boutique, "airline": _airline}


def demo_password() -> str:
    """The demo's password: the same for everyone there, different on each installation, stored nowhere."""
    return hmac.new(settings.SECRET_KEY.encode(), b"demo password", hashlib.sha256).hexdigest()[:12]


def load(business: Business) -> Organization:
    """Create the business and let its mails arrive. Runs outside any transaction."""
    organization = Organization.objects.create(
        slug=business.slug, name=business.name, timezone=business.timezone
    )
    with organization_scope(organization.id):
        members = _people(business)
        inboxes = _inboxes(business, members)
        policies.adopt_starter(starter=POLICIES[business.policy](), member=members[0])
        _knowledge(business, members[0])
    indexing.index_organization(organization.id)
    for mail in sorted(business.mails, key=lambda one: -one.hours):
        _arrive(organization, business, mail, inboxes, members)
    with organization_scope(organization.id):
        self_checks.run_due()
    return organization


def _people(business: Business) -> list[Membership]:
    members = []
    for person in business.people:
        user = User.objects.create_user(person.email, demo_password(), name=person.name)
        members.append(Membership.objects.create(user=user, role=person.role))
    return members


def _inboxes(business: Business, members: list[Membership]) -> list[Inbox]:
    inboxes = [
        Inbox.objects.create(
            name=name, address=address, from_name=business.name, signature=business.signature
        )
        for name, address in business.inboxes
    ]
    for member in members:
        if member.role == "agent":
            for inbox in inboxes:
                grant_inbox(member, inbox)
    return inboxes


def _knowledge(business: Business, author: Membership) -> None:
    now = timezone.now()
    for position, text in enumerate(business.articles, 1):
        slug = "".join(
            letter if letter.isalnum() and letter.isascii() else "-" for letter in text.title.lower()
        )
        Article.objects.create(
            title=text.title,
            slug=f"{slug.strip('-')[:60]}-{position}",
            body=text.body,
            language=text.language,
            status=ArticleStatus.PUBLISHED,
            author=author,
            published_at=now,
        )
    for text in business.replies:
        CannedReply.objects.create(title=text.title, body=text.body, language=text.language)


def _arrive(
    organization: Organization,
    business: Business,
    mail: Mail,
    inboxes: list[Inbox],
    members: list[Membership],
) -> None:
    at = timezone.now() - timedelta(hours=mail.hours)
    inbox = inboxes[mail.inbox]
    with organization_scope(organization.id):
        _choices(customer_for(address=mail.sender, name=mail.name), mail)
    received = receive(inbox=inbox, raw=_raw(mail, inbox, at))
    with organization_scope(organization.id):
        ticket = Ticket.objects.get(number=received.ticket_number)
        message = Message.objects.filter(ticket=ticket, kind=MessageKind.INBOUND).latest("pk")
    if not mail.answer:
        _draft(organization, message.pk)
    with organization_scope(organization.id):
        # The ticket's row first, as everywhere: the workers may be busy with the same mail.
        _afterwards(Ticket.objects.select_for_update().get(pk=ticket.pk), message, mail, members, at)


def _draft(organization: Organization, message_id: int) -> None:
    """Now, and not a second time by the workers, which are running already."""
    with only_once(str(organization.id), message_id) as mine:
        if mine:
            pipeline.handle(organization.id, message_id)


def _choices(customer: Customer, mail: Mail) -> None:
    """What the customer chose on their page before they wrote."""
    chosen = consents.choices(customer)
    if mail.agreed_to_ai and "ai_assist" not in chosen:
        consents.record_choice(customer=customer, purpose="ai_assist", state="granted", method="portal")
    if mail.without_ai:
        consents.answer_without_ai(customer=customer, method="mail_link")


def _raw(mail: Mail, inbox: Inbox, at: datetime) -> bytes:
    message = EmailMessage()
    message["From"] = f"{mail.name} <{mail.sender}>"
    message["To"] = inbox.address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    digest = hashlib.sha256(f"{mail.sender}{mail.subject}".encode()).hexdigest()[:20]
    message["Message-ID"] = f"<{digest}@mail.example>"
    message.set_content(mail.text)
    return message.as_bytes()


def _afterwards(
    ticket: Ticket, message: Message, mail: Mail, members: list[Membership], at: datetime
) -> None:
    """What the team did since: a note, an answer by a person, who has it, where it stands; and the clock of the story."""
    Message.objects.filter(pk=message.pk).update(created_at=at)
    ticket.events.update(created_at=at)
    last = at
    if mail.note:
        last = at + timedelta(minutes=12)
        Message.objects.create(
            ticket=ticket, kind=MessageKind.NOTE, author=members[1], text=mail.note, created_at=last
        )
    if mail.answer:
        last = at + timedelta(hours=3)
        _answer(ticket, mail, members[mail.answered_by], last)
    for name in mail.tags:
        TicketTag.objects.create(ticket=ticket, tag=Tag.objects.get_or_create(name=name)[0])
    changes = {"created_at": at, "updated_at": last, "is_unread": mail.hours < 30 and not mail.answer}
    if mail.assignee is not None:
        changes["assignee"] = members[mail.assignee]
    if mail.answer:
        changes["first_reply_at"] = last
    if mail.status:
        changes["status"] = mail.status
    if mail.status == "solved":
        changes["solved_at"] = last
    Ticket.objects.filter(pk=ticket.pk).update(**changes)


def _answer(ticket: Ticket, mail: Mail, author: Membership, at: datetime) -> None:
    """A reply that a person wrote and sent before this installation began to watch."""
    Message.objects.create(
        ticket=ticket,
        kind=MessageKind.REPLY,
        state=MessageState.SENT,
        author=author,
        subject=f"Re: {ticket.subject}",
        text=mail.answer,
        recipients_to=mail.sender,
        created_at=at,
        sent_at=at,
    )
