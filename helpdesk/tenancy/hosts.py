"""Hosts and links: which organization a host names, and what an organization's links start with."""

from __future__ import annotations

from django.conf import settings

from helpdesk.tenancy.models import Domain, Organization


def organization_for_host(host: str) -> Organization | None:
    """The organization of `<slug>.<base domain>` or of a verified Domain; None for the bare host and strangers.

    One query.
    """
    name = host.rsplit(":", 1)[0].lower().rstrip(".")
    suffix = "." + settings.BASE_DOMAIN
    if name.endswith(suffix):
        return Organization.objects.filter(slug=name.removesuffix(suffix)).first()
    if name in settings.BARE_HOSTS:
        return None
    verified = Domain.objects.filter(host=name, verified_at__isnull=False)
    domain = verified.select_related("organization").first()
    return domain.organization if domain else None


def base_url(organization: Organization) -> str:
    """What the organization's absolute links start with, without a slash at the end."""
    host = own_host(organization)
    verified = organization.domains.filter(verified_at__isnull=False).order_by("pk")
    own = verified.values_list("host", flat=True).first()
    port = f":{settings.PORT}" if settings.SHOW_PORT and not own else ""
    return f"{settings.SCHEME}://{own or host}{port}"


def own_host(organization: Organization) -> str:
    """The host that this installation gives the organization."""
    return f"{organization.slug}.{settings.BASE_DOMAIN}"


def bare_url() -> str:
    """What links to the installation itself start with, without a slash at the end."""
    port = f":{settings.PORT}" if settings.SHOW_PORT else ""
    return f"{settings.SCHEME}://{settings.BASE_DOMAIN}{port}"
