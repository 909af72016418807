"""What whoever runs the installation sets for an organization: second factor, own hosts, keys for programs."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.models import ApiToken, Membership
from helpdesk.people.tokens import new_token
from helpdesk.tenancy.models import Domain, Organization
from helpdesk.tenancy.scope import organization_scope

_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\Z")


def require_second_factor(*, organization: Organization, required: bool) -> None:
    """Whether members must set up a second factor before they reach the desk; in force at their next request."""
    Organization.objects.filter(pk=organization.pk).update(requires_second_factor=required)


def add_domain(*, organization: Organization, host: str, verified: bool = False) -> Domain:
    """Serve the organization at a host of its own, once the name server says that it leads here.

    `verified`: whoever runs the installation says so. A claim that was never verified gives way to the next.
    Raises InvalidState, Conflict where another organization has it.
    """
    name = host.strip().lower().rstrip(".")
    if not _HOST.match(name):
        raise InvalidState(_("“%(host)s” is not a host name.") % {"host": host})
    if name == settings.BASE_DOMAIN or name.endswith(f".{settings.BASE_DOMAIN}"):
        raise InvalidState(_("“%(host)s” belongs to this installation.") % {"host": name})
    Domain.objects.filter(host=name, verified_at=None).exclude(organization=organization).delete()
    domain, _made = Domain.objects.get_or_create(host=name, defaults={"organization": organization})
    if domain.organization_id != organization.pk:
        raise Conflict(_("“%(host)s” belongs to another organization.") % {"host": name})
    if verified:
        verify_domain(organization=organization, host=name)
    return domain


def verify_domain(*, organization: Organization, host: str) -> None:
    """The host leads here: it answers, and new links use it. Twice is no error."""
    claims = Domain.objects.filter(organization=organization, host=host, verified_at=None)
    claims.update(verified_at=timezone.now())


def remove_domain(*, organization: Organization, domain: Domain) -> None:
    """Answer at this host no longer. Raises NotAllowed for another organization's."""
    if domain.organization_id != organization.pk:
        raise NotAllowed(_("This address is not yours."))
    domain.delete()


def revoke_token(*, token: ApiToken) -> None:
    """The program's key works no longer, from its next request on. Twice is no error."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def make_token(*, organization: Organization, email: str, name: str) -> str:
    """A key with which a program acts for a member, never approving. Shown once. Raises InvalidState."""
    with organization_scope(organization.id), transaction.atomic():
        member = Membership.objects.filter(user__email=email.strip().lower(), is_active=True).first()
        if member is None:
            raise InvalidState(_("%(email)s does not work here.") % {"email": email})
        token, digest = new_token()
        ApiToken.objects.create(membership=member, name=name.strip()[:80] or "API", token_hash=digest)
    return token
