"""Take back what was just set on tickets: a signed note of what was and what is, for the one who did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.errors import Conflict, InvalidState
from helpdesk.people.models import Membership
from tickets.models import BlockedSender, Message, Ticket, TicketTag
from tickets.services import blocking, changing, drafts, merging, replying, saved_views, timing

#: Seconds that a note is good for; the bar on the screen is gone long before.
GOOD_FOR: Final = 900
SECONDS: Final = 20
_SALT = "tickets.undo"

State = dict[int, dict[str, Any]]


def state_of(ids: Iterable[int]) -> State:
    """What is set on these tickets now. Two queries."""
    ids = list(ids)
    rows = Ticket.objects.filter(pk__in=ids).values_list("pk", "status", "assignee_id", "priority")
    found: State = {
        pk: {"status": status, "assignee": assignee, "priority": priority, "tags": []}
        for pk, status, assignee, priority in rows
    }
    for pk, name in (
        TicketTag.objects.filter(ticket__in=ids).order_by("tag__name").values_list("ticket_id", "tag__name")
    ):
        found[pk]["tags"].append(name)
    return found


def note_of_changes(before: State, *, member: Membership, blocked: BlockedSender | None = None) -> str:
    """The note that undoes what changed since `before`; "" where nothing did."""
    after = state_of(before)
    changed = {
        pk: {name: [value, after[pk][name]] for name, value in was.items() if after[pk][name] != value}
        for pk, was in before.items()
        if pk in after and after[pk] != was
    }
    if not changed and blocked is None:
        return ""
    return note("set", member=member, changed=changed, blocked=blocked.pk if blocked else None)


def note(kind: str, *, member: Membership, **values: Any) -> str:
    """A signed note: what to undo (a key of `_UNDO`) and whose it is."""
    return signing.dumps({"kind": kind, "member": member.pk, **values}, salt=_SALT, compress=True)


@transaction.atomic
def undo(*, token: str, member: Membership) -> Ticket | None:
    """Carry a note out; returns the ticket to look at, if it is another one now.

    What somebody changed since stays, and Conflict says so; nothing is half undone.
    """
    try:
        what = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except signing.BadSignature as error:
        raise InvalidState(
            _("It is too late to undo this here."), next_step=_("Change it by hand.")
        ) from error
    if what["member"] != member.pk:
        raise InvalidState(_("Only who did it can undo it here."), next_step=_("Change it by hand."))
    return _UNDO[what["kind"]](what, member)


def _undo_set(what: Mapping[str, Any], member: Membership) -> Ticket | None:
    wanted = {int(pk): fields for pk, fields in what["changed"].items()}
    rows = Ticket.objects.visible_to(member).select_for_update(of=("self",)).filter(pk__in=wanted)
    tickets = {one.pk: one for one in rows.order_by("pk")}
    now = state_of(wanted)
    for pk, fields in wanted.items():
        if pk not in tickets or any(now[pk][name] != value for name, (_was, value) in fields.items()):
            raise Conflict(
                _("Somebody has changed it since."), next_step=_("Nothing was undone. Change it by hand.")
            )
    for pk, fields in wanted.items():
        _put_back(tickets[pk], {name: was for name, (was, _now) in fields.items()}, member)
    sender = BlockedSender.objects.filter(pk=what.get("blocked") or 0).first()
    if sender is not None:
        blocking.unblock_sender(blocked=sender)
    return None


def _put_back(ticket: Ticket, fields: Mapping[str, Any], member: Membership) -> None:
    if "assignee" in fields:
        to = Membership.objects.select_related("user").filter(pk=fields["assignee"] or 0).first()
        changing.assign(ticket=ticket, assignee=to, member=member)
    if "status" in fields:
        changing.set_status(ticket=ticket, status=fields["status"], member=member, back=True)
    if "priority" in fields:
        changing.set_priority(ticket=ticket, priority=fields["priority"], member=member)
    if "tags" in fields:
        changing.set_tags(ticket=ticket, names=fields["tags"], member=member)


def _undo_merge(what: Mapping[str, Any], member: Membership) -> Ticket | None:
    return merging.unmerge(source=_ticket(what, member), member=member)


def _undo_split(what: Mapping[str, Any], member: Membership) -> Ticket | None:
    return merging.unsplit(ticket=_ticket(what, member), member=member)


def _undo_draft(what: Mapping[str, Any], member: Membership) -> Ticket | None:
    drafts.bring_back(ticket=_ticket(what, member), member=member)
    return None


def _undo_message(what: Mapping[str, Any], member: Membership) -> Ticket | None:
    visible = Ticket.objects.visible_to(member)
    rows = Message.objects.select_related("ticket__merged_into", "decision").filter(ticket__in=visible)
    message = rows.filter(pk=what["message"]).first()
    if message is None:
        raise InvalidState(_("You cannot see this ticket any more."))
    replying.take_back(message=message, member=member)
    return message.ticket  # type: ignore[no-any-return]


def _ticket(what: Mapping[str, Any], member: Membership) -> Ticket:
    found = Ticket.objects.visible_to(member).filter(pk=what["ticket"]).first()
    if found is None:
        raise InvalidState(_("You cannot see this ticket any more."))
    return found  # type: ignore[return-value]


def _undo_snooze(what: Mapping[str, Any], member: Membership) -> Ticket | None:
    ticket, was = _ticket(what, member), what["was"]
    if was:
        timing.snooze(ticket=ticket, until=datetime.fromisoformat(was), member=member)
    else:
        timing.wake(ticket=ticket, member=member)
    return None


def _undo_view(what: Mapping[str, Any], member: Membership) -> Ticket | None:
    """Back to who had it; it is theirs again even where an owner had removed it."""
    whose = Membership.objects.filter(pk=what["owner"], is_active=True).first() or member
    saved_views.save_view(member=whose, name=what["name"], query=what["query"], shared=what["shared"])
    return None


_UNDO = {
    "view": _undo_view,
    "snooze": _undo_snooze,
    "set": _undo_set,
    "merge": _undo_merge,
    "split": _undo_split,
    "draft": _undo_draft,
    "message": _undo_message,
}
