"""Rows for tests, made the short way, in the organization in force."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

from django.utils import timezone

from governance.models import AIDecision
from helpdesk.people.models import Membership
from helpdesk.people.tests.factories import make_customer, make_member
from tickets.models import (
    AIText,
    AnswerTarget,
    Approval,
    Article,
    ArticleStatus,
    Attachment,
    BlockedSender,
    CannedReply,
    ClosedDays,
    ComposerDraft,
    Inbox,
    KnowledgeImport,
    KnowledgeImportItem,
    Mailbox,
    MailboxRun,
    Message,
    MessageCode,
    MessageKind,
    MessageOutcome,
    MessageReference,
    MessageState,
    Notice,
    OpeningHours,
    RawMail,
    SavedView,
    Tag,
    Ticket,
    TicketCounter,
    TicketEvent,
    TicketTag,
)

_serial = itertools.count(1)


def make_inbox(**fields: Any) -> Inbox:
    """An inbox with an address of its own."""
    n = next(_serial)
    return Inbox.objects.create(**{"name": f"Inbox {n}", "address": f"inbox{n}@shop.example", **fields})


def make_ticket(**fields: Any) -> Ticket:
    """A ticket with a number, of a customer and an inbox of its own unless given."""
    counter, _ = TicketCounter.objects.get_or_create()
    counter.last += 1
    counter.save()
    if "inbox" not in fields:
        fields["inbox"] = Inbox.objects.order_by("pk").first() or make_inbox()
    fields.setdefault("customer", None)
    fields["customer"] = fields["customer"] or make_customer()
    return Ticket.objects.create(**{"number": counter.last, "subject": f"Question {counter.last}", **fields})


def make_inbound(ticket: Ticket | None = None, **fields: Any) -> Message:
    """A customer's message; the ticket's revision rises with it."""
    ticket = ticket or make_ticket()
    message = Message.objects.create(
        **{
            "ticket": ticket,
            "kind": MessageKind.INBOUND,
            "customer": ticket.customer,
            "text": "Hello, where is my order 10482?",
            **fields,
        }
    )
    ticket.customer_messages += 1
    ticket.save(update_fields=["customer_messages"])
    return message


def make_reply(ticket: Ticket | None = None, **fields: Any) -> Message:
    """A reply that is being prepared, to the customer's first address."""
    ticket = ticket or make_ticket()
    address = ticket.customer.addresses.first()
    return Message.objects.create(
        **{
            "ticket": ticket,
            "kind": MessageKind.REPLY,
            "state": MessageState.PREPARED,
            "author": fields.pop("author", None) or make_member(),
            "subject": f"Re: {ticket.subject}",
            "text": "It is on its way.",
            "recipients_to": address.address if address else "someone@example.com",
            **fields,
        }
    )


def make_attachment(message: Message | None = None, **fields: Any) -> Attachment:
    """An attachment without a file behind it."""
    message = message or make_inbound()
    digest = hashlib.sha256(b"x").hexdigest()
    values = {
        "ticket": message.ticket,
        "message": message,
        "name": "a.txt",
        "content_type": "text/plain",
        "size": 1,
    }
    return Attachment.objects.create(**{**values, "sha256": digest, "file": "none", **fields})


def make_blocked_sender(**fields: Any) -> BlockedSender:
    """An address whose mail is kept aside."""
    return BlockedSender.objects.create(**{"address": f"pest{next(_serial)}@spam.example", **fields})


def make_raw_mail(**fields: Any) -> RawMail:
    """A stored source."""
    n = next(_serial)
    values = {"content_key": f"<{n}@example.com>", "source": b"From: a@example.com\n\nHi", "size": 24}
    return RawMail.objects.create(**{"inbox": fields.pop("inbox", None) or make_inbox(), **values, **fields})


def make_article(**fields: Any) -> Article:
    """A published article."""
    n = next(_serial)
    values = {"title": f"Article {n}", "slug": f"article-{n}", "body": "You can return items within 30 days."}
    return Article.objects.create(
        **{**values, "status": ArticleStatus.PUBLISHED, "published_at": timezone.now(), **fields}
    )


def make_canned_reply(**fields: Any) -> CannedReply:
    """A canned reply."""
    return CannedReply.objects.create(
        **{"title": f"Reply {next(_serial)}", "body": "Thank you for writing.", **fields}
    )


def make_import(**fields: Any) -> KnowledgeImport:
    """An import that was read."""
    return KnowledgeImport.objects.create(
        **{"kind": "text", "name": "Our answers", "state": "ready", **fields}
    )


def make_import_item(**fields: Any) -> KnowledgeImportItem:
    """A proposed article of an import of its own unless given."""
    n = next(_serial)
    source = fields.pop("source", None) or make_import()
    values = {"position": n, "title": f"May I return it? {n}", "body": "Within 30 days."}
    return KnowledgeImportItem.objects.create(source=source, **{**values, **fields})


def make_approval(message: Message | None = None, **fields: Any) -> Approval:
    """A person's approval of a prepared reply as it stands, on a decision of theirs about its ticket."""
    from tickets.content import content_hash

    message = message or make_reply()
    approver = fields.pop("approver", message.author)
    attachments = message.attachments.order_by("pk").values_list("name", "sha256")
    values = {
        "message": message,
        "approver": approver,
        "decision": fields.pop("decision", None) or make_leave_to_approve(message.ticket, approver),
        "content_hash": content_hash(message, attachments),
        "ticket_revision": message.ticket.customer_messages,
        "disclosure_version": "1",
    }
    return Approval.objects.create(**{**values, **fields})


def make_leave_to_approve(ticket: Ticket, approver: Membership | None, **fields: Any) -> AIDecision:
    """The decision that lets this person approve an answer on this ticket."""
    from governance.tests.factories import make_decision

    values = {"action": "approve", "subject_kind": "ticket", "subject_id": ticket.pk, "actor": approver}
    return make_decision(**{**values, **fields})


def make_ai_text(ticket: Ticket | None = None, text: str = "A draft by the AI.", **fields: Any) -> AIText:
    """A text that the AI showed on a ticket."""
    from governance.tests.factories import make_decision
    from tickets.content import text_hash

    return AIText.objects.create(
        ticket=ticket or make_ticket(),
        decision=fields.pop("decision", None) or make_decision(),
        text=text,
        text_hash=text_hash(text),
        **fields,
    )


def make_outcome(message: Message | None = None, **fields: Any) -> MessageOutcome:
    """The outcome of an inbound message."""
    return MessageOutcome.objects.create(
        **{"message": message or make_inbound(), "result": "no_draft", **fields}
    )


def make_tag(**fields: Any) -> Tag:
    """A tag."""
    return Tag.objects.create(**{"name": f"tag{next(_serial)}", **fields})


def make_ticket_tag(**fields: Any) -> TicketTag:
    """A tag on a ticket."""
    return TicketTag.objects.create(
        ticket=fields.get("ticket") or make_ticket(), tag=fields.get("tag") or make_tag()
    )


def make_event(**fields: Any) -> TicketEvent:
    """An event in a ticket's thread."""
    return TicketEvent.objects.create(
        **{"ticket": fields.pop("ticket", None) or make_ticket(), "kind": "created", **fields}
    )


def make_reference(**fields: Any) -> MessageReference:
    """A Message-ID that belongs to a ticket."""
    ticket = fields.pop("ticket", None) or make_ticket()
    return MessageReference.objects.create(ticket=ticket, value=f"<{next(_serial)}@example.com>")


def make_composer_draft(**fields: Any) -> ComposerDraft:
    """An agent's unsent text."""
    return ComposerDraft.objects.create(
        ticket=fields.pop("ticket", None) or make_ticket(),
        author=fields.pop("author", None) or make_member(),
        **fields,
    )


def make_counter() -> TicketCounter:
    """The organization's counter of tickets."""
    return TicketCounter.objects.get_or_create()[0]


def make_inbox_grant() -> Any:
    """A member's grant on an inbox."""
    from helpdesk.people.permissions import grant_inbox
    from tickets.models import InboxUserObjectPermission

    member, inbox = make_member(), make_inbox()
    grant_inbox(member, inbox)
    return InboxUserObjectPermission.objects.get(user=member.user, content_object=inbox)


def make_mailbox(**fields: Any) -> Mailbox:
    """A connected mailbox at a server that does not exist."""
    inbox = fields.pop("inbox", None) or make_inbox()
    server = {"imap_host": "imap.shop.example", "smtp_host": "smtp.shop.example"}
    users = {"imap_user": inbox.address, "smtp_user": inbox.address}
    secrets = {"imap_password": "secret", "smtp_password": "secret"}
    return Mailbox.objects.create(
        **{"inbox": inbox, **server, **users, **secrets, "is_active": True, **fields}
    )


def make_mailbox_run(**fields: Any) -> MailboxRun:
    """A test mail on its way."""
    mailbox = fields.pop("mailbox", None) or make_mailbox()
    return MailboxRun.objects.create(**{"mailbox": mailbox, "kind": "test", **fields})


def make_hours(**fields: Any) -> OpeningHours:
    """Monday to Friday, 9:00 to 17:00, for the whole shop unless an inbox is given."""
    week = [[[540, 1020]]] * 5 + [[], []]
    return OpeningHours.objects.create(**{"week": week, **fields})


def make_closed_days(**fields: Any) -> ClosedDays:
    """One closed day."""
    today = timezone.localdate()
    return ClosedDays.objects.create(
        **{"name": "Stocktaking", "starts_on": today, "ends_on": today, **fields}
    )


def make_target(**fields: Any) -> AnswerTarget:
    """Four hours for the first answer, eight for the next, whatever the priority."""
    return AnswerTarget.objects.create(**{"first_minutes": 240, "next_minutes": 480, **fields})


def make_code(**fields: Any) -> MessageCode:
    """A code of a message."""
    message = fields.get("message") or make_inbound(text="Hello")
    return MessageCode.objects.create(message=message, code=fields.get("code") or f"AB{next(_serial)}")


def make_saved_view(**fields: Any) -> SavedView:
    """A view of one member."""
    owner = fields.pop("owner", None) or make_member()
    return SavedView.objects.create(
        **{"owner": owner, "name": f"View {next(_serial)}", "query": "view=open", **fields}
    )


def make_notice(**fields: Any) -> Notice:
    """Somebody was mentioned on a ticket."""
    ticket = fields.pop("ticket", None) or make_ticket()
    member = fields.pop("member", None) or make_member()
    return Notice.objects.create(**{"ticket": ticket, "member": member, "kind": "mentioned", **fields})


FACTORIES = {
    "tickets.notice": make_notice,
    "tickets.aitext": make_ai_text,
    "tickets.answertarget": make_target,
    "tickets.closeddays": make_closed_days,
    "tickets.messagecode": make_code,
    "tickets.openinghours": make_hours,
    "tickets.savedview": make_saved_view,
    "tickets.approval": make_approval,
    "tickets.article": make_article,
    "tickets.attachment": make_attachment,
    "tickets.blockedsender": make_blocked_sender,
    "tickets.cannedreply": make_canned_reply,
    "tickets.composerdraft": make_composer_draft,
    "tickets.inbox": make_inbox,
    "tickets.inboxuserobjectpermission": make_inbox_grant,
    "tickets.mailbox": make_mailbox,
    "tickets.mailboxrun": make_mailbox_run,
    "tickets.knowledgeimport": make_import,
    "tickets.knowledgeimportitem": make_import_item,
    "tickets.message": make_inbound,
    "tickets.messageoutcome": make_outcome,
    "tickets.messagereference": make_reference,
    "tickets.rawmail": make_raw_mail,
    "tickets.tag": make_tag,
    "tickets.ticket": make_ticket,
    "tickets.ticketcounter": make_counter,
    "tickets.ticketevent": make_event,
    "tickets.tickettag": make_ticket_tag,
}
