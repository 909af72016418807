"""What the servers of an address are called, as far as its domain tells. Pure: asks nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tickets.mailboxes.providers import SERVICES, Service

_BY_DOMAIN: Final = {domain: service for service in SERVICES for domain in service.domains}


@dataclass(frozen=True)
class Server:
    """Where a server listens and how: `tls`, `starttls` or `none`."""

    host: str
    port: int
    security: str


@dataclass(frozen=True)
class Guess:
    """Settings for one address. `is_known`: from the table, not only by custom. Without servers: it cannot be used."""

    imap: Server | None
    smtp: Server | None
    user: str
    is_known: bool
    service: str = ""
    hint: str = ""
    help_url: str = ""


def guess(address: str, mx: Sequence[str] = ()) -> Guess:
    """Settings of the mailbox of `address`: by its domain, else by the names of its mail servers, else by custom.

    `address` has one @ and is not checked further; `mx` are host names, best first.
    """
    address = address.strip().lower()
    local, _, domain = address.rpartition("@")
    service = _BY_DOMAIN.get(domain) or _by_mx(mx)
    if service is None:
        return _by_custom(address, domain)
    user = local if service.user == "local" else address
    return Guess(
        imap=Server(*service.imap) if service.imap else None,
        smtp=Server(*service.smtp) if service.smtp else None,
        user=user,
        is_known=True,
        service=service.name,
        hint=service.hint,
        help_url=service.help_url,
    )


def hosts_by_custom(domain: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What hosts of IMAP and of SMTP are called by custom, most usual first."""
    return (
        (f"imap.{domain}", f"mail.{domain}", domain),
        (f"smtp.{domain}", f"mail.{domain}", domain),
    )


def _by_mx(mx: Sequence[str]) -> Service | None:
    hosts = [host.strip().lower().rstrip(".") for host in mx]
    for host in hosts:
        for service in SERVICES:
            if any(f".{host}".endswith(ending) for ending in service.mx):
                return service
    return None


def _by_custom(address: str, domain: str) -> Guess:
    imap, smtp = hosts_by_custom(domain)
    return Guess(
        imap=Server(imap[0], 993, "tls"), smtp=Server(smtp[0], 465, "tls"), user=address, is_known=False
    )
