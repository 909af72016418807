"""What the AI room holds about persons beside the drafts: words under way, paid answers, help, meanings of tickets."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from aiassist.drafting_models import Help, PaidCall, TicketMeaning, Writing
from helpdesk.people.models import Customer
from helpdesk.privacy import erasure
from helpdesk.privacy.leaving.shape import leave_out_table
from helpdesk.privacy.registry import Category, D, Erase, declare
from tickets.models import Message

_CONTENT = D(Category.CONTENT, "ai_record", export=True, erase=Erase.DELETE)
_GOES = D(Category.BEHAVIOUR, "ai_record", erase=Erase.DELETE)

declare("aiassist.Writing", {"text": _CONTENT}, rest=_GOES)
declare("aiassist.PaidCall", {"answer": D(Category.SECRET, "ai_record", erase=Erase.DELETE)}, rest=_GOES)
declare(
    "aiassist.Help",
    {
        **dict.fromkeys(("before", "text", "points", "masked_request"), _CONTENT),
        "member": D(Category.STAFF, "ai_record"),
    },
    rest=_GOES,
)
declare("aiassist.TicketMeaning", {}, rest=D(Category.CONTENT, "ai_record", erase=Erase.DELETE))
leave_out_table("aiassist.Writing", _("A draft that is still being written is not there yet."))
leave_out_table("aiassist.PaidCall", _("It only saves paying for the same work twice, for a few days."))
leave_out_table("aiassist.TicketMeaning", _("It is made anew from messages."))


def _where_they_wrote(model: Any, customer: Customer) -> Any:
    """A ticket is summed up with the words of everybody in it."""
    return model.objects.filter(ticket__in=Message.objects.filter(customer=customer).values("ticket"))


erasure.also_reach("aiassist.Writing", lambda customer: Writing.objects.filter(message__customer=customer))
erasure.also_reach("aiassist.PaidCall", partial(_where_they_wrote, PaidCall))
erasure.also_reach("aiassist.Help", partial(_where_they_wrote, Help))
erasure.also_reach("aiassist.TicketMeaning", partial(_where_they_wrote, TicketMeaning))
erasure.call_rows("aiassist.Writing", _("drafts that the AI had begun"))
erasure.call_rows("aiassist.PaidCall", _("answers of an AI service"))
erasure.call_rows("aiassist.Help", _("summaries and rewordings by the AI"))
erasure.call_rows("aiassist.TicketMeaning", _("what tickets are about"))
