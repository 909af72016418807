"""Inboxes and the mailboxes behind them: enter, try, connect, fetch older mail, disconnect. No network here."""

from __future__ import annotations

from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.mailboxes.guess import Guess, Server
from tickets.mailboxes.tasks import import_history, test_mailbox
from tickets.mailboxes.trial import connect
from tickets.models import Inbox, Mailbox, MailboxRun

#: With another of these it is another mailbox: what was read of the old one says nothing about it.
_IDENTITY: Final = ("imap_host", "imap_port", "imap_user", "folder")


def _may(member: Membership) -> None:
    if not can(member, "manage_inboxes"):
        raise NotAllowed(
            _("Inboxes and their mailboxes are the owner's to change."), next_step=_("Ask your owner.")
        )


def save_inbox(*, inbox: Inbox, member: Membership) -> Inbox:
    """Store an inbox that was checked by its form. Raises NotAllowed; Conflict where another has the address."""
    _may(member)
    try:
        with transaction.atomic():
            inbox.save()
    except IntegrityError as error:
        raise Conflict(_("Another inbox has this address already.")) from error
    return inbox


@transaction.atomic
def begin(*, inbox: Inbox, member: Membership, found: Guess, password: str) -> Mailbox:
    """Keep what was guessed for the inbox's address, with its password, to be looked over and tried."""
    _may(member)
    imap, smtp = found.imap or Server("", 993, "tls"), found.smtp or Server("", 465, "tls")
    mailbox, _new = Mailbox.objects.update_or_create(
        inbox=inbox,
        defaults={
            "imap_host": imap.host,
            "imap_port": imap.port,
            "imap_security": imap.security,
            "smtp_host": smtp.host,
            "smtp_port": smtp.port,
            "smtp_security": smtp.security,
            "imap_user": found.user,
            "smtp_user": found.user,
            "imap_password": password,
            "smtp_password": password,
        },
    )
    return mailbox


@transaction.atomic
def save(*, mailbox: Mailbox, member: Membership, values: dict[str, Any]) -> Mailbox:
    """Store changed settings. Another server or user: nothing is fetched until a test mail arrived again."""
    _may(member)
    before = {name: getattr(mailbox, name) for name in (*_IDENTITY, "smtp_host", "smtp_port")}
    for name, value in values.items():
        setattr(mailbox, name, value)
    if any(before[name] != getattr(mailbox, name) for name in ("imap_host", "imap_port")):
        mailbox.imap_certificate = ""
    if any(before[name] != getattr(mailbox, name) for name in ("smtp_host", "smtp_port")):
        mailbox.smtp_certificate = ""
    if any(before[name] != getattr(mailbox, name) for name in _IDENTITY):
        mailbox.is_active, mailbox.uid_validity, mailbox.last_uid = False, None, 0
        mailbox.takes_tokens, mailbox.passed_over = False, []
    mailbox.next_fetch_at, mailbox.failures = timezone.now(), 0
    mailbox.save()
    return mailbox


@transaction.atomic
def start_test(*, mailbox: Mailbox, member: Membership) -> MailboxRun:
    """Send a test mail; one at a time, so the one on its way is the answer to a second click."""
    _may(member)
    Mailbox.objects.select_for_update(of=("self",)).only("pk").get(pk=mailbox.pk)
    run = MailboxRun.objects.filter(mailbox=mailbox, kind="test", state="running").first()
    if run is None:
        run = MailboxRun.objects.create(mailbox=mailbox, kind="test", started_by=member)
        enqueue_on_commit(test_mailbox, organization_id=mailbox.organization_id, run_id=run.pk)
    return run


@transaction.atomic
def accept_certificate(*, mailbox: Mailbox, member: Membership, fingerprint: str) -> MailboxRun:
    """Trust the one certificate that the last test or fetch showed, and try again. Any other is refused."""
    _may(member)
    sides = {side for side, shown in _shown_certificates(mailbox) if shown and shown == fingerprint}
    if not sides:
        raise InvalidState(
            _("The server shows another certificate by now."), next_step=_("Send the test mail again.")
        )
    for side in sides:
        setattr(mailbox, f"{side}_certificate", fingerprint)
    mailbox.next_fetch_at = timezone.now()
    mailbox.save(update_fields=["imap_certificate", "smtp_certificate", "next_fetch_at", "updated_at"])
    return start_test(mailbox=mailbox, member=member)


def _shown_certificates(mailbox: Mailbox) -> list[tuple[str, str]]:
    """Which side showed which fingerprint when it was last looked at. A test that reads first tells by its step."""
    found = [("imap", str(mailbox.problem_data.get("fingerprint", "")))]
    found.append(("smtp", str(mailbox.send_problem_data.get("fingerprint", ""))))
    run = MailboxRun.objects.filter(mailbox=mailbox, kind="test").order_by("-pk").first()
    if run is not None and run.state == "failed":
        side = "smtp" if run.step == "send" else "imap"
        found.append((side, str(run.problem_data.get("fingerprint", ""))))
    return found


@transaction.atomic
def use_anyway(*, mailbox: Mailbox, member: Membership) -> None:
    """Connect a mailbox whose test mail left and was not seen to arrive: signing in worked both ways."""
    _may(member)
    run = MailboxRun.objects.filter(mailbox=mailbox, kind="test").order_by("-pk").first()
    if run is None or run.state != "failed" or run.step != "arrive":
        raise InvalidState(
            _("Signing in has not worked yet."), next_step=_("Send yourself a test mail first.")
        )
    connect(mailbox=mailbox, data=run.data)


@transaction.atomic
def disconnect(*, mailbox: Mailbox, member: Membership) -> None:
    """Fetch and send no more; the settings stay, so that a test mail connects it again."""
    _may(member)
    mailbox.is_active = False
    mailbox.save(update_fields=["is_active", "updated_at"])
    MailboxRun.objects.filter(mailbox=mailbox, state="running").update(state="stopped")


@transaction.atomic
def forget(*, mailbox: Mailbox, member: Membership) -> None:
    """Delete settings and password of a mailbox. Its tickets stay."""
    _may(member)
    mailbox.delete()


@transaction.atomic
def start_history(
    *, mailbox: Mailbox, member: Membership, days: int, folder: str, with_sent: bool = False
) -> MailboxRun:
    """Fetch older mail of the last `days` (0: all) as closed history; one at a time.

    `with_sent`: then what the shop answered, from the folder of sent mail, into the tickets of those questions.
    """
    _may(member)
    Mailbox.objects.select_for_update(of=("self",)).only("pk").get(pk=mailbox.pk)
    running = MailboxRun.objects.filter(mailbox=mailbox, kind="history", state="running").first()
    if running is not None:
        return running
    if not mailbox.is_active:
        raise InvalidState(
            _("The mailbox is not connected yet."), next_step=_("Send yourself a test mail first.")
        )
    data = {"days": days, "folder": folder, "with_sent": with_sent, "done": 0, "total": None, "last_uid": 0}
    run = MailboxRun.objects.create(mailbox=mailbox, kind="history", started_by=member, data=data)
    enqueue_on_commit(import_history, organization_id=mailbox.organization_id, run_id=run.pk)
    return run


@transaction.atomic
def stop_history(*, run: MailboxRun, member: Membership) -> None:
    """Stop after the mail that is being imported; what was imported stays."""
    _may(member)
    MailboxRun.objects.filter(pk=run.pk, kind="history", state="running").update(state="stopped")


@transaction.atomic
def resume_history(*, run: MailboxRun, member: Membership) -> None:
    """Go on where it stopped."""
    _may(member)
    rows = MailboxRun.objects.filter(pk=run.pk, kind="history", state__in=("stopped", "failed"))
    data = {**run.data, "failures": 0}
    if rows.update(state="running", problem="", problem_data={}, data=data, updated_at=timezone.now()):
        enqueue_on_commit(import_history, organization_id=run.organization_id, run_id=run.pk)
