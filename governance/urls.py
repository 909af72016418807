"""URLs of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from governance import setup_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("setup/rules/", setup_views.rules, name="setup-rules"),
]
