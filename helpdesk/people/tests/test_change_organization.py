"""What the installation's keeper changes, as its pages and programs then see it."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.models import Domain, Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def change(organization: Organization, **options: Any) -> str:
    out = StringIO()
    call_command("change_organization", organization=organization.slug, stdout=out, **options)
    return out.getvalue()


def test_a_key_lets_a_program_in_here_and_nowhere_else(shop: Organization) -> None:
    other = make_organization()
    with organization_scope(shop.id):
        member = make_member()
    token = change(shop, add_token=member.user.email.upper()).split()[-1]
    for organization, status in ((shop, 200), (other, 401)):
        asked = Client().get(
            "/api/v1/tickets/",
            headers={"Host": f"{organization.slug}.localhost", "Authorization": f"Bearer {token}"},
        )
        assert asked.status_code == status


def test_a_second_factor_can_be_required(shop: Organization) -> None:
    change(shop, second_factor="required")
    shop.refresh_from_db()
    assert shop.requires_second_factor
    change(shop, second_factor="optional")
    shop.refresh_from_db()
    assert not shop.requires_second_factor


def test_a_host_of_its_own(shop: Organization) -> None:
    change(shop, add_domain="Help.Shop.example.")
    assert change(shop, add_domain="help.shop.example") == f"{shop.name} answers at help.shop.example.\n"
    assert Domain.objects.get(host="help.shop.example").organization_id == shop.pk
    assert Client().get("/trust/", headers={"Host": "help.shop.example"}).status_code == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "Say what to change"),
        ({"add_token": "nobody@example.com"}, "does not work here"),
        ({"add_domain": "no host"}, "is not a host name"),
        ({"add_domain": "taken.example"}, "belongs to another organization"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    shop: Organization, options: dict[str, str], said: str
) -> None:
    Domain.objects.create(host="taken.example", organization=make_organization(), verified_at=timezone.now())
    with pytest.raises(CommandError, match=said) as refused:
        change(shop, **options)
    assert "\n" not in str(refused.value)
