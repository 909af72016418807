"""Closing a desk: fourteen days that nobody shortens, undo, and then no row of any table is left."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch
from uuid import UUID

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from governance.models import AIStop, LedgerEntry
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role, User
from helpdesk.people.tests.factories import PASSWORD, make_member, make_organization
from helpdesk.people.tests.support import browser_of, sign_in
from helpdesk.privacy import tasks
from helpdesk.privacy.leaving import closing, takeouts
from helpdesk.privacy.models import Takeout
from helpdesk.privacy.tests.full import full_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.mailboxes import tasks as mailbox_tasks

_TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' \
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT a.attisdropped"
)


def _closing_shop() -> tuple[Organization, Membership]:
    shop = make_organization()
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        Takeout.objects.create(state=Takeout.State.READY, finished_at=timezone.now(), member=owner)
        closing.close(organization=shop, member=owner)
    shop.refresh_from_db()
    return shop, owner


def _let_time_pass(owner_url: str, shop: Organization) -> None:
    """Only the owner of the tables can, and only past the trigger."""
    with psycopg.connect(owner_url) as owner:
        owner.execute("ALTER TABLE tenancy_organization DISABLE TRIGGER grace")
        owner.execute(
            "UPDATE tenancy_organization SET closes_at = now() - interval '1 second' WHERE id = %s", [shop.pk]
        )
        owner.execute("ALTER TABLE tenancy_organization ENABLE TRIGGER grace")


@pytest.mark.django_db
def test_first_the_file_then_the_closing_and_only_an_owner() -> None:
    shop = make_organization()
    with organization_scope(shop.id):
        owner, agent = make_member(Role.OWNER), make_member(Role.AGENT)
        with pytest.raises(InvalidState):
            closing.close(organization=shop, member=owner)
        old = timezone.now() - timedelta(days=2)
        Takeout.objects.create(state=Takeout.State.READY, finished_at=old)
        with pytest.raises(InvalidState):
            closing.close(organization=shop, member=owner)
        Takeout.objects.create(state=Takeout.State.READY, finished_at=timezone.now())
        with pytest.raises(NotAllowed):
            closing.close(organization=shop, member=agent)
    shop.refresh_from_db()
    assert shop.closes_at is None


@pytest.mark.django_db
def test_everything_stops_at_once_and_undo_takes_it_back() -> None:
    (shop, owner), other = _closing_shop(), make_organization()
    assert shop.closes_at is not None
    with patch.object(mailbox_tasks, "due", return_value=[]) as asked:
        mailbox_tasks.fetch_all()
    looked_at = [call.args[0] for call in asked.call_args_list]
    assert other.id in looked_at
    assert shop.id not in looked_at
    with organization_scope(shop.id):
        own = AIStop.objects.create(scope="organization", reason="I want it so", started_by=owner)
        assert AIStop.objects.filter(lifted_at=None).count() == 2
        from governance import ledger

        ledger.record("ai_stop_started", actor="system", object_ref=f"stop:{own.pk}", payload={})
        closing.undo(organization=shop, member=owner)
        assert [one.pk for one in AIStop.objects.filter(lifted_at=None)] == [own.pk]
        with pytest.raises(InvalidState):
            closing.undo(organization=shop, member=owner)
    shop.refresh_from_db()
    assert shop.closes_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, 0, 13])
def test_nobody_shortens_the_fourteen_days(days: int) -> None:
    shop, _owner = _closing_shop()
    sooner = timezone.now() + timedelta(days=days)
    for first in ({"closes_at": shop.closes_at}, {"closes_at": None}):
        Organization.objects.filter(pk=shop.pk).update(**first)
        with pytest.raises(DatabaseError, match="not sooner"), transaction.atomic():
            Organization.objects.filter(pk=shop.pk).update(closes_at=sooner)


@pytest.mark.django_db
def test_before_its_time_the_database_deletes_nothing() -> None:
    shop, _owner = _closing_shop()
    with organization_scope(shop.id), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="time is over"), transaction.atomic():
            cursor.execute("SELECT tenancy_forget('tickets_ticket')")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("DELETE FROM governance_ledgerentry")
    assert tasks.delete_organization(organization_id=str(shop.id)) == 0
    assert Organization.objects.filter(pk=shop.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_after_its_time_no_row_and_no_file_is_left_and_others_keep_all(owner_url: str) -> None:
    shop, owner = full_organization()
    other, colleague = full_organization()
    with organization_scope(other.id):
        Membership.objects.create(user=owner.user, role=Role.AGENT)
        kept = LedgerEntry.objects.count()
    with organization_scope(shop.id):
        alone = list(Membership.objects.exclude(user=owner.user).values_list("user_id", flat=True))
        takeout = takeouts.ask(member=owner)
    takeouts.run(organization_id=shop.id, takeout_id=takeout.pk)
    assert default_storage.listdir(f"{shop.id}/takeouts")[1]
    with organization_scope(shop.id):
        closing.close(organization=shop, member=owner)
    _let_time_pass(owner_url, shop)
    assert closing.over() == [shop.id]
    assert tasks.delete_organization(organization_id=str(shop.id)) > 50
    assert _rows_left(owner_url, shop.id) == {}
    assert not Organization.objects.filter(pk=shop.pk).exists()
    assert not default_storage.exists(str(shop.id))
    assert not User.objects.filter(pk__in=alone).exists()
    assert User.objects.filter(pk__in=[owner.user_id, colleague.user_id]).count() == 2
    with organization_scope(other.id):
        assert LedgerEntry.objects.count() == kept
    assert tasks.delete_organization(organization_id=str(shop.id)) == 0


def _rows_left(owner_url: str, organization_id: UUID) -> dict[str, int]:
    left = {}
    with psycopg.connect(owner_url) as owner:
        owner.execute("SELECT set_config('app.organization', %s, false)", [str(organization_id)])
        for (table,) in owner.execute(_TABLES).fetchall():
            said = f'SELECT count(*) FROM "{table}" WHERE organization_id = %s'
            ((count,),) = owner.execute(said, [organization_id]).fetchall()  # type: ignore[arg-type]
            if count:
                left[table] = count
    return left


@pytest.mark.django_db
def test_the_page_closes_and_takes_back() -> None:
    shop = make_organization()
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        Takeout.objects.create(state=Takeout.State.READY, finished_at=timezone.now(), file="x")
    client = browser_of(shop)
    sign_in(client, owner.user.email)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert b"Close this desk" in client.get("/settings/leaving/").content
    client.post("/settings/leaving/close/")
    page = client.get("/settings/leaving/").content.decode()
    assert "This desk is being closed" in page
    assert "Keep the desk" in page
    client.post("/settings/leaving/undo/")
    assert "This desk is being closed" not in client.get("/settings/leaving/").content.decode()
