"""URLs of this room's screens of the set-up."""

from __future__ import annotations

from django.urls import path

from tickets.views import setup

urlpatterns = [
    path("setup/mailbox/", setup.mailbox, name="setup-mailbox"),
    path("setup/knowledge/", setup.knowledge, name="setup-knowledge"),
]
