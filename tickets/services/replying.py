"""Answer: the composer that saves itself, notes, replies with a person's approval, and taking one back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import gate, ledger
from governance.core import disclosure
from governance.core.facts import GateRequest
from governance.core.vocabulary import Action, ActorKind
from governance.core.vocabulary import Involvement as CoreInvolvement
from governance.models import AIDecision
from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.content import content_hash
from tickets.mail import html as mail_html
from tickets.mail.compose import reply_subject
from tickets.mail.recipients import addresses_in, answer_address
from tickets.models import (
    AIText,
    Approval,
    Attachment,
    ComposerDraft,
    Message,
    MessageKind,
    MessageState,
    Status,
    Ticket,
)
from tickets.services.involvement import Involvement, involvement_of
from tickets.services.opening import add_event

#: Without `seen_message_id`, a colleague's reply counts as unseen for this long.
JUST_NOW = timedelta(minutes=2)


@transaction.atomic
def save_composer(
    *,
    ticket: Ticket,
    member: Membership,
    kind: str,
    text: str,
    cc: str = "",
    used_decision: AIDecision | int | None = None,
) -> ComposerDraft:
    """Keep what an agent has typed so far. `used_decision` None keeps the draft's origin that was saved before.

    An emptied composer has no origin any more: what is typed next is the agent's own.
    """
    _may_work(member, ticket)
    values: dict[str, object] = {"kind": kind, "text": _storable(text), "cc": _storable(cc)}
    decision_id = used_decision.pk if isinstance(used_decision, AIDecision) else used_decision
    if not text.strip():
        values["used_decision_id"] = None
    # A page that was tampered with can name any; only what the AI showed on this ticket is an origin.
    elif decision_id is not None and AIText.objects.filter(ticket=ticket, decision=decision_id).exists():
        values["used_decision_id"] = decision_id
    first = {**values, "seen_revision": ticket.customer_messages}
    draft, _made = ComposerDraft.objects.update_or_create(
        ticket=ticket, author=member, defaults=values, create_defaults=first
    )
    return draft


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL; losing what was typed with it would be worse than losing the NUL."""
    return text.replace("\0", "")


@transaction.atomic
def add_note(
    *,
    ticket: Ticket,
    member: Membership,
    text: str,
    attachment_ids: Iterable[int] = (),
    interactive: bool = True,
) -> Message:
    """A note for the team; customers never see it. A program's (`interactive` False) leaves the composer alone."""
    _may_work(member, ticket)
    text = _storable(text)
    _must_say_something(text)
    note = Message.objects.create(
        ticket=ticket,
        kind=MessageKind.NOTE,
        author=member,
        text=text.strip(),
        html=mail_html.from_text(text.strip()),
    )
    _take_attachments(ticket, note, member, attachment_ids)
    if interactive:
        _clear_composer(ticket, member)
    _tell(ticket)
    return note


def send_reply(
    *,
    ticket: Ticket,
    member: Membership,
    text: str,
    cc: str = "",
    attachment_ids: Iterable[int] = (),
    status_after: str | None = None,
    seen_revision: int,
    seen_message_id: int | None = None,
    used_decision_id: int | None = None,
    interactive: bool = True,
) -> Message:
    """Approve and queue a reply; it leaves after the time to take it back.

    Raises Conflict (the customer or a colleague wrote meanwhile; says who), InvalidState (nothing written, a bad
    address, a sentence without source left in it) and NotAllowed (with the gate's reason and next step). In each
    case the text stays in the composer, and a refusal by the gate is on record: catch the error and let the
    request's transaction commit. `interactive` False is a program's token: it cannot approve the AI's words, and
    what its member is typing meanwhile is not its own to save over or clear.
    """
    _may_work(member, ticket)
    text, cc = _storable(text), _storable(cc)
    if interactive:
        kind = MessageKind.REPLY
        save_composer(
            ticket=ticket, member=member, kind=kind, text=text, cc=cc, used_decision=used_decision_id
        )
    with transaction.atomic():
        locked = Ticket.objects.select_for_update(of=("self",)).select_related("customer", "inbox")
        current: Ticket = locked.get(pk=ticket.pk)  # type: ignore[assignment]
        _nothing_new(current, member, seen_revision, seen_message_id)
        reply = _reply(current, member, text, cc, status_after)
        found = involvement_of(ticket=current, text=reply.text, used_decision_id=used_decision_id)
        if found.unsupported:
            raise InvalidState(
                _("This sentence has no source: “%(sentence)s”") % {"sentence": found.unsupported[:200]},
                next_step=_("Check it and put it in your own words, or take it out."),
            )
        answer = _ask(current, member, found, interactive=interactive) if found.involved else None
        if answer is None or answer.allowed:
            queued = _queue(reply, found=found, answer=answer, attachment_ids=attachment_ids)
            if interactive:
                _clear_composer(current, member)
            return queued
    raise NotAllowed(answer.reason, next_step=answer.next_step)


def _clear_composer(ticket: Ticket, member: Membership) -> None:
    ComposerDraft.objects.filter(ticket=ticket, author=member).delete()


def _may_work(member: Membership, ticket: Ticket) -> None:
    if not can(member, "work", ticket):
        raise NotAllowed(
            _("You can read this ticket, but not answer it."),
            next_step=_("Ask an owner to let you work in this inbox."),
        )


def _must_say_something(text: str) -> None:
    if not text.strip():
        raise InvalidState(_("There is nothing in it yet."), next_step=_("Write something first."))


def _nothing_new(ticket: Ticket, member: Membership, seen_revision: int, seen: int | None) -> None:
    """The agent answers what they have read: a newer message of the customer or a colleague comes first."""
    again = _("Read it, then send your text as it is or changed.")
    if ticket.status == Status.CLOSED:
        raise InvalidState(_("This ticket is closed."), next_step=_("Open it again first."))
    if ticket.customer_messages != seen_revision:
        newest = ticket.messages.filter(kind=MessageKind.INBOUND).select_related("customer").last()
        name = str(newest.customer) if newest and newest.customer else _("The customer")
        raise Conflict(_("%(name)s wrote again in the meantime.") % {"name": name}, next_step=again)
    answers = ticket.messages.filter(kind=MessageKind.REPLY).exclude(author=member)
    answers = answers.exclude(state__in=(MessageState.CANCELLED, MessageState.PREPARED))
    newer = (
        answers.filter(pk__gt=seen)
        if seen is not None
        else answers.filter(created_at__gt=timezone.now() - JUST_NOW)
    )
    other = newer.select_related("author__user").order_by("-pk").first()
    if other is not None:
        name = other.author.display_name if other.author else _("A colleague")
        raise Conflict(_("%(name)s has just answered this customer.") % {"name": name}, next_step=again)


def _reply(ticket: Ticket, member: Membership, text: str, cc: str, status_after: str | None) -> Message:
    """The reply as it would leave, not yet stored."""
    _must_say_something(text)
    if status_after and status_after not in (Status.OPEN, Status.PENDING, Status.SOLVED):
        raise InvalidState(_("A ticket cannot get this status by sending."))
    to = answer_address(ticket)
    copies, wrong = addresses_in(cc)
    if wrong:
        raise InvalidState(
            _("“%(text)s” is not a mail address.") % {"text": wrong[:100]},
            next_step=_("Correct the CC line."),
        )
    body = text.strip().replace("\r\n", "\n")
    newest = ticket.messages.filter(kind=MessageKind.INBOUND).exclude(message_id="").last()
    return Message(
        ticket=ticket,
        kind=MessageKind.REPLY,
        state=MessageState.PREPARED,
        author=member,
        subject=reply_subject(ticket.subject),
        text=body,
        html=mail_html.from_text(body),
        recipients_to=to,
        recipients_cc="\n".join(one for one in copies if one != to),
        in_reply_to=newest.message_id if newest else "",
        language=ticket.language or ticket.customer.language,
        status_after=status_after or "",
    )


def _ask(ticket: Ticket, member: Membership, found: Involvement, *, interactive: bool) -> gate.Answer:
    may_approve = interactive and can(member, "approve", ticket)
    request = GateRequest(
        action=Action.APPROVE,
        topic=ticket.topic or None,
        subject=f"ticket:{ticket.pk}",
        customer_known=True,
        language=ticket.language or None,
        actor_kind=ActorKind.PERSON if may_approve else ActorKind.TOKEN,
        ai_involvement=CoreInvolvement(found.degree),
        provenance_complete=found.explained,
    )
    return gate.check(
        request, subject_kind="ticket", subject_id=ticket.pk, customer=ticket.customer, actor=member
    )


def _queue(
    reply: Message,
    *,
    found: Involvement,
    answer: gate.Answer | None,
    attachment_ids: Iterable[int],
) -> Message:
    """Store, approve and queue, in that order: the database lets only an approved content leave."""
    from tickets.tasks import send_message

    ticket, member, now = reply.ticket, cast("Membership", reply.author), timezone.now()
    reply.ai_involvement, reply.decision = found.degree, found.decision
    reply.save()
    _take_attachments(ticket, reply, member, attachment_ids)
    if answer is not None:
        _approve(ticket, reply, member, answer)
    reply.state, reply.send_after = MessageState.QUEUED, now + timedelta(seconds=settings.UNDO_SECONDS)
    reply.save(update_fields=["state", "send_after"])
    ticket.is_unread, ticket.updated_at = False, now
    ticket.save(update_fields=["is_unread", "updated_at"])
    enqueue_on_commit(
        send_message,
        countdown=settings.UNDO_SECONDS + 0.2,
        organization_id=ticket.organization_id,
        message_id=reply.pk,
    )
    _tell(ticket)
    return reply


def _approve(ticket: Ticket, reply: Message, member: Membership, answer: gate.Answer) -> None:
    approval = Approval.objects.create(
        message=reply,
        approver=member,
        decision=answer.decision,
        content_hash=content_hash(reply, _named_hashes(reply)),
        ticket_revision=ticket.customer_messages,
        disclosure_version=disclosure.TEMPLATE_VERSION,
    )
    ledger.record(
        "reply_approved",
        actor=ledger.actor_name(member),
        object_ref=f"message:{reply.pk}",
        payload={"hash": approval.content_hash, "involvement": reply.ai_involvement},
        customer_id=ticket.customer_id,
    )


def _named_hashes(message: Message) -> list[tuple[str, str]]:
    return list(message.attachments.order_by("pk").values_list("name", "sha256"))


def _take_attachments(ticket: Ticket, message: Message, member: Membership, ids: Iterable[int]) -> None:
    wanted = set(ids)
    if not wanted:
        return
    mine = Attachment.objects.filter(pk__in=wanted, ticket=ticket, message=None, uploaded_by=member)
    if mine.update(message=message) != len(wanted):
        raise InvalidState(
            _("One of the attachments is not there any more."), next_step=_("Attach the files again.")
        )


def take_back(*, message: Message, member: Membership) -> ComposerDraft:
    """Stop a reply that has not left, or that is held, and put its text back into the composer.

    Raises Conflict once it is leaving or has left. Its approval is revoked.
    """
    _may_work(member, message.ticket)
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=message.ticket_id)
        stopped: Message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
        if stopped.kind != MessageKind.REPLY or stopped.state not in (
            MessageState.QUEUED,
            MessageState.HELD,
            MessageState.FAILED,
        ):
            raise Conflict(
                _("It has already left."), next_step=_("Write another message to correct something.")
            )
        stopped.state = MessageState.CANCELLED
        stopped.save(update_fields=["state"])
        Approval.objects.filter(message=stopped, revoked_at=None).update(revoked_at=timezone.now())
        _copy_attachments(stopped, member)
        add_event(ticket, "taken_back", actor=member, data={"message": stopped.pk})  # type: ignore[arg-type]
        _tell(ticket)  # type: ignore[arg-type]
        return _back_into_composer(stopped, member)


def _back_into_composer(stopped: Message, member: Membership) -> ComposerDraft:
    values = {
        "kind": MessageKind.REPLY,
        "text": stopped.text,
        "cc": ", ".join(stopped.recipients_cc.split()),
        "used_decision": stopped.decision,
        "seen_revision": stopped.ticket.customer_messages,
    }
    draft, _made = ComposerDraft.objects.update_or_create(
        ticket=stopped.ticket, author=member, defaults=values
    )
    return draft


def _copy_attachments(stopped: Message, member: Membership) -> None:
    """A stopped message keeps its own files as they were approved; the composer gets copies."""
    for one in stopped.attachments.order_by("pk"):
        with one.file.open("rb") as file:
            path = default_storage.save(
                f"{stopped.organization_id}/attachments/copy", ContentFile(file.read())
            )
        Attachment.objects.create(
            ticket=stopped.ticket,
            uploaded_by=member,
            name=one.name,
            content_type=one.content_type,
            size=one.size,
            sha256=one.sha256,
            file=path,
        )


def _tell(ticket: Ticket) -> None:
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
