"""Which short names an organization may have as its address, and what is said about those it may not."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from helpdesk.tenancy.models import Organization

SHORTEST, LONGEST = 3, 40
_SHAPE = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
_WORDS = """
    abuse account accounts admin administrator api app apps assets auth autoconfig autodiscover billing blog cdn
    dashboard demo dev dns docs email events files ftp git health help helpdesk home host hostmaster imap info
    internal invoice legal localhost login mail mailer media metrics monitor mx news noreply ns ns1 ns2 office
    outbox owner payments policy pop pop3 portal postmaster privacy proxy public root security server settings
    setup sign-in sign-up signin signup smtp ssl staging static stats status support sysadmin system team test
    trust tunnel unsubscribe vpn web webhook webhooks webmail webmaster welcome wpad www www1 www2
"""
#: Hosts that mean something else on most domains, or that a customer would take for the installation itself.
RESERVED = frozenset(_WORDS.split())


def normalised(slug: str) -> str:
    """As it is stored and compared."""
    return slug.strip().lower()


def shape_problem(slug: str) -> str:
    """What is wrong with the short name itself, in one sentence; empty where nothing is. No query."""
    if len(slug) < SHORTEST:
        return _("At least %(n)s characters.") % {"n": SHORTEST}
    if len(slug) > LONGEST:
        return _("At most %(n)s characters.") % {"n": LONGEST}
    if not _SHAPE.match(slug):
        return _("Only small letters a to z, digits and hyphens, with a letter or digit at both ends.")
    if slug[2:4] == "--" or slug in RESERVED:
        return _("This one is kept for other uses. Choose another.")
    return ""


def problem(slug: str) -> str:
    """Why the short name cannot be had, in one sentence; empty where it is free. One query at most."""
    if said := shape_problem(slug):
        return said
    return taken_words() if Organization.objects.filter(slug=slug).exists() else ""


def taken_words() -> str:
    """Somebody was first."""
    return _("This address is taken. Choose another.")
