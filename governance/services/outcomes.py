"""Outcome facts, told by the rooms above: audits read these and never a ticket."""

from __future__ import annotations

from typing import Any

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
    groups = _groups(customer, channel, language)
    OutcomeFact.objects.create(subject_id=subject_id, event=event, value=value, groups=groups)


def satisfied(
    *, subject_id: int, right: bool, customer: Customer, channel: str = "", language: str = ""
) -> None:
    """Keep whether the customer found the answer right (1) or not (0); a new word takes the place of the old."""
    values: dict[str, Any] = {"value": float(right), "groups": _groups(customer, channel, language)}
    about: dict[str, Any] = {"subject_kind": "ticket", "subject_id": subject_id, "event": "satisfied"}
    OutcomeFact.objects.update_or_create(**about, defaults=values)


#: What happened on the help pages, where nobody has to be known: a reader's word, and the wish for a person.
ASSISTANT_RIGHT, ASSISTANT_PERSON = "assistant_right", "assistant_person"


def of_assistant(*, subject_id: int, event: str, value: float | None = None, language: str = "") -> None:
    """Keep one fact about a question to the assistant, in place of what it said before. It names nobody."""
    about: dict[str, Any] = {"subject_kind": "assistant", "subject_id": subject_id, "event": event}
    groups = {"language": language, "channel": "assistant"}
    OutcomeFact.objects.update_or_create(**about, defaults={"value": value, "groups": groups})


def _groups(customer: Customer, channel: str, language: str) -> dict[str, object]:
    chosen = choices(customer)
    said_no = chosen.get("humans_only") == "granted" or chosen.get("ai_assist") in ("objected", "refused")
    return {"language": language or customer.language, "channel": channel, "said_no_to_ai": said_no}
