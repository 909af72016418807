"""Two officers publish at the same moment, each over a connection of their own: one wins, the other hears it plainly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from governance import ledger
from governance.core.starter import starter
from governance.models import EthicsPolicy, LedgerEntry, PolicyStatus
from governance.services import drafts, policies
from helpdesk.errors import Conflict, HelpdeskError
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.tests.test_merging import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture
def shop() -> Organization:
    shop = make_organization()
    with organization_scope(shop.id):
        policies.adopt_starter(starter=starter(), member=make_member(Role.OWNER, name="Marta"))
    return shop


def small(shop: Organization, member: Membership, hours: int) -> EthicsPolicy:
    """A small change that its author may publish at once."""
    with organization_scope(shop.id):
        row = drafts.start_draft(member=member)
        row.clauses = {**row.clauses, "response_hours": hours}
        drafts.save_draft(policy=row, member=member)
        return row


def publishing(shop: Organization, row: EthicsPolicy, member: Membership, seen: int) -> Callable[[], object]:
    def publish() -> object:
        with organization_scope(shop.id):
            return drafts.publish_draft(policy=row, member=member, seen_version=seen)

    return publish


def whole(shop: Organization) -> EthicsPolicy:
    """No half state: one version in force, signed, in the record, and the record holds."""
    with organization_scope(shop.id):
        (row,) = EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED)
        assert row.content_hash == policies.content_hash(row)
        assert row.published_at is not None
        assert row.approver is not None
        entries = LedgerEntry.objects.filter(event="policy_published")
        assert entries.filter(object_ref=f"policy:{row.pk}").count() == 1
        gone = EthicsPolicy.objects.filter(status=PolicyStatus.REPLACED).count()
        assert entries.count() == gone + 1, "each version that ever counted has its one entry"
        assert ledger.verify().ok
    return row


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told_who(
    shop: Organization, _round: int
) -> None:
    with organization_scope(shop.id):
        marta, ida = Membership.objects.get(), make_member(Role.OFFICER, name="Ida")
    mine, hers = small(shop, marta, 12), small(shop, ida, 6)
    said = at_once(publishing(shop, mine, marta, 1), publishing(shop, hers, ida, 1))
    errors = [one for one in said if isinstance(one, Exception)]
    assert len(errors) == 1, said
    assert isinstance(errors[0], Conflict), errors
    winner, loser = ("Marta", hers) if said[1] is errors[0] else ("Ida", mine)
    assert f"{winner} published version" in errors[0].message
    assert errors[0].next_step
    in_force = whole(shop)
    assert in_force.pk == (mine.pk if winner == "Marta" else hers.pk)
    with organization_scope(shop.id):
        loser.refresh_from_db()
        assert (loser.status, loser.content_hash) == (PolicyStatus.DRAFT, ""), "and their text is still there"


def test_the_same_version_published_twice_at_once_counts_once(shop: Organization) -> None:
    with organization_scope(shop.id):
        marta, ida = Membership.objects.get(), make_member(Role.OFFICER, name="Ida")
    row = small(shop, marta, 12)
    said = at_once(*[publishing(shop, row, one, 1) for one in (marta, ida, marta)])
    errors = [one for one in said if isinstance(one, Exception)]
    assert len(errors) == 2, said
    assert all(isinstance(one, HelpdeskError) and "published version" in one.message for one in errors), (
        errors
    )
    assert whole(shop).pk == row.pk


def test_who_starts_a_version_while_another_is_published_gets_a_number_of_their_own(
    shop: Organization,
) -> None:
    with organization_scope(shop.id):
        marta, ida = Membership.objects.get(), make_member(Role.OFFICER, name="Ida")
    row = small(shop, marta, 12)

    def begin() -> object:
        with organization_scope(shop.id):
            return drafts.start_draft(member=ida)

    said = at_once(publishing(shop, row, marta, 1), begin, begin)
    assert not [one for one in said if isinstance(one, Exception)], said
    with organization_scope(shop.id):
        numbers = list(EthicsPolicy.objects.values_list("version", flat=True))
        assert len(numbers) == len(set(numbers)) == 4
    assert whole(shop).pk == row.pk
