"""What learning brings to the rooms at the start of every process."""

from __future__ import annotations


def register_learning() -> None:
    """Called once from AppConfig.ready."""
    from aiassist import privacy_learning  # noqa: F401 - declares its tables
