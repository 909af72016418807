"""Real mail servers for tests: Dovecot for reading, aiosmtpd for sending and delivering, a proxy that cuts.

They run as ordinary processes and threads on high ports of this machine, with a folder of their own. `start()` gives
two accounts, the shop's and a customer's; mail handed to the SMTP server lands in the Maildirs that Dovecot serves.
"""

from __future__ import annotations

import contextlib
import datetime
import getpass
import grp
import itertools
import mailbox
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
#: The name that the servers' certificate is made out to; it resolves on every machine.
NAME = "localhost"
SHOP, CUSTOMER = "hello@shop.example", "marta@customer.example"
PASSWORDS = {SHOP: "shop secret 1", CUSTOMER: "customer secret 1"}
#: The size that the SMTP server takes, and the space of the account `full@shop.example`.
MOST_BYTES = 3_000_000
_serial = itertools.count(1)

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login_user}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail/%u
mail_plugins = quota
mail_max_userip_connections = 40
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Spam {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service indexer-worker {{
  chroot =
}}
"""


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def dovecot_path() -> str | None:
    """Where Dovecot is, if this machine has it."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def write_certificate(folder: Path, *, name: str = NAME, days: int = 30) -> str:
    """A new self-signed certificate as cert.pem and key.pem; its SHA-256 fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return made.fingerprint(hashes.SHA256()).hex()


@dataclass
class Post:
    """What the SMTP server does with a mail; tests change it."""

    maildirs: Path
    owner: tuple[int, int] | None
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    refuse_senders: set[str] = field(default_factory=set)
    refuse_recipients: set[str] = field(default_factory=set)
    full: set[str] = field(default_factory=set)
    bounce_later: set[str] = field(default_factory=set)
    to_spam: bool = False
    lose: bool = False
    plus: bool = True

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.lower() in self.refuse_senders:
            return "553 5.7.1 Sender address rejected: not owned by user"
        envelope.mail_from, envelope.mail_options = address, [*options]
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.lower() in self.refuse_recipients:
            return "550 5.1.1 No such user here"
        if address.lower() in self.full:
            return "552 5.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        raw = bytes(envelope.content)
        self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), raw))
        for address in envelope.rcpt_tos:
            self._deliver(envelope.mail_from, address.lower(), raw)
        return "250 OK: queued"

    def _deliver(self, sender: str, address: str, raw: bytes) -> None:
        local, _, domain = address.partition("@")
        plain = f"{local.split('+')[0]}@{domain}" if self.plus else address
        if address in self.bounce_later or not (self.maildirs / plain).exists():
            self.put(sender.lower(), bounce_of(raw, sender, address))
        elif not self.lose:
            self.put(
                plain, b"Received: from test by test; now\r\n" + raw, folder="Spam" if self.to_spam else ""
            )

    def put(self, account: str, raw: bytes, *, folder: str = "", at: float | None = None) -> None:
        """Lay a mail into an account's folder, as a mail server does; `at` is when it took it."""
        place = self.maildirs / account / (f".{folder}" if folder else "")
        if not (self.maildirs / account).exists():
            return
        for name in ("", "tmp", "new", "cur"):
            (place / name).mkdir(parents=True, exist_ok=True)
            self._give(place / name)
        name = f"{time.time():.6f}.M{next(_serial)}.test"
        path = place / "tmp" / name
        path.write_bytes(raw.replace(b"\r\n", b"\n"))
        self._give(path)
        if at is not None:
            os.utime(path, (at, at))
        path.rename(place / "new" / name)

    def _give(self, path: Path) -> None:
        if self.owner:
            os.chown(path, *self.owner)


def bounce_of(raw: bytes, sender: str, address: str, said: str = "550 5.1.1 User unknown") -> bytes:
    """The report that a mail server sends back for a mail that it took and cannot deliver."""
    head = raw.split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
    n = next(_serial)
    return (
        (
            f"From: MAILER-DAEMON@mx.test\r\nTo: {sender}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            f"Message-ID: <bounce{n}@mx.test>\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
            f'Content-Type: multipart/report; report-type=delivery-status; boundary="b{n}"\r\n\r\n'
            f"--b{n}\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n\r\n"
            f"--b{n}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
            f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            f"Diagnostic-Code: smtp; {said}\r\n\r\n--b{n}\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        ).encode()
        + head
        + f"\r\n\r\n--b{n}--\r\n".encode()
    )


class _Sender(Controller):
    """aiosmtpd on its port, encrypted from the start where a context is given."""

    def __init__(
        self, post: Post, passwords: dict[str, str], port: int, context: ssl.SSLContext, *, tls: bool
    ) -> None:
        def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
            known = (
                isinstance(data, LoginPassword)
                and passwords.get(data.login.decode()) == data.password.decode()
            )
            return AuthResult(success=known, handled=False) if not known else AuthResult(success=True)

        self._sessions: list[Any] = []
        super().__init__(
            post,
            hostname=HOST,
            port=port,
            server_hostname="mx.test",
            authenticator=check,
            auth_required=True,
            auth_require_tls=True,
            data_size_limit=MOST_BYTES,
            ssl_context=context if tls else None,
            tls_context=None if tls else context,
        )

    def factory(self) -> Any:
        """aiosmtpd forgets its open connections when it stops: remember them."""
        made = super().factory()
        made._auth_require_tls = False  # it does not know that the whole port is encrypted
        self._sessions.append(made)
        return made

    def stop(self, no_assert: bool = False) -> None:
        """Cut what is still open, so that nothing is left behind, then stop."""

        def cut() -> None:
            for one in self._sessions:
                if one.transport is not None:
                    one.transport.abort()

        self.loop.call_soon_threadsafe(cut)
        time.sleep(0.1)
        super().stop(no_assert)


class MailServers:
    """Dovecot and two SMTP ports (TLS from the start, and STARTTLS) over the same mailboxes."""

    def __init__(self, accounts: dict[str, str] | None = None, *, encrypted: bool = True) -> None:
        self.passwords = dict(accounts or PASSWORDS)
        self.encrypted = encrypted
        # Not the run's folder: Dovecot's mail processes run as nobody where we are root.
        self.folder = Path(tempfile.mkdtemp(prefix="hd-mail-"))
        self.folder.chmod(0o755)
        self.imap_port, self.imaps_port = free_port(), free_port()
        self.smtps_port, self.submission_port = free_port(), free_port()
        self.uid, self.gid = self._ids()
        owner = (self.uid, self.gid) if os.geteuid() == 0 else None
        self.post = Post(self.folder / "mail", owner)
        self.fingerprint = ""
        self._dovecot: subprocess.Popen[bytes] | None = None
        self._senders: list[_Sender] = []

    def _ids(self) -> tuple[int, int]:
        if os.geteuid() != 0:
            return os.geteuid(), os.getegid()
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    def start(self) -> MailServers:
        """Start everything; returns when the servers answer."""
        self.fingerprint = write_certificate(self.folder)
        (self.folder / "users").write_text(
            "".join(f"{name}:{word}\n" for name, word in self.passwords.items())
        )
        for account in self.passwords:
            self.add_maildir(account)
        self._write_config()
        self.start_reading()
        self.start_sending()
        return self

    def add_maildir(self, account: str) -> None:
        """An empty mailbox."""
        for path in (self.folder / "mail", self.folder / "mail" / account):
            path.mkdir(exist_ok=True)
            if os.geteuid() == 0:
                os.chown(path, self.uid, self.gid)
        for name in ("tmp", "new", "cur"):
            (self.folder / "mail" / account / name).mkdir(exist_ok=True)
            if os.geteuid() == 0:
                os.chown(self.folder / "mail" / account / name, self.uid, self.gid)

    def _write_config(self) -> None:
        root = os.geteuid() == 0
        me, group = getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
        (self.folder / "dovecot.conf").write_text(
            _CONFIG.format(
                folder=self.folder,
                ssl="yes" if self.encrypted else "no",
                user=me,
                group=group,
                login_user="nobody" if root else me,
                uid=self.uid,
                gid=self.gid,
                imap_port=self.imap_port,
                imaps_port=self.imaps_port,
            )
        )

    def start_reading(self) -> None:
        """Start Dovecot (again)."""
        path = dovecot_path()
        assert path is not None, "Dovecot is not installed"
        self._dovecot = subprocess.Popen(
            [path, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        _wait_for(self.imap_port, self._why)

    def stop_reading(self) -> None:
        """Stop Dovecot: the mailbox cannot be read until it is started again."""
        if self._dovecot is not None:
            self._dovecot.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._dovecot.wait(timeout=10)
            if self._dovecot.poll() is None:
                self._dovecot.kill()
                self._dovecot.wait()
            if self._dovecot.stderr:
                self._dovecot.stderr.close()
            self._dovecot = None

    def start_sending(self) -> None:
        """Start the SMTP ports (again, with the certificate as it is now)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        for port, tls in ((self.smtps_port, True), (self.submission_port, False)):
            sender = _Sender(self.post, self.passwords, port, context, tls=tls)
            sender.start()
            self._senders.append(sender)

    def stop_sending(self) -> None:
        """Stop the SMTP ports."""
        for sender in self._senders:
            sender.stop()
        self._senders = []

    def renew_certificate(self) -> str:
        """Another certificate, as an attacker in between would show; returns its fingerprint."""
        self.stop_reading()
        self.stop_sending()
        self.fingerprint = write_certificate(self.folder)
        self.start_reading()
        self.start_sending()
        return self.fingerprint

    def rebuild(self, account: str) -> None:
        """The server lost its index and gives new numbers (another UIDVALIDITY)."""
        for path in (self.folder / "mail" / account).glob("dovecot*"):
            path.unlink()

    def stop(self) -> None:
        """Stop everything; nothing stays."""
        self.stop_sending()
        self.stop_reading()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _why(self) -> str:
        log = self.folder / "dovecot.log"
        said = log.read_text()[-2000:] if log.exists() else ""
        if self._dovecot is not None and self._dovecot.poll() is not None and self._dovecot.stderr:
            said += self._dovecot.stderr.read().decode(errors="replace")
        return said

    # What tests read and write

    def put(
        self, account: str, raw: bytes | EmailMessage, *, folder: str = "", at: float | None = None
    ) -> None:
        """A mail arrives in the account."""
        self.post.put(account, raw if isinstance(raw, bytes) else raw.as_bytes(), folder=folder, at=at)

    def mails(self, account: str, folder: str = "") -> list[mailbox.MaildirMessage]:
        """What lies in the account's folder, oldest first."""
        place = self.folder / "mail" / account / (f".{folder}" if folder else "")
        box = mailbox.Maildir(place, create=False)
        return [box[key] for key in sorted(box.keys(), key=lambda key: float(".".join(key.split(".")[:2])))]

    def settings(self, account: str = SHOP, **changes: Any) -> dict[str, Any]:
        """The fields of a Mailbox at these servers (certificates not accepted yet)."""
        values = {
            "imap_host": NAME,
            "imap_port": self.imaps_port,
            "imap_security": "tls",
            "imap_user": account,
            "imap_password": self.passwords.get(account, "wrong"),
            "smtp_host": NAME,
            "smtp_port": self.smtps_port,
            "smtp_security": "tls",
            "smtp_user": account,
            "smtp_password": self.passwords.get(account, "wrong"),
        }
        return {**values, **changes}

    def trusted(self, account: str = SHOP, **changes: Any) -> dict[str, Any]:
        """The same with the servers' certificate accepted."""
        pins = {"imap_certificate": self.fingerprint, "smtp_certificate": self.fingerprint}
        return self.settings(account, **{**pins, **changes})


class CuttingProxy:
    """Passes bytes to a port and cuts the connection after so many from the server; `limit` None: never."""

    def __init__(self, port: int, limit: int | None) -> None:
        self.limit, self._target = limit, port
        self._server = socket.create_server((HOST, 0))
        self.port = int(self._server.getsockname()[1])
        self.cuts = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        with client, socket.create_connection((HOST, self._target)) as server:
            threading.Thread(target=self._up, args=(client, server), daemon=True).start()
            left = self.limit
            with contextlib.suppress(OSError):
                while data := server.recv(4096 if left is None else min(4096, max(left, 1))):
                    client.sendall(data)
                    if left is not None:
                        left -= len(data)
                        if left <= 0:
                            self.cuts += 1
                            break
            for one in (client, server):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(4096):
                server.sendall(data)

    def close(self) -> None:
        """Take no more connections."""
        self._server.close()


def _wait_for(port: int, why: Any) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1) as probe:
            probe.settimeout(5)
            if probe.recv(10):
                return
        time.sleep(0.05)
    raise RuntimeError(f"Dovecot did not start. {why()}")


def need_dovecot() -> None:
    """Skip where it cannot be installed; the server that runs the checks must have it."""
    if dovecot_path() is None:
        reason = "There is no Dovecot on this machine: install it (Debian: apt-get install dovecot-imapd)."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="module")
def running_servers() -> Iterator[MailServers]:
    """One pair of servers for a module; use `mailservers`, which empties them for each test."""
    need_dovecot()
    servers = MailServers()
    try:
        yield servers.start()
    finally:
        servers.stop()


@pytest.fixture
def mailservers(running_servers: MailServers) -> MailServers:
    """Real mail servers with empty mailboxes and default manners."""
    post = running_servers.post
    running_servers.post.__init__(post.maildirs, post.owner)  # type: ignore[misc]
    for account in running_servers.passwords:
        for path in (running_servers.folder / "mail" / account).rglob("*"):
            if path.is_file() and path.parent.name in ("new", "cur"):
                path.unlink()
    return running_servers
