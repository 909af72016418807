"""Fetch what is new in a mailbox and hand it to `receive`, one mail at a time, so that a crash repeats at most one.

The place reached is stored after each mail. What was received twice is recognised by `receive`; what is new in the
mailbox while nobody fetches waits there. Mails are read without being marked: the owner's own mail program sees them
as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import OperationalError
from django.utils import timezone

from helpdesk.errors import HelpdeskError
from helpdesk.live.events import publish
from helpdesk.tenancy.scope import organization_scope
from tickets.mail.receive import receive
from tickets.mailboxes import trial_marks
from tickets.mailboxes.accounts import for_reading
from tickets.mailboxes.imap import Found, Reader, reading
from tickets.mailboxes.lease import LostLeaseError, keep, leased
from tickets.mailboxes.problems import MailboxError
from tickets.models import Inbox, Mailbox

log = structlog.get_logger(__name__)

#: How often a mailbox that works is looked into, and how long one fetch may go on before others have their turn.
EVERY: Final = timedelta(seconds=20)
MOST_SECONDS: Final = 90.0
#: Pauses after 1, 2, 3 ... failures in a row, in seconds; the last one stays.
PAUSES: Final = (30, 60, 120, 300, 600, 900, 1800)
#: A mail that breaks the fetch so many times is left in the mailbox, named on its page, and passed over.
STUCK_AFTER: Final = 3
MOST_NAMED: Final = 20


@dataclass(frozen=True)
class Fetched:
    """What a fetch did. `more`: it stopped for the others, and there is more to fetch."""

    mails: int = 0
    more: bool = False
    problem: str = ""


def fetch(*, organization_id: UUID, mailbox_id: int) -> Fetched | None:
    """Fetch one mailbox if it is active and nobody else does (else None). Never raises for what a server does.

    Call it outside any transaction: it talks to a server for up to `MOST_SECONDS`.
    """
    with leased(Mailbox, organization_id, mailbox_id) as lease:
        if lease is None:
            return None
        return _Fetch(organization_id, mailbox_id, lease).run()


class _Fetch:
    def __init__(self, organization_id: UUID, mailbox_id: int, lease: str) -> None:
        self.organization_id, self.mailbox_id, self.lease = organization_id, mailbox_id, lease
        self.mails, self.at_uid, self.reached = 0, 0, 0

    def run(self) -> Fetched | None:
        try:
            mailbox, inbox = self._load()
            if mailbox is None or inbox is None:
                return None
            more = self._fetch(mailbox, inbox)
        except LostLeaseError:
            return Fetched(self.mails)
        except MailboxError as error:
            self._failed(error.key, error.data)
            return Fetched(self.mails, problem=error.key)
        except HelpdeskError:  # the password was written with a key that is gone
            self._failed("unreadable", {})
            return Fetched(self.mails, problem="unreadable")
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the next fetch waits longer and the owner is told
            log.warning("mailbox_not_fetched", mailbox=self.mailbox_id, error=type(error).__name__)
            self._failed("failed", {})
            return Fetched(self.mails, problem="failed")
        return Fetched(self.mails, more=more)

    def _load(self) -> tuple[Mailbox | None, Inbox | None]:
        with organization_scope(self.organization_id):
            rows = Mailbox.objects.select_related("inbox")
            mailbox = rows.filter(pk=self.mailbox_id, is_active=True, inbox__is_active=True).first()
            return mailbox, mailbox.inbox if mailbox else None

    def _fetch(self, mailbox: Mailbox, inbox: Inbox) -> bool:
        began = monotonic()
        with reading(for_reading(mailbox), mailbox.folder) as reader:
            waiting = self._waiting(mailbox, reader)
            for found in waiting:
                if monotonic() - began > MOST_SECONDS:
                    self._went_well(mailbox, more=True)
                    return True
                self._take(mailbox, inbox, reader, found)
        self._went_well(mailbox, more=False)
        return False

    def _waiting(self, mailbox: Mailbox, reader: Reader) -> Sequence[Found]:
        if mailbox.uid_validity is None:  # connected a moment ago: from now on
            self._keep(uid_validity=reader.uid_validity, last_uid=max(reader.uid_next - 1, 0))
            return []
        if reader.uid_validity == mailbox.uid_validity:
            return reader.describe(reader.since(mailbox.last_uid))
        return self._renumbered(mailbox, reader)

    def _renumbered(self, mailbox: Mailbox, reader: Reader) -> Sequence[Found]:
        """The server gave new numbers: by the time of arrival then; `receive` knows what it had before."""
        since = mailbox.last_fetched_at or mailbox.connected_at or timezone.now()
        since = max(since - timedelta(days=1), mailbox.connected_at or since)
        uids = reader.up_to(reader.uid_next or 2**32, since=(since - timedelta(days=1)).date())
        waiting = [one for one in reader.describe(uids) if one.arrived is None or one.arrived >= since]
        first = waiting[0].uid if waiting else reader.uid_next
        self._keep(uid_validity=reader.uid_validity, last_uid=max(first - 1, 0), stuck_uid=0, stuck_times=0)
        return waiting

    def _take(self, mailbox: Mailbox, inbox: Inbox, reader: Reader, found: Found) -> None:
        """One mail: fetched, received, and its number stored as reached."""
        self.at_uid = found.uid
        if mailbox.stuck_uid == found.uid and mailbox.stuck_times >= STUCK_AFTER:
            self._pass_over(mailbox, found)
            return
        raw = reader.fetch(found)
        if raw is not None and not trial_marks.is_ours(self.organization_id, raw):
            receive(inbox=inbox, raw=raw)
            self.mails += 1
        self._keep(last_uid=found.uid)
        self.at_uid = 0

    def _pass_over(self, mailbox: Mailbox, found: Found) -> None:
        at = (found.arrived or timezone.now()).isoformat()
        named = [*mailbox.passed_over, {"uid": found.uid, "at": at}][-MOST_NAMED:]
        mailbox.passed_over = named
        log.warning("mail_passed_over", mailbox=self.mailbox_id, uid=found.uid)
        self._keep(last_uid=found.uid, passed_over=named, stuck_uid=0, stuck_times=0)
        self.at_uid = 0

    def _went_well(self, mailbox: Mailbox, *, more: bool) -> None:
        now = timezone.now()
        self._keep(
            last_fetched_at=now,
            next_fetch_at=now if more else now + EVERY,
            failures=0,
            problem="",
            problem_data={},
            stuck_uid=0,
            stuck_times=0,
        )
        if mailbox.problem:
            self._tell()

    def _failed(self, key: str, data: dict[str, Any]) -> None:
        """Wait longer each time; remember the mail during which it happened."""
        now = timezone.now()
        with organization_scope(self.organization_id):
            mailbox = Mailbox.objects.defer("imap_password", "smtp_password").get(pk=self.mailbox_id)
        times = mailbox.stuck_times + 1 if self.at_uid == mailbox.stuck_uid else 1
        changes: dict[str, Any] = {"stuck_uid": self.at_uid, "stuck_times": times if self.at_uid else 0}
        pause = PAUSES[min(mailbox.failures, len(PAUSES) - 1)]
        try:
            self._keep(
                failures=min(mailbox.failures + 1, 1000),
                next_fetch_at=_after(now, pause),
                problem=key,
                problem_data=data,
                **changes,
            )
        except LostLeaseError:
            return
        self._tell()

    def _keep(self, **changes: Any) -> None:
        keep(Mailbox, self.organization_id, self.mailbox_id, self.lease, **changes)

    def _tell(self) -> None:
        publish(self.organization_id, "mailbox", mailbox=self.mailbox_id)


def _after(now: datetime, seconds: int) -> datetime:
    return now + timedelta(seconds=seconds)
