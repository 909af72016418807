"""Forgets what the AI wrote and read, after as many days as the rules say; decisions stay, without texts."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiassist.assistant.answering import forget_old
from aiassist.models import Draft
from aiassist.reading import rules
from aiassist.services import helping
from tickets.models import AIText


def forget_old_texts(*, now: datetime) -> int:
    """Delete drafts (with what was shown to a service), AI texts and conversations with the assistant older than the
    rules allow; returns how many rows."""
    before = now - timedelta(days=rules().ai_log_days)
    drafts = Draft.objects.filter(created_at__lt=before).delete()[0]
    drafts += helping.forget_old(before=before, now=now)
    return drafts + forget_old(before) + AIText.objects.filter(created_at__lt=before).delete()[0]
