"""Promise 4: what the ledger says cannot be changed without being found, and it holds after an erasure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from governance import anchors, ledger
from governance.models import LedgerEntry, LedgerSalt
from helpdesk.people.tests.factories import make_customer, make_organization
from helpdesk.runtime.env import new_encryption_key
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db(transaction=True)


def fill(organization: Organization, count: int = 5) -> None:
    with organization_scope(organization.id):
        for number in range(count):
            ledger.record("test", actor="system", object_ref=f"test:{number}", payload={"n": number})


@pytest.fixture
def organization() -> Organization:
    organization = make_organization()
    fill(organization)
    return organization


@pytest.fixture
def superuser(superuser_url: str) -> Iterator[psycopg.Connection[Any]]:
    """Whoever owns the machine: row-level security, rights and triggers do not hold them, the arithmetic does."""
    with psycopg.connect(superuser_url, autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        yield conn


def verdict(organization: Organization, **options: Any) -> str:
    out = StringIO()
    try:
        call_command("verify_ledger", organization=organization.slug, stdout=out, **options)
    except CommandError as error:
        return str(error)
    return "ok"


def test_an_untouched_ledger_verifies(organization: Organization) -> None:
    assert verdict(organization) == "ok"
    assert "no organization" in verdict(Organization(slug="nobody"))


@pytest.mark.parametrize(
    ("tamper", "first_bad"),
    [
        ("UPDATE governance_ledgerentry SET event = 'tesT' WHERE seq = 3 AND organization_id = %(a)s", "Entry 3"),
        ("UPDATE governance_ledgerentry SET created_at = created_at + interval '1 microsecond' WHERE seq = 2 AND organization_id = %(a)s", "Entry 2"),
        ("DELETE FROM governance_ledgerentry WHERE seq = 2 AND organization_id = %(a)s", "Entry 2"),
        ("DELETE FROM governance_ledgerentry WHERE seq = 5 AND organization_id = %(a)s", "Entry 5"),
        ("UPDATE governance_ledgerentry e SET object_ref = o.object_ref, commitment = o.commitment, hash = o.hash FROM governance_ledgerentry o WHERE e.organization_id = %(a)s AND o.organization_id = %(a)s AND e.seq IN (3, 4) AND o.seq = 7 - e.seq", "Entry 3"),
        ("UPDATE governance_ledgerentry SET organization_id = %(a)s, seq = 6 WHERE seq = 5 AND organization_id = %(b)s", "Entry 6"),
    ],
)  # fmt: skip
def test_each_way_of_tampering_is_found(
    organization: Organization, superuser: psycopg.Connection[Any], tamper: str, first_bad: str
) -> None:
    other = make_organization()
    fill(other)
    done = superuser.execute(tamper, {"a": organization.id, "b": other.id})  # type: ignore[arg-type]
    assert done.rowcount
    assert verdict(organization).startswith(first_bad)


def test_a_backup_put_back_is_found_by_an_anchor_kept_outside(
    organization: Organization, superuser: psycopg.Connection[Any], tmp_path: Path
) -> None:
    fill(organization, 2)
    with organization_scope(organization.id):
        signed = anchors.anchor()
    assert signed is not None
    kept = tmp_path / "anchor.json"
    kept.write_text(json.dumps(signed.to_dict()))
    superuser.execute(
        "DELETE FROM governance_ledgerentry WHERE seq > 5 AND organization_id = %s", [organization.id]
    )
    superuser.execute("DELETE FROM governance_ledgeranchor WHERE organization_id = %s", [organization.id])
    superuser.execute(
        "UPDATE governance_ledgerhead SET seq = 5, hash = (SELECT hash FROM governance_ledgerentry e "
        "WHERE e.organization_id = %s AND seq = 5) WHERE organization_id = %s",
        [organization.id, organization.id],
    )
    assert verdict(organization) == "ok", "inside, the cut is perfect"
    assert verdict(organization, anchor=kept).startswith("Entry 6")
    forged = {**signed.to_dict(), "seq": 5}
    kept.write_text(json.dumps(forged))
    assert "not signed" in verdict(organization, anchor=kept)


def test_erasing_the_salts_of_a_customer_leaves_the_chain_whole(organization: Organization) -> None:
    with organization_scope(organization.id):
        customer = make_customer()
        ledger.record(
            "choice", actor="system", object_ref="x:1", payload={"secret": 1}, customer_id=customer.pk
        )
    with organization_scope(organization.id):
        assert LedgerSalt.objects.filter(customer=customer).delete()[0] == 1
    assert verdict(organization) == "ok"


def test_many_at_once_make_one_chain_without_gaps(organization: Organization) -> None:
    def append(number: int) -> None:
        try:
            fill(organization, 3)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(16)))
    with organization_scope(organization.id):
        assert list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(
            range(1, 5 + 48 + 1)
        )
    assert verdict(organization) == "ok"


def test_raw_sql_cannot_append_beside_the_chain(organization: Organization) -> None:
    with (
        organization_scope(organization.id),
        pytest.raises(Exception, match="does not continue"),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO governance_ledgerentry (seq, created_at, event, actor, object_ref, policy_version, commitment, prev, hash) "
            "VALUES (9, now(), 'x', 'x', 'x', '', '', 'x', 'x')"
        )


@pytest.mark.parametrize(
    "content", [None, "no json", "[]", '{"seq": 1}', '{"organization": "x", "seq": "one"}']
)
def test_an_anchor_that_is_none_is_said_in_one_sentence(
    organization: Organization, tmp_path: Path, content: str | None
) -> None:
    kept = tmp_path / "anchor.json"
    if content is not None:
        kept.write_text(content)
    said = verdict(organization, anchor=kept)
    assert "anchor" in said
    assert "\n" not in said


def test_keys_can_be_changed_and_the_old_one_taken_away(organization: Organization, settings: Any) -> None:
    old, new = list(settings.ENCRYPTION_KEYS), new_encryption_key()
    with organization_scope(organization.id):
        assert anchors.anchor() is not None
    settings.ENCRYPTION_KEYS = [new]
    assert "not signed" in verdict(organization), "taken away at once, nobody vouches for the old anchor"
    settings.ENCRYPTION_KEYS = [new, *old]
    with organization_scope(organization.id):
        assert anchors.anchor() is not None
    with organization_scope(organization.id):
        assert anchors.anchor() is None
    settings.ENCRYPTION_KEYS = [new]
    assert verdict(organization) == "ok"


def test_an_anchor_of_a_strange_key_above_ours_is_found(organization: Organization, settings: Any) -> None:
    with organization_scope(organization.id):
        anchors.anchor()
    fill(organization, 1)
    ours, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, [new_encryption_key()]
    with organization_scope(organization.id):
        strange = anchors.anchor()
    settings.ENCRYPTION_KEYS = ours
    assert strange is not None
    assert f"Anchor {strange.head.seq} was not signed" in verdict(organization)
