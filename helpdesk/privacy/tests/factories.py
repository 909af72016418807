"""Rows of the privacy room for tests."""

from __future__ import annotations

from typing import Any

from helpdesk.privacy.models import Takeout


def make_takeout(**fields: Any) -> Takeout:
    """A file that was asked for and is not made yet."""
    return Takeout.objects.create(**fields)


FACTORIES = {"privacy.takeout": make_takeout}
