"""The record checks itself and is sealed; owners get its head and a word before the money is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.utils import timezone

from governance import anchors, ledger, owners_mail, record_check
from governance.core import ledger_hash
from governance.core.ledger_hash import SignedHead
from governance.core.starter import starter
from governance.models import AISpend, Incident, LedgerEntry, LedgerSalt, SelfCheck
from governance.services.policies import adopt_starter
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import delivered
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db(transaction=True)


def fill(organization: Organization, count: int = 5) -> None:
    with organization_scope(organization.id):
        for number in range(count):
            ledger.record("test", actor="system", object_ref=f"test:{number}", payload={"n": number})


@pytest.fixture
def shop() -> Organization:
    cache.clear()
    organization = make_organization()
    fill(organization)
    return organization


@pytest.fixture
def superuser(superuser_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(superuser_url, autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        yield conn


def check(shop: Organization, *, whole: bool | None = None) -> SelfCheck:
    with organization_scope(shop.id):
        return record_check.run(whole=whole)


def test_the_second_check_starts_where_the_first_one_ended(shop: Organization) -> None:
    assert check(shop).results[0]["from"] == 0
    fill(shop, 2)
    again = check(shop).results[0]
    assert (again["from"], again["checked"], again["seq"]) == (5, 2, 7)
    assert check(shop, whole=True).results[0]["checked"] == 7


def test_once_a_week_it_starts_at_the_first_entry_again(shop: Organization) -> None:
    first = check(shop)
    with organization_scope(shop.id):
        SelfCheck.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert check(shop).results[0]["from"] == 0


@pytest.mark.parametrize(
    ("tamper", "goes_on"),
    [
        ("UPDATE governance_ledgerentry SET event = 'tesT' WHERE seq = 6 AND organization_id = %(a)s", True),
        (
            "UPDATE governance_ledgerentry SET hash = repeat('0', 64) WHERE seq = 5 AND organization_id = %(a)s",
            True,
        ),
        ("DELETE FROM governance_ledgerentry WHERE seq = 6 AND organization_id = %(a)s", True),
        ("DELETE FROM governance_ledgerentry WHERE seq = 7 AND organization_id = %(a)s", False),
        ("DELETE FROM governance_ledgerentry WHERE seq >= 5 AND organization_id = %(a)s", False),
    ],
)
def test_a_break_is_mailed_once_and_opens_one_incident_where_one_can_be_written(
    shop: Organization, superuser: psycopg.Connection[Any], mailoutbox: Any, tamper: str, goes_on: bool
) -> None:
    check(shop)
    fill(shop, 2)
    with organization_scope(shop.id):
        make_member()
    superuser.execute(tamper, {"a": shop.id})  # type: ignore[arg-type]
    with delivered():
        assert not check(shop).ok
        assert not check(shop).ok
    assert [one.subject.endswith("the record does not hold") for one in mailoutbox] == [True]
    with organization_scope(shop.id):
        found = list(Incident.objects.values_list("signal", "is_serious"))
    assert found == ([("ledger_break", True)] if goes_on else [])


def test_a_checkpoint_that_nobody_signed_is_none(
    shop: Organization, superuser: psycopg.Connection[Any]
) -> None:
    check(shop)
    superuser.execute("UPDATE governance_ledgeranchor SET signature = repeat('0', 128)")
    with organization_scope(shop.id):
        assert record_check.checkpoint() is None
    assert not check(shop).ok


def test_old_entries_are_sealed_and_the_chain_still_holds(
    shop: Organization, superuser: psycopg.Connection[Any]
) -> None:
    with organization_scope(shop.id):
        assert record_check.seal() == 0
    superuser.execute("DELETE FROM governance_ledgerentry WHERE organization_id = %s", [shop.id])
    superuser.execute("DELETE FROM governance_ledgerhead WHERE organization_id = %s", [shop.id])
    _write_old(shop, superuser)
    fill(shop, 2)
    with organization_scope(shop.id):
        assert record_check.seal() == 3
    with organization_scope(shop.id):
        assert sorted(LedgerSalt.objects.values_list("seq", flat=True)) == [4, 5, 6]
        assert LedgerEntry.objects.filter(event="record_sealed", object_ref="seal:3").exists()
        assert anchors.is_signed(3, LedgerEntry.objects.get(seq=3).hash)
        assert record_check.seal() == 0
    assert check(shop, whole=True).ok


def _write_old(shop: Organization, superuser: psycopg.Connection[Any]) -> None:
    """Three entries of four years ago, as they would have been written then."""
    superuser.execute("DELETE FROM governance_ledgersalt WHERE organization_id = %s", [shop.id])
    head, at = ledger_hash.genesis(str(shop.id)), timezone.now() - timedelta(days=4 * 366)
    for _number in range(3):
        entry = ledger_hash.seal(head, at=at, event="old", actor="system", object_ref="x:1")
        head = ledger_hash.head_of(entry)
        superuser.execute(
            "INSERT INTO governance_ledgerentry (organization_id, seq, created_at, event, actor, object_ref,"
            " policy_version, commitment, prev, hash) VALUES (%s, %s, %s, 'old', 'system', 'x:1', '', '', %s, %s)",
            [shop.id, entry.seq, at, entry.prev, entry.hash],
        )
        superuser.execute(
            "INSERT INTO governance_ledgersalt (organization_id, seq, salt) VALUES (%s, %s, 'x')",
            [shop.id, entry.seq],
        )
    superuser.execute(
        "INSERT INTO governance_ledgerhead (organization_id, seq, hash) VALUES (%s, %s, %s)",
        [shop.id, head.seq, head.hash],
    )


# Mails to owners


def test_owners_get_the_head_once_a_day_and_it_can_be_checked(shop: Organization, mailoutbox: Any) -> None:
    with organization_scope(shop.id):
        owner, _agent = make_member(), make_member(role=Role.AGENT)
        assert not owners_mail.mail_head(), "nothing is signed yet"
        anchors.anchor()
        with delivered():
            assert owners_mail.mail_head()
            assert not owners_mail.mail_head()
    [mail] = mailoutbox
    assert mail.to == [owner.user.email]
    kept = json.loads(mail.body[mail.body.index("{") :])
    assert ledger_hash.head_is_genuine(SignedHead.from_dict(kept), bytes.fromhex(kept["public_key"]))
    tomorrow = timezone.localdate() + timedelta(days=1)
    with organization_scope(shop.id), delivered():
        assert not owners_mail.mail_head(tomorrow), "nothing was added"
    fill(shop, 1)
    with organization_scope(shop.id), delivered():
        anchors.anchor()
        assert owners_mail.mail_head(tomorrow)


def test_money_at_80_percent_is_mailed_once_for_each_limit(shop: Organization, mailoutbox: Any) -> None:
    day = timezone.now().date()
    with organization_scope(shop.id):
        owner, officer = make_member(), make_member(role=Role.OFFICER)
        policy = adopt_starter(starter=starter(), member=owner)
        limit = policy.clauses["budget"]["daily_micro"]
        spend = AISpend.objects.create(day=day, cost_micro=limit * 79 // 100)
        with delivered():
            assert owners_mail.warn_of_budget() == []
            spend.cost_micro = limit * 80 // 100
            spend.save()
            assert len(owners_mail.warn_of_budget()) == 1
            assert owners_mail.warn_of_budget() == []
    assert {one.to[0] for one in mailoutbox} == {owner.user.email, officer.user.email}
    assert "Money today" in mailoutbox[0].body
    with organization_scope(shop.id), delivered():
        assert owners_mail.warn_of_budget(day + timedelta(days=1)) == []
