"""What help beside a draft brings to the rooms at the start of every process."""

from __future__ import annotations


def register() -> None:
    """Called once from AppConfig.ready."""
    from aiassist import privacy_drafting  # noqa: F401 - declares its tables
    from helpdesk.live.slots import ComposerHelp, register_composer_help

    register_composer_help(ComposerHelp("ai-help-menu", "ai-help", "draft"))
