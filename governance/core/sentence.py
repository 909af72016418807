"""One sentence for a person: stored as it was said, shown in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.utils.translation import gettext

Value: TypeAlias = "str | int | Sentence | tuple[Sentence | str, ...]"


def gettext_noop(text: str) -> str:
    """Mark a text for translation where it is written. Django's own asks for settings; the law needs none."""
    return text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with named places, kept apart from its values.

    Decisions are stored for months and read in several languages, so a sentence keeps the English original
    (mark it with ``gettext_noop`` where it is written) and is translated when somebody reads it.
    """

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        spoken = {name: _spoken(value) for name, value in self.values.items()}
        try:
            return gettext(self.text).format(**spoken)
        except (KeyError, IndexError, ValueError):
            return self.english  # a broken translation must not hide why something was stopped

    @property
    def english(self) -> str:
        """The sentence as it was written, untranslated; needs no settings."""
        return self.text.format(**{name: _english(value) for name, value in self.values.items()})

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "values": {name: _plain(value) for name, value in self.values.items()}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Sentence:
        return cls(str(data["text"]), {name: _value(value) for name, value in data["values"].items()})


def _spoken(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _english(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(_english(one) for one in value)
    return value.english if isinstance(value, Sentence) else str(value)


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.to_dict() if isinstance(value, Sentence) else value


def _value(data: Any) -> Value:
    if isinstance(data, list):
        return tuple(_part(one) for one in data)
    if isinstance(data, Mapping):
        return Sentence.from_dict(data)
    return data if isinstance(data, int) else str(data)


def _part(data: Any) -> Sentence | str:
    return Sentence.from_dict(data) if isinstance(data, Mapping) else str(data)
