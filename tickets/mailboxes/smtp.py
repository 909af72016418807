"""Sending through a mailbox's own server: Django's SMTP backend on a connection that was checked."""

from __future__ import annotations

import contextlib
import re
import smtplib
from collections.abc import Iterator
from typing import Any, Final

from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import EmailMessage
from django.core.mail.utils import DNS_NAME

from tickets.mailboxes.imap import Account, refused
from tickets.mailboxes.network import ANSWER_SECONDS, Way, connect, encrypt
from tickets.mailboxes.problems import MailboxError, clean

_FULL = re.compile(
    r"5\.2\.2|4\.2\.2|quota|mailbox (?:is )?full|over.?quota|insufficient storage", re.IGNORECASE
)
_TOO_BIG = re.compile(
    r"5\.3\.4|5\.2\.3|too (?:big|large)|size (?:limit|exceeds)|exceeds.{0,30}size", re.IGNORECASE
)
_SPAM = re.compile(r"spam|5\.7\.1 .*(?:content|policy|blocked)|blacklist|blocklist", re.IGNORECASE)


class _Server(smtplib.SMTP):
    """smtplib's client on a connection that was checked."""

    def __init__(self, way: Way, **options: Any) -> None:
        self.way = way
        super().__init__(way.host, way.port, timeout=ANSWER_SECONDS, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        plain = connect(self.way)
        return encrypt(plain, self.way) if self.way.security == "tls" else plain

    def encrypt(self) -> None:
        """STARTTLS, with the same look at the certificate."""
        self.ehlo_or_helo_if_needed()
        if not self.has_extn("starttls") or self.docmd("STARTTLS")[0] != 220:
            raise MailboxError("no_starttls", host=self.way.host, port=self.way.port)
        assert self.sock is not None  # noqa: S101 - narrows the type
        self.sock = encrypt(self.sock, self.way)
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features, self.does_esmtp = {}, False


class MailboxBackend(EmailBackend):
    """Opens the connection of one account; `open` raises MailboxError, sending raises as smtplib does."""

    def __init__(self, account: Account) -> None:
        way = account.way
        super().__init__(
            host=way.host,
            port=way.port,
            username=account.user,
            password=account.password,
            use_tls=False,
            use_ssl=False,
            timeout=int(ANSWER_SECONDS),
        )
        self.account = account

    def open(self) -> bool:
        """Connect, encrypt, sign in. False where that was done before."""
        if self.connection:
            return False
        with in_words(self.account):
            self.connection = _signed_in(self.account)
        return True


def _signed_in(account: Account) -> _Server:
    server = _Server(account.way, local_hostname=DNS_NAME.get_fqdn())
    try:
        if account.way.security == "starttls":
            server.encrypt()
        if account.user:
            _login(server, account)
    except BaseException:
        with contextlib.suppress(Exception):
            server.close()
        raise
    return server


def _login(server: _Server, account: Account) -> None:
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("auth"):
        raise MailboxError("no_sign_in", host=account.way.host, port=account.way.port)
    server.login(account.user, account.password)


def hand_over(account: Account, mail: EmailMessage) -> None:
    """Sign in and send one mail. Every failure is a MailboxError."""
    backend = MailboxBackend(account)
    backend.open()
    try:
        with in_words(account, address=mail.from_email):
            backend.send_messages([mail])
    finally:
        with contextlib.suppress(Exception):
            backend.close()


@contextlib.contextmanager
def in_words(account: Account, *, address: str = "") -> Iterator[None]:
    """What a mail server or the way to it says, as a MailboxError."""
    try:
        yield
    except MailboxError:
        raise
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _worded(account.way, error, address) from None


def _worded(way: Way, error: Exception, address: str) -> MailboxError:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return refused(way.host, _said(error))
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        first, (code, said) = next(iter(error.recipients.items()))
        return answered(way.host, code, clean(said), else_key="recipient_refused", address=first)
    if isinstance(error, smtplib.SMTPResponseException):
        keys = {smtplib.SMTPSenderRefused: "sender_refused", smtplib.SMTPConnectError: "busy"}
        key = keys.get(type(error), "server_says")
        return answered(way.host, error.smtp_code, _said(error), else_key=key, address=address)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return MailboxError("no_sign_in", host=way.host, port=way.port)
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        return MailboxError("server_says", host=way.host, said=clean(str(error)))
    return MailboxError("dropped" if isinstance(error, OSError) else "not_mail", host=way.host, port=way.port)


def refusal_key(error: Exception) -> str:
    """What a server's refusal of one mail means, as a key of `problems`."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return answered("", code, clean(said), else_key="recipient_refused").key
    if isinstance(error, smtplib.SMTPResponseException):
        key = "sender_refused" if isinstance(error, smtplib.SMTPSenderRefused) else "server_says"
        return answered("", error.smtp_code, clean(error.smtp_error), else_key=key).key
    return "server_says"


def answered(host: str, code: int, said: str, *, else_key: str, **data: Any) -> MailboxError:
    """What an answer of a server means, by its code and words."""
    key = else_key
    if _FULL.search(said):
        key = "mailbox_full"
    elif _TOO_BIG.search(said) or code == _TOO_MUCH:
        key = "too_big"
    elif _SPAM.search(said):
        key = "taken_for_spam"
    elif 400 <= code < 500:
        key = "busy"
    return MailboxError(key, host=host, said=clean(said), **data)


_TOO_MUCH: Final = 552


def _said(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    return clean(f"{error.smtp_code} {clean(said)}")
