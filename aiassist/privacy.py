"""What the AI room holds about persons: drafts, and what was shown to an AI service."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aiassist.models import Draft, ServiceTry
from aiassist.services.forgetting import answered_to, learned_from
from aiassist.sorting_models import Sorting
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
# Of an article's passages no path leads to a customer; those of an earlier answer are the customer's own to erase.
declare(
    "aiassist.Passage",
    {"message": D(Category.CONTENT, "earlier_answers", erase=Erase.DELETE)},
    rest=D(Category.BUSINESS),
)
declare(
    "aiassist.LearnedTopics",
    {"data": D(Category.SECRET, "triage", erase=Erase.DELETE)},
    rest=D(Category.TECHNICAL),
)
_SORTED = D(Category.BEHAVIOUR, "triage", export=True, erase=Erase.DELETE)
declare(
    "aiassist.Sorting",
    {
        **dict.fromkeys(
            ("state", "topic", "confidence", "priority", "because", "language", "human_topics", "mood"),
            _SORTED,
        ),
        "decided_by": D(Category.STAFF, "triage"),
    },
    rest=D(Category.BEHAVIOUR, "triage", erase=Erase.DELETE),
)
declare("aiassist.TopicMerge", {"member": D(Category.STAFF, "triage")}, rest=D(Category.BUSINESS))

erasure.also_reach("aiassist.Draft", lambda customer: Draft.objects.filter(message__customer=customer))
erasure.also_reach(
    "aiassist.ServiceTry", lambda customer: ServiceTry.objects.filter(message__customer=customer)
)
erasure.also_reach("aiassist.Passage", lambda customer: answered_to(customer.pk))
erasure.also_reach("aiassist.LearnedTopics", lambda customer: learned_from(customer.pk))
erasure.also_reach("aiassist.Sorting", lambda customer: Sorting.objects.filter(message__customer=customer))
erasure.call_rows("aiassist.Passage", _("earlier answers that drafts could stand on"))
erasure.call_rows("aiassist.LearnedTopics", _("what was learned from messages"))
erasure.call_rows("aiassist.Sorting", _("how messages were sorted"))
erasure.call_rows("aiassist.ServiceTry", _("trials of an AI service"))
erasure.call_rows("aiassist.Draft", _("drafts by the AI"))
