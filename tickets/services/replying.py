"""Answer: notes, replies with a person's approval, taking one back, and trying one again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import gate, ledger
from governance.core import disclosure
from governance.core.facts import GateRequest
from governance.core.promises import promised_micro
from governance.core.vocabulary import Action, ActorKind
from governance.core.vocabulary import Involvement as CoreInvolvement
from governance.pressing import pressing
from governance.services import goodwill, second_looks, systems
from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.asked import asked_in
from tickets.content import content_hash, text_hash
from tickets.conversation import home_of, messages_of
from tickets.mail import html as mail_html
from tickets.mail import quoting
from tickets.mail.compose import reply_subject
from tickets.mail.recipients import addresses_in, answer_address
from tickets.mail.send import UNKNOWN
from tickets.models import (
    WRITTEN_KINDS,
    Approval,
    Attachment,
    ComposerDraft,
    Message,
    MessageKind,
    MessageState,
    Status,
    Ticket,
)
from tickets.sensitive import topics_in
from tickets.services import drafts, noticing
from tickets.services.drafts import may_work, save_composer, storable
from tickets.services.involvement import (
    Involvement,
    involvement_kept,
    involvement_of,
    sources_shown,
    whose_choice,
)
from tickets.services.opening import add_event

__all__ = ["add_note", "save_composer", "send_reply", "take_back", "try_again"]

#: Without `seen_message_id`, a colleague's reply counts as unseen for this long.
JUST_NOW = timedelta(minutes=2)


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
    may_work(member, ticket)
    text = storable(text)
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
        drafts.clear(ticket, member)
    noticing.mention(note)
    _tell(ticket)
    return note


def send_reply(
    *,
    ticket: Ticket,
    member: Membership,
    text: str,
    cc: str = "",
    bcc: str = "",
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
    may_work(member, ticket)
    text, cc, bcc = storable(text), storable(cc), storable(bcc)
    # First of all: two who save their first words each hold the ticket a little, and would wait for each other.
    locked = Ticket.objects.select_for_update(of=("self",)).select_related("customer", "inbox")
    current: Ticket = locked.get(pk=ticket.pk)  # type: ignore[assignment]
    if interactive:
        typed = {"kind": MessageKind.REPLY, "text": text, "cc": cc, "bcc": bcc}
        save_composer(ticket=ticket, member=member, used_decision=used_decision_id, **typed)
    with transaction.atomic():
        _nothing_new(current, member, seen_revision, seen_message_id)
        reply = _reply(current, member, text, cc, bcc, status_after)
        found = involvement_of(ticket=current, text=reply.text, used_decision_id=used_decision_id)
        answer = approve_and_queue(reply, found, attachment_ids=attachment_ids, interactive=interactive)
        if answer is None or answer.allowed:
            if interactive:
                drafts.clear(current, member)
            return reply
    raise NotAllowed(answer.reason, next_step=answer.next_step)


def approve_and_queue(
    message: Message, found: Involvement, *, attachment_ids: Iterable[int] = (), interactive: bool = True
) -> gate.Answer | None:
    """Ask the rules where the AI had a hand in it, approve in the author's name, queue. In a transaction.

    Returns the answer (None: nothing to ask). When it is no, nothing was queued: raise NotAllowed with its words
    once the record of it is safe. Raises InvalidState while a sentence without source stands in the text.
    """
    if found.unsupported:
        raise InvalidState(
            _("This sentence has no source: “%(sentence)s”") % {"sentence": found.unsupported[:200]},
            next_step=_("Check it and put it in your own words, or take it out."),
        )
    member = cast("Membership", message.author)
    answer = _ask(message, member, found, interactive=interactive) if found.involved else None
    if answer is None or answer.allowed:
        _queue(message, found=found, answer=answer, attachment_ids=attachment_ids)
    return answer


def _must_say_something(text: str) -> None:
    if not text.strip():
        raise InvalidState(_("There is nothing in it yet."), next_step=_("Write something first."))


def _nothing_new(ticket: Ticket, member: Membership, seen_revision: int, seen: int | None) -> None:
    """The agent answers what they have read: a newer message of the customer or a colleague comes first."""
    again = _("Read it, then send your text as it is or changed.")
    if ticket.status == Status.CLOSED:
        raise InvalidState(_("This ticket is closed."), next_step=_("Open it again first."))
    if ticket.status == Status.MERGED:
        raise Conflict(_("This ticket was merged into another one."), next_step=_("Answer there."))
    messages = messages_of(ticket)
    if ticket.customer_messages != seen_revision:
        newest = messages.filter(kind=MessageKind.INBOUND).select_related("customer").last()
        name = str(newest.customer) if newest and newest.customer else _("The customer")
        raise Conflict(_("%(name)s wrote again in the meantime.") % {"name": name}, next_step=again)
    answers = messages.filter(kind=MessageKind.REPLY).exclude(author=member)
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


def _reply(  # noqa: PLR0917
    ticket: Ticket, member: Membership, text: str, cc: str, bcc: str, status_after: str | None
) -> Message:
    """The reply as it would leave, not yet stored."""
    _must_say_something(text)
    if status_after and status_after not in (Status.OPEN, Status.PENDING, Status.SOLVED):
        raise InvalidState(_("A ticket cannot get this status by sending."))
    to = answer_address(ticket)
    copies, hidden = copies_in(cc, bcc, without=[to])
    body = text.strip().replace("\r\n", "\n")
    asked = (
        messages_of(ticket).filter(kind=MessageKind.INBOUND).select_related("customer", "ticket__customer")
    )
    newest, language = asked.last(), ticket.language or ticket.customer.language
    mailed = newest if newest is None or newest.message_id else asked.exclude(message_id="").last()
    return Message(
        ticket=ticket,
        kind=MessageKind.REPLY,
        state=MessageState.PREPARED,
        author=member,
        subject=reply_subject(ticket.subject),
        text=body,
        html=mail_html.from_text(body),
        quoted=quoting.answered(newest, language),
        recipients_to=to,
        recipients_cc=copies,
        recipients_bcc=hidden,
        in_reply_to=mailed.message_id if mailed else "",
        language=language,
        status_after=status_after or "",
    )


def copies_in(cc: str, bcc: str, *, without: Iterable[str]) -> tuple[str, str]:
    """CC and BCC as a message stores them: one address a line, each once. Raises InvalidState, naming the line."""
    seen, stored = set(without), []
    for line, typed in ((_("CC"), cc), (_("BCC"), bcc)):
        found, wrong = addresses_in(typed)
        if wrong:
            raise InvalidState(
                _("“%(text)s” is not a mail address.") % {"text": wrong[:100]},
                next_step=_("Correct the %(line)s line.") % {"line": line},
            )
        stored.append("\n".join(one for one in found if one not in seen))
        seen.update(found)
    return stored[0], stored[1]


def _ask(message: Message, member: Membership, found: Involvement, *, interactive: bool) -> gate.Answer:
    ticket = message.ticket
    may_approve = interactive and can(member, "approve", ticket)
    request = GateRequest(
        action=Action.APPROVE,
        topic=ticket.topic or None,
        human_only_topics_found=topics_in(ticket),
        subject=f"ticket:{ticket.pk}",
        customer_known=True,
        language=ticket.language or None,
        actor_kind=ActorKind.PERSON if may_approve else ActorKind.TOKEN,
        system=systems.called_by(found.decision),
        ai_involvement=CoreInvolvement(found.degree),
        provenance_complete=found.explained,
        second_look=second_looks.is_fine(
            subject_kind="ticket",
            subject_id=ticket.pk,
            content_hash=text_hash(message.text),
            approver=member,
        ),
        pressure=pressing(message.text, asked_in(ticket)),
        promised_micro=promised_micro(message.text, sources_shown(ticket)),
        granted_micro=goodwill.given_micro(subject_kind="ticket", subject_id=ticket.pk),
    )
    customer = whose_choice(ticket, found.decision)
    return gate.check(request, subject_kind="ticket", subject_id=ticket.pk, customer=customer, actor=member)


def _queue(
    reply: Message,
    *,
    found: Involvement,
    answer: gate.Answer | None,
    attachment_ids: Iterable[int],
    copied: Iterable[Attachment] = (),
) -> Message:
    """Store, approve and queue, in that order: the database lets only an approved content leave."""
    from tickets.tasks import send_message

    ticket, member, now = reply.ticket, cast("Membership", reply.author), timezone.now()
    reply.ai_involvement, reply.decision = found.degree, found.decision
    reply.save()
    _take_attachments(ticket, reply, member, attachment_ids)
    drafts.copy_files(list(copied), ticket, member, reply)
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

    What was typed there meanwhile is set aside, not overwritten. Raises Conflict once it is leaving or has left.
    Its approval is revoked.
    """
    may_work(member, message.ticket)
    with transaction.atomic():
        stopped = stop(message, member)
        files = list(stopped.attachments.order_by("pk"))
        drafts.copy_files(files, home_of(stopped.ticket), member)
        return drafts.put_back(stopped, member)


def stop(message: Message, member: Membership) -> Message:
    """Take what has not left out of the way, its approval revoked. In a transaction; raises Conflict."""
    ticket: Ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=message.ticket_id)  # type: ignore[assignment]
    stopped: Message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    ready = (MessageState.QUEUED, MessageState.HELD, MessageState.FAILED)
    if stopped.kind not in WRITTEN_KINDS or stopped.state not in ready:
        raise Conflict(_("It has already left."), next_step=_("Write another message to correct something."))
    stopped.ticket, stopped.state = ticket, MessageState.CANCELLED
    stopped.save(update_fields=["state"])
    Approval.objects.filter(message=stopped, revoked_at=None).update(revoked_at=timezone.now())
    add_event(ticket, "taken_back", actor=member, data={"message": stopped.pk})
    _tell(ticket)
    return stopped


def may_try_again(held_reason: str, state: str) -> bool:
    """Whether the same text may be sent once more: not where the mail may have left already."""
    return state == MessageState.FAILED or (state == MessageState.HELD and held_reason != UNKNOWN)


def try_again(*, message: Message, member: Membership) -> Message:
    """Send a stopped reply's text again, as a new message with a new approval by this member.

    Raises InvalidState where the first may have left, Conflict when the customer wrote after it, NotAllowed when the
    rules still say no: then the stopped one stays where it is.
    """
    may_work(member, message.ticket)
    with transaction.atomic():
        locked = Ticket.objects.select_for_update(of=("self",)).select_related("customer", "inbox")
        home: Ticket = locked.get(pk=home_of(message.ticket).pk)  # type: ignore[assignment]
        if not may_try_again(message.held_reason, message.state):
            raise InvalidState(
                _("It may have left already."), next_step=_("Ask the customer, or write a new message.")
            )
        if messages_of(home).filter(kind=MessageKind.INBOUND, pk__gt=message.pk).exists():
            raise Conflict(
                _("The customer wrote after it."),
                next_step=_("Read it, then write it yourself: your text comes back into the composer."),
            )
        again = _again(message, home, member)
        files = list(message.attachments.order_by("pk"))
        found = involvement_of(ticket=home, text=message.text, used_decision_id=message.decision_id)
        found = involvement_kept(message, found)
        answer = _ask(again, member, found, interactive=True) if found.involved else None
        if answer is None or answer.allowed:
            stop(message, member)
            _queue(again, found=found, answer=answer, attachment_ids=(), copied=files)
            return again
    raise NotAllowed(answer.reason, next_step=answer.next_step)


def _again(message: Message, ticket: Ticket, member: Membership) -> Message:
    kept = "kind subject text html quoted recipients_to recipients_cc recipients_bcc in_reply_to language status_after"
    values = {name: getattr(message, name) for name in kept.split()}
    return Message(ticket=ticket, author=member, state=MessageState.PREPARED, **values)


def _tell(ticket: Ticket) -> None:
    publish_on_commit("ticket", ticket=ticket.pk)
    publish_on_commit("tickets", ticket=ticket.pk)
