"""The owner's menu: Rules, AI activity, Fairness, Data requests, People, Papers, For auditors."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's sidebar."""
    return []
