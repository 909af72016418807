"""What can be wrong with a mailbox: each problem has a key that is stored, and two sentences that are shown.

Pure: the sentences are made in the reader's language when a page is drawn, from the key and the stored values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

MAX_SAID: Final = 200


class MailboxError(Exception):
    """Something about a mailbox did not work. `key` is one of `WORDS`, `data` fills its places."""

    def __init__(self, key: str, **data: Any) -> None:
        super().__init__(key)
        self.key = key
        self.data: dict[str, Any] = data


@dataclass(frozen=True)
class Said:
    """A problem in words: what is wrong, and what to do."""

    text: str
    next_step: str
    key: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


#: key -> (what is wrong, what to do)
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "host_unknown": (
        _("There is no mail server called %(host)s."),
        _("Check how it is written. Your mail service's help pages name it under “IMAP and SMTP settings”."),
    ),
    "private_address": (
        _("%(host)s is inside a private network, which this installation may not reach."),
        _("Write the name that people outside use, or ask whoever runs this installation to open that network."),
    ),
    "port_not_allowed": (
        _("Port %(port)s is not one that mail servers use."),
        _("Usual are 993 and 143 for reading, 465 and 587 for sending."),
    ),
    "no_answer": (
        _("%(host)s does not answer at port %(port)s."),
        _("Check server and port. If they are right, the server may be down: try again in a few minutes."),
    ),
    "no_tls": (
        _("%(host)s does not speak encrypted from the start at port %(port)s."),
        _("Choose “Encrypted after the greeting (STARTTLS)”, or the other port: 993 for reading, 465 for sending."),
    ),
    "no_starttls": (
        _("%(host)s offers no encryption at port %(port)s."),
        _("Choose “Encrypted from the start (TLS)” with port 993 for reading and 465 for sending."),
    ),
    "unencrypted": (
        _("Without encryption the password would travel in clear."),
        _("Choose one of the two encrypted ways."),
    ),
    "certificate_self_signed": (
        _("%(host)s shows a certificate that nobody vouches for."),
        _("If this server is your own, compare the fingerprint with its administrator's and accept it. If not, stop."),
    ),
    "certificate_expired": (
        _("The certificate of %(host)s ran out on %(until)s."),
        _("Tell whoever runs the server. You can accept it if you trust this server all the same."),
    ),
    "certificate_other_name": (
        _("The certificate of %(host)s is made out to another name: %(names)s."),
        _("Often that name is the right server name: try it. Accept the certificate only if this server is your own."),
    ),
    "certificate_changed": (
        _("%(host)s shows another certificate than the one you accepted."),
        _("Nothing was sent to it. Ask whoever runs the server whether it was renewed, then accept the new one."),
    ),
    "wrong_password": (
        _("%(host)s does not accept the user name or the password."),
        _("Type the password again. Many services want the whole address as user name."),
    ),
    "app_password": (
        _("%(host)s does not accept your usual password for programs, because the account has a second step."),
        _("Make an app password in the account's security settings and write that here instead."),
    ),
    "no_passwords": (
        _("%(host)s no longer lets programs sign in with a password."),
        _("Let that mailbox forward to another one that you connect here."),
    ),
    "imap_off": (
        _("Reading by other programs (IMAP) is switched off for this mailbox."),
        _("Switch IMAP on in the settings of your mail service, wait a minute, and try again."),
    ),
    "no_sign_in": (
        _("%(host)s offers no sign-in at port %(port)s."),
        _("Choose the encrypted port: 993 for reading, 465 or 587 for sending."),
    ),
    "too_many": (
        _("%(host)s says that too many programs read this mailbox at once."),
        _("Nothing to do: we try again by ourselves in a few minutes."),
    ),
    "busy": (
        _("%(host)s asks us to come back later: %(said)s"),
        _("Nothing to do: we try again by ourselves."),
    ),
    "no_folder": (
        _("The mailbox has no folder called %(folder)s."),
        _("Write the name as your mail program shows it. The usual one is INBOX."),
    ),
    "dropped": (
        _("%(host)s cut the connection in the middle."),
        _("Nothing is lost: we go on where it stopped."),
    ),
    "mailbox_full": (
        _("The mailbox is full: it takes no new mail."),
        _("Delete old mail or ask for more space, then try again. Until then your customers' mail comes back to them."),
    ),
    "sender_refused": (
        _("%(host)s does not let this mailbox send as %(address)s: %(said)s"),
        _("The inbox's address must be one that this mailbox may send from: add it there, or correct it here."),
    ),
    "recipient_refused": (
        _("%(host)s does not take mail for %(address)s: %(said)s"),
        _("Check how the address is written."),
    ),
    "too_big": (
        _("The mail is bigger than %(host)s takes."),
        _("Send it with smaller files, or put them where the customer can fetch them."),
    ),
    "taken_for_spam": (
        _("%(host)s took the test mail for spam: %(said)s"),
        _("Ask your mail service to let mail from this address through."),
    ),
    "not_arrived": (
        _("The test mail was handed over, but it has not come back after %(minutes)s minutes."),
        _("Check that the address leads to this mailbox and that no rule moves or forwards its mail, then try again."),
    ),
    "in_folder": (
        _("The test mail arrived, but in the folder %(folder)s."),
        _("Tell your mail service that mail from this address is no spam. Only mail in %(wanted)s becomes tickets."),
    ),
    "came_back": (
        _("The test mail came back: %(said)s"),
        _("Check that the address of the inbox exists and belongs to this mailbox."),
    ),
    "server_says": (
        _("%(host)s answered: %(said)s"),
        _("If that does not help you, send this sentence to your mail service."),
    ),
    "unreadable": (
        _("The stored password cannot be read any more."),
        _("Type it again and save."),
    ),
    "not_mail": (
        _("What answers at %(host)s, port %(port)s, is no mail server."),
        _("Check server and port."),
    ),
    "gone": (
        _("This took too long and was stopped."),
        _("Try again. If it happens twice, the server is too slow: ask your mail service."),
    ),
    "failed": (
        _("Something went wrong on our side."),
        _("Try again. If it stays, tell whoever runs this installation."),
    ),
}  # fmt: skip

#: What customers of some services must do before another program may read their mail.
HINTS: Final[Mapping[str, str]] = {
    "app_password": _(
        "%(service)s wants an app password here, not your usual one: make one in the account's security settings."
    ),
    "switch_on": _(
        "%(service)s lets other programs in only after you switch IMAP on in its settings, under “POP3 and IMAP”."
    ),
    "mail_password": _(
        "%(service)s wants the password for mail programs here; you set it in its customer centre."
    ),
    "no_passwords": _(
        "%(service)s no longer takes passwords from programs. Let that mailbox forward to another one and connect that."
    ),
    "no_programs": _(
        "%(service)s lets no other program read its mailboxes. Let it forward to another mailbox and connect that."
    ),
}


def say(key: str, data: Mapping[str, Any]) -> Said | None:
    """The problem in the reader's language; None where there is none."""
    if not key:
        return None
    text, next_step = WORDS.get(key, WORDS["failed"])
    values = _Values(data)
    return Said(gettext(text) % values, gettext(next_step) % values, key, dict(data))


def hint(key: str, service: str) -> str:
    """What to do at the mail service first, in the reader's language; empty where nothing is known."""
    return gettext(HINTS[key]) % {"service": service} if key in HINTS else ""


def clean(said: str | bytes) -> str:
    """A server's words as they may be shown and stored: one line, short, printable."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line if len(line) <= MAX_SAID else line[: MAX_SAID - 1] + "…"


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
