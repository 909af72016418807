"""Fetch older mail on request, as closed history: in pieces, so that it can be stopped, resumed, and others get turns.

`MailboxRun.data`: folder, days (0: all), uid_validity, last_uid (reached), most_uid, total, done, tickets, kept;
with_sent (the folder of sent mail comes after it), in_sent (it is at that one), answers (found there), no_sent (there
is no such folder), large (of these only the beginning was read), unread (the server did not give them).
"""

from __future__ import annotations

from datetime import timedelta
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
from tickets.mailboxes.imap import MAX_MAIL_BYTES, Found, Reader, reading
from tickets.mailboxes.lease import LostLeaseError, keep, leased
from tickets.mailboxes.problems import MailboxError
from tickets.models import Inbox, Mailbox, MailboxRun

log = structlog.get_logger(__name__)

#: How long one call works before mail that leaves has its turn.
MOST_SECONDS: Final = 15.0
#: Failures in a row after which the run waits for a person.
GIVES_UP_AFTER: Final = 5
#: What happened there is over for the server too: problems that another try does not mend.
_FINAL: Final = frozenset(
    {"no_folder", "wrong_password", "app_password", "certificate_changed", "unreadable"}
)


def go_on(*, organization_id: UUID, run_id: int) -> float | None:
    """Import for a while. Returns after how many seconds to call again, None where it is over or was stopped.

    Call it outside any transaction. A mail that was imported before is not imported twice, whatever crashes.
    """
    with leased(MailboxRun, organization_id, run_id) as lease:
        if lease is None:
            return None
        return _Import(organization_id, run_id, lease).run()


class _Import:
    def __init__(self, organization_id: UUID, run_id: int, lease: str) -> None:
        self.organization_id, self.run_id, self.lease = organization_id, run_id, lease
        self.data: dict[str, Any] = {}
        self.mailbox_id = 0

    def run(self) -> float | None:
        try:
            loaded = self._load()
            return self._pieces(*loaded) if loaded else None
        except LostLeaseError:
            return None
        except MailboxError as error:
            return self._failed(error.key, error.data)
        except HelpdeskError:
            return self._failed("unreadable", {})
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - the owner waits at the page and must hear something
            log.warning("history_not_imported", run=self.run_id, error=type(error).__name__)
            return self._failed("failed", {})
        finally:
            publish(self.organization_id, "mailbox", mailbox=self.mailbox_id)

    def _load(self) -> tuple[Mailbox, Inbox] | None:
        with organization_scope(self.organization_id):
            run = MailboxRun.objects.filter(pk=self.run_id, kind="history", state="running").first()
            if run is None:
                return None
            self.data, self.mailbox_id = dict(run.data), run.mailbox_id
            mailbox = Mailbox.objects.select_related("inbox").get(pk=run.mailbox_id)
            return mailbox, mailbox.inbox

    def _pieces(self, mailbox: Mailbox, inbox: Inbox) -> float | None:
        began = monotonic()
        with reading(for_reading(mailbox), self.data["folder"]) as reader:
            for found in self._waiting(mailbox, reader):
                if monotonic() - began > MOST_SECONDS:
                    return 1.0
                if self._is_stopped():
                    return None
                self._take(inbox, reader, found)
            if self._goes_on_to_sent(reader):
                return 1.0
        self._keep(state="done")
        return None

    def _goes_on_to_sent(self, reader: Reader) -> bool:
        """After the folder that was asked for: the shop's own answers, once the questions are here."""
        if not self.data.get("with_sent") or self.data.get("in_sent"):
            return False
        folder = reader.sent_folder()
        if not folder or folder == self.data["folder"]:
            self.data["no_sent"] = not folder
            return False
        self.data |= {"in_sent": True, "folder": folder, "uid_validity": None, "last_uid": 0, "done": 0}
        self._keep()
        return True

    def _waiting(self, mailbox: Mailbox, reader: Reader) -> list[Found]:
        """What is still to import, oldest first. Counted anew where the server gave new numbers."""
        if self.data.get("uid_validity") != reader.uid_validity:
            self.data |= {
                "uid_validity": reader.uid_validity,
                "last_uid": 0,
                "most_uid": _most(mailbox, self.data["folder"], reader),
                "done": 0,
            }
        days = self.data["days"]
        since = (timezone.now() - timedelta(days=days)).date() if days else None
        uids = reader.up_to(self.data["most_uid"], since=since)
        waiting = [uid for uid in uids if uid > self.data["last_uid"]]
        self.data["total"] = self.data["done"] + len(waiting)
        self._keep()
        return reader.describe(waiting)

    def _take(self, inbox: Inbox, reader: Reader, found: Found) -> None:
        raw = self._source(reader, found)
        if raw is not None and not trial_marks.is_ours(self.organization_id, raw):
            is_sent = bool(self.data.get("in_sent"))
            outcome = receive(inbox=inbox, raw=raw, is_history=True, is_sent=is_sent).outcome
            name = {"created": "tickets", "appended": "answers" if is_sent else "kept"}.get(outcome, "kept")
            self.data[name] = self.data.get(name, 0) + 1
        self.data["last_uid"] = found.uid
        self.data["done"] += 1
        self.data["failures"] = 0
        self._keep()

    def _source(self, reader: Reader, found: Found) -> bytes | None:
        """A mail that the server itself refuses to give is counted, and the others are imported."""
        if found.size > MAX_MAIL_BYTES:
            self.data["large"] = self.data.get("large", 0) + 1
        try:
            return reader.fetch(found)
        except MailboxError as error:
            if error.key != "server_says":
                raise
            self.data["unread"] = self.data.get("unread", 0) + 1
            return None

    def _is_stopped(self) -> bool:
        with organization_scope(self.organization_id):
            return not MailboxRun.objects.filter(pk=self.run_id, state="running").exists()

    def _failed(self, key: str, data: dict[str, Any]) -> float | None:
        """Try again later; after some times, or where that cannot help, a person must look."""
        failures = self.data.get("failures", 0) + 1
        self.data["failures"] = failures
        over = failures >= GIVES_UP_AFTER or key in _FINAL
        try:
            self._keep(problem=key, problem_data=data, state="failed" if over else "running")
        except LostLeaseError:
            return None
        return None if over else 10.0 * 2**failures

    def _keep(self, **changes: Any) -> None:
        changes = {"problem": "", "problem_data": {}, **changes}
        running = changes.pop("state", None)
        if running is not None and running != "running":
            changes["state"] = running
        keep(
            MailboxRun,
            self.organization_id,
            self.run_id,
            self.lease,
            data=self.data,
            updated_at=timezone.now(),
            **changes,
        )


def _most(mailbox: Mailbox, folder: str, reader: Reader) -> int:
    """Where older mail ends: in the folder that is fetched anyway, where fetching began."""
    same = folder == mailbox.folder and mailbox.uid_validity == reader.uid_validity
    return mailbox.last_uid if same else max(reader.uid_next - 1, 0)
