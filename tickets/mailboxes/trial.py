"""The test mail: sign in to read, sign in to send, hand it over, and wait until it arrives; each step is stored.

The same function goes on wherever the run stands, so a lost worker only costs time. It never waits long itself:
it says after how many seconds it wants to be called again, so that mail to customers is not held up.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any, Final
from uuid import UUID

import structlog
from django.core.mail import EmailMessage
from django.db import OperationalError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk.errors import HelpdeskError
from helpdesk.live.events import publish
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.mail import bounce, keys, returned, tokens
from tickets.mail.compose import named
from tickets.mail.parse import parse
from tickets.mailboxes import trial_marks
from tickets.mailboxes.accounts import for_reading, for_sending
from tickets.mailboxes.imap import Reader, reading
from tickets.mailboxes.lease import LostLeaseError, keep, leased
from tickets.mailboxes.problems import MailboxError, clean
from tickets.mailboxes.smtp import hand_over
from tickets.models import Mailbox, MailboxRun

log = structlog.get_logger(__name__)

STEPS: Final = ("read", "send", "arrive")
#: How long the mail may be on its way, how long one call looks, and how long the next one waits.
PATIENCE: Final = timedelta(minutes=3)
LOOK_SECONDS: Final = 6.0
PAUSE_SECONDS: Final = 5.0
_SMALL: Final = 200_000
_MOST_NEW: Final = 40


@dataclass
class _Work:
    """One call's hold on a run."""

    organization_id: UUID
    run: MailboxRun
    mailbox: Mailbox
    address: str
    from_name: str
    language: str
    lease: str

    def keep(self, **changes: Any) -> None:
        keep(MailboxRun, self.organization_id, self.run.pk, self.lease, updated_at=timezone.now(), **changes)
        for name, value in changes.items():
            setattr(self.run, name, value)


def go_on(*, organization_id: UUID, run_id: int) -> float | None:
    """Take the run as far as it goes now. Returns after how many seconds to call again, None where it is over.

    Call it outside any transaction. Never raises for what servers do: the run says what failed.
    """
    with leased(MailboxRun, organization_id, run_id) as lease:
        work = _load(organization_id, run_id, lease) if lease else None
        if work is None:
            return None
        try:
            with _stored(work):
                return _steps(work)
        except LostLeaseError:
            return None
        finally:
            publish(organization_id, "mailbox", mailbox=work.mailbox.pk)


def _load(organization_id: UUID, run_id: int, lease: str) -> _Work | None:
    with organization_scope(organization_id):
        rows = MailboxRun.objects.filter(pk=run_id, kind="test", state="running")
        run = rows.first()
        if run is None:
            return None
        try:
            mailbox = Mailbox.objects.select_related("inbox").get(pk=run.mailbox_id)
        except HelpdeskError:  # the password was written with a key that is gone
            rows.update(state="failed", problem="unreadable", step=run.step or STEPS[0])
            return None
        organization = Organization.objects.get(pk=organization_id)
    inbox = mailbox.inbox
    return _Work(
        organization_id=organization_id,
        run=run,
        mailbox=mailbox,
        address=inbox.address,
        from_name=inbox.from_name or organization.name,
        language=organization.language,
        lease=lease,
    )


@contextlib.contextmanager
def _stored(work: _Work) -> Iterator[None]:
    try:
        yield
    except MailboxError as error:
        work.keep(state="failed", problem=error.key, problem_data=error.data)
    except (OperationalError, LostLeaseError):
        raise
    except Exception as error:  # noqa: BLE001 - the owner waits at the page and must hear something
        log.warning("mailbox_test_failed", run=work.run.pk, error=type(error).__name__)
        work.keep(state="failed", problem="failed", problem_data={})


def _steps(work: _Work) -> float | None:
    if work.run.step in ("", "read"):
        work.keep(step="read")
        with reading(for_reading(work.mailbox), work.mailbox.folder) as reader:
            data = {"uid_validity": reader.uid_validity, "uid_next": reader.uid_next}
        work.keep(step="send", data=data)
    if work.run.step == "send":
        _send(work)
        work.keep(step="arrive", data={**work.run.data, "sent_at": timezone.now().isoformat()})
    return _wait(work)


# Send


def _send(work: _Work) -> None:
    account = for_sending(work.mailbox)
    with translation.override(work.language):
        plain, tokened = _mail(work, trial_marks.PLAIN), _mail(work, trial_marks.TOKEN)
    hand_over(account, plain)
    # Whether name+anything@ arrives too: the poller notices when it does, and answers are addressed so from then on.
    with contextlib.suppress(MailboxError):
        hand_over(account, tokened)


def _mail(work: _Work, which: str) -> EmailMessage:
    address, domain = work.address, work.address.rpartition("@")[2]
    key = keys.mark_key(work.organization_id)
    to = address if which == trial_marks.PLAIN else tokens.address(key, "test", address)
    return EmailMessage(
        subject=_("Test mail: your mailbox is connected"),
        body=_(
            "This mail went out through your mailbox and came back into it.\n"
            "You can delete it. It does not become a ticket."
        ),
        from_email=named(work.from_name, address),
        to=[to],
        headers={
            trial_marks.HEADER: trial_marks.mark(work.run, which),
            "Message-ID": f"<test.{which}.{work.run.token}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


# Arrive


def _wait(work: _Work) -> float | None:
    ends = monotonic() + LOOK_SECONDS
    seen: set[int] = set()
    with reading(for_reading(work.mailbox), work.mailbox.folder) as reader:
        while True:
            if _arrived(work, reader, seen):
                _connect(work)
                return None
            if monotonic() > ends:
                break
            work.keep()
            sleep(0.5)
            reader.refresh()
        if _late(work):
            _look_elsewhere(work, reader)
            minutes = int(PATIENCE.total_seconds() // 60)
            raise MailboxError("not_arrived", minutes=minutes)
    return PAUSE_SECONDS


def _late(work: _Work) -> bool:
    return timezone.now() > datetime.fromisoformat(work.run.data["sent_at"]) + PATIENCE


def _arrived(work: _Work, reader: Reader, seen: set[int]) -> bool:
    new = [uid for uid in reader.since(max(work.run.data["uid_next"] - 1, 0)) if uid not in seen]
    for found in reader.describe(new[-_MOST_NEW:]):
        seen.add(found.uid)
        raw = reader.fetch(found) if found.size < _SMALL else None
        if raw is not None and _is_it(work, raw):
            return True
    return False


def _is_it(work: _Work, raw: bytes) -> bool:
    """Whether it is the test mail. Raises where it is the report that the test mail was not delivered."""
    if trial_marks.read(raw) == (work.run.token, trial_marks.PLAIN):
        return True
    if f"test.{trial_marks.PLAIN}.{work.run.token}".encode() in raw:
        info = bounce.read(parse(raw))
        if info is not None and info.kind != "soft":
            if info.reason == "mailbox_full":
                raise MailboxError("mailbox_full")
            raise MailboxError("came_back", said=clean(returned.WORDS.get(info.reason, info.reason)))
    return False


def _look_elsewhere(work: _Work, reader: Reader) -> None:
    """It may lie among spam: then that is what the owner must hear."""
    for folder in reader.junk_folders():
        reader.open(folder)
        if reader.search_header(trial_marks.HEADER, work.run.token, 0):
            raise MailboxError("in_folder", folder=clean(folder), wanted=work.mailbox.folder)


def _connect(work: _Work) -> None:
    """It arrived: the mailbox works, and is fetched from the moment before the test mail on."""
    work.keep(state="done")
    with organization_scope(work.organization_id):
        connect(mailbox=Mailbox.objects.get(pk=work.mailbox.pk), data=work.run.data)


def connect(*, mailbox: Mailbox, data: dict[str, Any]) -> None:
    """Fetch this mailbox from now on: from what the run saw when it signed in. In a scope."""
    now = timezone.now()
    if not mailbox.is_active:
        mailbox.uid_validity = data["uid_validity"]
        mailbox.last_uid = max(data["uid_next"] - 1, 0)
        mailbox.connected_at = now
    mailbox.is_active = True
    mailbox.problem, mailbox.problem_data, mailbox.failures = "", {}, 0
    mailbox.send_problem, mailbox.send_problem_data = "", {}
    mailbox.next_fetch_at = now
    mailbox.save(
        update_fields=[
            "uid_validity", "last_uid", "connected_at", "is_active", "problem", "problem_data", "failures",
            "send_problem", "send_problem_data", "next_fetch_at", "updated_at",
        ]
    )  # fmt: skip
