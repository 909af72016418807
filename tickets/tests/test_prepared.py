"""Queries planned once per connection behave as every other: same rows, same log, same broken transactions."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from helpdesk.people.tests.factories import make_organization
from helpdesk.tenancy.scope import organization_scope
from tickets.selectors.prepared import prepared_rows
from tickets.tests.factories import make_ticket

pytestmark = pytest.mark.django_db

NUMBERS = "SELECT number FROM tickets_ticket WHERE number >= %s ORDER BY number"


def _planned() -> list[str]:
    return [row[0] for row in connection.cursor().execute("SELECT statement FROM pg_prepared_statements")]


def test_a_query_is_planned_once_and_finds_what_it_finds() -> None:
    with organization_scope(make_organization().id):
        numbers = [make_ticket().number for _ in range(3)]
        for _ in range(8):
            assert [number for (number,) in prepared_rows(NUMBERS, [numbers[1]])] == numbers[1:]
        assert sum("WHERE number >= $1" in one for one in _planned()) == 1


def test_what_is_planned_for_one_organization_shows_another_its_own() -> None:
    first, second = make_organization(), make_organization()
    for organization, many in ((first, 3), (second, 1)):
        with organization_scope(organization.id):
            for _ in range(many):
                make_ticket()
    for _ in range(7):
        for organization, many in ((first, 3), (second, 1)):
            with organization_scope(organization.id):
                assert len(prepared_rows(NUMBERS, [0])) == many
    assert prepared_rows(NUMBERS, [0]) == [], "outside of every organization there are no tickets"


def test_it_counts_as_a_query_and_its_error_is_django_s(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        prepared_rows("SELECT 1")
    with pytest.raises(ProgrammingError), transaction.atomic():
        prepared_rows("SELECT no_such_column FROM tickets_ticket")
    assert prepared_rows("SELECT 1") == [(1,)]


def test_where_the_pooler_knows_none_nothing_is_prepared(settings: Any) -> None:
    settings.PREPARED_STATEMENTS = False
    before = _planned()
    assert prepared_rows("SELECT 41 + %s", [1]) == [(42,)]
    assert _planned() == before
