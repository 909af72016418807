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


_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> None:
    """Fill a slot; called from AppConfig.ready. Registering twice replaces."""
    _panels[panel.id] = panel


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
