"""Unsent texts: saved by themselves, shared when a colleague takes over, and never overwritten unseen."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import AIDecision
from helpdesk.errors import Conflict, NotAllowed
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from tickets.conversation import family_of, home_of
from tickets.models import AIText, Attachment, ComposerDraft, Message, MessageKind, Ticket


def may_work(member: Membership, ticket: Ticket) -> None:
    """Raises NotAllowed for who may only read."""
    if not can(member, "work", ticket):
        raise NotAllowed(
            _("You can read this ticket, but not answer it."),
            next_step=_("Ask an owner to let you work in this inbox."),
        )


def storable(text: str) -> str:
    """PostgreSQL keeps no NUL; losing what was typed with it would be worse than losing the NUL."""
    return text.replace("\0", "")


@transaction.atomic
def save_composer(
    *,
    ticket: Ticket,
    member: Membership,
    kind: str,
    text: str,
    cc: str = "",
    bcc: str = "",
    used_decision: AIDecision | int | None = None,
) -> ComposerDraft:
    """Keep what an agent has typed so far. `used_decision` None keeps the draft's origin that was saved before.

    An emptied composer has no origin any more: what is typed next is the agent's own. A text that a colleague took
    over is the agent's again once they go on writing.
    """
    may_work(member, ticket)
    values: dict[str, object] = {
        "kind": kind,
        "text": storable(text),
        "cc": storable(cc),
        "bcc": storable(bcc),
        "taken_by": None,
    }
    decision_id = used_decision.pk if isinstance(used_decision, AIDecision) else used_decision
    if not text.strip():
        values["used_decision_id"] = None
    # A page that was tampered with can name any; only what the AI showed on this ticket is an origin.
    elif decision_id is not None and _was_shown(ticket, decision_id):
        values["used_decision_id"] = decision_id
    first = {**values, "seen_revision": ticket.customer_messages}
    draft, made = ComposerDraft.objects.update_or_create(
        ticket=ticket, author=member, defaults=values, create_defaults=first
    )
    if made:
        publish_on_commit("drafts", ticket=ticket.pk)
    return draft


def _was_shown(ticket: Ticket, decision_id: int) -> bool:
    return AIText.objects.filter(ticket__in=family_of(ticket), decision=decision_id).exists()


def clear(ticket: Ticket, member: Membership) -> None:
    """What was typed has gone out or was stored. A version set aside stays."""
    mine = ComposerDraft.objects.filter(ticket=ticket, author=member)
    if not mine.exclude(set_aside="").update(text="", cc="", bcc="", used_decision=None, kind="reply"):
        mine.delete()
    publish_on_commit("drafts", ticket=ticket.pk)


def put_back(stopped: Message, member: Membership) -> ComposerDraft:
    """The text of a reply that did not leave, in the composer again; what was typed meanwhile is set aside."""
    ticket = home_of(stopped.ticket)
    held = ComposerDraft.objects.select_for_update(of=("self",)).filter(ticket=ticket, author=member).first()
    draft = held or ComposerDraft(ticket=ticket, author=member)
    if draft.text.strip() and draft.text.strip() != stopped.text.strip():
        draft.set_aside = _both(draft.text, draft.set_aside)
    draft.kind, draft.text, draft.taken_by = MessageKind.REPLY, stopped.text, None
    draft.cc = ", ".join(stopped.recipients_cc.split())
    draft.bcc = ", ".join(stopped.recipients_bcc.split())
    draft.used_decision = stopped.decision or draft.used_decision
    draft.seen_revision = ticket.customer_messages
    draft.save()
    return draft


@transaction.atomic
def put_in_place(
    *,
    ticket: Ticket,
    member: Membership,
    text: str,
    before: str,
    used_decision: AIDecision | None = None,
    not_from: AIDecision | None = None,
) -> ComposerDraft:
    """Put a reworded text where `before` stands. What was typed meanwhile is set aside, not lost.

    An origin that the composer knows stays its origin; without one it is `used_decision`. `not_from`: what came from
    this decision is taken back.
    """
    may_work(member, ticket)
    held = ComposerDraft.objects.select_for_update(of=("self",)).filter(ticket=ticket, author=member).first()
    draft = held or ComposerDraft(ticket=ticket, author=member, seen_revision=ticket.customer_messages)
    if draft.text.strip() not in {"", before.strip(), text.strip()}:
        draft.set_aside = _both(draft.text, draft.set_aside)
    draft.text, draft.taken_by = storable(text), None
    if not_from is not None and draft.used_decision_id == not_from.pk:
        draft.used_decision = None
    draft.used_decision = draft.used_decision or used_decision
    draft.save()
    publish_on_commit("drafts", ticket=ticket.pk)
    return draft


@transaction.atomic
def take_over(*, draft: ComposerDraft, member: Membership) -> ComposerDraft:
    """Go on with a colleague's unsent text. Theirs stays as it is; one's own is set aside, not lost.

    Raises Conflict when there is nothing to take.
    """
    may_work(member, draft.ticket)
    theirs = ComposerDraft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if theirs is None or theirs.author_id == member.pk or not theirs.text.strip():
        raise Conflict(_("There is no unsent text of a colleague any more."))
    mine = (
        ComposerDraft.objects.select_for_update(of=("self",))
        .filter(ticket=theirs.ticket, author=member)
        .first()
    )
    mine = mine or ComposerDraft(ticket=theirs.ticket, author=member)
    if mine.text.strip():
        mine.set_aside = _both(mine.text, mine.set_aside)
    for name in ("kind", "text", "cc", "bcc", "used_decision_id", "seen_revision"):
        setattr(mine, name, getattr(theirs, name))
    mine.taken_by = None
    mine.save()
    ComposerDraft.objects.filter(pk=theirs.pk).update(taken_by=member)
    waiting = Attachment.objects.filter(ticket=theirs.ticket, message=None, uploaded_by=theirs.author)
    copy_files(list(waiting.order_by("pk")), theirs.ticket, member)
    publish_on_commit("drafts", ticket=theirs.ticket_id)
    return mine


@transaction.atomic
def throw_away(*, ticket: Ticket, member: Membership) -> None:
    """Empty the composer. The text is set aside until something else is: `bring_back` undoes it."""
    may_work(member, ticket)
    mine = ComposerDraft.objects.select_for_update(of=("self",)).filter(ticket=ticket, author=member).first()
    if mine is None or not mine.text.strip():
        return
    mine.set_aside, mine.text = _both(mine.text, mine.set_aside), ""
    mine.save()
    publish_on_commit("drafts", ticket=ticket.pk)


@transaction.atomic
def bring_back(*, ticket: Ticket, member: Membership) -> None:
    """Put the version that was set aside below what is typed; nothing set aside is no error."""
    may_work(member, ticket)
    mine = ComposerDraft.objects.select_for_update(of=("self",)).filter(ticket=ticket, author=member).first()
    if mine is not None and mine.set_aside:
        mine.text, mine.set_aside = _both(mine.text, mine.set_aside), ""
        mine.save()


@transaction.atomic
def forget_aside(*, ticket: Ticket, member: Membership) -> None:
    """The version that was set aside is not wanted any more."""
    may_work(member, ticket)
    ComposerDraft.objects.filter(ticket=ticket, author=member).update(set_aside="")


def _both(first: str, second: str) -> str:
    return "\n\n".join(piece for piece in (first.strip("\n"), second.strip("\n")) if piece.strip())


def copy_files(
    files: list[Attachment], ticket: Ticket, member: Membership, message: Message | None = None
) -> None:
    """Copies for another message: what was approved or sent keeps its own files."""
    for one in files:
        with one.file.open("rb") as file:
            path = default_storage.save(
                f"{ticket.organization_id}/attachments/copy", ContentFile(file.read())
            )
        Attachment.objects.create(
            ticket=ticket,
            message=message,
            uploaded_by=member,
            name=one.name,
            content_type=one.content_type,
            size=one.size,
            sha256=one.sha256,
            file=path,
        )
