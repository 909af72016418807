"""A new organization, its first owner, and the one-time way from the bare host to its desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.errors import Conflict
from helpdesk.people.models import FirstDay, HandOver, Membership, Role, User
from helpdesk.people.tokens import new_token, token_hash
from helpdesk.tenancy import addresses
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

HAND_OVER_SECONDS = 120


@dataclass(frozen=True)
class Shop:
    """What is asked before an organization exists."""

    slug: str
    name: str
    language: str = "en"
    timezone: str = "UTC"
    kind: str = ""


def found(shop: Shop) -> Organization:
    """A new organization whose owner still has the agreement and the first day's list before them.

    Of two that want the same short name at once, one gets it. Raises Conflict where it is taken or kept for other
    uses, ValidationError where a value is wrong. Call it inside a transaction.
    """
    organization = Organization(
        slug=addresses.normalised(shop.slug),
        name=shop.name.strip(),
        language=shop.language,
        timezone=shop.timezone,
        kind=shop.kind,
        agreement_due=True,
        checklist_shown=True,
    )
    organization.clean_fields()
    _require_zone(shop.timezone)
    if said := addresses.problem(organization.slug):
        raise Conflict(said)
    try:
        with transaction.atomic():
            organization.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(addresses.taken_words()) from error
    with organization_scope(organization.id):
        FirstDay.objects.create()
    return organization


def _require_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        said = _("“%(name)s” is no time zone. Use a name like Europe/Berlin.") % {"name": name}
        raise ValidationError({"timezone": said}) from error


def open_shop(*, shop: Shop, user: User) -> Membership:
    """Found the organization with this person as its owner. An unsaved `user` is stored, its address as theirs.

    Raises Conflict where the short name or the address is taken, ValidationError.
    """
    with transaction.atomic():
        organization = found(shop)
        if not user.pk:
            _store(user)
        with organization_scope(organization.id):
            member = Membership.objects.create(user=user, role=Role.OWNER)
    member.organization = organization
    return member


def _store(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError as error:
        raise Conflict(_("This did not work with this address."), next_step=_("Try once more.")) from error


def hand_over(member: Membership) -> str:
    """A link that signs this member in on the organization's host: once, within two minutes."""
    organization = member.organization
    token, digest = new_token()
    expires = timezone.now() + timedelta(seconds=HAND_OVER_SECONDS)
    with organization_scope(organization.id):
        HandOver.objects.create(membership=member, token_hash=digest, expires_at=expires)
    return base_url(organization) + reverse("welcome", args=[token], urlconf="helpdesk.urls")


def take_over(token: str) -> Membership | None:
    """The member whom the link signs in; None for a used, old or foreign one. Of two who come at once, one gets in."""
    now = timezone.now()
    open_ones = HandOver.objects.filter(token_hash=token_hash(token), used_at=None, expires_at__gt=now)
    if not open_ones.update(used_at=now):
        return None
    taken = HandOver.objects.select_related("membership__user").get(token_hash=token_hash(token))
    return taken.membership if taken.membership.is_active else None
