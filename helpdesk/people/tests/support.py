"""Browsers of tests: on an organization's host, signed in or not, with mails delivered at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import transaction
from django.test import Client

from helpdesk.people.models import Membership
from helpdesk.people.tests.factories import PASSWORD
from helpdesk.tenancy.models import Organization


def browser_of(organization: Organization, member: Membership | None = None) -> Client:
    """A client on the organization's host; signed in as the member where one is given."""
    client = Client(HTTP_HOST=f"{organization.slug}.localhost")
    if member is not None:
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    """Post the sign-in form."""
    return client.post("/account/login/", {"login": email, "password": password})


@contextmanager
def delivered() -> Iterator[None]:
    """Run commit hooks and tasks at once, inside the test's own transaction."""

    def now(task: Any, *, countdown: float | None = None, **kwargs: Any) -> bool:
        task(**kwargs)
        return True

    def at_once(func: Any, using: Any = None, robust: bool = False) -> None:
        if getattr(func, "__name__", "") == "marker":
            return original(func, using=using, robust=robust)
        return func()

    original = transaction.on_commit
    with (
        mock.patch("helpdesk.tenancy.tasks.enqueue", now),
        mock.patch("helpdesk.tenancy.tasks.transaction.on_commit", at_once),
    ):
        yield
