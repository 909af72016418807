"""This room's part of the weekly mail: topics where the AI does worse than no AI, and a wording that waits."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aiassist.models import TopicProposal
from aiassist.services import prompting
from helpdesk.people import weekly


def sentences(_week: weekly.Week) -> list[str]:
    """None, one or two. Three queries at most."""
    said = []
    if n := TopicProposal.objects.filter(state="open").count():
        words = ngettext(
            "On %(n)s topic the AI does worse than no AI.", "On %(n)s topics the AI does worse than no AI.", n
        )
        said.append(words % {"n": n})
    if prompting.waits():
        said.append(
            _("A new wording of what the AI is told waits: it did worse on test questions, or was not tried.")
        )
    return said


def todo(_week: weekly.Week) -> weekly.Todo | None:
    """Decide on a topic. One query."""
    if TopicProposal.objects.filter(state="open").exists():
        return weekly.Todo(
            _("Decide whether people should answer a topic instead of the AI."), reverse("ai-learned"), 30
        )
    return None


def register() -> None:
    """Called once, in AppConfig.ready."""
    weekly.register(weekly.Section("ai-learned", gettext_lazy("What the AI learned"), 25, sentences, todo))
