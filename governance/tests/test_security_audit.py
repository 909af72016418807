"""The security check: each thing that can be wrong is made wrong, and it says so."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from governance import anchors, security
from governance.models import GuestAccess, LedgerEntry, SelfCheck
from governance.security import walls
from helpdesk.people.models import ApiToken, Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def found(shop: Organization, name: str) -> Any:
    with organization_scope(shop.id):
        return next(one for one in security.look().findings if one.name == name)


def test_walls_hold_in_every_table(shop: Organization) -> None:
    for name in ("row_level_security", "database_role", "guards"):
        one = found(shop, name)
        assert one.ok is True, one.said
        assert one.wall


@pytest.mark.parametrize(
    ("name", "sabotage"),
    [
        ("row_level_security", "ALTER TABLE tickets_ticket NO FORCE ROW LEVEL SECURITY"),
        ("row_level_security", "ALTER TABLE governance_consent DISABLE ROW LEVEL SECURITY"),
        ("row_level_security", "CREATE POLICY second ON tickets_ticket USING (true)"),
        ("row_level_security", "CREATE TABLE stray (organization_id uuid)"),
        ("guards", "ALTER TABLE tickets_message DISABLE TRIGGER guard"),
        ("guards", "DROP TRIGGER chain ON governance_ledgerentry"),
    ],
)
def test_a_hole_is_named(
    name: str, sabotage: str, owner_url: str, shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(owner_url) as owner:
        owner.execute("SET lock_timeout = '5s'")
        owner.execute(sabotage)  # type: ignore[arg-type]
        monkeypatch.setattr(
            walls, "_rows", lambda sql, values=None: owner.execute(sql.replace("%%", "%"), values).fetchall()
        )
        one = found(shop, name)
        assert one.ok is False, one.said
        assert one.wall
        owner.rollback()


def test_a_large_role_is_named(
    superuser_url: str, shop: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(superuser_url) as superuser:
        monkeypatch.setattr(walls, "_rows", lambda sql, values=None: superuser.execute(sql).fetchall())
        assert found(shop, "database_role").ok is False


def test_people_and_what_they_hold(shop: Organization) -> None:
    assert found(shop, "roles").ok is False
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
    assert found(shop, "roles").ok is True
    assert found(shop, "second_factor").ok is False
    with organization_scope(shop.id):
        owner.user.authenticator_set.create(type="totp", data={"secret": "x"})
    assert found(shop, "second_factor").ok is True
    assert found(shop, "stale_people").ok is True
    long_ago = timezone.now() - timedelta(days=100)
    with organization_scope(shop.id):
        Membership.objects.filter(pk=owner.pk).update(created_at=long_ago)
    assert found(shop, "stale_people").ok is False
    owner.user.last_login = timezone.now()
    owner.user.save()
    assert found(shop, "stale_people").ok is True
    with organization_scope(shop.id):
        token = ApiToken.objects.create(membership=owner, name="till", token_hash="0" * 64)
        assert found(shop, "tokens").ok is True
        ApiToken.objects.filter(pk=token.pk).update(created_at=long_ago)
        assert found(shop, "tokens").ok is False
        assert found(shop, "open_links").ok is True
        GuestAccess.objects.create(
            name="Guest", token_hash="1" * 64, expires_at=timezone.now() + timedelta(days=400)
        )
        assert found(shop, "open_links").ok is False


def test_the_installation(shop: Organization, settings: Any, tmp_path: Path) -> None:
    settings.SCHEME = "http"
    assert found(shop, "transport").ok is False
    settings.SCHEME, settings.SECURE_HSTS_SECONDS = "https", 1
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    assert found(shop, "transport").ok is True
    settings.AI_ALLOWED_HOSTS = ["*"]
    assert found(shop, "outward").ok is False
    settings.AI_ALLOWED_HOSTS, settings.OUTWARD_OPEN_NETWORKS = ["api.example"], ["10.0.0.0/8"]
    assert found(shop, "outward").ok is False
    settings.BACKUP_STAMP = ""
    assert found(shop, "backup").ok is None
    stamp = tmp_path / "backup"
    settings.BACKUP_STAMP = str(stamp)
    assert found(shop, "backup").ok is False
    stamp.touch()
    assert found(shop, "backup").ok is True
    old = timezone.now().timestamp() - 3 * 86_400
    os.utime(stamp, (old, old))
    assert found(shop, "backup").ok is False
    assert found(shop, "keys").ok is None
    with organization_scope(shop.id):
        security.run()
    with organization_scope(shop.id):
        anchors.anchor()
        assert found(shop, "keys").ok is True


def test_a_part_that_breaks_is_wrong(shop: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls, "_rows", lambda sql, values=None: 1 / 0)
    one = found(shop, "row_level_security")
    assert one.ok is False
    assert "ZeroDivisionError" in one.said


def test_the_command_keeps_and_prints(shop: Organization) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="wrong"):
        call_command("security_audit", organization=shop.slug, json=True, stdout=out)
    results = json.loads(out.getvalue())[shop.slug]
    assert {one["name"] for one in results} >= {"roles", "row_level_security", "backup", "keys", "debug"}
    with organization_scope(shop.id):
        row = SelfCheck.objects.get()
        assert row.kind == "security_audit"
        assert row.ok is False
        assert row.results == results
        assert LedgerEntry.objects.filter(
            event="security_checked", object_ref=f"self_check:{row.pk}"
        ).exists()
    with pytest.raises(CommandError, match="no organization"):
        call_command("security_audit", organization="nobody")
