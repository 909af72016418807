"""Nothing is forgotten: every field is declared, export and notice follow the registry, keys can be changed."""

from __future__ import annotations

import base64
import json
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test import override_settings

from aiassist.models import AIService
from helpdesk.errors import InvalidState
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.privacy import export, notice, registry
from helpdesk.privacy.checks import every_field_is_declared
from helpdesk.privacy.crypto import decrypt, encrypt
from helpdesk.privacy.registry import Category, D
from helpdesk.privacy.rotation import encrypted_fields
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.factories import make_attachment, make_inbound, make_raw_mail, make_reply, make_ticket


def test_every_field_of_every_room_is_declared() -> None:
    assert every_field_is_declared(None) == []


def test_a_field_that_nobody_declared_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    known = registry._declared["people.customer"]
    fewer = {name: one for name, one in known.items() if name != "name"}
    monkeypatch.setitem(registry._declared, "people.customer", fewer)
    [error] = every_field_is_declared(None)
    assert "people.customer.name" in error.msg


def test_a_declaration_of_nothing_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    known = registry._declared["people.customer"]
    monkeypatch.setitem(registry._declared, "people.customer", {**known, "shoe_size": registry.TECHNICAL})
    assert "shoe_size" in every_field_is_declared(None)[0].msg


def test_the_notice_follows_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    contact = next(one for one in notice.entries(90) if one.category == Category.CONTACT)
    assert "people.customer.name" in contact.fields
    assert contact.ai_may_see.startswith("In part")
    known = registry._declared["people.customer"]
    moved = {**known, "name": D(Category.SECRET, "sign_in")}
    monkeypatch.setitem(registry._declared, "people.customer", moved)
    changed = {one.category: one for one in notice.entries(90)}
    assert "people.customer.name" not in changed[Category.CONTACT].fields
    assert "people.customer.name" in changed[Category.SECRET].fields


def test_every_purpose_and_category_of_the_notice_has_words() -> None:
    used = {one.purpose for _name, one in notice.held_about_customers()}
    assert used - set(notice.PURPOSE_WORDS) == set()
    assert all(one.kept for one in notice.entries(90)), "each says how long it is kept"


@pytest.mark.django_db
def test_the_download_holds_one_customers_data_and_no_notes() -> None:
    with organization_scope(make_organization().id):
        ada, bob = make_customer("ada@example.com", name="Ada"), make_customer("bob@example.com", name="Bob")
        ticket = make_ticket(customer=ada, subject="Blue shoes")
        make_inbound(ticket, text="Where are my shoes?")
        make_reply(ticket, kind="note", state="done", text="A note of the team")
        make_reply(ticket, state="held", text="Never sent")
        make_attachment(make_inbound(ticket), name="photo.jpg")
        make_raw_mail(ticket=ticket, source=b"From: ada@example.com\n\nHello")
        make_inbound(make_ticket(customer=bob, subject="Secret of Bob"), text="Bob's words")
        file = json.dumps(export.export_customer(ada), cls=DjangoJSONEncoder)
    for present in ("Ada", "ada@example.com", "Blue shoes", "Where are my shoes?", "photo.jpg", "Hello"):
        assert present in file
    for absent in ("Bob", "bob@example.com", "A note of the team", "Never sent"):
        assert absent not in file
    assert "never sent" in json.loads(file)["left_out"][0]


def test_the_download_reaches_every_exported_field() -> None:
    """An exported field of a table that no foreign key ties to a customer would never be in the file."""
    reached = {model for model, _path, _fields in export.tables()}
    unreachable = [
        model._meta.label_lower
        for model, fields in registry.declared_models().items()
        if export.exported_fields(model, fields) and model not in reached
    ]
    assert unreachable == []


def test_a_new_exported_field_is_in_the_download(monkeypatch: pytest.MonkeyPatch) -> None:
    known = registry._declared["people.customer"]
    monkeypatch.setitem(
        registry._declared, "people.customer", {**known, "erased_at": D(Category.BEHAVIOUR, export=True)}
    )
    customer = next(fields for model, _path, fields in export.tables() if model.__name__ == "Customer")
    assert "erased_at" in [field.name for field in customer]


@pytest.mark.django_db
def test_a_room_can_add_what_no_key_leads_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_extra", {})
    export.add_collector("loyalty", lambda customer: [{"points": 7}] if customer.name == "Ada" else [])
    with organization_scope(make_organization().id):
        ada, bob = make_customer(name="Ada"), make_customer(name="Bob")
        assert export.export_customer(ada)["data"]["loyalty"] == [{"points": 7}]
        assert "loyalty" not in export.export_customer(bob)["data"]


def _stored(table: str, column: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}"::text FROM "{table}"')
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_keys_are_changed_everywhere_and_the_old_one_can_go() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    organization = make_organization()
    secret = generate_totp_secret()
    with organization_scope(organization.id), override_settings(ENCRYPTION_KEYS=[old]):
        AIService.objects.create(name="S", base_url="https://ai.example", api_key="sk-very-secret", model="m")
        TOTP.activate(make_member().user, secret)
        before = _stored("aiassist_aiservice", "api_key")
    assert "sk-very-secret" not in before
    assert secret not in _stored("mfa_authenticator", "data")
    with override_settings(ENCRYPTION_KEYS=[new, old]):
        out = StringIO()
        call_command("rotate_keys", stdout=out)
        assert out.getvalue().startswith("2 secrets")
    with override_settings(ENCRYPTION_KEYS=[new]), organization_scope(organization.id):
        assert AIService.objects.get().api_key == "sk-very-secret"
        assert decrypt(Authenticator.objects.get().data["secret"]) == secret
        assert _stored("aiassist_aiservice", "api_key") != before


@pytest.mark.django_db
def test_a_lost_key_is_said_and_nothing_is_half_done() -> None:
    organization = make_organization()
    with (
        organization_scope(organization.id),
        override_settings(ENCRYPTION_KEYS=[Fernet.generate_key().decode()]),
    ):
        AIService.objects.create(name="S", base_url="https://ai.example", api_key="sk", model="m")
        before = _stored("aiassist_aiservice", "api_key")
    with pytest.raises(CommandError, match="none of the keys"):
        call_command("rotate_keys")
    with organization_scope(organization.id):
        assert _stored("aiassist_aiservice", "api_key") == before
        with pytest.raises(InvalidState):
            AIService.objects.get()


def test_every_encrypted_field_is_declared_a_secret() -> None:
    for model, names in encrypted_fields():
        for name in names:
            declared = registry.declaration(model, name)
            assert declared is not None
            assert declared.category is Category.SECRET
            assert not declared.export
            assert not declared.ai_may_see


def test_ciphertext_is_not_the_text() -> None:
    sealed = encrypt("a secret")
    assert "secret" not in sealed
    assert b"secret" not in base64.urlsafe_b64decode(sealed)
    assert encrypt("a secret") != sealed
