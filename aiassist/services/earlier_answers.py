"""Which answers of the team may be found again: sent by a person alone, solved with, of customers who let us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.utils import timezone

from aiassist.core import sensitive
from aiassist.core.earlier import reusable
from aiassist.core.people import KnownPerson
from aiassist.core.text import words
from aiassist.models import Passage
from aiassist.shipping import EMBEDDER, PROVIDER
from governance import bulk
from governance.core.facts import GateRequest, SystemRef
from governance.core.vocabulary import Action
from tickets.models import (
    AIInvolvement,
    Article,
    ArticleStatus,
    Inbox,
    Message,
    MessageKind,
    MessageState,
    Status,
)

#: The newest so many are kept, and none older: what was right two years ago may be wrong today.
MOST, OLDEST = 1_500, timedelta(days=730)
FIELD = "earlier_answers"


def question() -> GateRequest:
    """What the checks are asked before answers are read for meaning."""
    return GateRequest(
        action=Action.INDEX,
        system=SystemRef(provider=PROVIDER, model=EMBEDDER, external=False),
        fields=frozenset({FIELD}),
        stays_inside=True,
    )


def eligible() -> list[Message]:
    """Answers that a person wrote alone and that closed a ticket nobody has to keep to people, newest first."""
    rows = Message.objects.filter(
        kind=MessageKind.REPLY,
        state=MessageState.SENT,
        ai_involvement=AIInvolvement.NONE,
        ticket__status__in=(Status.SOLVED, Status.CLOSED),
        ticket__human_only=False,
        sent_at__gte=timezone.now() - OLDEST,
    ).exclude(text="")
    wanted = rows.only("ticket", "sent_at", "language", "customer", "ticket__customer", "ticket__language")
    return list(wanted.select_related("ticket").order_by("-pk")[:MOST])


def allowed(answers: Sequence[Message], *, record: bool) -> list[Message]:
    """Those whose customers all let us; with `record` the question and its answer are a decision."""
    people = concerned(answers)
    customers = frozenset().union(*people.values())
    if record:
        _decision, may = bulk.check_many(question(), subject_kind="index", customers=customers)
    else:
        may = bulk.may_use(question(), customers)
    return [one for one in answers if people[one.ticket_id] <= may]


def concerned(answers: Iterable[Message]) -> dict[int, frozenset[int]]:
    """Ticket -> its customer and everybody else who wrote in it. One query."""
    found = {one.ticket_id: {one.ticket.customer_id} for one in answers}
    came = Message.objects.filter(ticket__in=list(found), customer__isnull=False)
    for ticket, customer in came.values_list("ticket", "customer").distinct():
        found[ticket].add(customer)
    return {ticket: frozenset(customers) for ticket, customers in found.items()}


def drop_unwanted(keep: Iterable[int]) -> None:
    """Passages of answers that may not be found (any more) go."""
    Passage.objects.filter(message__isnull=False).exclude(message__in=list(keep)).delete()


def texts_of(answers: Iterable[Message]) -> dict[int, str]:
    """What of each answer may serve others. Four queries; the masking takes some milliseconds an answer."""
    answers = list(answers)
    rows = Message.objects.select_related("ticket__customer", "author__user")
    full = rows.prefetch_related("ticket__customer__addresses").in_bulk([one.pk for one in answers])
    asked: dict[int, list[str]] = {}
    came = Message.objects.filter(
        ticket__in={one.ticket_id for one in answers}, kind__in=(MessageKind.INBOUND, MessageKind.OUTSIDE)
    )
    for ticket, subject, text in came.values_list("ticket", "subject", "text"):
        asked.setdefault(ticket, []).extend((subject, text))
    keep = tuple(Inbox.objects.values_list("address", flat=True))
    own = _published_words()
    found = dict.fromkeys(full, "")
    for pk, one in full.items():
        if not sensitive.topics(one.text):
            told = asked.get(one.ticket_id, ())
            found[pk] = reusable(one.text, asked=told, people=_people(one), keep=keep, published=own)
    return found


def _published_words() -> frozenset[str]:
    """The words of our articles: names among them are ours."""
    rows = Article.objects.filter(status=ArticleStatus.PUBLISHED).values_list("title", "body")
    return frozenset(word for row in rows for text in row for word in words(text))


def _people(message: Message) -> tuple[KnownPerson, ...]:
    customer = message.ticket.customer
    addresses = tuple(one.address for one in customer.addresses.all())
    found = [KnownPerson(customer.name, addresses)]
    if message.author is not None:
        found.append(KnownPerson(message.author.display_name))
    return tuple(found)
