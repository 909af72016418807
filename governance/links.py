"""Signed links for mails to customers that work without sign-in: answer me without AI, yes AI may help."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from helpdesk.people.models import Customer
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id

WITHOUT_AI = "portal-say-no"
AGREE = "portal-say-yes"


def _token(customer: Customer, use: str) -> str:
    return signing.dumps([str(current_organization_id()), str(customer.reference)], salt=use)


def _url(customer: Customer, use: str, name: str) -> str:
    organization = Organization.objects.get(pk=current_organization_id())
    return base_url(organization) + reverse(name, args=[_token(customer, use)], urlconf="helpdesk.urls")


def without_ai_url(customer: Customer, *, absolute: bool = True) -> str:
    """ "Answer me without AI": a page with one button. Relative for our own pages, absolute for mails."""
    if not absolute:
        return reverse("portal-no-ai", args=[_token(customer, WITHOUT_AI)])
    return _url(customer, WITHOUT_AI, "portal-no-ai")


def agree_url(customer: Customer) -> str:
    """ "Yes, AI may help", where the rules ask first."""
    return _url(customer, AGREE, "portal-yes-ai")


def privacy_url() -> str:
    """The privacy notice."""
    organization = Organization.objects.get(pk=current_organization_id())
    return base_url(organization) + reverse("privacy", urlconf="helpdesk.urls")


def customer_of(token: str, use: str) -> Customer | None:
    """The customer whose link this is; None for links of other organizations, uses, or hands."""
    try:
        organization_id, reference = signing.loads(token, salt=use)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if organization_id != str(current_organization_id()):
        return None
    return Customer.objects.filter(reference=reference, erased_at=None).first()
