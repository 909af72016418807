"""A customer's sign-in: a signed cookie of its own, apart from staff sessions, behind it a row that ends it at once."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from helpdesk.people.models import Customer, CustomerLink
from helpdesk.tenancy.middleware import organization_id_of

COOKIE = "portal"
PATH = "/portal/"
SALT = "portal.session"
MAX_AGE = 60 * 60 * 24 * 7


def begin(request: HttpRequest, response: HttpResponse, link: CustomerLink) -> None:
    """Sign the customer in: the cookie names organization, customer and the link that was used."""
    value = signing.dumps([str(organization_id_of(request)), link.customer_id, link.pk], salt=SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=MAX_AGE,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def link_of(request: HttpRequest) -> CustomerLink | None:
    """The used link behind the cookie, with its customer. One query; None for a cookie of another organization,
    an expired or altered one, a link that was removed, or a customer whose data was deleted."""
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE)
        organization_id, customer_id, link_id = value
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if organization_id != str(organization_id_of(request)):
        return None
    links = CustomerLink.objects.select_related("customer").exclude(used_at=None)
    return links.filter(pk=link_id, customer_id=customer_id, customer__erased_at=None).first()


def customer_of(request: HttpRequest) -> Customer | None:
    """The customer who is signed in to the portal of this host."""
    link = link_of(request)
    return link.customer if link else None


def end(request: HttpRequest, response: HttpResponse) -> None:
    """Sign out: the row goes, so a copied cookie is worth nothing."""
    link = link_of(request)
    if link is not None:
        link.delete()
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
