"""URLs of the pages for anyone."""

from __future__ import annotations

from django.urls import path

from governance import public, public_ask, public_badge, public_copies

urlpatterns = [
    path("trust/", public.trust, name="trust"),
    path("trust/facts.json", public_copies.facts, name="trust-facts"),
    path("trust/changes.atom", public_copies.feed, name="trust-feed"),
    path("trust/badge/", public_badge.about, name="badge"),
    path("trust/badge.svg", public_badge.image, name="badge-image"),
    path("trust/ask/", public_ask.ask, name="trust-ask"),
    path("privacy/", public.privacy, name="privacy"),
]
