"""Customers' data requests, each with a clock."""

from __future__ import annotations

from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from governance import ledger
from governance.models import DataRequest
from helpdesk.people.models import Customer, Membership

#: GDPR Art 12(3): one calendar month. A setting with its source, not a promise of compliance.
ANSWER_WITHIN = relativedelta(months=1)


def open_request(
    *, customer: Customer, kind: str, subject_kind: str = "", subject_id: int | None = None
) -> DataRequest:
    """Open a request and start its clock; the same open request asked twice is one."""
    same = {
        "customer": customer,
        "kind": kind,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "status": "open",
    }
    with transaction.atomic():
        Customer.objects.select_for_update().get(pk=customer.pk)
        known = DataRequest.objects.filter(**same).first()
        if known is not None:
            return known
        request = DataRequest.objects.create(**same, due_at=due(timezone.now()))
        _note("request_opened", request, ledger.actor_name(customer))
    return request


def due(moment: datetime) -> datetime:
    """When a request of this moment must be answered."""
    return moment + ANSWER_WITHIN


def close_request(
    *, request: DataRequest, status: str, answer: str = "", member: Membership | None = None
) -> None:
    """Answer a request (`fulfilled`, `denied`) or take it back (`revoked`). Closing twice is no error."""
    with transaction.atomic():
        changed = DataRequest.objects.filter(pk=request.pk, status="open").update(
            status=status, answer=answer, closed_at=timezone.now(), closed_by=member
        )
        if changed:
            _note(f"request_{status}", request, ledger.actor_name(member or request.customer))


def _note(event: str, request: DataRequest, actor: str) -> None:
    ledger.record(
        event,
        actor=actor,
        object_ref=f"request:{request.pk}",
        payload={"kind": request.kind},
        customer_id=request.customer_id,
    )
