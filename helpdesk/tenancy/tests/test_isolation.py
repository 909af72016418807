"""Promise 1: no query, raw SQL included, crosses from one organization to another. Run as the app role."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import Error, connection, models, transaction

from helpdesk.people.tests.factories import make_organization
from helpdesk.tenancy.models import TenantOwned
from helpdesk.tenancy.scope import ScopeError, organization_scope
from helpdesk.tenancy.tests import catalog

pytestmark = pytest.mark.django_db

FACTORIES: dict[str, Callable[[], Any]] = {
    label: factory
    for room in ("helpdesk.people", "helpdesk.privacy", "governance", "tickets", "aiassist")
    for label, factory in import_module(f"{room}.tests.factories").FACTORIES.items()
}
MODELS = sorted(
    (model for model in apps.get_models(include_auto_created=True) if issubclass(model, TenantOwned)),
    key=lambda model: model._meta.label_lower,
)


def _scalar(sql: str, *params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def _execute(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def test_the_role_cannot_look_past_the_policies() -> None:
    assert _scalar("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False
    assert _scalar("SELECT current_user") == "helpdesk_app"


def test_the_catalog_holds_what_isolation_promises() -> None:
    assert catalog.problems() == []


def test_every_tenant_owned_model_has_a_factory() -> None:
    assert [model._meta.label_lower for model in MODELS if model._meta.label_lower not in FACTORIES] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_a_row_of_one_organization_does_not_exist_for_another(model: type[models.Model]) -> None:
    ours, theirs = make_organization(), make_organization()
    table, pk = model._meta.db_table, model._meta.pk.column
    with organization_scope(theirs.id):
        row = FACTORIES[model._meta.label_lower]()
        before = model._base_manager.filter(pk=row.pk).values().get()
    assert _scalar(f'SELECT count(*) FROM "{table}"') == 0, "without a scope there are no rows"
    with organization_scope(ours.id):
        assert not model._base_manager.filter(pk=row.pk).exists()
        assert _scalar(f'SELECT count(*) FROM "{table}" WHERE organization_id = %s', theirs.id) == 0
        _touch_nothing(f'UPDATE "{table}" SET "{pk}" = "{pk}" WHERE "{pk}" = %s', row.pk)
        _touch_nothing(f'DELETE FROM "{table}" WHERE "{pk}" = %s', row.pk)
    with organization_scope(theirs.id):
        assert model._base_manager.filter(pk=row.pk).values().get() == before


def _touch_nothing(sql: str, pk: Any) -> None:
    """The statement meets no row; on append-only tables the role may not even try."""
    try:
        with transaction.atomic():
            assert _execute(sql, pk) == 0
    except Error as error:
        assert "permission denied" in str(error)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_no_row_can_be_made_for_or_moved_to_another_organization(model: type[models.Model]) -> None:
    ours, theirs = make_organization(), make_organization()
    table = model._meta.db_table
    with organization_scope(ours.id):
        FACTORIES[model._meta.label_lower]()
        columns = ", ".join(
            f'"{f.column}"' for f in model._meta.concrete_fields if f.name not in ("id", "organization")
        )
        with (
            pytest.raises(
                Error,
                match="row-level security|permission denied|never changed|frozen|keeps|can only|Only a message",
            ),
            transaction.atomic(),
        ):
            _execute(f'UPDATE "{table}" SET organization_id = %s', theirs.id)
        insert = (
            f'INSERT INTO "{table}" (organization_id, {columns}) SELECT %s, {columns} FROM "{table}" LIMIT 1'
        )
        with pytest.raises(Error), transaction.atomic():
            _execute(insert, theirs.id)
    with organization_scope(theirs.id):
        assert model._base_manager.count() == 0 or model._meta.label_lower == "governance.epoch"


@pytest.mark.parametrize(
    ("sabotage", "named"),
    [
        ("ALTER TABLE tickets_ticket NO FORCE ROW LEVEL SECURITY", "tickets_ticket: row-level security"),
        ("ALTER TABLE tickets_ticket DISABLE ROW LEVEL SECURITY", "tickets_ticket: row-level security"),
        ("CREATE POLICY second ON tickets_ticket USING (true)", "tickets_ticket: policy second"),
        (
            "CREATE POLICY search_by_organization ON tickets_ticket TO helpdesk_search USING (true)",
            "tickets_ticket: policy search_by_organization",
        ),
        (
            "ALTER POLICY search_by_organization ON tickets_message TO helpdesk_search, helpdesk_app",
            "tickets_message: policy search_by_organization",
        ),
        ("CREATE TABLE stray (id bigint)", "stray: row-level security"),
        ("CREATE VIEW everything AS SELECT * FROM tickets_ticket", "everything: a view"),
        (
            "CREATE FUNCTION leak() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS 'SELECT 1::bigint'",
            "leak: a SECURITY DEFINER",
        ),
        (
            "ALTER TABLE tickets_message DROP CONSTRAINT tickets_message_ticket_id_same_org",
            "tickets_message: ticket_id has no composite",
        ),
    ],
)
def test_the_sweep_would_notice(
    sabotage: str, named: str, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checker is checked: each hole, made by the owner in a transaction that is rolled back, is named."""
    import psycopg

    with psycopg.connect(owner_url) as owner:
        owner.execute("SET lock_timeout = '5s'")
        owner.execute(sabotage)  # type: ignore[arg-type]
        monkeypatch.setattr(catalog, "_rows", lambda sql: owner.execute(sql).fetchall())
        assert any(problem.startswith(named) for problem in catalog.problems())
        owner.rollback()


def test_no_scope_is_loud_in_python() -> None:
    from tickets.models import Ticket

    for touch in (
        lambda: list(Ticket.objects.all()),
        Ticket.objects.count,
        Ticket.objects.exists,
        Ticket.objects.first,
    ):
        with pytest.raises(ScopeError):
            touch()
    with pytest.raises(ScopeError):
        Ticket.objects.update(subject="x")
    with pytest.raises(ScopeError), organization_scope(None):  # type: ignore[arg-type]
        pass


def test_a_foreign_key_cannot_point_across() -> None:
    from tickets.models import TicketEvent
    from tickets.tests.factories import make_ticket

    ours, theirs = make_organization(), make_organization()
    with organization_scope(theirs.id):
        ticket = make_ticket()
    with organization_scope(ours.id), pytest.raises(Error, match="foreign key"), transaction.atomic():
        TicketEvent.objects.create(ticket_id=ticket.pk, kind="created")


def test_nested_scopes_switch_and_restore() -> None:
    from helpdesk.people.models import Customer

    ours, theirs = make_organization(), make_organization()
    with organization_scope(ours.id):
        Customer.objects.create(name="ours")
        with organization_scope(theirs.id):
            assert not Customer.objects.exists()
        assert Customer.objects.get().name == "ours"
        with pytest.raises(ZeroDivisionError), organization_scope(theirs.id):
            raise ZeroDivisionError
        assert Customer.objects.get().name == "ours"
    assert _scalar("SELECT COALESCE(current_setting('app.organization', true), '')") == ""


@pytest.mark.django_db(transaction=True)
def test_a_reused_connection_remembers_nothing() -> None:
    from helpdesk.people.models import Customer

    ours = make_organization()
    with organization_scope(ours.id):
        Customer.objects.create(name="ours")
    assert _scalar("SELECT count(*) FROM people_customer") == 0
    assert not _scalar("SELECT current_setting('app.organization', true)")
