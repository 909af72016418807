"""Whose servers a shop's own domain uses: a task asks for its MX records and puts the better guess in place."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.cache import cache

from helpdesk.people import dns
from helpdesk.tenancy.scope import organization_scope
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.mailboxes.guess import Guess, guess
from tickets.models import Mailbox

#: After so long the page waits no more, whatever became of the task.
_WAITS_SECONDS: Final = 10


def best_guess(address: str) -> Guess:
    """The guess for the address with what a name server said of its domain, if one was asked of late. Asks nobody."""
    domain = address.strip().lower().rpartition("@")[2]
    return guess(address, dns.mail_hosts(domain) or ())


def start(mailbox: Mailbox) -> None:
    """Have the name server asked after the commit; the page waits for it."""
    from tickets.mailboxes.tasks import find_servers

    cache.set(_key(mailbox), True, _WAITS_SECONDS)
    enqueue_on_commit(find_servers, organization_id=mailbox.organization_id, mailbox_id=mailbox.pk)


def is_under_way(mailbox: Mailbox) -> bool:
    """Whether the answer is still awaited."""
    return bool(cache.get(_key(mailbox)))


def look(*, organization_id: UUID, mailbox_id: int) -> None:
    """Ask, and put the servers in place unless an owner changed them meanwhile. Call it outside any transaction."""
    with organization_scope(organization_id):
        mailbox = Mailbox.objects.filter(pk=mailbox_id).first()
    if mailbox is None:
        return
    before = guess(mailbox.imap_user)
    dns.ask_mail_hosts(mailbox.imap_user.rpartition("@")[2])
    found = best_guess(mailbox.imap_user)
    if found.is_known and found.imap and found.smtp and before.imap and before.smtp:
        values = {
            "imap_host": found.imap.host,
            "imap_port": found.imap.port,
            "imap_security": found.imap.security,
            "smtp_host": found.smtp.host,
            "smtp_port": found.smtp.port,
            "smtp_security": found.smtp.security,
            "imap_user": found.user,
            "smtp_user": found.user,
        }
        untouched = {"imap_host": before.imap.host, "smtp_host": before.smtp.host, "is_active": False}
        with organization_scope(organization_id):
            Mailbox.objects.filter(pk=mailbox_id, **untouched).update(**values)
    cache.delete(_key(mailbox))


def _key(mailbox: Mailbox) -> str:
    return f"mail-servers:{mailbox.organization_id}:{mailbox.pk}"
