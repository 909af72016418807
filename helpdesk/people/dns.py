"""What name servers say, asked by tasks: whether a host leads here, and which hosts take a domain's mail."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import dns.exception
import dns.resolver
from django.core.cache import cache

from helpdesk.tenancy.hosts import own_host
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.tasks import enqueue_on_commit

REMEMBERED_SECONDS = 60
_WAITING_SECONDS = 15
_MOST_ALIASES = 4
_ALIAS_SECONDS = 2.0
#: For hosts of mail: how long an answer is remembered, and how long a name server may take.
_MAIL_REMEMBERED_SECONDS = 3600
_MAIL_SECONDS = 2.0


def _key(host: str, ours: str) -> str:
    return f"leads-here:{host}:{ours}"


def state_of(organization: Organization, host: str) -> str:
    """`waiting` (asked just now), `here`, `nameless`, `elsewhere`, `unknown` (no such name) or `failed`."""
    from helpdesk.people.tasks import ask_name_server

    ours = own_host(organization)
    known = cache.get(_key(host, ours))
    if known is None:
        cache.set(_key(host, ours), "waiting", _WAITING_SECONDS)
        enqueue_on_commit(ask_name_server, organization_id=organization.id, host=host, ours=ours)
    return str(known or "waiting")


def ask(host: str, ours: str) -> str:
    """Whether the host is another name for ours; remembers the answer. Never inside a transaction.

    `nameless`: it has our address, as every organization here has, so it does not say whose desk is meant.
    """
    state = "here" if _is_alias(host, ours) else _by_address(host, ours)
    cache.set(_key(host, ours), state, REMEMBERED_SECONDS)
    return state


def _is_alias(host: str, ours: str) -> bool:
    """Whether entries of the kind CNAME lead from the host to ours: only who owns its domain can make them."""
    for _step in range(_MOST_ALIASES):
        try:
            answer = dns.resolver.resolve(host, "CNAME", lifetime=_ALIAS_SECONDS)
        except (dns.exception.DNSException, UnicodeError, OSError):
            return False
        host = str(answer[0].target).rstrip(".").lower()
        if host == ours:
            return True
    return False


def _by_address(host: str, ours: str) -> str:
    theirs = _resolved(host)
    if theirs is None:
        return "failed"
    if not theirs:
        return "unknown"
    return "nameless" if theirs & (_resolved(ours) or set()) else "elsewhere"


def _resolved(host: str) -> set[str] | None:
    """The addresses of the name; empty where there is no such name, None where nobody answers."""
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except socket.gaierror as error:
        return None if error.errno == socket.EAI_AGAIN else set()


def mail_hosts(domain: str) -> Sequence[str] | None:
    """The hosts that take the domain's mail, best first, as remembered; None where nobody asked of late."""
    found: list[str] | None = cache.get(f"mail-hosts:{domain}")
    return found


def ask_mail_hosts(domain: str) -> Sequence[str]:
    """Ask for the domain's MX records, two seconds at most; remembers the answer, which is empty where there is none.

    Never inside a transaction. Only the installation's own name servers are asked, and nothing is connected to.
    """
    try:
        answer = dns.resolver.resolve(domain, "MX", lifetime=_MAIL_SECONDS)
        ranked = sorted((one.preference, str(one.exchange).rstrip(".").lower()) for one in answer)
    except (dns.exception.DNSException, UnicodeError, OSError):
        ranked = []
    found = [host for _rank, host in ranked if host][:10]
    cache.set(f"mail-hosts:{domain}", found, _MAIL_REMEMBERED_SECONDS)
    return found
