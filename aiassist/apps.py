"""App configuration of the AI room."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AIAssistConfig(AppConfig):
    name = "aiassist"
    label = "aiassist"

    def ready(self) -> None:
        """Listen to the tickets room, and fill the panel beside a ticket."""
        from aiassist import demands, drafting_setup, failures, oversight, shipping
        from aiassist.assistant.setup import register_assistant
        from aiassist.learning_setup import register_learning
        from aiassist.receivers import connect
        from governance.pressing import register_reader as register_pressing
        from helpdesk.live.slots import Panel, register_panel
        from helpdesk.people import settings_pages
        from helpdesk.privacy.leaving.arriving import adapt
        from helpdesk.privacy.leaving.shape import leave_out_table
        from tickets.finding import register_finder
        from tickets.sensitive import register_reader

        connect()
        register_learning()
        register_assistant()
        demands.register()
        drafting_setup.register()
        failures.register()
        oversight.register()
        shipping.register_shipped()
        register_finder(_by_meaning)
        register_pressing(_pressing)
        register_reader(_topics_of)
        leave_out_table("aiassist.Passage", _("It is made anew from articles and ready replies."))
        leave_out_table("aiassist.LearnedTopics", _("It is learned anew from solved tickets."))
        leave_out_table("aiassist.TopicMerge", _("It only serves to undo a merge of topics here."))
        adapt("aiassist.Sorting", lambda values, _reading: {**values, "nearest": []})
        adapt("aiassist.AIService", lambda values, _reading: {**values, "is_active": False})
        settings_pages.register(
            settings_pages.SettingsPage(
                "settings-ai-service",
                _("AI service"),
                _("Who drafts: the built-in assistant, or a service that you choose and try first."),
                45,
                "manage_ai_service",
            )
        )
        settings_pages.register(
            settings_pages.SettingsPage(
                "settings-topics",
                _("Topics"),
                _("What requests are about: how sure the AI is of each, and which belong together."),
                46,
                "manage_policy",
            )
        )
        register_panel(Panel(id="ai-panel", label=_("AI draft"), url_name="ai-panel", event="draft"))
        register_panel(Panel(id="sorting-panel", label=_("Topic"), url_name="sorting", event="draft"))


def _topics_of(ticket: Any) -> frozenset[str]:
    """Loaded at the first answer that the AI had a hand in."""
    from aiassist.reading import topics_of

    return topics_of(ticket)


def _by_meaning(question: str) -> Any:
    """Loaded at the first question: most processes never search, and the model takes half a second."""
    from aiassist.meaning import by_meaning

    return by_meaning(question)


def _pressing(text: str, asked: str) -> frozenset[str]:
    """Loaded at the first answer of the AI that somebody sends, for the same reason."""
    from aiassist.core.pressing import pressing

    return pressing(text, asked)
