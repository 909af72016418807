"""What the AI room holds about persons for learning: numbers about answers, lessons, and test questions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aiassist.models import AnswerFact
from helpdesk.privacy import erasure
from helpdesk.privacy.leaving.shape import leave_out_table
from helpdesk.privacy.registry import Category, D, Erase, declare

_GOES = D(Category.BEHAVIOUR, "ai_record", erase=Erase.DELETE)
_WORDS = D(Category.CONTENT, "ai_record", export=True, erase=Erase.DELETE)
_STAFF = D(Category.STAFF, "ai_record")

declare("aiassist.AnswerFact", {}, rest=_GOES)
declare("aiassist.Lesson", {}, rest=_GOES)
declare(
    "aiassist.GoldenTicket",
    {"question": _WORDS, "subject": _WORDS, "title": _WORDS, "created_by": _STAFF},
    rest=_GOES,
)
declare("aiassist.GoldenRun", {}, rest=D(Category.BUSINESS))
declare("aiassist.PromptChoice", {"member": _STAFF}, rest=D(Category.BUSINESS))
declare("aiassist.TopicProposal", {"decided_by": _STAFF}, rest=D(Category.BUSINESS))
leave_out_table("aiassist.Lesson", _("It is learned anew, from customers who agree there."))
leave_out_table(
    "aiassist.PromptChoice", _("Which instructions there are depends on the release in use there.")
)

# Also what somebody wrote in another customer's ticket.
erasure.also_reach(
    "aiassist.AnswerFact", lambda customer: AnswerFact.objects.filter(message__customer=customer)
)
erasure.call_rows("aiassist.AnswerFact", _("figures about answers"))
erasure.call_rows("aiassist.Lesson", _("lessons for the AI"))
