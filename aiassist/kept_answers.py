"""An answer of an AI service as text, and back: what is kept of a call is all that its work needs."""

from __future__ import annotations

import json
from typing import Any

from aiassist.core.drafts import DraftResult, DraftSentence, Kind, NoDraft, NoDraftReason, Note, NoteCode
from aiassist.core.helping import HelpResult

Result = DraftResult | NoDraft | HelpResult


def dump(result: Result) -> str:
    """The answer as JSON, without the nearest passage of a missing draft: that is looked for anew."""
    plain: dict[str, Any] = {"model": result.model}
    if isinstance(result, NoDraft):
        plain |= {"is": "none", "reason": result.reason.value, "open": result.open_questions}
    else:
        plain |= {
            "is": "help",
            "language": result.language,
            "sentences": [_sentence(one) for one in result.sentences],
        }
    if isinstance(result, DraftResult):
        notes = [[one.code.value, one.detail] for one in result.notes]
        plain |= {"is": "draft", "notes": notes, "confidence": result.confidence}
    return json.dumps(plain)


def load(text: str) -> Result:
    """What `dump` was given, at no cost."""
    plain = json.loads(text)
    if plain["is"] == "none":
        return NoDraft(
            NoDraftReason(plain["reason"]), model=plain["model"], open_questions=tuple(plain["open"])
        )
    sentences = tuple(
        DraftSentence(one[0], tuple(one[1]), Kind(one[2]), one[3]) for one in plain["sentences"]
    )
    if plain["is"] == "help":
        return HelpResult(sentences, plain["language"], plain["model"])
    notes = tuple(Note(NoteCode(code), detail) for code, detail in plain["notes"])
    return DraftResult(
        sentences, plain["language"], plain["model"], notes=notes, confidence=plain["confidence"]
    )


def _sentence(one: DraftSentence) -> list[Any]:
    return [one.text, one.source_ids, one.kind.value, one.lead]
