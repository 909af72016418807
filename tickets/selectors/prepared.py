"""Queries that the database plans once per connection: those of every desk page cost more to plan than to run."""

from __future__ import annotations

from typing import Any, Self

import psycopg
from django.conf import settings
from django.db import connection


class _Cursor(psycopg.Cursor[Any]):
    """Django's own cursors put values into the text, which makes each query a new one to the database."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        self.connection.prepare_threshold = (
            0  # Django forbids it for the whole connection; no other cursor asks
        )
        return super().execute(query, params, **{"prepare": True, **how})

    def _send_query_prepared(self, name: bytes, pgq: Any, **how: Any) -> None:
        self._query = pgq  # for Django's log of queries, as where nothing is prepared
        super()._send_query_prepared(name, pgq, **how)


def prepared_rows(sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    """All rows of the query. `sql` must come in few variants, and its best plan must not depend on the values."""
    if not settings.PREPARED_STATEMENTS:
        return plain_rows(sql, params)
    connection.ensure_connection()
    # Django's wrapper around it: broken transactions and the log of queries work as for every other query.
    with connection._prepare_cursor(_Cursor(connection.connection)) as cursor:  # type: ignore[attr-defined] # noqa: SLF001
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def plain_rows(sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    """All rows of a query that is planned for its values: searches, filters."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
