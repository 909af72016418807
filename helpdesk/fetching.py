"""Fetch one page that a person named: public addresses, same site, bounded in time and size, nothing but text."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import certifi
from django.conf import settings
from django.db import connection

from helpdesk.outward import NoAnswer, OutwardError, PrivateAddress, UnknownHost, connect_public

MOST_BYTES = 10 * 1024 * 1024
MOST_SECONDS = 30.0
_STEP_SECONDS = 10.0
MOST_REDIRECTS = 5
#: What a text may come as; whether it is one is told by its bytes later.
TYPES = frozenset({
    "text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf", "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
})  # fmt: skip
_REDIRECTS = {301, 302, 303, 307, 308}
_LOGIN = re.compile(
    r"/(?:log-?in|sign-?in|anmelden|connexion|account/login|wp-login|sso|oauth|auth)(?:[/.?]|$)",
    re.IGNORECASE,
)
_CODES: dict[type[OutwardError], str] = {
    UnknownHost: "unknown_host",
    PrivateAddress: "private_address",
    NoAnswer: "no_answer",
}


class FetchError(Exception):
    """The page was not fetched. `code` says why, `detail` where: a host or a number, never what a page said."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail[:200]


@dataclass(frozen=True)
class Fetched:
    """A page as it came. `url` is where it stood in the end."""

    url: str
    content_type: str
    charset: str | None
    body: bytes


def tidy_address(typed: str) -> str:
    """The address as it will be fetched: what people leave out is put in front. Raises FetchError: bad_address."""
    text = typed.strip()
    if not re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE) or re.match(r"[\w.-]+:\d", text):
        text = f"https://{text}"
    parts = _checked(text)
    return parts._replace(path=parts.path or "/", fragment="").geturl()


def fetch(url: str) -> Fetched:
    """The page at `url`, or what it leads to on the same site.

    Takes `MOST_SECONDS` at most and `MOST_BYTES` at most, and connects to exactly the address that was checked.
    Never inside a transaction (RuntimeError). Raises FetchError.
    """
    if connection.in_atomic_block and not getattr(connection, "is_test_transaction", False):
        raise RuntimeError("Nothing is fetched inside a transaction.")
    until = monotonic() + MOST_SECONDS
    first = parts = _checked(url)
    for _ in range(MOST_REDIRECTS + 1):
        with _asked(parts, until) as response:
            if response.status not in _REDIRECTS:
                return _read(response, parts, until)
            parts = _next(first, parts, response.headers.get("Location", ""))
    raise FetchError("too_many_redirects", first.hostname or "")


def _checked(url: str) -> SplitResult:
    """The parts of an address that may be asked at all."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise FetchError("bad_address") from None
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
        raise FetchError("bad_address")
    if re.search(r"[\x00-\x20\x7f]", url) or len(url) > 1500:
        raise FetchError("bad_address")
    # Other ports are other programs; a closed network may have its pages there.
    if port not in {None, 80, 443} and not settings.OUTWARD_OPEN_NETWORKS:
        raise FetchError("bad_address")
    return parts


def _next(first: SplitResult, here: SplitResult, location: str) -> SplitResult:
    """Where a redirect leads, if it stays on the site that the owner named."""
    parts = _checked(urljoin(here.geturl(), location))
    if _LOGIN.search(parts.path) and not _LOGIN.search(first.path):
        raise FetchError("login", parts.hostname or "")
    site, host = _site(first), _site(parts)
    if host != site and not host.endswith(f".{site}"):
        raise FetchError("other_site", parts.hostname or "")
    if here.scheme == "https" and parts.scheme == "http":
        raise FetchError("other_site", parts.hostname or "")
    return parts


def _site(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().rstrip(".").removeprefix("www.")


@contextmanager
def _asked(parts: SplitResult, until: float) -> Iterator[http.client.HTTPResponse]:
    """One request on a connection of its own, which a timer ends when the time is over, however slowly it drips."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    sock = _connected(host, port, secure=parts.scheme == "https", until=until)
    timer = Timer(max(until - monotonic(), 0.1), _shut, [sock])
    timer.daemon = True
    timer.start()
    talk = http.client.HTTPConnection(host, port)
    talk.sock = sock
    try:
        talk.putrequest("GET", _path(parts), skip_host=True, skip_accept_encoding=True)
        talk.putheader(
            "Host", parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
        )
        talk.putheader("User-Agent", "helpdesk-import/1")
        talk.putheader("Accept", "text/html, application/pdf, text/plain, */*;q=0.1")
        talk.putheader("Accept-Encoding", "gzip, identity")
        talk.endheaders()
        with talk.getresponse() as response:
            yield response
    except (OSError, http.client.HTTPException, UnicodeError):
        raise FetchError("too_slow" if monotonic() >= until else "no_answer", host) from None
    finally:
        timer.cancel()
        talk.close()
        sock.close()


def _connected(host: str, port: int, *, secure: bool, until: float) -> socket.socket:
    try:
        sock = connect_public(host, port, seconds=min(_STEP_SECONDS, max(until - monotonic(), 0.1)))
    except OutwardError as error:
        raise FetchError(_CODES.get(type(error), "no_answer"), host) from None
    if not secure:
        return sock
    try:
        return _tls().wrap_socket(sock, server_hostname=host)
    except ssl.SSLCertVerificationError:
        sock.close()
        raise FetchError("bad_certificate", host) from None
    except (OSError, ValueError, UnicodeError):
        sock.close()
        raise FetchError("no_answer", host) from None


def _tls() -> ssl.SSLContext:
    """The system's authorities, and those of the package where a slim system has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='=&%/?:@!$()*+,;~-._')}" if parts.query else path


def _read(response: http.client.HTTPResponse, parts: SplitResult, until: float) -> Fetched:
    host = parts.hostname or ""
    if response.status in {401, 403, 407}:
        raise FetchError("login", host)
    if response.status in {404, 410}:
        raise FetchError("not_found", host)
    if response.status != 200:
        raise FetchError("no_page", str(response.status))
    content_type = response.headers.get_content_type()
    if response.headers.get("Content-Type") and content_type not in TYPES:
        raise FetchError("wrong_type", content_type)
    body = _body(response, until)
    return Fetched(parts.geturl(), content_type, response.headers.get_content_charset(), body)


def _body(response: http.client.HTTPResponse, until: float) -> bytes:
    """At most `MOST_BYTES`, unpacked too: a small answer may unfold to gigabytes."""
    coding = response.headers.get("Content-Encoding", "identity").lower().strip()
    if coding not in {"identity", "gzip", "x-gzip", ""}:
        raise FetchError("no_page", coding)
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in coding else None
    found = bytearray()
    while True:
        try:
            piece = response.read1(65_536)
            if not piece:
                break
            found += unpack.decompress(piece, MOST_BYTES + 1 - len(found)) if unpack else piece
        except zlib.error:
            raise FetchError("no_page", "gzip") from None
        if len(found) > MOST_BYTES or (unpack and unpack.unconsumed_tail):
            raise FetchError("too_large")
    if monotonic() >= until:
        raise FetchError("too_slow")
    return bytes(found)
