"""Customers' data requests, each with a clock."""

from __future__ import annotations

from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import ledger
from governance.models import DataRequest, DataRequestKind
from helpdesk.errors import InvalidState
from helpdesk.people.models import Customer, Membership
from helpdesk.privacy import erasure

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
    """Answer a request (`fulfilled`, `denied`) or take it back (`revoked`). Closing twice is no error.

    Raises InvalidState for a deletion that is called done: only `fulfil_erasure` may say so, because it deletes.
    """
    if request.kind == DataRequestKind.ERASE and status == "fulfilled":
        raise InvalidState(
            _("A deletion is done when the data is gone."), next_step=_("Let the request delete it.")
        )
    with transaction.atomic():
        changed = DataRequest.objects.filter(pk=request.pk, status="open").update(
            status=status, answer=answer, closed_at=timezone.now(), closed_by=member
        )
        if changed:
            _note(f"request_{status}", request, ledger.actor_name(member or request.customer))


def fulfil_erasure(*, request: DataRequest, member: Membership) -> dict[str, int]:
    """Delete the customer's data and close the request; its answer says how many rows of what. For good.

    Returns the counts per table; empty where the request is closed already. Raises InvalidState for another kind
    of request, and what a room refuses with (then nothing is deleted and the request stays open).
    """
    if request.kind != DataRequestKind.ERASE:
        raise InvalidState(_("The customer did not ask for a deletion."))
    with transaction.atomic():
        mine = DataRequest.objects.filter(pk=request.pk, status="open")
        if mine.select_for_update(of=("self",)).first() is None:
            return {}
        counts = erasure.erase(Customer.objects.get(pk=request.customer_id))
        mine.update(status="fulfilled", answer=_counted(counts), closed_at=timezone.now(), closed_by=member)
        _note_erasure(request, member, counts)
    return counts


def _counted(counts: dict[str, int]) -> str:
    if not counts:
        return _("There was nothing left to delete.")
    return _("Deleted or emptied: %(rows)s.") % {"rows": ", ".join(erasure.in_words(counts))}


def _note_erasure(request: DataRequest, member: Membership, counts: dict[str, int]) -> None:
    """Without the customer: the keys of these two entries stay, so that the counts can be proven."""
    for event, payload in (("data_deleted", {"rows": counts}), ("request_fulfilled", {"kind": request.kind})):
        ledger.record(
            event, actor=ledger.actor_name(member), object_ref=f"request:{request.pk}", payload=payload
        )


def _note(event: str, request: DataRequest, actor: str) -> None:
    ledger.record(
        event,
        actor=actor,
        object_ref=f"request:{request.pk}",
        payload={"kind": request.kind},
        customer_id=request.customer_id,
    )
