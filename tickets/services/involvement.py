"""How far the AI had a hand in a text, found on the server whatever button was used ("No way round")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from governance.models import AIDecision, DraftExplanation
from governance.services import consents
from helpdesk.people.models import Customer
from tickets.content import text_hash
from tickets.conversation import family_of, messages_of
from tickets.models import AIInvolvement, AIText, Message, MessageKind, Ticket
from tickets.overlap import ai_share


@dataclass(frozen=True)
class Involvement:
    """The degree, the decision behind the AI's text, and whether its sources can be shown to the customer."""

    degree: str = AIInvolvement.NONE
    decision: AIDecision | None = None
    explained: bool = False
    unsupported: str = ""  # a sentence without source that still stands in the text

    @property
    def involved(self) -> bool:
        """Whether the AI had any hand in it."""
        return self.degree != AIInvolvement.NONE


def involvement_of(
    *, ticket: Ticket, text: str, used_decision_id: int | None = None, until: datetime | None = None
) -> Involvement:
    """Compare a text with everything that the AI showed on the ticket. Using a draft says more, never less.

    A ticket's family counts as one: what was merged into it, and what it was split from.
    `until`: what was shown later was not there to be pasted.
    """
    rows = (
        AIText.objects.filter(ticket__in=family_of(ticket))
        .select_related("decision__customer")
        .order_by("-pk")
    )
    shown = list(rows.filter(created_at__lte=until) if until else rows)
    if not shown:
        return Involvement()
    found = _verbatim(shown, text) or _recognised(ticket, shown, text) or _used(shown, used_decision_id)
    if found is None:
        return Involvement()
    degree, ai_text = found
    return Involvement(
        degree,
        ai_text.decision,
        DraftExplanation.objects.filter(decision=ai_text.decision_id).exists(),
        _left_without_source(shown, text),
    )


def sources_shown(ticket: Ticket) -> list[str]:
    """The passages of published sources that the AI showed on the ticket's family. One query."""
    rows = AIText.objects.filter(ticket__in=family_of(ticket)).values_list("exempt", flat=True)
    return [str(passage) for passages in rows for passage in passages]


def involvement_kept(message: Message, found: Involvement) -> Involvement:
    """What was found, or what the message carried already: passing it on does not make it a person's."""
    if found.involved or message.ai_involvement == AIInvolvement.NONE:
        return found
    explained = DraftExplanation.objects.filter(decision=message.decision_id).exists()
    return Involvement(message.ai_involvement, message.decision, explained, found.unsupported)


def whose_choice(ticket: Ticket, decision: AIDecision | None) -> Customer:
    """Whose choice about AI counts for an answer: of the ticket's customer, whoever the draft was written for, and who
    wrote last, the first who said no; else the ticket's customer."""
    last = messages_of(ticket).filter(kind=MessageKind.INBOUND).select_related("customer").last()
    people = [ticket.customer, decision.customer if decision else None, last.customer if last else None]
    return consents.whose_choice([one for one in people if one is not None])


def _verbatim(shown: Sequence[AIText], text: str) -> tuple[str, AIText] | None:
    wanted = text_hash(text)
    return next(((AIInvolvement.VERBATIM, one) for one in shown if one.text_hash == wanted), None)


def _recognised(ticket: Ticket, shown: Sequence[AIText], text: str) -> tuple[str, AIText] | None:
    own_words = messages_of(ticket).filter(kind=MessageKind.INBOUND).values_list("text", "quoted")
    quoted = [piece for pair in own_words.order_by("-pk")[:50] for piece in pair if piece]
    for one in shown:
        if ai_share(text, [one.text], exempt=one.exempt, quoted=quoted).recognised:
            return AIInvolvement.EDITED, one
    return None


def _used(shown: Sequence[AIText], decision_id: int | None) -> tuple[str, AIText] | None:
    """The draft was taken over and then rewritten: its ideas may have stayed."""
    if decision_id is None:
        return None
    return next(((AIInvolvement.SUGGESTED, one) for one in shown if one.decision_id == decision_id), None)


def _left_without_source(shown: Sequence[AIText], text: str) -> str:
    said = _plain(text)
    return next((str(one) for item in shown for one in item.unsupported if _plain(str(one)) in said), "")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
