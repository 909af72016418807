"""Conversations with the assistant: begun by the first question, found by the browser's token, forgotten on request."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aiassist.assistant.answering import PATIENCE
from aiassist.assistant.models import Conversation, Question, QuestionState
from governance.services import outcomes
from helpdesk.errors import Conflict, InvalidState
from helpdesk.people.models import Customer
from helpdesk.people.tokens import new_token, token_hash
from helpdesk.tenancy.tasks import enqueue_on_commit

LONGEST_QUESTION = 1_000
#: More than this is a matter for a person.
MOST_QUESTIONS = 20


def find(token: str, customer: Customer | None) -> Conversation | None:
    """The open conversation of this browser. One query.

    What a signed-in customer asked is shown to nobody else, not even in the same browser after they signed out; who
    signs in while they talk goes on as who they are.
    """
    if not token:
        return None
    found = Conversation.objects.select_related("customer").filter(
        token_hash=token_hash(token), ticket=None, customer__erased_at=None
    )
    talk = found.first()
    if talk is None or (talk.customer is not None and talk.customer != customer):
        return None
    if talk.customer is None and customer is not None:
        Conversation.objects.filter(pk=talk.pk, customer=None).update(customer=customer)
        talk.customer = customer
    return talk


def begin(*, customer: Customer | None, language: str) -> tuple[Conversation, str]:
    """A conversation, and the token that its browser keeps."""
    token, digest = new_token()
    talk = Conversation.objects.create(token_hash=digest, customer=customer, language=language[:8])
    return talk, token


@transaction.atomic
def ask(*, talk: Conversation, text: str) -> Question:
    """Keep the question and hand it to the worker. One question at a time: Conflict while another one waits.

    Raises InvalidState after twenty. Locks the conversation.
    """
    from aiassist.assistant.tasks import answer

    Conversation.objects.select_for_update(of=("self",)).get(pk=talk.pk)
    asked = Question.objects.filter(conversation=talk)
    # What no worker took in time is not waited for: the page has said so already.
    late = asked.filter(state=QuestionState.WAITING, created_at__lt=timezone.now() - PATIENCE)
    late.update(state=QuestionState.PERSON, why="late", done_at=timezone.now())
    if asked.filter(state=QuestionState.WAITING).exists():
        raise Conflict(_("Your last question is not answered yet. Please wait a moment."))
    if asked.count() >= MOST_QUESTIONS:
        raise InvalidState(_("That was a lot of questions. A person can help you better now."))
    question = Question.objects.create(conversation=talk, text=text[:LONGEST_QUESTION])
    enqueue_on_commit(answer, organization_id=talk.organization_id, question_id=question.pk)
    return question


@transaction.atomic
def say(*, talk: Conversation, question_id: int, right: bool) -> bool:
    """Keep whether an answer was right, in place of what was said before. False where there is no such answer."""
    answered = Question.objects.filter(conversation=talk, state=QuestionState.ANSWERED)
    if not answered.filter(pk=question_id).update(right=right):
        return False
    outcomes.of_assistant(
        subject_id=question_id, event=outcomes.ASSISTANT_RIGHT, value=float(right), language=talk.language
    )
    return True


def forget(*, talk: Conversation) -> None:
    """The visitor deletes what was said. That an answer was given, and under which rules, stays on record."""
    talk.delete()
