"""The health probe: answers without organization and without database."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse


def health(request: HttpRequest) -> JsonResponse:
    """`GET /health`: the web process answers."""
    return JsonResponse({"status": "ok"})
