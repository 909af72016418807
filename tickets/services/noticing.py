"""Tell members what concerns them: each thing once, never what they did themselves, only what they may see."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.notice_choices import choices_of
from helpdesk.people.permissions import can
from tickets.mentions import mentioned
from tickets.models import Message, Notice, NoticeKind, Ticket
from tickets.selectors.ticket_page import people


def mention(note: Message) -> list[Membership]:
    """Tell those whom a note names and who see its ticket. Returns whom; costs nothing where no @ is in it."""
    if "@" not in note.text:
        return []
    ticket = note.ticket
    works_here = {pk: one.name for pk, one in people(ticket.inbox_id).items() if one.works_here}
    named = mentioned(note.text, works_here)
    return tell(
        kind=NoticeKind.MENTIONED,
        members=_members(named),
        ticket=ticket,
        message=note,
        actor=note.author,
        again=True,
    )


def assigned(ticket: Ticket, *, actor: Membership) -> None:
    """Tell who got the ticket."""
    if ticket.assignee_id is not None:
        tell(kind=NoticeKind.ASSIGNED, members=_members([ticket.assignee_id]), ticket=ticket, actor=actor)


def answered(ticket: Ticket, message: Message) -> None:
    """Tell whose ticket it is that the customer wrote again."""
    if ticket.assignee_id is not None:
        tell(kind=NoticeKind.ANSWERED, members=_members([ticket.assignee_id]), ticket=ticket, message=message)


def held(message: Message) -> None:
    """Tell who wrote a reply that it did not leave."""
    if message.author_id is not None:
        tell(
            kind=NoticeKind.HELD,
            members=_members([message.author_id]),
            ticket=message.ticket,
            message=message,
        )


def asked(
    *, ticket: Ticket, members: Iterable[Membership], actor: Membership, message: Message | None = None
) -> list[Membership]:
    """Tell colleagues that one asks for their help with a ticket."""
    return tell(
        kind=NoticeKind.ASKED, members=members, ticket=ticket, message=message, actor=actor, again=True
    )


def ai_stopped(*, actor: Membership | None) -> None:
    """Tell everybody who works here that the AI was stopped for everything."""
    tell(kind=NoticeKind.AI_STOPPED, members=Membership.objects.filter(is_active=True), actor=actor)


def _members(ids: Iterable[int]) -> list[Membership]:
    wanted = list(ids)
    return list(Membership.objects.select_related("user").filter(pk__in=wanted)) if wanted else []


@transaction.atomic
def tell(
    *,
    kind: NoticeKind,
    members: Iterable[Membership],
    ticket: Ticket | None = None,
    message: Message | None = None,
    actor: Membership | None = None,
    again: bool = False,
) -> list[Membership]:
    """Write a notice for each who is not the actor, wants to know, and sees the ticket; returns them.

    One that is not seen yet stands for the next of its kind on the ticket, unless `again`.
    """
    told = [one for one in members if _concerns(one, kind, ticket, actor)]
    if told and not again:
        waiting = Notice.objects.filter(kind=kind, ticket=ticket, seen_at=None, member__in=told)
        known = set(waiting.values_list("member_id", flat=True))
        told = [one for one in told if one.pk not in known]
    Notice.objects.bulk_create(
        [Notice(member=one, kind=kind, ticket=ticket, message=message, actor=actor) for one in told]
    )
    for one in told:
        publish_on_commit("notices", member=one.pk)
    return told


def _concerns(member: Membership, kind: NoticeKind, ticket: Ticket | None, actor: Membership | None) -> bool:
    if not member.is_active or (actor is not None and actor.pk == member.pk):
        return False
    return choices_of(member).tells(kind) and can(member, "read", ticket)


def seen_on(ticket: Ticket, member: Membership) -> None:
    """The member opened the ticket: what they were told about it is seen."""
    _seen(Notice.objects.filter(member=member, ticket=ticket, seen_at=None), member)


def seen_all(member: Membership) -> None:
    """The member says that everything is seen."""
    _seen(Notice.objects.filter(member=member, seen_at=None), member)


def _seen(notices: object, member: Membership) -> None:
    if notices.update(seen_at=timezone.now()):  # type: ignore[attr-defined]
        publish_on_commit("notices", member=member.pk)
