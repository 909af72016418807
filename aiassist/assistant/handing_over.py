"""To a person: the conversation becomes a request, with the visitor's words and the assistant's told apart."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from aiassist.assistant.models import Conversation, Question, QuestionState
from governance.services import outcomes
from governance.services.stops import stop_for_customer
from helpdesk.errors import InvalidState
from helpdesk.people.models import Customer
from tickets.content import text_hash
from tickets.mail.customers import customer_for
from tickets.models import AIText, Inbox, Ticket
from tickets.services import opening

SUBJECT_LETTERS = 90


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What goes with it: further words, and where to answer who is not signed in."""

    words: str = ""
    address: str = ""
    name: str = ""
    language: str = ""


@transaction.atomic
def hand_over(*, talk: Conversation | None, customer: Customer | None, wish: Wish) -> Ticket:
    """Open a request with the whole conversation; twice is one. `customer` is signed in, else `wish.address` counts.

    No AI works on that request until a person on the team lets it. Raises InvalidState where there is nothing to hand
    over or no inbox to take it. The number comes last: the caller writes nothing after it.
    """
    if talk is not None:
        talk = Conversation.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=talk.pk)
        if talk.ticket is not None:
            return talk.ticket
    questions = list(talk.questions.order_by("pk")) if talk else []
    text = _text(wish.words, questions)
    inbox = Inbox.objects.filter(is_active=True).order_by("pk").first()
    if not text:
        raise InvalidState(_("Please write what you would like to know."))
    if inbox is None:
        raise InvalidState(_("Questions cannot be asked here at the moment. Please write us a mail."))
    writer = customer or customer_for(
        address=wish.address.strip().lower(), name=wish.name, language=wish.language
    )
    ticket = _open(inbox, writer, text, questions, wish, is_known=customer is not None)
    if talk is not None:
        Conversation.objects.filter(pk=talk.pk).update(ticket=ticket, customer=writer)
        outcomes.of_assistant(
            subject_id=talk.pk, event=outcomes.ASSISTANT_PERSON, language=talk.language or wish.language
        )
    opening.give_number(ticket)
    return ticket


def _open(
    inbox: Inbox, writer: Customer, text: str, questions: list[Question], wish: Wish, *, is_known: bool
) -> Ticket:
    subject = _subject(wish.words, questions)
    ticket = opening.open_ticket(
        inbox=inbox, customer=writer, subject=subject, channel="portal", language=wish.language
    )
    Ticket.objects.filter(pk=ticket.pk).update(human_only=True)
    stop_for_customer(customer=writer, ticket_id=ticket.pk, reason=_("The customer asked for a person."))
    _keep_ai_texts(ticket, questions)
    opening.add_event(
        ticket, "from_assistant", data={"answers": len(_answered(questions)), "is_known": is_known}
    )
    inbound = opening.Inbound(text=text, subject=subject, language=wish.language)
    opening.add_message(ticket=ticket, customer=writer, inbound=inbound)
    return ticket


def _answered(questions: list[Question]) -> list[Question]:
    return [one for one in questions if one.state == QuestionState.ANSWERED]


def _keep_ai_texts(ticket: Ticket, questions: list[Question]) -> None:
    """Whoever pastes the assistant's words into an answer pastes words of the AI, and the answer says so."""
    for one in _answered(questions):
        AIText.objects.create(
            ticket=ticket,
            decision=one.decision,
            kind="draft",
            text=one.answer,
            text_hash=text_hash(one.answer),
            exempt=[source["passage"] for source in one.sources],
        )


def _subject(words: str, questions: list[Question]) -> str:
    first = " ".join((questions[0].text if questions else words).split())
    return first if len(first) <= SUBJECT_LETTERS else f"{first[:SUBJECT_LETTERS].rsplit(' ', 1)[0]}…"


def _text(words: str, questions: list[Question]) -> str:
    """The visitor's own words plainly, the assistant's as quoted lines under a line that says whose they are."""
    parts = [words.strip(), *(part for one in questions for part in _lines(one))]
    return "\n\n".join(part for part in parts if part)


def _lines(question: Question) -> list[str]:
    if question.state != QuestionState.ANSWERED:
        return [question.text.strip()]
    said = f"{question.label}\n{question.answer}"
    return [question.text.strip(), "\n".join(f"> {line}".rstrip() for line in said.splitlines())]
