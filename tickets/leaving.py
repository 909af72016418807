"""What this room takes along when an organization leaves: mails, messages for mail programs, articles to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import CustomerAddress
from helpdesk.privacy.leaving import shape
from helpdesk.privacy.leaving.writing import Writer
from tickets import arrival
from tickets.models import Article, Message, MessageKind, MessageState

KINDS = {
    "ticket": "tickets.Ticket",
    "message": "tickets.Message",
    "article": "tickets.Article",
    "inbox": "tickets.Inbox",
}
_POLICY = SMTP.clone(linesep="\n", max_line_length=None, cte_type="8bit")
_FROM = re.compile(r"^(>*From )", re.MULTILINE)


def register() -> None:
    """Called once, in AppConfig.ready."""
    for kind, label in KINDS.items():
        shape.name_kind(kind, label)
    shape.leave_out_table("tickets.MessageCode", _("It is found anew in the messages."))
    shape.leave_out_table("tickets.MailboxRun", _("Test mails and fetches that are over."))
    shape.comes_after("tickets.Approval", "tickets.Attachment")  # it is for a message with exactly its files
    shape.keep_as_files("tickets.RawMail", "source", "mail", ".eml")
    shape.keep_as_files("tickets.Attachment", "file", "attachments")
    shape.keep_as_files("tickets.KnowledgeImport", "content", "imports")
    shape.add_part("messages", write_messages)
    shape.add_part("articles", write_articles)
    arrival.register()


def write_articles(writer: Writer) -> None:
    """Each article as Markdown."""
    for article in writer.rows(Article.objects.all()):
        with writer.member(f"articles/{article.pk}-{article.slug}.md") as member:
            head = f"# {article.title}\n\n<!-- {article.language}, {article.status} -->\n\n"
            member.write((head + article.body + "\n").encode())


def write_messages(writer: Writer) -> None:
    """What customers wrote and what reached them, as one mbox (mboxrd), oldest first. Notes are no mail."""
    known = dict[int, str]()
    with writer.member("messages.mbox") as member:
        for message in _told(writer):
            when = message.sent_at or message.created_at
            text = _mail(message, known).as_bytes(policy=_POLICY).decode("utf-8", "surrogateescape")
            head = f"From MAILER-DAEMON {when:%a %b %d %H:%M:%S %Y}\n"
            member.write((head + _FROM.sub(r">\1", text).rstrip("\n") + "\n\n").encode(errors="replace"))


def _told(writer: Writer) -> Iterator[Message]:
    rows = (
        Message.objects.filter(state__in=[MessageState.DONE, MessageState.SENT])
        .exclude(kind=MessageKind.NOTE)
        .select_related("ticket__inbox")
    )
    yield from writer.rows(rows)


def _mail(message: Message, known: dict[int, str]) -> EmailMessage:
    mail, inbox = EmailMessage(policy=_POLICY), message.ticket.inbox.address
    theirs = _address(message.ticket.customer_id, known)
    inbound = message.kind in (MessageKind.INBOUND, MessageKind.OUTSIDE)
    headers = {
        "From": theirs if inbound else inbox,
        "To": inbox if inbound else ", ".join(message.recipients_to.split()) or theirs,
        "Cc": ", ".join(message.recipients_cc.split()),
        "Date": format_datetime(message.sent_at or message.created_at),
        "Subject": f"{message.subject or message.ticket.subject}",
        "Message-ID": message.message_id and f"<{message.message_id.strip('<>')}>",
        "In-Reply-To": message.in_reply_to and f"<{message.in_reply_to.strip('<>')}>",
        "X-Ticket": str(message.ticket.number),
    }
    for name, value in headers.items():
        if value:
            _header(mail, name, value)
    mail.set_content("\n\n".join(part for part in (message.text, message.quoted) if part), cte="8bit")
    return mail


def _header(mail: EmailMessage, name: str, value: str) -> None:
    """An address that no header can hold is kept as text; nothing keeps a message from being taken along."""
    clean = " ".join(value.split())
    try:
        mail[name] = clean
    except (ValueError, IndexError):
        mail[f"X-{name}-As-Kept"] = clean.encode("ascii", "replace").decode()


def _address(customer_id: int, known: dict[int, str]) -> str:
    if customer_id not in known:
        if len(known) > 10_000:
            known.clear()
        found = CustomerAddress.objects.filter(customer_id=customer_id).order_by("pk").first()
        known[customer_id] = found.address if found else ""
    return known[customer_id]
