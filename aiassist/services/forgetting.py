"""Forgets what was learned from a customer's messages, at once: found answers, and topics learned from them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from aiassist.models import Passage
from aiassist.sorting_models import LearnedTopics
from tickets.models import Message


def forget(customer_id: int) -> None:
    """Remove it, in the transaction in force. The next runs go without this customer as long as the no stands."""
    answered_to(customer_id).delete()
    learned_from(customer_id).delete()


def answered_to(customer_id: int) -> QuerySet[Passage]:
    """Passages of answers in tickets that are this customer's, or in which they wrote."""
    theirs = Message.objects.filter(Q(ticket__customer=customer_id) | Q(customer=customer_id))
    return Passage.objects.filter(message__ticket__in=theirs.values("ticket"))


def learned_from(customer_id: int) -> QuerySet[LearnedTopics]:
    """What was learned, if something of this customer is in it."""
    written = Q(ticket__customer=customer_id) | Q(customer=customer_id)
    for learned in LearnedTopics.objects.only("pk", "examples"):
        if Message.objects.filter(written, pk__in=learned.examples).exists():
            return LearnedTopics.objects.filter(pk=learned.pk)
    return LearnedTopics.objects.none()
