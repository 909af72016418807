"""What customers think of us, on pages that they opened: one tap, a few words if they like, nothing they must do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from governance.models import SurveyAnswer, SurveyInvite
from helpdesk.errors import InvalidState
from helpdesk.people.models import Customer

TRUST = "trust"
LEAST, MOST = 1, 5
LONGEST = 1_000
#: A customer is asked by mail at most once in this time.
ONCE_IN = timedelta(days=90)


def said(*, customer: Customer, ticket_id: int) -> SurveyAnswer | None:
    """What this customer said about this request; None before they did. One query."""
    about = {"subject_kind": "ticket", "subject_id": ticket_id, "question": TRUST}
    return SurveyAnswer.objects.filter(customer=customer, **about).first()


def say(
    *,
    customer: Customer,
    ticket_id: int,
    score: int,
    text: str = "",
    involvement: str = "",
    language: str = "",
) -> SurveyAnswer:
    """Keep what a customer tapped and wrote, in place of what they said before. Raises InvalidState (no such score)."""
    if not LEAST <= score <= MOST:
        raise InvalidState("There is no such answer.")
    row, _new = SurveyAnswer.objects.update_or_create(
        customer=customer,
        subject_kind="ticket",
        subject_id=ticket_id,
        question=TRUST,
        defaults={
            "score": score,
            "text": " ".join(text.replace("\0", "").split())[:LONGEST],
            "ai_involvement": involvement,
            "language": language[:8],
        },
    )
    return row


def forget_words(ticket_ids: Collection[int]) -> int:
    """Words about requests that are deleted go with them; the tap stays as a number without a request's content."""
    about = SurveyAnswer.objects.filter(subject_kind="ticket", subject_id__in=ticket_ids, score__isnull=False)
    return about.exclude(text="").update(text="")


def asked_lately(now: datetime) -> set[int]:
    """Customers who were asked by mail, or said something, within the last 90 days, or do not want to be asked."""
    since = now - ONCE_IN
    invited = SurveyInvite.objects.filter(created_at__gte=since) | SurveyInvite.objects.exclude(
        refused_at=None
    )
    spoke = SurveyAnswer.objects.filter(created_at__gte=since).exclude(customer=None)
    return {*invited.values_list("customer_id", flat=True), *spoke.values_list("customer_id", flat=True)}


def invite(*, customer: Customer, ticket_id: int) -> SurveyInvite | None:
    """Note that this customer is asked by mail; None where they were asked lately or refused.

    Locks the customer, so that two workers ask once.
    """
    with transaction.atomic():
        list(Customer.objects.select_for_update().filter(pk=customer.pk).values_list("pk"))
        known = SurveyInvite.objects.filter(customer=customer)
        if known.exclude(refused_at=None).exists():
            return None
        if known.filter(created_at__gte=timezone.now() - ONCE_IN).exists():
            return None
        row, new = SurveyInvite.objects.get_or_create(subject_id=ticket_id, defaults={"customer": customer})
        return row if new else None


def refuse(*, customer: Customer, ticket_id: int) -> None:
    """This customer is not asked by mail again. Twice is once."""
    with transaction.atomic():
        row, _new = SurveyInvite.objects.get_or_create(subject_id=ticket_id, defaults={"customer": customer})
        if row.refused_at is None:
            row.refused_at = timezone.now()
            row.save(update_fields=["refused_at"])


def refuses(*, customer: Customer) -> bool:
    """Whether the customer does not want to be asked by mail. One query."""
    return SurveyInvite.objects.filter(customer=customer).exclude(refused_at=None).exists()
