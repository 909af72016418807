"""Change what is set on tickets: assignee, status, priority, topic, tags; one at a time or many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.core.topics import topic_key
from governance.services import outcomes
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from tickets.models import Priority, Status, Tag, Ticket, TicketTag
from tickets.services import noticing, timing
from tickets.services.opening import add_event

MOST_TAGS = 20
LONGEST_TOPIC = 40
#: Statuses that a person can give; `new` is what a ticket is until somebody does something.
GIVEN = (Status.OPEN, Status.PENDING, Status.SOLVED, Status.CLOSED, Status.SPAM)
_DONE = (Status.SOLVED, Status.CLOSED)
_ALIVE = (Status.OPEN, Status.PENDING)


@transaction.atomic
def assign(*, ticket: Ticket, assignee: Membership | None, member: Membership) -> Ticket:
    """Give the ticket to a colleague who works in its inbox, or to nobody. The same again is no event."""
    locked = _locked(ticket, member)
    if assignee is not None and not can(assignee, "work", locked):
        raise InvalidState(
            _("%(name)s does not work in this inbox.") % {"name": assignee.display_name},
            next_step=_("Ask an owner to open the inbox for them."),
        )
    if locked.assignee_id == (assignee.pk if assignee else None):
        return locked
    locked.assignee = assignee
    name = assignee.display_name if assignee else ""
    _save(locked, ["assignee"], "assigned", member, {"to": assignee.pk if assignee else None, "name": name})
    noticing.assigned(locked, actor=member)
    return locked


@transaction.atomic
def set_status(*, ticket: Ticket, status: str, member: Membership, back: bool = False) -> Ticket:
    """Set the status and tell governance the facts: solved, reopened. The same again is no event.

    `back`: an undo, which may give what a ticket had before anybody did something. A merged one keeps its own.
    """
    locked = _locked(ticket, member)
    if status == locked.status:
        return locked
    if locked.status == Status.MERGED:
        raise InvalidState(
            _("This ticket was merged into another one."), next_step=_("Undo the merge first, or work there.")
        )
    if status not in GIVEN and not (back and status == Status.NEW):
        raise InvalidState(_("A ticket cannot be given this status."), next_step=_("Choose another one."))
    was, locked.status = locked.status, Status(status)
    if status in _DONE:
        locked.solved_at = locked.solved_at or timezone.now()
    elif was in _DONE:
        locked.solved_at = None
    _record(locked, was)
    timing.changed(locked)
    return _save(
        locked,
        ["status", "solved_at", *timing.CLOCK],
        "status",
        member,
        {"from": was, "to": locked.status.value},
    )


def _record(ticket: Ticket, was: str) -> None:
    event = ""
    if ticket.status in _DONE and was not in _DONE:
        event = "solved"
    elif ticket.status in _ALIVE and was in _DONE:
        event = "reopened"
    if event:
        seconds = (timezone.now() - ticket.created_at).total_seconds() if event == "solved" else None
        outcomes.record(
            subject_id=ticket.pk,
            event=event,
            customer=ticket.customer,
            value=seconds,
            channel=ticket.channel,
            language=ticket.language,
        )


@transaction.atomic
def set_priority(*, ticket: Ticket, priority: int, member: Membership | None) -> Ticket:
    """Set how urgent it is; `member` is None where the AI does it. The same again is no event."""
    locked = _locked(ticket, member)
    if priority not in Priority.values:
        raise InvalidState(_("There is no such priority."))
    if priority == locked.priority:
        return locked
    was, locked.priority = locked.priority, Priority(priority)
    timing.changed(locked)
    return _save(locked, ["priority", *timing.CLOCK], "priority", member, {"from": was, "to": priority})


@transaction.atomic
def set_topic(*, ticket: Ticket, topic: str, member: Membership | None, suggested: bool = False) -> Ticket:
    """Put the ticket under a topic, "" for none. The same again is no event. Locks the ticket.

    `member` is None where the AI does it; `suggested` where a person took what the AI suggested.
    """
    locked, key = _locked(ticket, member), clean_topic(topic)
    if key == locked.topic:
        return locked
    was, locked.topic = locked.topic, key
    return _save(locked, ["topic"], "topic", member, {"from": was, "to": key, "suggested": suggested})


def clean_topic(name: str) -> str:
    """A topic as it is stored and compared; "" for none. Raises InvalidState for one that is too long."""
    key = topic_key(name)
    if len(key) > LONGEST_TOPIC or "," in key:
        raise InvalidState(_("A topic is at most 40 characters without a comma."))
    return key


@transaction.atomic
def add_tag(*, ticket: Ticket, name: str, member: Membership) -> None:
    """Put a tag on the ticket; twice is no error."""
    locked = _locked(ticket, member)
    tag, _made = Tag.objects.get_or_create(name=clean_tag(name))
    _link, made = TicketTag.objects.get_or_create(ticket=locked, tag=tag)
    if made:
        _save(locked, [], "tagged", member, {"tag": tag.name})


@transaction.atomic
def remove_tag(*, ticket: Ticket, name: str, member: Membership) -> None:
    """Take a tag off the ticket; one that is not there is no error."""
    locked = _locked(ticket, member)
    removed, _per_model = TicketTag.objects.filter(ticket=locked, tag__name=clean_tag(name)).delete()
    if removed:
        _save(locked, [], "untagged", member, {"tag": clean_tag(name)})


@transaction.atomic
def set_tags(*, ticket: Ticket, names: Iterable[str], member: Membership) -> None:
    """Make these the ticket's tags."""
    wanted = list(dict.fromkeys(clean_tag(name) for name in names if name.strip()))
    if len(wanted) > MOST_TAGS:
        raise InvalidState(_("At most %(most)s tags, please.") % {"most": MOST_TAGS})
    present = set(TicketTag.objects.filter(ticket=ticket).values_list("tag__name", flat=True))
    for name in present.difference(wanted):
        remove_tag(ticket=ticket, name=name, member=member)
    for name in wanted:
        if name not in present:
            add_tag(ticket=ticket, name=name, member=member)


def clean_tag(name: str) -> str:
    """A tag as it is stored: one line, lower case, 40 characters at most."""
    cleaned = " ".join(name.split()).lower()
    if not cleaned or len(cleaned) > 40 or "," in cleaned:
        raise InvalidState(_("A tag is one to 40 characters without a comma."))
    return cleaned


def mark_read(*, ticket: Ticket, member: Membership) -> None:
    """The ticket was opened by somebody who works on it. No event, and the list's order stays."""
    if ticket.is_unread and can(member, "work"):
        Ticket.objects.filter(pk=ticket.pk).update(is_unread=False)
        ticket.is_unread = False
        publish_on_commit("tickets", ticket=ticket.pk)


@transaction.atomic
def bulk(
    *, tickets: Iterable[Ticket], action: str, member: Membership, assignee: Membership | None = None
) -> int:
    """Assign, solve, close or mark as spam many tickets; returns how many. One refusal refuses all."""
    verbs: dict[str, Callable[[Ticket], object]] = {
        "assign": lambda one: assign(ticket=one, assignee=assignee, member=member),
        "solve": lambda one: set_status(ticket=one, status=Status.SOLVED, member=member),
        "close": lambda one: set_status(ticket=one, status=Status.CLOSED, member=member),
        "spam": lambda one: set_status(ticket=one, status=Status.SPAM, member=member),
    }
    if action not in verbs:
        raise InvalidState(_("Choose what to do with them first."))
    done = 0
    for ticket in sorted(tickets, key=lambda one: one.pk):  # one order of locks for everybody
        verbs[action](ticket)
        done += 1
    return done


def _locked(ticket: Ticket, member: Membership | None) -> Ticket:
    """The ticket as it is now, locked. Raises NotAllowed for who may only read; None is the AI, asked for before."""
    if member is not None and not can(member, "work", ticket):
        raise NotAllowed(
            _("You can read this ticket, but not change it."),
            next_step=_("Ask an owner to let you work in this inbox."),
        )
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("customer")
    locked: Ticket = rows.get(pk=ticket.pk)  # type: ignore[assignment]
    return locked


def _save(
    ticket: Ticket, fields: list[str], event: str, member: Membership | None, data: dict[str, object]
) -> Ticket:
    """Write, put the event in the thread, tell open browsers. What the AI sets moves nothing in the list."""
    if member is not None:
        ticket.updated_at = timezone.now()
        fields = [*fields, "updated_at"]
    ticket.save(update_fields=fields)
    add_event(ticket, event, actor=member, data=data)
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
    return ticket
