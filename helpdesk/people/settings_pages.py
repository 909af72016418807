"""The owner's settings pages: rooms register theirs, the "Settings" page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class SettingsPage:
    """A page of settings: the name of its URL, its word, one line that says what it is for, its place, and who may."""

    url_name: str
    label: str | Promise
    hint: str | Promise
    order: int = 50
    action: str = "admin"  # see helpdesk.people.permissions


_pages: dict[str, SettingsPage] = {}


def register(page: SettingsPage) -> None:
    """Add a page; called in `AppConfig.ready`. Registering twice is no error."""
    _pages[page.url_name] = page


def pages_for(may: frozenset[str] | set[str]) -> list[dict[str, Any]]:
    """What the template shows to somebody who `may` do these actions: `label`, `hint`, `url`, in their order."""
    ordered = sorted(_pages.values(), key=lambda page: (page.order, page.url_name))
    return [
        {"label": page.label, "hint": page.hint, "url": reverse(page.url_name)}
        for page in ordered
        if page.action in may
    ]
