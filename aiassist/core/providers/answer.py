"""Read what an AI service sent: strict where it matters, forgiving about the wrapping."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_MOST_SENTENCES = 40
_MOST_LETTERS = 1200
LETTERS_PER_TOKEN = 4


class BadAnswer(Exception):
    """What came is not a draft; `reason` is a word of ours, never the service's text."""

    def __init__(self, reason: str, tokens_in: int = 0, tokens_out: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tokens_in = tokens_in
        self.tokens_out = tokens_out


@dataclass(frozen=True, slots=True)
class Answer:
    """A draft as a service gave it, with its own short names of the sources."""

    sentences: tuple[tuple[str, tuple[str, ...]], ...]
    language: str
    unanswered: tuple[str, ...]
    model: str
    tokens_in: int
    tokens_out: int
    finish: str
    estimated: bool


def parse(body: bytes) -> Answer:
    """Return the draft in a chat completion; raises BadAnswer for everything that is not one."""
    completion = _load(body)
    choice = _first(completion.get("choices"))
    raw = choice.get("message")
    message: dict[str, Any] = raw if isinstance(raw, dict) else {}
    content, finish = message.get("content"), str(choice.get("finish_reason") or "")
    tokens_in, tokens_out, estimated = _usage(completion, content)
    try:
        draft = _draft(content, finish, message)
        sentences = () if draft.get("no_answer") is True else _sentences(draft.get("sentences"))
    except BadAnswer as error:
        raise BadAnswer(error.reason, tokens_in, tokens_out) from None
    if not sentences and draft.get("no_answer") is not True and not _texts(draft.get("unanswered")):
        raise BadAnswer("empty", tokens_in, tokens_out)
    return Answer(
        sentences,
        _language(draft.get("language")),
        _texts(draft.get("unanswered")),
        str(completion.get("model") or "")[:100],
        tokens_in,
        tokens_out,
        finish,
        estimated,
    )


def _load(body: bytes) -> dict[str, Any]:
    try:
        completion = json.loads(body)
    except (ValueError, RecursionError):
        raise BadAnswer("no JSON") from None
    if not isinstance(completion, dict):
        raise BadAnswer("no completion")
    return completion


def _first(choices: Any) -> dict[str, Any]:
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise BadAnswer("no completion")
    choice: dict[str, Any] = choices[0]
    return choice


def _draft(content: Any, finish: str, message: dict[str, Any]) -> dict[str, Any]:
    if finish == "length":
        raise BadAnswer("cut off")
    if finish == "content_filter" or message.get("refusal"):
        raise BadAnswer("refused")
    if not isinstance(content, str) or not content.strip():
        raise BadAnswer("empty")
    found = _json_object(content)
    if found is None:
        raise BadAnswer("no JSON draft")
    return found


def _json_object(content: str) -> dict[str, Any] | None:
    """The object itself, or the one inside a fence or between words (services without structured output)."""
    inside = content[content.find("{") : content.rfind("}") + 1]
    for candidate in (content.strip(), re.sub(r"^```\w*\s*|\s*```$", "", content.strip()), inside):
        try:
            found = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and ("sentences" in found or "no_answer" in found):
            return found
    return None


def _sentences(raw: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(raw, list) or len(raw) > _MOST_SENTENCES:
        raise BadAnswer("no sentences")
    made: list[tuple[str, tuple[str, ...]]] = []
    for one in raw:
        if not isinstance(one, dict) or not isinstance(one.get("text"), str):
            raise BadAnswer("no sentences")
        text = " ".join(one["text"].split())[:_MOST_LETTERS]
        if text:
            made.append((text, _texts(one.get("sources"))))
    return tuple(made)


def _texts(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list):
        return ()
    return tuple(" ".join(one.split())[:300] for one in raw[:20] if isinstance(one, str) and one.strip())


def _language(raw: Any) -> str:
    match = re.match(r"[a-z]{2}(?![a-z])", raw.strip().lower()) if isinstance(raw, str) else None
    return match[0] if match else ""


def _usage(completion: dict[str, Any], content: Any) -> tuple[int, int, bool]:
    """Tokens as counted by the service; where it does not count, an estimate of its output, marked as such."""
    usage = completion.get("usage")
    counted = usage if isinstance(usage, dict) else {}
    tokens_in, tokens_out = _count(counted.get("prompt_tokens")), _count(counted.get("completion_tokens"))
    if tokens_in is not None and tokens_out is not None:
        return tokens_in, tokens_out, False
    letters = len(content) if isinstance(content, str) else 0
    return 0, -(-letters // LETTERS_PER_TOKEN), True


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
