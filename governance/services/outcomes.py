"""Outcome facts, told by the rooms above: audits read these and never a ticket."""

from __future__ import annotations

from governance.models import OutcomeFact
from governance.services.consents import choices
from helpdesk.people.models import Customer


def record(
    *,
    subject_id: int,
    event: str,
    customer: Customer,
    value: float | None = None,
    channel: str = "",
    language: str = "",
) -> None:
    """Keep one fact (opened, first_reply, solved, reopened) with the customer's groups at that moment."""
    chosen = choices(customer)
    said_no = chosen.get("humans_only") == "granted" or chosen.get("ai_assist") in ("objected", "refused")
    OutcomeFact.objects.create(
        subject_id=subject_id,
        event=event,
        value=value,
        groups={"language": language or customer.language, "channel": channel, "said_no_to_ai": said_no},
    )
