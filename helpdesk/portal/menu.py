"""The portal's menu: rooms register their pages here, the shell shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class MenuItem:
    """A page of the portal: the name of its URL, its word, and its place."""

    url_name: str
    label: str | Promise
    order: int = 50


_items: dict[str, MenuItem] = {}


def register(item: MenuItem) -> None:
    """Add a page; called in `AppConfig.ready`. Registering twice is no error."""
    _items[item.url_name] = item


def items() -> list[MenuItem]:
    """The pages in their order."""
    return sorted(_items.values(), key=lambda item: (item.order, item.url_name))


def menu(request: HttpRequest) -> list[dict[str, object]]:
    """What the template shows: `label`, `url`, `current`."""
    shown = [{"label": item.label, "url": reverse(item.url_name)} for item in items()]
    return [{**one, "current": request.path.startswith(str(one["url"]))} for one in shown]
