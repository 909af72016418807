"""Where this program may connect to when a person typed the host: public addresses only, and exactly those checked."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Thread

from django.conf import settings
from django.utils.translation import gettext as _

from helpdesk.errors import HelpdeskError

Address = IPv4Address | IPv6Address

#: Seconds that a name server may take.
RESOLVE_SECONDS = 10.0
#: IPv6 addresses that carry an IPv4 one in their last 32 bits (NAT64).
_TRANSLATED = ip_network("64:ff9b::/96")


class OutwardError(HelpdeskError):
    """A connection that was not made, in the reader's words. Nothing was sent."""


class UnknownHost(OutwardError):
    """There is no such host, or no name server said so in time."""


class PrivateAddress(OutwardError):
    """The host stands inside a network that outsiders do not reach; naming it is not allowed."""


class NoAnswer(OutwardError):
    """The host exists, but nothing took the connection in time."""


def resolve_public(host: str, port: int, *, seconds: float = RESOLVE_SECONDS) -> tuple[str, ...]:
    """The public addresses of `host`, in the system's order; connect to one of these, never to the name again.

    Any spelling of an address is judged as what it means (decimal, `::ffff:127.0.0.1`). Addresses in
    `settings.OUTWARD_OPEN_NETWORKS` pass too. Blocks for `seconds` at most, so not inside a transaction.
    Raises UnknownHost, or PrivateAddress where none of its addresses is public.
    """
    found = _look_up(host, port, seconds)
    public = tuple(dict.fromkeys(one for one in found if is_public(one)))
    if not public:
        raise PrivateAddress(
            _("%(host)s is an address inside a private network.") % {"host": host},
            next_step=_("Write the address that people outside use."),
        )
    return public


def connect_public(host: str, port: int, *, seconds: float) -> socket.socket:
    """A TCP connection to a public address of `host`, checked and used in one go; each try has `seconds`.

    Raises what `resolve_public` raises, and NoAnswer.
    """
    for address in resolve_public(host, port):
        try:
            return socket.create_connection((address, port), timeout=seconds)
        except OSError:
            continue
    raise NoAnswer(
        _("%(host)s does not answer.") % {"host": host},
        next_step=_("Check the address, or try again in a few minutes."),
    )


def is_public(address: str) -> bool:
    """Whether anybody on the internet could reach this address, or the installation opened its network."""
    try:
        meant = _meant(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if any(meant in network for network in _opened(settings.OUTWARD_OPEN_NETWORKS)):
        return True
    return meant.is_global and not (meant.is_multicast or meant.is_reserved or _site_local(meant))


def _meant(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one, for that is where the packets go."""
    if isinstance(address, IPv4Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour
    if inside is None and address in _TRANSLATED:
        inside = IPv4Address(int(address) & 0xFFFFFFFF)
    return inside or address


def _site_local(address: Address) -> bool:
    return isinstance(address, IPv6Address) and address.is_site_local


def _opened(networks: Sequence[str]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(network, strict=False) for network in networks]


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """`getaddrinfo` knows no time-out, so it is asked in a thread that may be left behind."""
    with suppress(ValueError):
        return [str(ip_address(host.strip("[]")))]  # a machine without IPv6 would not know it
    answer: Future[list[str]] = Future()
    Thread(target=_ask, args=(answer, host, port), name="look-up", daemon=True).start()
    try:
        return answer.result(timeout=seconds)
    except (OSError, UnicodeError, Late):
        raise UnknownHost(
            _("There is no address for %(host)s.") % {"host": host},
            next_step=_("Check how it is written."),
        ) from None


def _ask(answer: Future[list[str]], host: str, port: int) -> None:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        answer.set_exception(error)
    else:
        answer.set_result([str(row[4][0]) for row in rows])
