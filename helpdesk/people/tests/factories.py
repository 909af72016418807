"""Rows of the people room for tests."""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from helpdesk.people.models import (
    AgreementAcceptance,
    ApiToken,
    Customer,
    CustomerAddress,
    CustomerLink,
    FirstDay,
    HandOver,
    Invitation,
    Membership,
    Role,
    User,
    WeeklyMail,
)
from helpdesk.tenancy.models import Organization

_serial = itertools.count(1)
PASSWORD = "correct horse battery staple"


def make_organization(**fields: Any) -> Organization:
    """A business with a host of its own."""
    n = next(_serial)
    return Organization.objects.create(**{"slug": f"shop-{n}", "name": f"Shop {n}", **fields})


def make_member(role: str = Role.OWNER, **fields: Any) -> Membership:
    """A member with a user who can sign in with PASSWORD."""
    n = next(_serial)
    email = fields.pop("email", f"member{n}@shop.example")
    user = fields.pop("user", None) or User.objects.create_user(
        email, PASSWORD, name=fields.pop("name", f"Member {n}")
    )
    return Membership.objects.create(user=user, role=role, **fields)


def make_customer(address: str = "", **fields: Any) -> Customer:
    """A customer with one address."""
    n = next(_serial)
    customer = Customer.objects.create(**{"name": f"Customer {n}", "language": "en", **fields})
    CustomerAddress.objects.create(customer=customer, address=address or f"customer{n}@example.com")
    return customer


def _digest() -> str:
    return hashlib.sha256(str(next(_serial)).encode()).hexdigest()


def make_address() -> CustomerAddress:
    """An address of a customer."""
    return make_customer().addresses.get()


def make_link() -> CustomerLink:
    """A portal sign-in link."""
    expires = timezone.now() + timedelta(hours=1)
    return CustomerLink.objects.create(customer=make_customer(), token_hash=_digest(), expires_at=expires)


def make_invitation() -> Invitation:
    """An open invitation."""
    expires = timezone.now() + timedelta(days=7)
    return Invitation.objects.create(email="new@shop.example", token_hash=_digest(), expires_at=expires)


def make_token() -> ApiToken:
    """A program's token."""
    return ApiToken.objects.create(membership=make_member(), name="import", token_hash=_digest())


def make_hand_over() -> HandOver:
    """A way from the bare host to the desk."""
    expires = timezone.now() + timedelta(minutes=2)
    return HandOver.objects.create(membership=make_member(), token_hash=_digest(), expires_at=expires)


def make_acceptance() -> AgreementAcceptance:
    """An owner accepted the processing agreement."""
    return AgreementAcceptance.objects.create(
        version=_digest(), text="…", operator="Ops", accepted_by=make_member(), accepted_name="Ana"
    )


def make_first_day() -> FirstDay:
    """A set-up somewhere in the middle."""
    return FirstDay.objects.create(screen="colleague")


def make_weekly_mail() -> WeeklyMail:
    """A weekly mail that went out."""
    return WeeklyMail.objects.create(week=timezone.now().date())


FACTORIES = {
    "people.agreementacceptance": make_acceptance,
    "people.firstday": make_first_day,
    "people.handover": make_hand_over,
    "people.weeklymail": make_weekly_mail,
    "people.apitoken": make_token,
    "people.customer": make_customer,
    "people.customeraddress": make_address,
    "people.customerlink": make_link,
    "people.invitation": make_invitation,
    "people.membership": make_member,
}
