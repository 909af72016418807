"""Exceptions: a check gives way, for a reason, to a named value, for at most seven days; each is on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import gate, ledger
from governance.core.clauses import DEFAULT_VALUES, MAY_GIVE_WAY, Clauses
from governance.core.topics import topic_key
from governance.models import LONGEST_OVERRIDE, Override
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: Exceptions that are less than this apart count as one.
BETWEEN = timedelta(days=1)
LOOKS_BACK = 3 * LONGEST_OVERRIDE


def give_way(
    *,
    code: str,
    member: Membership,
    why: str,
    value_given_way: str,
    until: datetime,
    ticket_id: int | None = None,
    topic: str = "",
) -> Override:
    """Let one check warn instead of stop, there and until then.

    Raises NotAllowed (no right, or the rules name no exception for this check) and InvalidState (no reason, a value
    that is none, an end in the past or more than seven days away, counted from the first of several in a row).
    """
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer can make an exception."), next_step=_("Ask one of them.")
        )
    policy = gate.policy_in_force()
    allowed = Clauses.from_dict(policy.clauses).overridable if policy else frozenset[str]()
    if code not in allowed & MAY_GIVE_WAY:
        raise NotAllowed(
            _("Your rules know no exception from this check."),
            next_step=_("Put right what it asks for, or change the rules."),
        )
    now = timezone.now()
    _require_sense(why, value_given_way, now, until)
    place = {"subject_id": ticket_id, "topic": topic_key(topic)}
    with transaction.atomic():
        _require_end(code, place, until, now)
        row = Override.objects.create(
            gate=code,
            subject_kind="ticket" if ticket_id else "",
            **place,
            member=member,
            why=why.strip(),
            value_given_way=value_given_way,
            starts_at=now,
            until=until,
        )
        _note("override_made", row, member)
    return row


def end(*, override: Override, member: Membership) -> None:
    """End an exception before its day; anyone who may stop the AI may. Ending twice is no error."""
    if not can(member, "stop_ai"):
        raise NotAllowed(_("You can read here, but not end an exception."))
    with transaction.atomic():
        open_row = Override.objects.filter(pk=override.pk, ended_at=None)
        if open_row.update(ended_at=timezone.now(), ended_by=member):
            _note("override_ended", override, member)


def in_force() -> list[Override]:
    """The exceptions that count now, newest first. One query."""
    now = timezone.now()
    rows = Override.objects.filter(ended_at=None, until__gt=now).select_related("member__user")
    return list(rows.order_by("-pk"))


def _require_sense(why: str, value: str, now: datetime, until: datetime) -> None:
    if not why.strip():
        raise InvalidState(_("An exception needs a reason."), next_step=_("Write one sentence."))
    if value not in DEFAULT_VALUES:
        raise InvalidState(
            _("Say which of your values gives way."), next_step=_("Choose one of the six values.")
        )
    if not now < until <= now + LONGEST_OVERRIDE:
        raise InvalidState(
            _("An exception ends within seven days."),
            next_step=_("Choose an earlier end; longer is a change of rules."),
        )


def _require_end(code: str, place: dict[str, Any], until: datetime, now: datetime) -> None:
    """One after the other is one exception: a day between them does not make them two. Locks those of this check."""
    begun = now
    known = Override.objects.select_for_update(of=("self",)).filter(gate=code, until__gt=now - LOOKS_BACK)
    for one in sorted(known, key=lambda row: row.ended_at or row.until, reverse=True):
        covers = (one.subject_id, one.topic) in ((None, ""), tuple(place.values()))
        if covers and min(one.ended_at or one.until, one.until) > begun - BETWEEN:
            begun = min(begun, one.starts_at)
    if until > begun + LONGEST_OVERRIDE:
        raise InvalidState(
            _("This check has given way since %(day)s; seven days in a row are the most.")
            % {"day": date_format(timezone.localtime(begun), "DATETIME_FORMAT")},
            next_step=_("Put right what it asks for, or change the rules."),
        )


def _note(event: str, row: Override, member: Membership) -> None:
    ledger.record(
        event,
        actor=ledger.actor_name(member),
        object_ref=f"override:{row.pk}",
        payload={"check": row.gate, "value": row.value_given_way, "until": row.until.isoformat()},
    )
    publish_on_commit("ai")
