"""From a Mailbox row to what the network layer needs."""

from __future__ import annotations

from tickets.mailboxes.imap import Account
from tickets.mailboxes.network import Way
from tickets.models import Mailbox


def for_reading(mailbox: Mailbox) -> Account:
    """Its IMAP account."""
    way = Way("imap", mailbox.imap_host, mailbox.imap_port, mailbox.imap_security, mailbox.imap_certificate)
    return Account(way, mailbox.imap_user, mailbox.imap_password)


def for_sending(mailbox: Mailbox) -> Account:
    """Its SMTP account."""
    way = Way("smtp", mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security, mailbox.smtp_certificate)
    return Account(way, mailbox.smtp_user, mailbox.smtp_password)
