"""One page of the owner's own site, and nothing else: not our network, not another site, not without end."""

from __future__ import annotations

import _socket
import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import transaction

from helpdesk import fetching
from helpdesk.fetching import FetchError, fetch, tidy_address


class _Site(BaseHTTPRequestHandler):
    """A shop's website, with a few that are not what they seem."""

    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.asked.append((self.headers["Host"], self.path))
        name = self.path.split("?")[0].strip("/").replace("-", "_")
        getattr(self, f"page_{name}", self.page_missing)()

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for key, value in {"Content_Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def to(self, place: str, status: int = 302) -> None:
        self.answer(status, Location=place)

    def page_faq(self) -> None:
        self.answer(body="<h2>Où ?</h2>".encode())

    def page_packed(self) -> None:
        self.answer(body=gzip.compress(b"<p>small</p>"), Content_Encoding="gzip")

    def page_bomb(self) -> None:
        self.answer(body=gzip.compress(b" " * (20 * 1024 * 1024)), Content_Encoding="gzip")

    def page_endless(self) -> None:
        self.answer()
        try:
            while True:
                self.wfile.write(b"x" * 65_536)
        except OSError:
            return

    def page_dripping(self) -> None:
        self.answer()
        try:
            while True:
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            return

    def page_picture(self) -> None:
        self.answer(body=b"...", Content_Type="image/png")

    def page_members(self) -> None:
        self.answer(401, b"no")

    def page_account(self) -> None:
        self.to("/login?next=/account")

    def page_broken(self) -> None:
        self.answer(503, b"later")

    def page_moved(self) -> None:
        self.to("/faq", 301)

    def page_round(self) -> None:
        self.to("/round")

    def page_away(self) -> None:
        self.to("https://elsewhere.example/faq")

    def page_inside(self) -> None:
        self.to(f"http://127.0.0.1:{self.server.server_address[1]}/secret")  # type: ignore[str-bytes-safe]

    def page_cloud(self) -> None:
        self.to("http://169.254.169.254/latest/meta-data/")

    def page_file(self) -> None:
        self.to("file:///etc/passwd")

    def page_missing(self) -> None:
        self.answer(404, b"")

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A running site at shop.test, on this machine; its network is opened as a closed network would open its own."""
    settings.OUTWARD_OPEN_NETWORKS = ["127.0.0.0/8"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    real = socket.getaddrinfo

    def look_up(host: str, *rest: Any, **more: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith("shop.test") else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    _Site.asked.clear()
    yield f"http://shop.test:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def code(url: str) -> str:
    with pytest.raises(FetchError) as refused:
        fetch(url)
    return refused.value.code


def test_a_page_comes_with_its_type_and_charset(site: str) -> None:
    page = fetch(f"{site}/faq?a=ü b".replace(" ", "+"))
    assert (page.body.decode(), page.content_type, page.charset) == ("<h2>Où ?</h2>", "text/html", "utf-8")
    assert fetch(f"{site}/packed").body == b"<p>small</p>"


def test_a_page_that_moved_within_the_site_is_followed(site: str) -> None:
    assert fetch(f"{site}/moved").url == f"{site}/faq"
    assert fetch(site.replace("shop", "www.shop") + "/faq").body


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("bomb", "too_large"),
        ("endless", "too_large"),
        ("picture", "wrong_type"),
        ("members", "login"),
        ("account", "login"),
        ("broken", "no_page"),
        ("round", "too_many_redirects"),
        ("away", "other_site"),
        ("cloud", "other_site"),
        ("inside", "other_site"),
        ("file", "bad_address"),
        ("nothing-here", "not_found"),
    ],
)
def test_what_is_no_page_of_the_shop_says_why(site: str, path: str, reason: str) -> None:
    assert code(f"{site}/{path}") == reason
    assert ("127.0.0.1", "/secret") not in _Site.asked


def test_a_page_that_drips_for_ever_is_left(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.5)
    started = time.monotonic()
    assert code(f"{site}/dripping") == "too_slow"
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "10.0.0.5",
    ],
)
def test_without_leave_nothing_inside_is_reached(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda name, port, **how: _socket.getaddrinfo(name, port, 0, how["type"])
    )
    assert code(f"http://{host}/") == "private_address"


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    site: str, settings: Any, monkeypatch: Any
) -> None:
    """DNS rebinding: a name that says a public address first, and ours at the second question."""
    settings.OUTWARD_OPEN_NETWORKS = []
    answers = ["93.184.215.14", "127.0.0.1"]
    tried: list[str] = []

    def look_up(_host: str, port: int, **_: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]

    def connect(address: tuple[str, int], **_: Any) -> Any:
        tried.append(address[0])
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert code("http://shop.test/faq") == "no_answer"
    assert tried == ["93.184.215.14"]


@pytest.mark.parametrize(
    "typed",
    ["file:///etc/passwd", "ftp://shop.example/", "gopher://x", "javascript:alert(1)", "http://", "http://user:pw@shop.example/",
     "http://shop.example:22/", "http://shop.example:99999/", "http://shop.example/a b", "http://[bad/", "", "http://x/" + "y" * 2000],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused_before_anything_is_asked(typed: str) -> None:
    with pytest.raises(FetchError) as refused:
        tidy_address(typed)
    assert refused.value.code == "bad_address"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" www.shop.example/faq#top ", "https://www.shop.example/faq"),
        ("shop.example", "https://shop.example/"),
        ("http://shop.example:80/x?y=1", "http://shop.example:80/x?y=1"),
    ],
)
def test_what_people_leave_out_is_put_in_front(typed: str, meant: str) -> None:
    assert tidy_address(typed) == meant


@pytest.mark.django_db(transaction=True)
def test_nothing_is_fetched_inside_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        fetch("https://shop.example/")
