"""What the assistant on the help pages holds about persons: what they asked, and what they were told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.privacy import erasure
from helpdesk.privacy.registry import Category, D, Erase, declare

_SAID = D(Category.CONTENT, "service", export=True, erase=Erase.DELETE)

declare(
    "aiassist.Conversation",
    {
        "token_hash": D(Category.SECRET, "sign_in", erase=Erase.DELETE),
        "created_at": D(Category.BEHAVIOUR, "service", export=True, erase=Erase.DELETE),
    },
    rest=D(Category.BEHAVIOUR, "service", erase=Erase.DELETE),
)
declare(
    "aiassist.Question",
    {
        **dict.fromkeys(("text", "label", "answer", "sources", "open_parts"), _SAID),
        **dict.fromkeys(
            ("state", "why", "right", "created_at"),
            D(Category.BEHAVIOUR, "service", export=True, erase=Erase.DELETE),
        ),
    },
    rest=D(Category.BEHAVIOUR, "ai_record", erase=Erase.DELETE),
)
erasure.call_rows("aiassist.Conversation", _("conversations with the assistant"))
erasure.call_rows("aiassist.Question", _("questions to the assistant"))
