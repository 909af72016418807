"""URLs of the pages for anyone."""

from __future__ import annotations

from django.urls import path

from governance import public

urlpatterns = [
    path("trust/", public.trust, name="trust"),
    path("privacy/", public.privacy, name="privacy"),
]
