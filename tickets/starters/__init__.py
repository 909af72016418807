"""Starter articles: files beside this one, `kind.language.md`, twelve in each; blanks stand in [square brackets]."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
#: What an owner still has to fill in: "[number of days]".
BLANK = re.compile(r"\[[^\[\]\n]{2,80}\]")
_HEADING = re.compile(r"^# ([a-z-]+): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Starter:
    """An article to begin with. `key` is the same in each language."""

    kind: str
    key: str
    title: str
    body: str

    @property
    def origin(self) -> str:
        """What an article made of it remembers."""
        return f"starter:{self.kind}:{self.key}"


@cache
def starters(kind: str, language: str) -> tuple[Starter, ...]:
    """The articles of a kind of business, in English where there are none in the language."""
    path = FOLDER / f"{kind}.{language}.md"
    if not path.is_file():
        path = FOLDER / f"{kind}.en.md"
    parts = _HEADING.split(path.read_text(encoding="utf-8"))[1:]
    return tuple(
        Starter(kind, key, title.strip(), body.strip())
        for key, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    )


@cache
def languages(kind: str) -> frozenset[str]:
    """The languages in which a kind of business has its articles; English always."""
    return frozenset(path.name.split(".")[1] for path in FOLDER.glob(f"{kind}.*.md")) | {"en"}


def blanks(text: str) -> list[str]:
    """The blanks that are left in a text, each once."""
    return list(dict.fromkeys(BLANK.findall(text)))


def unfinished(origin: str, title: str, body: str) -> list[str]:
    """The blanks of a starter that nobody filled in yet; an article that people wrote may have brackets."""
    return blanks(f"{title}\n{body}") if origin.startswith("starter:") else []
