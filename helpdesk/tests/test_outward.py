"""An attacker who types a host does not make this program talk to its own network, however it is spelled."""

from __future__ import annotations

import _socket
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from helpdesk.outward import NoAnswer, PrivateAddress, UnknownHost, connect_public, is_public, resolve_public

INSIDE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "localhost",
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "172.16.0.9",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::",
]


@pytest.mark.parametrize("host", INSIDE)
def test_an_address_inside_is_refused_in_every_spelling(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The system's own reading of numbers: the guard of our tests would not know them.
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda name, port, **how: _socket.getaddrinfo(name, port, 0, how["type"])
    )
    with pytest.raises(PrivateAddress) as refused:
        resolve_public(host, 80)
    assert refused.value.next_step


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:220:1::1", "::ffff:93.184.215.14"])
def test_a_public_address_passes(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("nonsense", ["", "shop", "1.2.3", "999.1.1.1", "[::1]"])
def test_what_is_no_address_is_not_public(nonsense: str) -> None:
    assert not is_public(nonsense)


def _names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Name servers that say something else each time they are asked."""
    left = list(answers)

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_of_many_addresses_only_the_public_ones_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    _names(monkeypatch, ["10.0.0.1", "93.184.215.14", "93.184.215.14", "127.0.0.1"])
    assert resolve_public("shop.example", 443) == ("93.184.215.14",)


def test_a_name_that_changes_its_mind_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the address that was checked is the one connected to; the name is not asked again."""
    _names(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    tried: list[Any] = []

    def connect(address: Any, timeout: float) -> None:
        tried.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NoAnswer):
        connect_public("shop.example", 443, seconds=1)
    assert tried == [("93.184.215.14", 443)]


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 300, "a..b", "héllo wörld", ""])
def test_a_host_that_does_not_exist_is_named(host: str) -> None:
    with pytest.raises((UnknownHost, PrivateAddress)):
        resolve_public(host, 80, seconds=5)


def test_a_name_server_that_is_silent_does_not_hold_us(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(5) and [])
    with pytest.raises(UnknownHost):
        resolve_public("slow.example", 80, seconds=0.05)
    over.set()


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_the_installation_may_open_a_network(listening: int) -> None:
    with override_settings(OUTWARD_OPEN_NETWORKS=["127.0.0.0/8"]):
        connect_public("127.0.0.1", listening, seconds=5).close()
        with pytest.raises(PrivateAddress):
            resolve_public("10.0.0.1", 80)
    with pytest.raises(PrivateAddress):
        connect_public("127.0.0.1", listening, seconds=5)
