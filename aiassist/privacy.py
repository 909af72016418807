"""What the AI room holds about persons: drafts, and what was shown to an AI service."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aiassist.models import Draft, ServiceTry
from helpdesk.privacy import erasure
from helpdesk.privacy.registry import Category, D, Erase, declare

_DRAFT = D(Category.CONTENT, "ai_record", export=True, erase=Erase.DELETE)

declare(
    "aiassist.Draft",
    {
        "text": _DRAFT,
        "sentences": _DRAFT,
        "masked_request": _DRAFT,
        "sources": _DRAFT,
        "decided_by": D(Category.STAFF, "ai_record"),
    },
    rest=D(Category.BEHAVIOUR, "ai_record", erase=Erase.DELETE),
)
declare("aiassist.AIService", {"api_key": D(Category.SECRET, "ai_service")}, rest=D(Category.BUSINESS))
declare(
    "aiassist.ServiceTry",
    {"shown": _DRAFT, "text": _DRAFT, "built_in": _DRAFT, "member": D(Category.STAFF, "ai_record")},
    rest=D(Category.BEHAVIOUR, "ai_record", erase=Erase.DELETE),
)
declare("aiassist.Passage", {}, rest=D(Category.BUSINESS))

erasure.also_reach("aiassist.Draft", lambda customer: Draft.objects.filter(message__customer=customer))
erasure.also_reach(
    "aiassist.ServiceTry", lambda customer: ServiceTry.objects.filter(message__customer=customer)
)
erasure.call_rows("aiassist.ServiceTry", _("trials of an AI service"))
erasure.call_rows("aiassist.Draft", _("drafts by the AI"))
