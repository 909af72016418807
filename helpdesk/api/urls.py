"""URLs under `/api/v1/`: what the rooms registered, and the OpenAPI document."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from helpdesk.api.registry import router

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("", include(router().urls)),
]
