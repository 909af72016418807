"""Writes of the portal's shell: one-time sign-in links."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk.people.models import Customer, CustomerAddress, CustomerLink
from helpdesk.people.tokens import new_token, token_hash
from helpdesk.portal.language import supported
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id

MINUTES = 30


def make_link(customer: Customer) -> str:
    """A new sign-in link for the customer: works once, for half an hour."""
    token, digest = new_token()
    CustomerLink.objects.create(
        customer=customer, token_hash=digest, expires_at=timezone.now() + timedelta(minutes=MINUTES)
    )
    organization = Organization.objects.get(pk=current_organization_id())
    return base_url(organization) + reverse("portal-enter", args=[token], urlconf="helpdesk.urls")


def sign_in_mail(address: str, language: str) -> EmailMessage | None:
    """The mail with a new link to a known address; None for an unknown one."""
    found = CustomerAddress.objects.select_related("customer").filter(address=address).first()
    if found is None or found.customer.is_erased:
        return None
    organization = Organization.objects.get(pk=current_organization_id())
    spoken = supported(found.customer.language) or supported(language) or organization.language
    with translation.override(spoken):
        context = {"organization": organization, "link": make_link(found.customer), "minutes": MINUTES}
        subject = _("Your sign-in link for %(organization)s") % {"organization": organization}
        body = render_to_string("portal/email/sign_in.txt", context)
    return EmailMessage(
        subject=subject, body=body, to=[address], headers={"Auto-Submitted": "auto-generated"}
    )


def is_open(token: str) -> bool:
    """Whether the link can still be used."""
    return CustomerLink.objects.filter(
        token_hash=token_hash(token), used_at=None, expires_at__gt=timezone.now()
    ).exists()


def use_link(token: str) -> CustomerLink | None:
    """Use a link up. Of two who try at once, one gets it; None for a used, expired or invented one."""
    digest, now = token_hash(token), timezone.now()
    with transaction.atomic():
        used = CustomerLink.objects.filter(token_hash=digest, used_at=None, expires_at__gt=now).update(
            used_at=now
        )
        if not used:
            return None
        return CustomerLink.objects.select_related("customer").get(token_hash=digest)
