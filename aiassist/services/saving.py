"""Saves what the pipeline found: a draft with its explanation, or why there is none; always exactly one outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from aiassist.core.drafts import DraftResult, NoDraft
from aiassist.core.helping import HelpResult
from aiassist.core.prompts import VERSION as PROMPT_VERSION
from aiassist.core.providers.base import ProviderBadAnswer, ProviderError
from aiassist.models import Draft, DraftState
from aiassist.work import Prepared, Written, sources_used
from governance.models import AIDecision
from governance.services import decisions
from helpdesk.live.events import publish_on_commit
from tickets.content import text_hash
from tickets.models import AIText, Message, MessageOutcome

if TYPE_CHECKING:
    from governance.gate import Answer

#: Nearness of the best passage from which a draft is called sure or fairly sure; chosen on our own small set.
SURE, FAIRLY_SURE = 0.65, 0.5


def not_allowed(message: Message, answer: Answer) -> None:
    """The gate said no."""
    _outcome(message, "not_allowed", answer.decision.pk, answer.reason, answer.next_step)


def no_draft(message: Message, decision_id: int, reason: str, next_step: str) -> None:
    """Nothing fits."""
    _outcome(message, "no_draft", decision_id, reason, next_step)


def not_asked(message: Message) -> None:
    """The rules say that the AI drafts only when somebody asks; nothing was asked of it, so nothing was decided."""
    reason = gettext("Your rules say that the AI drafts only when somebody asks, always or about this topic.")
    _outcome(message, "no_draft", None, reason, "")


def failed(message_id: int, decision_id: int | None, reason: str) -> None:
    """The AI service failed for good."""
    message = Message.objects.select_related("ticket").get(pk=message_id)
    _outcome(message, "failed", decision_id, reason, gettext("Try again, or answer it yourself."))


def _outcome(message: Message, result: str, decision_id: int | None, reason: str, next_step: str) -> None:
    MessageOutcome.objects.create(
        message=message,
        result=result,
        decision_id=decision_id,
        reason=reason[:300],
        next_step=next_step[:300],
    )
    publish_on_commit("draft", ticket=message.ticket.merged_into_id or message.ticket_id)


def add_cost(decision_id: int, result: DraftResult | NoDraft | HelpResult) -> None:
    """What the call cost, on its decision and in the day's sum."""
    decisions.add_cost(
        decision=AIDecision(pk=decision_id),
        tokens_in=result.tokens_in,
        tokens_out=result.tokens_out,
        cost_micro=result.cost_micro,
    )


def settle_failed(decision_id: int, error: ProviderError) -> None:
    """What was promised to a call that failed is free again; an answer that cannot be used was paid for."""
    bad = error if isinstance(error, ProviderBadAnswer) else ProviderBadAnswer()
    decisions.add_cost(
        decision=AIDecision(pk=decision_id),
        tokens_in=bad.tokens_in,
        tokens_out=bad.tokens_out,
        cost_micro=bad.cost_micro,
        drafts=0,
    )


def draft(message: Message, prepared: Prepared, written: Written) -> Draft:
    """The draft, what may be pasted from it, where it comes from, and the outcome."""
    restored = written.restored
    assert restored is not None  # noqa: S101 - narrows the type
    numbers = {source: number for number, source in enumerate(sources_used(written, prepared.shelf), 1)}
    sources = [{"number": number, **prepared.shelf.rows[source]} for source, number in numbers.items()]
    sentences = sentence_rows(written, numbers)
    replaced = kinds_replaced(written.mapping)
    home = message.ticket.merged_into_id or message.ticket_id
    before = Draft.objects.filter(Q(ticket=home) | Q(ticket__merged_into=home), state=DraftState.PROPOSED)
    before.update(state=DraftState.SUPERSEDED)
    saved = Draft.objects.create(
        ticket_id=message.ticket_id,
        message=message,
        decision_id=prepared.decision_id,
        text=restored.body,
        sentences=sentences,
        sources=sources,
        replaced=replaced,
        masked_request=written.masked,
        language=restored.language,
        note=" ".join(gettext(one.text) % {"detail": one.detail} for one in restored.notes)[:300],
        confidence=_confidence(restored.confidence),
        instead=prepared.instead[:300],
    )
    _keep_ai_text(saved, sentences, sources)
    _explain(saved, prepared, sources, replaced)
    _outcome(message, "drafted", prepared.decision_id, "", "")
    return saved


def kinds_replaced(mapping: Mapping[str, str]) -> dict[str, int]:
    """How many stand-ins of each kind of personal data a service was given."""
    return dict(Counter(one.strip("[]").rsplit("_", 1)[0] for one in mapping))


def sentence_rows(written: Written, numbers: dict[str, int]) -> list[dict[str, Any]]:
    """Each sentence with the numbers of its sources, and whether the check found it in one."""
    assert written.restored is not None  # noqa: S101 - narrows the type
    rows = []
    for sentence, check in zip(written.restored.sentences, written.checks, strict=True):
        cited = dict.fromkeys((*sentence.source_ids, *([check.source_id] if check.source_id else [])))
        rows.append(
            {
                "text": sentence.text,
                "lead": sentence.lead,
                "cites": [numbers[one] for one in cited if one in numbers],
                "supported": check.supported,
                "neutral": check.neutral,
            }
        )
    return rows


def _confidence(score: float) -> str:
    return "high" if score >= SURE else "medium" if score >= FAIRLY_SURE else "low"


def _keep_ai_text(saved: Draft, sentences: list[dict[str, Any]], sources: list[dict[str, Any]]) -> None:
    AIText.objects.create(
        ticket_id=saved.ticket_id,
        decision_id=saved.decision_id,
        kind="draft",
        text=saved.text,
        text_hash=text_hash(saved.text),
        exempt=[source["passage"] for source in sources],
        unsupported=[one["text"] for one in sentences if not one["supported"]],
    )


def _explain(
    saved: Draft, prepared: Prepared, sources: list[dict[str, Any]], replaced: dict[str, int]
) -> None:
    decisions.explain(
        decision=AIDecision(pk=saved.decision_id),
        sources=sources,
        service=prepared.provider.name,
        model=prepared.provider.model,
        prompt_hash=prepared.prompt or PROMPT_VERSION,
        fields_used=[
            *("subject", "message", "language", "articles", "canned_replies"),
            *(["earlier_answers"] if any(one["kind"] == "earlier_answer" for one in sources) else []),
        ],
        replaced=replaced,
        confidence=saved.confidence,
    )


def say_why(*, draft: Draft, reason: str) -> None:
    """Why a draft was rejected, said after the click; only of one that is rejected still."""
    if Draft.objects.filter(pk=draft.pk, state=DraftState.REJECTED).update(reject_reason=reason[:200]):
        publish_on_commit("draft", ticket=draft.ticket.merged_into_id or draft.ticket_id)


def decide(*, draft: Draft, state: DraftState, member: Any, reason: str = "") -> bool:
    """Record what an agent did with a draft (use, edit, reject, or take that back). False where it was too late."""
    before = (
        [DraftState.USED, DraftState.EDITED, DraftState.REJECTED]
        if state == DraftState.PROPOSED
        else [DraftState.PROPOSED]
    )
    changed = Draft.objects.filter(pk=draft.pk, state__in=before).update(
        state=state, decided_by=member, decided_at=timezone.now(), reject_reason=reason[:200]
    )
    if changed:
        publish_on_commit("draft", ticket=draft.ticket.merged_into_id or draft.ticket_id)
    return bool(changed)
