"""Leave out of a draft what presses the customer, before anybody sees it."""

from __future__ import annotations

from dataclasses import replace

from aiassist.core.drafts import DraftResult, DraftSentence, Kind, NoDraft, NoDraftReason, Note, NoteCode
from aiassist.core.orders import orders_an_ai
from aiassist.core.pressing import by_meaning
from governance.core.pressure import OFFER_FIRST, UPSELL, leaves, pressure


def without_pressure(result: DraftResult, asked: str, *, upsell: bool = False) -> DraftResult | NoDraft:
    """The draft without the sentences that press, with a note of how many; no draft where no answer is left.

    `upsell`: the rules allow offers that nobody asked for. An offer before the answer to a wish to leave goes anyway.
    """
    allowed = {OFFER_FIRST} | ({UPSELL} if upsell else set())
    texts = [one.text for one in result.sentences]
    found = [
        pressure(text, asked) | meant
        for text, meant in zip(texts, by_meaning(texts, asked, drafted=True), strict=True)
    ]
    kept: list[DraftSentence] = []
    for sentence, kinds in zip(result.sentences, found, strict=True):
        if not kinds - allowed and not _offers_first(kept, sentence, asked):
            kept.append(sentence)
    left_out = len(result.sentences) - len(kept)
    if not left_out:
        return result
    if not any(one.source_ids or one.kind is Kind.ANSWER for one in kept):
        return NoDraft(
            NoDraftReason.PRESSES,
            tokens_in=result.tokens_in,
            tokens_out=result.tokens_out,
            cost_micro=result.cost_micro,
            model=result.model,
        )
    note = Note(NoteCode.PRESSURE, str(left_out))
    return replace(result, sentences=tuple(kept), notes=(note, *result.notes))


def note_orders(result: DraftResult, asked: str) -> DraftResult:
    """The draft, with a note where the customer's message has words that are meant for an AI."""
    if not orders_an_ai(asked):
        return result
    return replace(result, notes=(Note(NoteCode.INSTRUCTIONS), *result.notes))


def _offers_first(kept: list[DraftSentence], sentence: DraftSentence, asked: str) -> bool:
    if not leaves(asked):
        return False
    so_far = " ".join(one.text for one in [*kept, sentence])
    return OFFER_FIRST in pressure(so_far, asked)
