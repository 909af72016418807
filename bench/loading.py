"""COPY into the product's tables: columns that are not named get the value that means "nothing"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

_COLUMNS = """
SELECT column_name, data_type, is_nullable = 'YES' OR column_default IS NOT NULL OR is_identity = 'YES'
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_NOTHING = {
    "character varying": "",
    "text": "",
    "boolean": "f",
    "smallint": "0",
    "integer": "0",
    "bigint": "0",
    "jsonb": "{}",
    "timestamp with time zone": "2026-01-01",
}
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


def missing(connection: Connection, table: str, columns: Sequence[str]) -> dict[str, str]:
    """Required columns that the caller does not fill, with their value that means nothing."""
    rows = connection.execute(_COLUMNS, [table]).fetchall()
    return {name: _NOTHING[kind] for name, kind, optional in rows if not optional and name not in columns}


class Table:
    """One table to be filled in portions; `add` takes the values of `columns` as COPY's text."""

    def __init__(self, connection: Connection, name: str, columns: str, **constant: str) -> None:
        self._connection = connection
        self.name = name
        own = columns.split()
        constant = {**missing(connection, name, [*own, *constant]), **constant}
        self._end = "".join(f"\t{value}" for value in constant.values()) + "\n"
        self._statement = f"COPY {name} ({', '.join([*own, *constant])}) FROM STDIN"
        self._lines: list[str] = []

    def add(self, *values: object) -> None:
        """One row; None is NULL."""
        self._lines.append("\t".join("\\N" if one is None else str(one) for one in values))

    def flush(self) -> None:
        """Send what was added."""
        if not self._lines:
            return
        end = self._end
        with self._connection.cursor() as cursor, cursor.copy(self._statement) as copy:
            copy.write(end.join(self._lines) + end)
        self._lines.clear()


def escaped(text: str) -> str:
    """A text as COPY wants it."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", " ").replace("\r", "")


def without_indexes(connection: Connection, tables: Iterable[str]) -> list[str]:
    """Drop the indexes that hold no constraint; returns how to make them again (sorting beats one by one)."""
    statements: list[str] = []
    for table in tables:
        for name, definition in connection.execute(_INDEXES, [table]).fetchall():
            statements.append(definition)
            connection.execute(f"DROP INDEX {name}".encode())
    return statements


def set_sequences(connection: Connection, tables: Iterable[str]) -> None:
    """New rows go on after the loaded ones."""
    for table in tables:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST(max(id), 1)) FROM {table}".encode()
        )
