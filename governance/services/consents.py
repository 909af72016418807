"""Customers' choices: recorded for ever, the newest per purpose in force."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction

from governance import ledger
from governance.models import Consent, ConsentState, DataRequest, DataRequestKind, Purpose
from helpdesk.people.models import Customer, Membership


def record_choice(
    *,
    customer: Customer,
    purpose: str,
    state: str,
    method: str,
    language: str = "",
    notice: str = "",
    actor: Membership | None = None,
) -> Consent:
    """Record one choice and its ledger entry. `notice` is the text the customer saw; its hash is kept.

    In force with the commit: every gate reads the newest record at its next step.
    """
    with transaction.atomic():
        consent = Consent.objects.create(
            customer=customer,
            purpose=Purpose(purpose),
            state=ConsentState(state),
            method=method,
            language=language or customer.language,
            notice_hash=hashlib.sha256(notice.encode()).hexdigest() if notice else "",
            recorded_by=actor,
        )
        ledger.record(
            "choice",
            actor=ledger.actor_name(actor or customer),
            object_ref=f"consent:{consent.pk}",
            payload={"purpose": consent.purpose, "state": consent.state, "method": method},
            customer_id=customer.pk,
        )
    return consent


def choices(customer: Customer) -> dict[str, str]:
    """Purpose -> the state in force, for every purpose the customer ever chose on. One query."""
    newest = Consent.objects.filter(customer=customer).order_by("purpose", "-pk").distinct("purpose")
    return {one.purpose: one.state for one in newest}


def whose_choice(people: Sequence[Customer]) -> Customer:
    """Of several whom one answer concerns: the first who wants no AI, else the first. Two queries, none for one person.

    A no is "Answer me without AI", a no to AI help, or a pause of one's data.
    """
    keys = {one.pk for one in people}
    if len(keys) == 1:
        return people[0]
    asked = Consent.objects.filter(customer__in=keys, purpose__in=(Purpose.AI_ASSIST, Purpose.HUMANS_ONLY))
    newest = asked.order_by("customer", "purpose", "-pk").distinct("customer", "purpose")
    no = {
        one.customer_id for one in newest if (one.purpose == Purpose.HUMANS_ONLY) is (one.state == "granted")
    }
    paused = DataRequest.objects.filter(
        customer__in=keys, kind=DataRequestKind.RESTRICT, status__in=("open", "fulfilled")
    )
    no |= set(paused.values_list("customer_id", flat=True))
    return next((one for one in people if one.pk in no), people[0])


def answer_without_ai(*, customer: Customer, method: str, language: str = "", notice: str = "") -> Consent:
    """The lasting wish "Answer me without AI"."""
    return record_choice(
        customer=customer,
        purpose=Purpose.HUMANS_ONLY,
        state=ConsentState.GRANTED,
        method=method,
        language=language,
        notice=notice,
    )


def allow_ai_again(*, customer: Customer, method: str, language: str = "") -> Consent:
    """Takes "Answer me without AI" back."""
    return record_choice(
        customer=customer,
        purpose=Purpose.HUMANS_ONLY,
        state=ConsentState.REFUSED,
        method=method,
        language=language,
    )
