"""The owner's home in the admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds the home's sentences to the admin index's context."""
    return context
