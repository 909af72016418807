"""A connection to a mail server: to a checked address, with time-outs, and to the very server that was meant."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass
from socket import socket
from typing import Any, Final

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.conf import settings

from helpdesk.outward import NoAnswer, PrivateAddress, UnknownHost, connect_public
from tickets.mailboxes.problems import MailboxError, clean

CONNECT_SECONDS: Final = 10.0
#: How long one answer of a server may take.
ANSWER_SECONDS: Final = 25.0
#: Ports of mail servers; where the installation opens its own networks, any.
PORTS: Final = {"imap": frozenset({143, 993}), "smtp": frozenset({25, 465, 587, 2525})}


@dataclass(frozen=True)
class Way:
    """Where a server is and how to talk to it. `pinned` is the fingerprint of the one certificate accepted."""

    protocol: str  # imap or smtp
    host: str
    port: int
    security: str
    pinned: str = ""


def is_closed_network() -> bool:
    """Whether this installation may reach private networks, where other ports and plain text are a person's choice."""
    return bool(settings.OUTWARD_OPEN_NETWORKS)


def connect(way: Way) -> socket:
    """A plain connection to the way's server. Raises MailboxError; blocks at most for a look-up and the tries."""
    if way.security == "none" and not is_closed_network():
        raise MailboxError("unencrypted")
    if way.port not in PORTS[way.protocol] and not is_closed_network():
        raise MailboxError("port_not_allowed", port=way.port)
    try:
        connected = connect_public(way.host, way.port, seconds=CONNECT_SECONDS)
    except UnknownHost:
        raise MailboxError("host_unknown", host=way.host) from None
    except PrivateAddress:
        raise MailboxError("private_address", host=way.host) from None
    except NoAnswer:
        raise MailboxError("no_answer", host=way.host, port=way.port) from None
    connected.settimeout(ANSWER_SECONDS)
    return connected


def encrypt(plain: socket, way: Way) -> ssl.SSLSocket:
    """Encrypt a connection and make sure who answers: by a known authority, or by the one accepted certificate.

    Closes `plain` where that fails and raises MailboxError; a key `certificate_...` carries what the server showed,
    and nothing was said to it.
    """
    if not way.pinned:
        return _checked(plain, way)
    encrypted = _shake_hands(_unchecked(), plain, way)
    if fingerprint(encrypted) == way.pinned:
        return encrypted
    encrypted.close()
    try:  # one that an authority vouches for may stand in the accepted one's place
        return _checked(_ready(way), way)
    except MailboxError as error:
        if error.key.startswith("certificate_"):
            raise MailboxError("certificate_changed", **error.data) from None
        raise


def _checked(plain: socket, way: Way) -> ssl.SSLSocket:
    try:
        return _shake_hands(ssl.create_default_context(), plain, way)
    except ssl.SSLCertVerificationError as error:
        raise _refused(way, error) from None


def _shake_hands(context: ssl.SSLContext, plain: socket, way: Way) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(plain, server_hostname=way.host)
    except ssl.SSLCertVerificationError:
        plain.close()
        raise
    except (ssl.SSLError, TimeoutError):
        plain.close()
        raise MailboxError("no_tls", host=way.host, port=way.port) from None
    except OSError:
        plain.close()
        raise MailboxError("dropped", host=way.host) from None


def fingerprint(encrypted: ssl.SSLSocket) -> str:
    """SHA-256 of the certificate that the other side showed."""
    return hashlib.sha256(encrypted.getpeercert(binary_form=True) or b"").hexdigest()


def in_pairs(digest: str) -> str:
    """A fingerprint as people compare it: AB:CD:..."""
    return ":".join(digest[place : place + 2] for place in range(0, len(digest), 2)).upper()


def _unchecked() -> ssl.SSLContext:
    """For servers whose certificate is compared by us, right after the handshake and before a word is said."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _ready(way: Way) -> socket:
    """A new connection, at the point where encryption begins."""
    plain = connect(way)
    if way.security == "starttls":
        try:
            _ask_for_encryption(plain, way)
        except (OSError, ValueError):
            plain.close()
            raise MailboxError("dropped", host=way.host) from None
    return plain


def _ask_for_encryption(plain: socket, way: Way) -> None:
    with plain.makefile("rwb") as talk:
        if way.protocol == "imap":
            talk.readline(2000)
            _said(talk, b"a STARTTLS\r\n", last=b"a ")
        else:
            _said(talk, b"", last=b"220 ")
            _said(talk, b"EHLO localhost\r\n", last=b"250 ")
            _said(talk, b"STARTTLS\r\n", last=b"220 ")


def _said(talk: Any, words: bytes, *, last: bytes) -> None:
    talk.write(words)
    talk.flush()
    for _number in range(100):
        line = talk.readline(2000)
        if line.startswith(last):
            return
        if not line or line[:1] in b"45":
            break
    raise ValueError("the server does not begin to encrypt")


def _look(way: Way) -> x509.Certificate | None:
    """Connect once more, without trust, only to see the certificate."""
    try:
        with _shake_hands(_unchecked(), _ready(way), way) as encrypted:
            return x509.load_der_x509_certificate(encrypted.getpeercert(binary_form=True) or b"")
    except (MailboxError, OSError, ValueError):
        return None


def _refused(way: Way, error: ssl.SSLCertVerificationError) -> MailboxError:
    shown = _described(_look(way))
    if error.verify_code == 10:  # X509_V_ERR_CERT_HAS_EXPIRED
        return MailboxError("certificate_expired", host=way.host, **shown)
    if error.verify_code in (62, 64):  # the name, or the address
        return MailboxError("certificate_other_name", host=way.host, **shown)
    return MailboxError("certificate_self_signed", host=way.host, **shown)


def _described(certificate: x509.Certificate | None) -> dict[str, Any]:
    if certificate is None:
        return {}
    from cryptography.hazmat.primitives.hashes import SHA256

    return {
        "fingerprint": certificate.fingerprint(SHA256()).hex(),
        "issued_to": _name(certificate.subject),
        "issued_by": _name(certificate.issuer),
        "until": certificate.not_valid_after_utc.date().isoformat(),
        "names": clean(", ".join(_alternatives(certificate)) or _name(certificate.subject)),
    }


def _name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME) or name.get_attributes_for_oid(
        NameOID.ORGANIZATION_NAME
    )
    return clean(str(found[0].value)) if found else "?"


def _alternatives(certificate: x509.Certificate) -> list[str]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return []
    return extension.value.get_values_for_type(x509.DNSName)
