"""The gate with the database: every answer is a decision, chained, and what customers and people say counts at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import Error, connection, transaction

from governance import gate, ledger, shipped
from governance.core.facts import GateRequest, SystemRef
from governance.core.starter import boutique, starter
from governance.core.vocabulary import Action
from governance.models import AIDecision, Consent, LedgerEntry
from governance.services import consents, policies, stops
from helpdesk.people.models import Customer, Membership
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db
SHIPPED = shipped.systems()[0]
BUILT_IN = SystemRef(
    provider=SHIPPED.provider, model=SHIPPED.model, prompt_hash=SHIPPED.prompts[0], external=False
)


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def member(organization: Organization) -> Iterator[Membership]:
    with organization_scope(organization.id):
        yield make_member()


def ask(customer: Customer, action: Action = Action.DRAFT) -> gate.Answer:
    request = GateRequest(
        action=action,
        system=BUILT_IN,
        fields=frozenset({"message"}),
        language="en",
        customer_known=True,
        subject="ticket:7",
    )
    return gate.check(request, subject_kind="message", subject_id=7, customer=customer)


def test_without_a_policy_nothing_is_drafted(member: Membership) -> None:
    answer = ask(make_customer())
    assert not answer.allowed
    assert answer.reason
    assert answer.next_step
    assert not AIDecision.objects.get().allowed


def test_a_published_starter_allows_the_built_in_service(member: Membership) -> None:
    policies.adopt_starter(starter=starter(), member=member)
    assert ask(make_customer()).allowed


def test_who_is_asked_first_and_said_nothing_is_not_drafted_for(member: Membership) -> None:
    policies.adopt_starter(starter=boutique(), member=member)
    customer = make_customer()
    assert not ask(customer).allowed
    consents.record_choice(customer=customer, purpose="ai_assist", state="granted", method="portal")
    assert ask(customer).allowed


def test_a_wish_for_people_is_told_before_silence(member: Membership) -> None:
    policies.adopt_starter(starter=boutique(), member=member)
    customer = make_customer()
    consents.answer_without_ai(customer=customer, method="mail_link")
    answer = ask(customer)
    assert len(answer.judgement.stopped_by) > 1
    assert answer.reason == "This customer asked to be answered without AI."
    assert "agree" not in answer.next_step


def test_an_objection_and_a_wish_for_people_count_at_once(member: Membership) -> None:
    policies.adopt_starter(starter=starter(), member=member)
    customer, other = make_customer(), make_customer()
    consents.record_choice(customer=customer, purpose="ai_assist", state="objected", method="portal")
    consents.answer_without_ai(customer=other, method="mail_link")
    assert not ask(customer).allowed
    assert not ask(other).allowed
    consents.allow_ai_again(customer=other, method="portal")
    assert ask(other).allowed


@pytest.mark.parametrize("scope", ["organization", "ticket"])
def test_a_stop_counts_at_once_and_can_be_lifted(member: Membership, scope: str) -> None:
    policies.adopt_starter(starter=starter(), member=member)
    customer = make_customer()
    stop = stops.stop_ai(scope=scope, member=member, ticket_id=7 if scope == "ticket" else None)
    assert not ask(customer).allowed
    stops.lift(stop=stop, member=member)
    assert ask(customer).allowed


def test_every_answer_is_in_the_ledger_and_the_chain_holds(organization: Organization) -> None:
    with organization_scope(organization.id):
        policies.adopt_starter(starter=starter(), member=make_member())
        ask(make_customer())
        ask(make_customer())
    with organization_scope(organization.id):
        refs = set(LedgerEntry.objects.values_list("object_ref", flat=True))
        assert {f"decision:{pk}" for pk in AIDecision.objects.values_list("pk", flat=True)} <= refs
        assert ledger.verify().ok
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_rolled_back_savepoint_leaves_no_entry(organization: Organization) -> None:
    with organization_scope(organization.id):
        customer = make_customer()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            consents.answer_without_ai(customer=customer, method="portal")
            raise ZeroDivisionError
        consents.allow_ai_again(customer=customer, method="portal")
    with organization_scope(organization.id):
        assert LedgerEntry.objects.count() == Consent.objects.count() == 1


def test_a_decision_without_its_entry_is_refused_when_the_transaction_ends(
    organization: Organization,
) -> None:
    with organization_scope(organization.id):
        AIDecision.objects.create(action="draft", subject_kind="message", subject_id=1, allowed=True)
        with pytest.raises(Error, match="no entry in the ledger"), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.needs_rollback = True  # the error ended the transaction; leave it quietly
        transaction.set_rollback(True)


def test_judging_takes_three_queries_and_recording_at_most_four(
    organization: Organization, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    with organization_scope(organization.id):
        policies.adopt_starter(starter=starter(), member=make_member())
        customer = make_customer()
    with organization_scope(organization.id):
        # judge: state, policy, customer; record: decision, head, append
        with django_assert_max_num_queries(7):  # type: ignore[operator]
            ask(customer)
            ledger.append_pending()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE governance_ledgerentry SET event = 'x'",
        "DELETE FROM governance_ledgerentry",
        "TRUNCATE governance_ledgerentry",
        "UPDATE governance_consent SET state = 'granted'",
        "DELETE FROM governance_consent",
        "UPDATE governance_ethicspolicy SET prose = 'x'",
        "DELETE FROM governance_ethicspolicy",
        "UPDATE governance_aidecision SET allowed = true",
        "DELETE FROM governance_aidecision",
        "ALTER TABLE governance_ledgerentry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_records_cannot_be_changed_by_raw_sql(organization: Organization, sql: str) -> None:
    with organization_scope(organization.id):
        policies.adopt_starter(starter=starter(), member=make_member())
        customer = make_customer()
        consents.answer_without_ai(customer=customer, method="portal")
        ask(customer)
        ledger.append_pending()
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pgtrigger.ignore', '*', true)")
            cursor.execute(sql)
        assert ledger.verify().ok
