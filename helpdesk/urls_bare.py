"""URLs of the bare host: a landing page and the health probe."""

from __future__ import annotations

from django.urls import path
from django.views.generic import TemplateView

from helpdesk.runtime.health import health

urlpatterns = [
    path("", TemplateView.as_view(template_name="public/landing.html"), name="landing"),
    path("health", health, name="health"),
]
