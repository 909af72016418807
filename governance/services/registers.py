"""The registers: each change is written with its history and noted in the ledger, in one transaction."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import ledger
from governance.models import (
    AISystem,
    BiasAudit,
    Change,
    Course,
    Finding,
    Incident,
    LawTask,
    Record,
    RegisterChange,
    Risk,
    Vendor,
)
from helpdesk.errors import NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.models import TenantOwned

_KINDS: dict[type[TenantOwned], str] = {
    Risk: "risk",
    BiasAudit: "audit",
    AISystem: "system",
    Vendor: "vendor",
    Incident: "incident",
    Finding: "finding",
    Change: "change",
    Course: "course",
    Record: "record",
    LawTask: "law_task",
}
_UNTOLD = {"id", "organization", "updated_at", "created_at", "contact"}
#: "Still right" without another date: a register's entry holds this long.
RENEW_FOR = timedelta(days=365)
#: A decision on too few tickets to tell, filled in beforehand (governance.md 1.1).
TOO_FEW_FOR = timedelta(days=365)


def kind_of(model: type[TenantOwned]) -> str:
    """How the ledger and the history name this register."""
    return _KINDS[model]


def ref(row: TenantOwned) -> str:
    """How the ledger, the history and the mails name this entry."""
    return f"{_KINDS[type(row)]}:{row.pk}"


def save_row(*, row: TenantOwned, member: Membership) -> None:
    """Store an entry as its form checked it, with what changed. The ledger commits to every value of it.

    Raises NotAllowed for anyone but owner and officer.
    """
    _require_right(member)
    with transaction.atomic():
        before = _stored(row)
        _fill_in(row, member)
        row.save()
        note(row=row, member=member, action="changed" if before else "created", before=before)


def change(*, row: TenantOwned, member: Membership | None, **values: Any) -> None:
    """Set these fields of a stored entry, with history. For services that have checked the right themselves."""
    with transaction.atomic():
        before = _stored(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        note(row=row, member=member, action="changed", before=before)


def renew(*, row: TenantOwned, member: Membership) -> None:
    """ "Still right": looked at today, due again in a year; an AI service's approval is good for as long."""
    _require_right(member)
    until = timezone.localdate() + RENEW_FOR
    with transaction.atomic():
        before = _stored(row)
        row.review_due = until  # type: ignore[attr-defined]
        if isinstance(row, Vendor) and row.state == "approved":
            row.expires_on = until
        if isinstance(row, Risk) and row.status == "accepted":
            row.accepted_until, row.accepted_by = until, member
        row.save()
        note(row=row, member=member, action="renewed", before=before)


def remove_row(*, row: TenantOwned, member: Membership) -> None:
    """Remove an entry that was a mistake; that it was there stays in history and ledger. Raises NotAllowed."""
    _require_right(member)
    with transaction.atomic():
        note(row=row, member=member, action="removed", before=_stored(row))
        row.delete()


def history(row: TenantOwned) -> list[RegisterChange]:
    """Who changed what, newest first. One query."""
    return list(
        RegisterChange.objects.filter(object_ref=ref(row)).select_related("member__user").order_by("-pk")
    )


def note(
    *, row: TenantOwned, member: Membership | None, action: str, before: dict[str, str] | None = None
) -> None:
    """Write history and ledger of a change that was just saved. `before`: the values as text, {} for none."""
    old, new = before or {}, {} if action == "removed" else plain(row)
    changed = {
        name: [old.get(name, ""), new.get(name, "")]
        for name in {**old, **new}
        if old.get(name, "") != new.get(name, "")
    }
    RegisterChange.objects.create(
        object_ref=ref(row), title=str(row)[:160], action=action, member=member, values=changed
    )
    ledger.record(
        f"{_KINDS[type(row)]}_{action}",
        actor=ledger.actor_name(member),
        object_ref=ref(row),
        payload={"at": timezone.now().isoformat(), "values": plain(row)},
    )


def plain(row: TenantOwned) -> dict[str, str]:
    """The row's values as text, so that the commitment needs no knowledge of types."""
    fields = [one for one in row._meta.concrete_fields if one.name not in _UNTOLD]
    return {one.name: _text(one.value_to_string(row)) for one in fields}


def _text(value: Any) -> str:
    """Django gives JSON fields back as they are; the ledger knows no fractions, and a history compares text."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)


def _stored(row: TenantOwned) -> dict[str, str]:
    known = type(row).objects.filter(pk=row.pk).first() if row.pk else None
    return plain(known) if known is not None else {}


def _fill_in(row: TenantOwned, member: Membership) -> None:
    """What the person who saves answers for, and what is filled in beforehand."""
    if isinstance(row, BiasAudit):
        _note_reader(row, member)
        if row.verdict == "insufficient" and not row.decision:
            row.decision, row.decided_by, row.decided_at = "accept", member, timezone.now()
            row.decision_until = timezone.localdate() + TOO_FEW_FOR
            row.decision_text = _(
                "Too few tickets to tell; the check on invented customers counts meanwhile."
            )
        elif row.decision and row.decision_until is None:
            row.decision_until = timezone.localdate() + TOO_FEW_FOR
    if isinstance(row, Risk) and row.status == "accepted" and row.accepted_until is None:
        row.accepted_until, row.accepted_by = row.review_due or timezone.localdate() + RENEW_FOR, member


def _note_reader(row: BiasAudit, member: Membership) -> None:
    """Whoever writes what a check means answers for it."""
    before = BiasAudit.objects.filter(pk=row.pk).values_list("interpretation", flat=True).first()
    if row.interpretation and before != row.interpretation:
        row.interpreted_by = member


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("You can read the registers, but not change them."),
            next_step=_("Ask an owner or ethics officer."),
        )
