"""Put a stream of events together to the completion that it would have been, and tell the words meanwhile."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

#: Called with the words so far, whole words only; what it is told may still change and was checked by nobody.
Told = Callable[[str], None]

#: Words are told at most so often; the first at once.
TELL_EVERY = 0.3
_TEXT = re.compile(r'"text"\s*:\s*"((?:[^"\\]|\\.)*)("?)', re.DOTALL)
_HALF_STAND_IN = re.compile(r"\[[^\]\s]*$")


class Assembly:
    """Reads events; `body()` is the whole completion once the stream has ended as it should."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._rest = b""
        self._content: list[str] = []
        self._seen: dict[str, Any] = {}
        self._finish = ""
        self._done = False
        self._last_told = float("-inf")

    def feed(self, chunk: bytes) -> None:
        """Take what came; events may be cut anywhere."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._line(line.strip())

    def body(self) -> bytes:
        """The completion as JSON; empty where the stream ended before it was finished."""
        self._line(self._rest.strip())
        if not self._done and not self._finish:
            return b""
        message = {"role": "assistant", "content": "".join(self._content)}
        choice = {"index": 0, "finish_reason": self._finish, "message": message}
        return json.dumps({**self._seen, "choices": [choice]}).encode()

    def _line(self, line: bytes) -> None:
        if not line.startswith(b"data:"):
            return
        data = line[5:].strip()
        if data == b"[DONE]":
            self._done = True
            return
        try:
            event = json.loads(data)
        except (ValueError, RecursionError):
            return
        if isinstance(event, dict):
            self._event(event)

    def _event(self, event: dict[str, Any]) -> None:
        self._seen |= {name: event[name] for name in ("model", "usage") if event.get(name)}
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        self._finish = str(choice.get("finish_reason") or self._finish)
        delta = choice.get("delta")
        piece = delta.get("content") if isinstance(delta, dict) else None
        if isinstance(piece, str):
            self._content.append(piece)
            self._tell()

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._last_told < TELL_EVERY:
            return
        if words := words_so_far("".join(self._content)):
            self._last_told = now
            self._told(words)


def words_so_far(content: str) -> str:
    """The sentences in a draft of which only the beginning is there; the last one up to its last whole word."""
    found = []
    for match in _TEXT.finditer(content):
        text = _plain(match[1])
        if not match[2]:
            text = _HALF_STAND_IN.sub("", text[: text.rfind(" ") + 1])
        found.append(text.strip())
    return " ".join(text for text in found if text)


def _plain(escaped: str) -> str:
    """The text of a JSON string, of which the last escape may be cut."""
    whole = re.sub(r"\\(?:u[0-9a-fA-F]{0,3})?$", "", escaped)
    try:
        return str(json.loads(f'"{whole}"', strict=False))
    except ValueError:
        return ""
