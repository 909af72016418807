"""Inboxes, tickets, messages and what belongs to them, one module per subject."""

from __future__ import annotations

from tickets.models.approval import AIText, Approval, MessageOutcome
from tickets.models.inbox import BlockedSender, Inbox, InboxUserObjectPermission, RawMail
from tickets.models.knowledge import (
    Article,
    ArticleStatus,
    CannedReply,
    ImportKind,
    ImportState,
    ItemState,
    KnowledgeImport,
    KnowledgeImportItem,
)
from tickets.models.mailbox import Mailbox, MailboxRun, Security
from tickets.models.message import (
    WRITTEN_KINDS,
    AIInvolvement,
    Attachment,
    ComposerDraft,
    Message,
    MessageKind,
    MessageReference,
    MessageState,
)
from tickets.models.notice import Notice, NoticeKind
from tickets.models.ticket import Priority, Status, Tag, Ticket, TicketCounter, TicketEvent, TicketTag
from tickets.models.times import AnswerTarget, ClosedDays, MessageCode, OpeningHours, SavedView

__all__ = [
    "WRITTEN_KINDS",
    "AIInvolvement",
    "AIText",
    "AnswerTarget",
    "Approval",
    "Article",
    "ArticleStatus",
    "Attachment",
    "BlockedSender",
    "CannedReply",
    "ClosedDays",
    "ComposerDraft",
    "ImportKind",
    "ImportState",
    "Inbox",
    "InboxUserObjectPermission",
    "ItemState",
    "KnowledgeImport",
    "KnowledgeImportItem",
    "Mailbox",
    "MailboxRun",
    "Message",
    "MessageCode",
    "MessageKind",
    "MessageOutcome",
    "MessageReference",
    "MessageState",
    "Notice",
    "NoticeKind",
    "OpeningHours",
    "Priority",
    "RawMail",
    "SavedView",
    "Security",
    "Status",
    "Tag",
    "Ticket",
    "TicketCounter",
    "TicketEvent",
    "TicketTag",
]
