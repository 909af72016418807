"""What the tickets room holds about persons: what they wrote, what we answered, and when."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.privacy import erasure
from helpdesk.privacy.registry import TECHNICAL, Category, D, Erase, declare
from tickets.services import erasing

_BUSINESS = D(Category.BUSINESS, "service")
_WHEN = D(Category.BEHAVIOUR, export=True)
_STAFF = D(Category.STAFF, "staff")
_TEXT = D(Category.CONTENT, export=True, erase=Erase.BLANK, ai_may_see=True)
_TEXT_HIDDEN = D(Category.CONTENT, export=True, erase=Erase.BLANK)
_GONE = D(Category.CONTENT, export=True, erase=Erase.DELETE)
_ADDRESS = D(Category.CONTACT, export=True, erase=Erase.BLANK)

declare("tickets.Inbox", {}, rest=_BUSINESS)
declare("tickets.InboxUserObjectPermission", {}, rest=_STAFF)
declare(
    "tickets.BlockedSender",
    {"blocked_by": _STAFF, "address": D(Category.CONTACT, erase=Erase.DELETE)},
    rest=D(Category.TECHNICAL, erase=Erase.DELETE),
)
declare(
    "tickets.RawMail",
    {"source": _GONE, "content_key": D(Category.TECHNICAL, erase=Erase.DELETE)},
    rest=TECHNICAL,
)
declare(
    "tickets.Mailbox",
    {
        "imap_password": D(Category.SECRET, "service"),
        "smtp_password": D(Category.SECRET, "service"),
        "imap_user": _STAFF,
        "smtp_user": _STAFF,
    },
    rest=_BUSINESS,
)
declare("tickets.MailboxRun", {"started_by": _STAFF, "token": D(Category.SECRET, "service")}, rest=TECHNICAL)
declare(
    "tickets.Ticket",
    {
        "subject": _TEXT,
        "snippet": _TEXT_HIDDEN,
        "status": D(Category.BEHAVIOUR, export=True),
        "language": D(Category.CONTACT, export=True, ai_may_see=True),
        "topic": D(Category.BEHAVIOUR, "triage", export=True, ai_may_see=True),
        "human_only": D(Category.BEHAVIOUR, "triage", export=True),
        "created_at": _WHEN,
        "updated_at": _WHEN,
        "first_reply_at": _WHEN,
        "solved_at": _WHEN,
        "waiting_since": _WHEN,
        "due_at": _WHEN,
        "number": D(Category.TECHNICAL, export=True),
        "assignee": _STAFF,
    },
    rest=TECHNICAL,
)
declare("tickets.OpeningHours", {}, rest=_BUSINESS)
declare("tickets.ClosedDays", {}, rest=_BUSINESS)
declare("tickets.AnswerTarget", {}, rest=_BUSINESS)
declare("tickets.SavedView", {}, rest=_STAFF)
declare("tickets.MessageCode", {"code": D(Category.CONTENT, erase=Erase.DELETE)}, rest=TECHNICAL)
declare("tickets.TicketCounter", {}, rest=TECHNICAL)
declare("tickets.Tag", {}, rest=_BUSINESS)
declare("tickets.TicketTag", {}, rest=TECHNICAL)
declare(
    "tickets.TicketEvent",
    {
        "data": D(Category.BEHAVIOUR, export=True, erase=Erase.BLANK),
        "kind": _WHEN,
        "created_at": _WHEN,
        "actor": _STAFF,
    },
    rest=TECHNICAL,
)
declare(
    "tickets.Message",
    {
        "text": _TEXT,
        "subject": _TEXT,
        "quoted": _TEXT_HIDDEN,
        "html": _TEXT_HIDDEN,
        "quoted_html": _TEXT_HIDDEN,
        "recipients_to": _ADDRESS,
        "recipients_cc": _ADDRESS,
        "recipients_bcc": D(
            Category.CONTACT, erase=Erase.BLANK
        ),  # not for other recipients: staff's export only
        "message_id": D(Category.TECHNICAL, erase=Erase.BLANK),
        "in_reply_to": D(Category.TECHNICAL, erase=Erase.BLANK),
        "content_salt": D(Category.TECHNICAL, "proof", erase=Erase.SHRED),
        "ai_involvement": D(Category.BEHAVIOUR, "ai_record", export=True),
        "disclosure": D(Category.CONTENT, export=True),
        "created_at": _WHEN,
        "sent_at": _WHEN,
        "author": _STAFF,
    },
    rest=TECHNICAL,
)
declare("tickets.MessageReference", {"value": D(Category.TECHNICAL, erase=Erase.DELETE), "ticket": TECHNICAL})
declare(
    "tickets.Attachment",
    {
        "name": _GONE,
        "file": _GONE,
        "content_type": _GONE,
        "size": _GONE,
        "sha256": _GONE,
        "uploaded_by": _STAFF,
    },
    rest=D(Category.TECHNICAL, erase=Erase.DELETE),
)
declare(
    "tickets.ComposerDraft",
    {"author": _STAFF, "taken_by": _STAFF},
    rest=D(Category.CONTENT, erase=Erase.DELETE),
)
declare("tickets.Approval", {"approver": _STAFF}, rest=D(Category.BEHAVIOUR, "ai_record", export=True))
declare(
    "tickets.AIText",
    {"text": D(Category.CONTENT, "ai_record", erase=Erase.DELETE)},
    rest=D(Category.TECHNICAL, erase=Erase.DELETE),
)
declare("tickets.MessageOutcome", {}, rest=D(Category.BEHAVIOUR, "ai_record", export=True))
declare("tickets.Notice", {"member": _STAFF, "actor": _STAFF}, rest=TECHNICAL)
declare("tickets.CannedReply", {}, rest=_BUSINESS)
declare("tickets.Article", {"author": _STAFF}, rest=_BUSINESS)
declare("tickets.KnowledgeImport", {"member": _STAFF}, rest=_BUSINESS)
declare("tickets.KnowledgeImportItem", {}, rest=_BUSINESS)

# What an erasure stops, which further rows are the customer's, and how rows are called.
erasure.before_erasing(erasing.stop_work)
erasure.also_reach("tickets.Message", erasing.own_messages)
erasure.also_reach("tickets.Attachment", erasing.own_attachments)
erasure.also_reach("tickets.RawMail", erasing.own_mails)
erasure.also_reach("tickets.BlockedSender", erasing.own_blocks)
erasure.also_reach("tickets.TicketEvent", erasing.own_returns)
# The others say who of the team did what; that of a mail that came back names the address.
erasure.spare("tickets.TicketEvent", lambda rows: rows.filter(kind__in=["bounced", "was_right"]))
erasure.call_rows("tickets.BlockedSender", _("blocked senders"))
erasure.call_rows("tickets.AIText", _("texts the AI wrote"))
erasure.call_rows("tickets.Attachment", _("files"))
erasure.call_rows("tickets.ComposerDraft", _("unsent texts of our team"))
erasure.call_rows("tickets.MessageReference", _("mail identifiers"))
erasure.call_rows("tickets.RawMail", _("original mails"))
erasure.call_rows("tickets.TicketEvent", _("notices of returned mail"))
