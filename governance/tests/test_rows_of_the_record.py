"""What the record speaks of is held against it: a row changed or taken away is found, though the chain is whole."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from governance import gate, ledger, record_check, record_rows
from governance.core.facts import GateRequest
from governance.core.starter import starter
from governance.core.vocabulary import Action
from governance.models import AIDecision, AIStop, EthicsPolicy, Incident, LedgerSalt
from governance.services import consents, drafts, policies, stops
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Organization:
    """Rules, a choice, a decision that stopped and one about somebody, a stop."""
    cache.clear()
    organization = make_organization()
    with organization_scope(organization.id):
        member = make_member(Role.OWNER)
        policies.adopt_starter(starter=starter(), member=member)
        customer = make_customer()
        consents.record_choice(customer=customer, purpose="ai_assist", state="objected", method="portal")
        request = GateRequest(action=Action.DRAFT, customer_known=True, language="en")
        assert not gate.check(request, subject_kind="message", subject_id=7, customer=customer).allowed
        stops.stop_ai(scope="topic", topic="boats", member=member)
    return organization


@pytest.fixture
def superuser(superuser_url: str) -> Iterator[psycopg.Connection[Any]]:
    """Whoever owns the machine: rights and triggers do not hold them."""
    with psycopg.connect(superuser_url, autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        yield conn


def said(organization: Organization) -> str:
    out = StringIO()
    try:
        call_command("verify_ledger", organization=organization.slug, rows=True, stdout=out)
    except CommandError as error:
        return str(error)
    return out.getvalue()


def test_untouched_rows_fit_whatever_was_done_since(shop: Organization) -> None:
    with organization_scope(shop.id):
        member = Membership.objects.get()
        stops.lift(stop=AIStop.objects.get(), member=member)
        draft = drafts.start_draft(member=member)
        policies.publish(policy=draft, member=member)
    assert "5 rows say what was committed to." in said(shop)
    with organization_scope(shop.id):
        assert record_rows.compare(10**9).checked == 0
        row = record_check.run(whole=True)
    assert (row.ok, row.results[0]["rows"]) == (True, 5)


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        ("UPDATE governance_aidecision SET allowed = true WHERE organization_id = %(o)s", "changed"),
        ("UPDATE governance_aidecision SET reasons = '[]' WHERE organization_id = %(o)s", "changed"),
        ("UPDATE governance_aidecision SET request = request || '{\"language\": \"de\"}' WHERE organization_id = %(o)s", "changed"),
        ("DELETE FROM governance_aidecision WHERE organization_id = %(o)s", "gone"),
        ("UPDATE governance_consent SET state = 'granted' WHERE organization_id = %(o)s", "changed"),
        ("DELETE FROM governance_consent WHERE organization_id = %(o)s", "gone"),
        ("UPDATE governance_ethicspolicy SET content_hash = repeat('0', 64) WHERE organization_id = %(o)s", "changed"),
        ("UPDATE governance_aistop SET topic = 'none' WHERE organization_id = %(o)s", "changed"),
        ("UPDATE governance_aidecision SET request = '{\"x\": 1.5}' WHERE organization_id = %(o)s", "changed"),
    ],
)  # fmt: skip
def test_each_change_beside_the_chain_is_found(
    shop: Organization, superuser: psycopg.Connection[Any], tamper: str, problem: str
) -> None:
    assert superuser.execute(tamper, {"o": shop.id}).rowcount  # type: ignore[arg-type]
    with organization_scope(shop.id):
        assert ledger.verify().ok, "the chain alone knows nothing of it"
    assert problem in said(shop)
    with organization_scope(shop.id):
        row = record_check.run(whole=True)
    assert not row.ok
    with organization_scope(shop.id):
        assert Incident.objects.get().is_serious


def test_what_a_deletion_took_the_key_of_is_left_out(shop: Organization) -> None:
    with organization_scope(shop.id):
        assert LedgerSalt.objects.exclude(customer=None).delete()[0] == 2
    assert "2 rows say" in said(shop)


# What the database refuses, whoever asks as the product


def test_rules_come_into_force_only_with_their_entry(shop: Organization) -> None:
    with organization_scope(shop.id):
        draft = drafts.start_draft(member=Membership.objects.get())
    with pytest.raises(DatabaseError, match="no entry in the ledger"), organization_scope(shop.id):
        EthicsPolicy.objects.filter(status="published").update(status="replaced")
        EthicsPolicy.objects.filter(pk=draft.pk).update(status="published", published_at=timezone.now())
    with pytest.raises(DatabaseError, match="no entry in the ledger"), organization_scope(shop.id):
        EthicsPolicy.objects.filter(status="published").update(status="replaced")
        EthicsPolicy.objects.create(version=9, title="Mine", status="published", published_at=timezone.now())
    with organization_scope(shop.id):
        assert EthicsPolicy.objects.get(status="published").version == 1


def test_the_ai_runs_again_only_with_its_entry_and_no_stop_is_removed(shop: Organization) -> None:
    with pytest.raises(DatabaseError, match="no entry in the ledger"), organization_scope(shop.id):
        AIStop.objects.update(lifted_at=timezone.now())
    with organization_scope(shop.id):
        for change in ({"topic": "none"}, {"scope": "ticket"}, {"reason": "x"}):
            with pytest.raises(DatabaseError, match="is a record"), transaction.atomic():
                AIStop.objects.update(**change)
        with pytest.raises(DatabaseError, match="is a record"), transaction.atomic():
            AIStop.objects.all().delete()
        stops.lift(stop=AIStop.objects.get(), member=Membership.objects.get())
    with organization_scope(shop.id):
        with pytest.raises(DatabaseError, match="is a record"), transaction.atomic():
            AIStop.objects.update(lifted_at=None)
        assert AIDecision.objects.count() == 1
