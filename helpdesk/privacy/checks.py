"""System check: every field is declared in the registry of personal data."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from helpdesk.privacy.registry import undeclared


@register("privacy")
def every_field_is_declared(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One error per undeclared field, naming it."""
    return [
        Error(
            f"{name} is not declared in the registry of personal data.",
            hint="Declare it in the room's privacy.py: category, purpose, export, erasure, may an AI service see it.",
            id="privacy.E001",
        )
        for name in undeclared()
    ]
