"""URLs of the bare host: what this is, a shop of one's own, and the health probe."""

from __future__ import annotations

from django.urls import include, path

from helpdesk.runtime.health import health

urlpatterns = [
    path("", include("helpdesk.signup.urls")),
    path("health", health, name="health"),
]
