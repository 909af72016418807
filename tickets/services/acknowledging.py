"""The first mail to a customer: that their message arrived, what AI may do, and how to say no to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from governance import gate, links
from governance.core import ack
from governance.core.clauses import SUPPORTED_LANGUAGES, Clauses
from governance.core.disclosure import language_for
from governance.core.expect import Expectation
from governance.models import EthicsPolicy
from governance.services.consents import choices
from helpdesk.people.models import Customer, Membership
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.hours import next_opening
from tickets.mail.classify import takes_no_replies
from tickets.mail.recipients import answer_address
from tickets.models import Inbox, Message, MessageKind, MessageState, RawMail, Status, Ticket
from tickets.selectors.clock import clock
from tickets.services.opening import add_event

#: How long the sweep still looks for a first message without its acknowledgement.
LATE: Final = timedelta(hours=1)
GRACE: Final = timedelta(seconds=30)
#: The event of a ticket that a program brought in with the wish that its customer is not written to.
IMPORTED: Final = "imported"


def after_opening(*, ticket: Ticket, message: Message, wanted: bool, actor: Membership) -> None:
    """A ticket that a program opened: acknowledge it as if it had come by mail, or note that it is an import."""
    from tickets.tasks import acknowledge as task

    if wanted:
        enqueue_on_commit(task, organization_id=ticket.organization_id, message_id=message.pk)
    else:
        add_event(ticket, IMPORTED, actor=actor)


def acknowledge(*, message_id: int) -> str:
    """Acknowledge a first message if the rules say so. Returns why, or "send". In a scope; safe to repeat."""
    message = (
        Message.objects.select_related("ticket__customer", "ticket__inbox", "raw_mail")
        .defer("raw_mail__source")
        .filter(pk=message_id, kind=MessageKind.INBOUND)
        .first()
    )
    if message is None:
        return "gone"
    with transaction.atomic():
        customer = Customer.objects.select_for_update().get(pk=message.ticket.customer_id)
        policy = gate.policy_in_force()
        clauses = gate.policy_facts(policy).clauses if policy else None
        reason = _reason(message, customer, clauses)
        if reason is ack.AckReason.SEND:
            _queue(message, customer, clauses, policy)
        return reason.value


def _reason(message: Message, customer: Customer, clauses: Clauses | None) -> ack.AckReason:
    ticket, by_mail = message.ticket, message.raw_mail is not None
    first = not Message.objects.filter(ticket=ticket, pk__lt=message.pk).exists()
    told = Message.objects.filter(ticket=ticket, kind=MessageKind.ACK).exists()
    incoming = ack.Incoming(
        first_of_ticket=first and not told,
        from_list=bool(message.raw_mail and message.raw_mail.reason),  # only a list's mail is filed with one
        from_own_address=not by_mail and _is_no_person(customer),  # a mail was sorted when it came
        spam_or_quarantined=ticket.status == Status.SPAM or customer.is_erased,
        last_acknowledged_at=customer.acknowledged_at,
    )
    return ack.ack_reason(incoming, enabled=clauses.acknowledgement if clauses else True, now=timezone.now())


def _is_no_person(customer: Customer) -> bool:
    """A program may name any address as its customer's: our own, or one that takes no replies."""
    addresses = customer.addresses.values_list("address", flat=True)
    own = {one.lower() for one in Inbox.objects.values_list("address", flat=True)}
    return any(one in own or takes_no_replies(one) for one in addresses)


def _queue(
    message: Message, customer: Customer, clauses: Clauses | None, policy: EthicsPolicy | None
) -> None:
    from tickets.tasks import send_message

    ticket, now = message.ticket, timezone.now()
    organization = Organization.objects.get(pk=ticket.organization_id)
    language = _language(message, customer, organization)
    text = _text(ticket, customer, clauses, organization, language)
    sent = Message.objects.create(
        ticket=ticket,
        kind=MessageKind.ACK,
        state=MessageState.QUEUED,
        subject=text.subject[:300],
        text=text.text,
        html=text.html,
        recipients_to=answer_address(ticket),
        in_reply_to=message.message_id,
        language=language,
        send_after=now,
    )
    customer.acknowledged_at = now
    customer.language = customer.language or language
    customer.save(update_fields=["acknowledged_at", "language"])
    enqueue_on_commit(send_message, organization_id=ticket.organization_id, message_id=sent.pk)


def _text(
    ticket: Ticket, customer: Customer, clauses: Clauses | None, organization: Organization, language: str
) -> ack.Acknowledgement:
    return ack.acknowledgement(
        organization=organization.name,
        number=int(ticket.number or 0),
        language=language,
        links=_links(customer),
        clauses=clauses,
        without_ai=choices(customer).get("humans_only") == "granted",
        expected=_expected(ticket, organization, language),
    )


def _expected(ticket: Ticket, organization: Organization, language: str) -> Expectation:
    """What the inbox's clock says now: its target for a first answer, until when it is closed, and its own text."""
    known, now = clock(), timezone.now()
    hours, away = known.hours_of(ticket.inbox_id), known.away(ticket.inbox_id, now)
    opens = next_opening(hours, now)
    return Expectation(
        now=now.astimezone(known.zone),
        minutes=known.target_minutes(ticket.inbox_id, ticket.priority, first=True),
        always_open=hours.always,
        opens_at=opens.astimezone(known.zone) if opens else None,
        away=_in_language(away.texts, language, organization.language) if away else "",
    )


def _in_language(texts: dict[str, str], *wanted: str) -> str:
    """The text in the first of these languages that has one, else in whichever there is."""
    return next((texts[one] for one in wanted if texts.get(one)), next(iter(texts.values()), ""))


def tells_first(message: Message, ticket: Ticket) -> bool:
    """Whether this reply must say what an acknowledgement says: nothing told the customer about AI before it."""
    opened_here = ticket.channel in ("agent", "api")
    if message.kind != MessageKind.REPLY or not opened_here or ticket.customer.acknowledged_at is not None:
        return False
    return gate.policy_in_force() is not None


def first_contact(ticket: Ticket, language: str) -> tuple[str, str]:
    """The words for it, as text and HTML. Only where `tells_first` says so."""
    policy, customer = gate.policy_in_force(), ticket.customer
    if policy is None:
        return "", ""
    return ack.first_contact(
        language=language,
        links=_links(customer),
        clauses=gate.policy_facts(policy).clauses,
        without_ai=choices(customer).get("humans_only") == "granted",
    )


def _links(customer: Customer) -> ack.AckLinks:
    return ack.AckLinks(
        without_ai=links.without_ai_url(customer),
        privacy=links.privacy_url(),
        agree=links.agree_url(customer),
    )


def _language(message: Message, customer: Customer, organization: Organization) -> str:
    known = customer.language or message.ticket.language or _detected(message.text)
    return language_for(known or organization.language)


def _detected(text: str) -> str:
    """The language of the text among those we write; too little text tells nothing."""
    if len(text.split()) < 4:
        return ""
    language, certainty = _identifier().classify(text[:2000].lower())
    return str(language) if certainty > 0.8 else ""


@cache
def _identifier() -> Any:
    """Loaded once, and only where acknowledgements are written: it takes half a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(SUPPORTED_LANGUAGES))
    return identifier


def waiting_for_acknowledgement(now: datetime | None = None) -> list[int]:
    """First messages by mail and API of the last hour that were never acknowledged, nor was their customer."""
    now = now or timezone.now()
    policy = gate.policy_in_force()
    if policy is not None and not gate.policy_facts(policy).clauses.acknowledgement:
        return []
    lately = RawMail.objects.filter(
        outcome="created", reason="", received_at__gt=now - LATE, received_at__lt=now - GRACE
    )
    # By ticket, in two steps: messages have an index on it, and none on their source.
    tickets = lately.filter(ticket__customer__acknowledged_at=None).exclude(ticket__status=Status.SPAM)
    ids = [*tickets.values_list("ticket_id", flat=True)[:100], *_opened_by_programs(now)]
    first = Message.objects.filter(ticket_id__in=ids, kind=MessageKind.INBOUND).order_by("ticket_id", "pk")
    return list(first.distinct("ticket_id").values_list("pk", flat=True)) if ids else []


def _opened_by_programs(now: datetime) -> list[int]:
    """`updated_at` is never earlier than `created_at`, and has the index."""
    lately = Ticket.objects.filter(
        updated_at__gt=now - LATE, created_at__gt=now - LATE, created_at__lt=now - GRACE, channel="api"
    )
    unanswered = lately.filter(customer__acknowledged_at=None).exclude(status=Status.SPAM)
    return list(unanswered.exclude(events__kind=IMPORTED).values_list("pk", flat=True)[:100])
