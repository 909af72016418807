"""The kinds of business an owner chooses from: what the first day's examples and starter articles go by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Six kinds; the key is what starter articles are found by. An organization may have none."""

    SHOP = "shop", _("Shop")
    TRADES = "trades", _("Services and trades")
    TRAVEL = "travel", _("Travel")
    SOFTWARE = "software", _("Software")
    CARE = "care", _("Health and care")
    HOSPITALITY = "hospitality", _("Restaurant or hotel")


#: One line under each choice.
HINTS = {
    Kind.SHOP: _("You sell things, online or over the counter."),
    Kind.TRADES: _("You repair, build, clean, deliver or advise by appointment."),
    Kind.TRAVEL: _("Flights, tours, rentals, tickets."),
    Kind.SOFTWARE: _("An app, a website or an online service with accounts."),
    Kind.CARE: _("A practice, a pharmacy, a care service."),
    Kind.HOSPITALITY: _("Tables, rooms, events."),
}
