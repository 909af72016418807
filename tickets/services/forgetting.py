"""What this room does when a colleague is forgotten: unsent texts, own views and notices go; what was sent stays."""

from __future__ import annotations

from helpdesk.people.models import Membership
from tickets.models import ComposerDraft, Notice, SavedView


def forget(gone: Membership, _member: Membership) -> None:
    """In the transaction that forgets."""
    for model in (ComposerDraft, Notice):
        field = "author" if model is ComposerDraft else "member"
        model._default_manager.filter(**{field: gone}).delete()
    SavedView.objects.filter(owner=gone, is_shared=False).delete()
