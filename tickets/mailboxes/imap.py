"""Reading a mailbox by IMAP: sign in, how far it goes, single mails; what fails is a MailboxError."""

from __future__ import annotations

import contextlib
import imaplib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from tickets.mailboxes.network import ANSWER_SECONDS, Way, connect, encrypt
from tickets.mailboxes.problems import MailboxError, clean

#: A single mail bigger than this is read only at its beginning.
MAX_MAIL_BYTES: Final = 60 * 1024 * 1024
BEGINNING_BYTES: Final = 512 * 1024
#: What a server may answer in one piece: a mail, and the lists of large mailboxes.
_MAX_PIECE: Final = MAX_MAIL_BYTES + 4 * 1024 * 1024

_APP_PASSWORD = re.compile(
    r"app(?:lication)?[- ]?(?:specific)?[- ]?password|2[- ]?step|two[- ]?factor|web ?login|InvalidSecondFactor",
    re.IGNORECASE,
)
_NO_PASSWORDS = re.compile(
    r"basic ?auth|LOGIN (?:is )?disabled|modern auth|BasicAuthBlocked|oauth", re.IGNORECASE
)
_IMAP_OFF = re.compile(
    r"not enabled for imap|imap (?:access )?(?:is )?(?:disabled|not enabled|off)|enable imap|freischalt"
    r"|imap.{0,20}(?:deactivated|not activated)",
    re.IGNORECASE,
)
_TOO_MANY = re.compile(r"too many|maximum number of connections|simultaneous", re.IGNORECASE)
_BUSY = re.compile(
    r"unavailable|try again|temporar|rate.?limit|throttl|inuse|contactadmin|serverbug", re.IGNORECASE
)


@dataclass(frozen=True)
class Account:
    """Who signs in where."""

    way: Way
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Account({self.way!r})"


@dataclass(frozen=True)
class Found:
    """A mail in the folder: its number there, its size, and when the server took it."""

    uid: int
    size: int
    arrived: datetime | None


class _Client(imaplib.IMAP4):
    """imaplib's client on a connection that was checked."""

    def __init__(self, way: Way) -> None:
        self.way = way
        super().__init__(way.host, way.port, timeout=ANSWER_SECONDS)

    def _create_socket(self, timeout: float | None) -> Any:
        plain = connect(self.way)
        return encrypt(plain, self.way) if self.way.security == "tls" else plain

    def encrypt(self) -> None:
        """STARTTLS, with the same look at the certificate."""
        if "STARTTLS" not in self.capabilities or self._simple_command("STARTTLS")[0] != "OK":  # type: ignore[attr-defined]
            raise MailboxError("no_starttls", host=self.way.host, port=self.way.port)
        self.sock = encrypt(self.sock, self.way)
        self.file = self.sock.makefile("rb")
        self._tls_established = True
        self._get_capabilities()  # type: ignore[attr-defined]

    def read(self, size: int) -> bytes:
        """A piece of announced size; a server that announces more than any mail is not believed."""
        if size > _MAX_PIECE:
            raise self.abort("literal too big")
        return super().read(size)


class _Box(BaseMailBox):
    def __init__(self, way: Way) -> None:
        self._way = way
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = _Client(self._way)
        if self._way.security == "starttls":
            try:
                client.encrypt()
            except BaseException:
                with contextlib.suppress(Exception):
                    client.shutdown()
                raise
        return client


class Reader:
    """One signed-in connection with a folder open for reading only: nothing in the mailbox is changed."""

    def __init__(self, box: _Box, account: Account) -> None:
        self._box, self._account = box, account
        self.uid_validity = 0
        self.uid_next = 0

    def open(self, folder: str) -> None:
        """Open a folder; afterwards `uid_validity` and `uid_next` are known. Raises MailboxError."""
        host = self._account.way.host
        with _in_words(self._account):
            try:
                self._box.folder.set(folder, readonly=True)
            except MailboxFolderSelectError as error:
                if _BUSY.search(str(error)):
                    raise
                raise MailboxError("no_folder", host=host, folder=folder) from None
            self.uid_validity = self._number("UIDVALIDITY")
            self.uid_next = self._number("UIDNEXT") or self._status(folder, "UIDNEXT")

    def _status(self, folder: str, name: str) -> int:
        return int(self._box.folder.status(folder, [name])[name])

    def _number(self, name: str) -> int:
        _kind, values = self._box.client.response(name)
        values = values or []
        return int(values[-1]) if values and values[-1] else 0

    def since(self, uid: int) -> list[int]:
        """Numbers above `uid`, in order. The star makes servers name the last mail even if it is older."""
        with _in_words(self._account):
            found = self._box.uids(f"UID {uid + 1}:*", None)
        return sorted({int(one) for one in found if int(one) > uid})

    def up_to(self, uid: int, *, since: date | None = None) -> list[int]:
        """Numbers up to `uid`, in order; `since` by the day on which the server took them."""
        wanted = "ALL" if since is None else f"SINCE {since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}"
        with _in_words(self._account):
            found = self._box.uids(wanted, None)
        return sorted({int(one) for one in found if int(one) <= uid})

    def describe(self, uids: Iterable[int]) -> list[Found]:
        """Size and time of arrival of these mails; those that are gone are left out."""
        wanted = list(uids)
        found: list[Found] = []
        with _in_words(self._account):
            for start in range(0, len(wanted), 500):
                numbers = ",".join(str(one) for one in wanted[start : start + 500])
                _kind, rows = self._box.client.uid("FETCH", numbers, "(UID RFC822.SIZE INTERNALDATE)")
                found += [one for row in rows or [] if (one := _found(row)) is not None]
        return sorted(found, key=lambda one: one.uid)

    def fetch(self, found: Found) -> bytes | None:
        """The mail's source, not marked as read; None where it is gone. Of a giant only the beginning."""
        part = "BODY.PEEK[]" if found.size <= MAX_MAIL_BYTES else f"BODY.PEEK[]<0.{BEGINNING_BYTES}>"
        with _in_words(self._account):
            kind, rows = self._box.client.uid("FETCH", str(found.uid), f"({part})")
            if kind != "OK":
                raise MailboxError("server_says", host=self._account.way.host, said=clean(_text(rows)))
        return next((row[1] for row in rows or [] if isinstance(row, tuple) and len(row) > 1), None)

    def search_header(self, name: str, value: str, after: int) -> list[int]:
        """Numbers above `after` of mails whose header holds the value, as far as the server's index knows."""
        with _in_words(self._account):
            found = self._box.uids(f'UID {after + 1}:* HEADER {name} "{value}"', None)
        return sorted({int(one) for one in found if int(one) > after})

    def junk_folders(self) -> list[str]:
        """Folders that the server calls spam, or that are called so."""
        with _in_words(self._account):
            folders = list(self._box.folder.list())
        named = {"junk", "spam", "bulk mail", "spamverdacht", "unerwünscht"}
        return [
            one.name
            for one in folders
            if "\\Junk" in one.flags or one.name.rpartition(one.delim or "/")[2].lower() in named
        ]

    def sent_folder(self) -> str:
        """The folder that the server calls that of sent mail, or that is called so; "" for none."""
        with _in_words(self._account):
            folders = list(self._box.folder.list())
        named = {"sent", "sent items", "sent mail", "sent messages", "gesendet", "gesendete objekte"}
        named |= {"gesendete elemente", "envoyés", "éléments envoyés", "enviados", "elementos enviados"}
        marked = [one.name for one in folders if "\\Sent" in one.flags]
        called = [one.name for one in folders if one.name.rpartition(one.delim or "/")[2].lower() in named]
        return next(iter([*marked, *called]), "")

    def folders(self) -> list[str]:
        """Names of the folders that hold mail."""
        with _in_words(self._account):
            return [one.name for one in self._box.folder.list() if "\\Noselect" not in one.flags][:200]

    def refresh(self) -> None:
        """Ask for news: some servers show new mail only after that."""
        with _in_words(self._account):
            self._box.client.noop()


@contextlib.contextmanager
def reading(account: Account, folder: str | None = "INBOX") -> Iterator[Reader]:
    """Sign in and open the folder. Every failure, also in the block's calls of the reader, is a MailboxError."""
    box = _sign_in(account)
    try:
        reader = Reader(box, account)
        if folder:
            reader.open(folder)
        yield reader
    finally:
        with contextlib.suppress(Exception):
            box.client.logout()
        with contextlib.suppress(Exception):
            box.client.shutdown()


def _sign_in(account: Account) -> _Box:
    way = account.way
    with _in_words(account):
        box = _Box(way)
    try:
        with _in_words(account):
            _login(box, account)
    except BaseException:
        with contextlib.suppress(Exception):
            box.client.shutdown()
        raise
    return box


def _login(box: _Box, account: Account) -> None:
    if "LOGINDISABLED" in box.client.capabilities:
        raise MailboxError("no_sign_in", host=account.way.host, port=account.way.port)
    try:
        if account.user.isascii() and account.password.isascii():
            box.login(account.user, account.password, initial_folder=None)
        else:
            box.login_utf8(account.user, account.password, initial_folder=None)
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        if isinstance(error, imaplib.IMAP4.abort):
            raise
        raise refused(account.way.host, str(error)) from None


def refused(host: str, said: str) -> MailboxError:
    """Why a server did not let us in, as far as its words tell."""
    for pattern, key in (
        (_IMAP_OFF, "imap_off"),
        (_APP_PASSWORD, "app_password"),
        (_NO_PASSWORDS, "no_passwords"),
        (_TOO_MANY, "too_many"),
        (_BUSY, "busy"),
    ):
        if pattern.search(said):
            return MailboxError(key, host=host, said=clean(said))
    return MailboxError("wrong_password", host=host)


@contextlib.contextmanager
def _in_words(account: Account) -> Iterator[None]:
    host, port = account.way.host, account.way.port
    try:
        yield
    except MailboxError:
        raise
    except imaplib.IMAP4.abort as error:
        said = str(error)
        if "unexpected response" in said:
            raise MailboxError("not_mail", host=host, port=port) from None
        key = "too_many" if _TOO_MANY.search(said) else "busy" if _BUSY.search(said) else "dropped"
        raise MailboxError(key, host=host, said=clean(said)) from None
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        said = clean(str(error))
        if "not IMAP4 compliant" in said:
            raise MailboxError("not_mail", host=host, port=port) from None
        if _BUSY.search(said):
            raise MailboxError("busy", host=host, said=said) from None
        raise MailboxError("server_says", host=host, said=said) from None
    except OSError:  # time-outs too
        raise MailboxError("dropped", host=host) from None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise MailboxError("not_mail", host=host, port=port) from None


_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID: Final = re.compile(rb"\bUID (\d+)")
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d+)")
_WHEN: Final = re.compile(
    rb'\bINTERNALDATE "\s?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"'
)


def _found(row: Any) -> Found | None:
    line = row[0] if isinstance(row, tuple) else row
    uid = _UID.search(line) if isinstance(line, bytes) else None
    if uid is None:
        return None
    size = _SIZE.search(line)
    return Found(int(uid[1]), int(size[1]) if size else 0, _when(line))


def _when(line: bytes) -> datetime | None:
    match = _WHEN.search(line)
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = (one.decode() for one in match.groups())
    ahead = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        number = [one.lower() for one in _MONTHS].index(month.lower()) + 1
        there = datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None
    return there - ahead


def _text(rows: Any) -> str:
    return " ".join(one.decode("utf-8", "replace") for one in rows or [] if isinstance(one, bytes))


__all__ = ["Account", "Found", "Reader", "reading", "refused"]
