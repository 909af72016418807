"""What is read locally before the AI is asked anything: the rules in force, language, topics, whose choice counts."""

from __future__ import annotations

from aiassist.core import language, sensitive
from aiassist.core.topics import policy_topics
from aiassist.sorting_selectors import human_topics
from aiassist.work import Found
from governance import gate
from governance.core.clauses import ClauseError, Clauses
from governance.services import consents, requests
from helpdesk.people.models import Customer
from tickets.conversation import home_of, messages_of
from tickets.models import Message, MessageKind, Ticket


def rules() -> Clauses:
    """The rules in force; the defaults where there are none, or none that can be read (the gate says no then)."""
    policy = gate.policy_in_force()
    try:
        return Clauses.from_dict(policy.clauses) if policy else Clauses()
    except ClauseError:
        return Clauses()


def customer_of(message: Message) -> Customer:
    """Who wrote the message: its own customer, else the ticket's."""
    customer: Customer = message.customer or message.ticket.customer
    return customer


def read(message: Message) -> Found:
    """Language and human-only topics; the customer's wishes in words are honoured at once."""
    ticket, customer = message.ticket, customer_of(message)
    text = f"{message.subject}\n{message.text}"
    detected = language.detect(message.text)
    if detected == "und":
        detected = ticket.language or customer.language or "en"
    topics = sensitive.topics(text)
    if "person_please" in topics:
        consents.answer_without_ai(customer=customer, method="mail_text", language=detected)
    if sensitive.wants_erasure(text):
        requests.open_request(customer=customer, kind="erase", subject_kind="ticket", subject_id=ticket.pk)
    Ticket.objects.filter(pk=ticket.pk).update(
        language=detected, human_only=ticket.human_only or bool(topics)
    )
    Message.objects.filter(pk=message.pk).update(language=detected)
    if not customer.language:
        Customer.objects.filter(pk=customer.pk, language="").update(language=detected)
    return Found(detected, policy_topics(topics) | topics_before(message))


#: How many earlier messages of a ticket are read for topics that only people answer.
READ_BACK = 20


def topics_before(message: Message) -> frozenset[str]:
    """What earlier messages of the ticket were about: "Any news?" about a bereavement is about a bereavement."""
    if not message.ticket.human_only:
        return frozenset()
    return topics_of(message.ticket, before=message.pk)


def topics_of(ticket: Ticket, *, before: int | None = None) -> frozenset[str]:
    """What the newest messages of a ticket's family are about, by local rules; `before` leaves out from there on."""
    came = messages_of(home_of(ticket)).filter(kind=MessageKind.INBOUND)
    earlier = came.filter(pk__lt=before) if before is not None else came
    texts = earlier.order_by("-pk").values_list("subject", "text")[:READ_BACK]
    return human_topics(ticket).union(*(policy_topics(sensitive.topics("\n".join(one))) for one in texts))


def whose_choice(message: Message) -> Customer:
    """Who is asked for: the writer, but the ticket's customer where that one said no (the answer goes to them)."""
    return consents.whose_choice([customer_of(message), message.ticket.customer])
