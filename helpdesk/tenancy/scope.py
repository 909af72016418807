"""The organization in force: one transaction, one setting in the database, one variable in Python.

`organization_scope` is the only code that may set `app.organization`. The setting is local to the
transaction, so neither a pooled connection nor PgBouncer can carry it to the next request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction


class ScopeError(RuntimeError):
    """A tenant-owned table was touched, or a scope asked for, with no organization in force."""


@dataclass
class Scope:
    """One open scope; `at_exit` runs once, last, inside the transaction."""

    organization_id: UUID
    at_exit: dict[str, Callable[[], None]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)


_current: ContextVar[Scope | None] = ContextVar("organization_scope", default=None)


def current_scope() -> Scope:
    """The open scope. Raises ScopeError where there is none."""
    scope = _current.get()
    if scope is None:
        raise ScopeError("No organization in force: open organization_scope(organization_id) first.")
    return scope


def current_organization_id() -> UUID:
    """The organization in force. Raises ScopeError where there is none."""
    return current_scope().organization_id


def has_scope() -> bool:
    """Whether an organization is in force."""
    return _current.get() is not None


def at_scope_exit(key: str, callback: Callable[[], None]) -> None:
    """Run `callback` once at the end of the open scope, inside its transaction (for locks taken last)."""
    current_scope().at_exit.setdefault(key, callback)


def _set(organization_id: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.organization', %s, true)",
            [str(organization_id) if organization_id else ""],
        )


def _run_exit_callbacks(scope: Scope) -> None:
    while scope.at_exit:
        key = next(iter(scope.at_exit))
        scope.at_exit.pop(key)()


@contextmanager
def organization_scope(organization_id: UUID | str) -> Iterator[Scope]:
    """Open a transaction in which rows of this organization, and of no other, exist.

    Nested scopes of the same organization join the outer one (a savepoint); of another organization
    they switch and restore. An exception rolls back. Raises ScopeError for None.
    """
    if not organization_id:
        raise ScopeError("organization_scope needs an organization.")
    wanted = organization_id if isinstance(organization_id, UUID) else UUID(str(organization_id))
    outer = _current.get()
    if outer is not None and outer.organization_id == wanted and connection.in_atomic_block:
        with transaction.atomic():
            yield outer
        return
    nested = connection.in_atomic_block
    scope = Scope(wanted)
    with transaction.atomic():
        _set(wanted)
        token = _current.set(scope)
        try:
            yield scope
            _run_exit_callbacks(scope)
        finally:
            _current.reset(token)
            if nested and not connection.needs_rollback:
                _set(outer.organization_id if outer else None)


class RequestScope:
    """The scope of one request, which an exception can roll back and open anew for the error page."""

    def __init__(self, organization_id: UUID | None) -> None:
        self.organization_id = organization_id
        self._stack = ExitStack()

    def open(self) -> None:
        """Begin the transaction and the scope."""
        if self.organization_id is not None:
            self._stack.enter_context(organization_scope(self.organization_id))

    def roll_back_and_reopen(self, error: BaseException) -> None:
        """Undo all that was written so far; what follows (the error page) runs in a new transaction."""
        self.close(error)
        self._stack = ExitStack()
        self.open()

    def close(self, error: BaseException | None = None) -> None:
        """Commit, or roll back where an error is given."""
        if error is None:
            self._stack.close()
        else:
            try:
                self._stack.__exit__(type(error), error, error.__traceback__)
            except BaseException as raised:  # the scope re-raises what we gave it
                if raised is not error:
                    raise
