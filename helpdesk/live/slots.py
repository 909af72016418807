"""Slots of the ticket page: a room above fills one by name, the tickets room never knows who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """A panel beside the ticket, loaded over HTMX from `url_name` (its one argument is the ticket's number)."""

    id: str
    label: str | Promise
    url_name: str
    event: str  # the live event that makes it stale, with the ticket's id at its end


@dataclass(frozen=True)
class ComposerHelp:
    """Help with the text that is being written: a menu and its result, loaded over HTMX when they are wanted."""

    menu_url_name: str
    text_url_name: str
    event: str


_panels: dict[str, Panel] = {}
_composer_help: list[ComposerHelp] = []


def register_panel(panel: Panel) -> None:
    """Fill a slot; called from AppConfig.ready. Registering twice replaces."""
    _panels[panel.id] = panel


def register_composer_help(offered: ComposerHelp) -> None:
    """Fill the slot beside the text; called from AppConfig.ready. Registering again replaces."""
    _composer_help[:] = [offered]


def composer_help(ticket: Any) -> dict[str, str] | None:
    """What desk/_composer.html needs to offer it on this ticket; None where no room does."""
    for one in _composer_help:
        return {
            "menu_url": reverse(one.menu_url_name, args=[ticket.number]),
            "text_url": reverse(one.text_url_name, args=[ticket.number]),
            "live": f"live:{one.event}-{ticket.pk}",
        }
    return None


def panels_for(ticket: Any) -> list[dict[str, Any]]:
    """What desk/_side.html needs to load each panel of this ticket."""
    return [
        {
            "id": panel.id,
            "label": panel.label,
            "url": reverse(panel.url_name, args=[ticket.number]),
            "live": f"live:{panel.event}-{ticket.pk}",
        }
        for panel in _panels.values()
    ]
