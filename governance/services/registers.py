"""The registers filled by hand: each save of a risk or a fairness check is noted in the ledger."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import ledger
from governance.models import BiasAudit, Risk
from helpdesk.errors import NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

_KINDS = {Risk: "risk", BiasAudit: "audit"}


def save_row(*, row: Risk | BiasAudit, member: Membership) -> None:
    """Store a risk or a fairness check as its form checked it. The ledger commits to every value of it.

    Raises NotAllowed for anyone but owner and officer.
    """
    _require_right(member)
    with transaction.atomic():
        is_new = row.pk is None
        _note_reader(row, member)
        row.save()
        _note("created" if is_new else "changed", row, member)


def remove_row(*, row: Risk | BiasAudit, member: Membership) -> None:
    """Remove a row that was a mistake; that it was there stays in the ledger. Raises NotAllowed."""
    _require_right(member)
    with transaction.atomic():
        _note("removed", row, member)
        row.delete()


def _note_reader(row: Risk | BiasAudit, member: Membership) -> None:
    """Whoever writes what a check means answers for it."""
    if not isinstance(row, BiasAudit) or not row.interpretation:
        return
    before = BiasAudit.objects.filter(pk=row.pk).values_list("interpretation", flat=True).first()
    if before != row.interpretation:
        row.interpreted_by = member


def _note(what: str, row: Risk | BiasAudit, member: Membership) -> None:
    kind = _KINDS[type(row)]
    ledger.record(
        f"{kind}_{what}",
        actor=ledger.actor_name(member),
        object_ref=f"{kind}:{row.pk}",
        payload={"at": timezone.now().isoformat(), "values": plain(row)},
    )


def plain(row: Risk | BiasAudit) -> dict[str, Any]:
    """The row's values as text, so that the commitment needs no knowledge of types."""
    fields = [
        one for one in row._meta.concrete_fields if one.name not in ("id", "organization", "updated_at")
    ]
    return {one.name: one.value_to_string(row) for one in fields}


def _require_right(member: Membership) -> None:
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("You can read the registers, but not change them."),
            next_step=_("Ask an owner or ethics officer."),
        )
