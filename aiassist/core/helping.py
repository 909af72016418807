"""Help with the team's own texts: what is asked, what comes back, and how it is put to an AI service."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from aiassist.core import ground
from aiassist.core.commitments import commitments
from aiassist.core.drafts import DraftSentence, Passage, Tone
from aiassist.core.help_words import SYSTEM, TASKS, HelpKind
from aiassist.core.prompts import neutralise
from aiassist.core.text import content

__all__ = ["HelpKind", "HelpRequest", "HelpResult", "Piece", "check", "messages"]

#: A reply is a few hundred letters; what is longer is no reply, and a service would cut the answer off.
LONGEST_TEXT = 4_000


#: What works on a text of the team; the others work on the conversation.
REWORDS = frozenset({HelpKind.SHORTER, HelpKind.WARMER, HelpKind.CLEARER, HelpKind.TRANSLATE})


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the material: the text to reword, or one message. `who` is "customer", "team" or ""."""

    name: str  # "M1", "M2", ...
    text: str = field(repr=False)
    who: str = ""


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """Everything a service may see. All text is masked before it gets here."""

    kind: HelpKind
    pieces: tuple[Piece, ...]
    language: str = "en"  # what the answer is to be in
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class HelpResult:
    """What came back, a sentence or paragraph each, with the names of the pieces it rests on, and what it cost."""

    sentences: tuple[DraftSentence, ...] = field(repr=False)
    language: str = ""
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micro: int = 0
    raw: str = "stop"
    attempts: int = 1

    @property
    def body(self) -> str:
        """The text as a whole; empty where the honest answer is none."""
        return "".join(part.lead + part.text for part in self.sentences).strip()


def messages(request: HelpRequest) -> list[dict[str, str]]:
    """The conversation to send: the rules, which never change, the task, then the material in a turn of its own."""
    material = "\n".join(
        f'<text id="{one.name}"{_from(one)}>\n{neutralise(one.text)}\n</text>' for one in request.pieces
    )
    task = f"{TASKS[request.kind]} Write in the language {request.language}."
    return [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": task},
        {"role": "user", "content": f"{material}\nAnswer with the JSON object only."},
    ]


def _from(piece: Piece) -> str:
    return f' from="{piece.who}"' if piece.who in {"customer", "team"} else ""


def check(request: HelpRequest, result: HelpResult) -> tuple[ground.SentenceCheck, ...]:
    """One check for each sentence of the result: whether the material says it, in words, numbers and promises.

    Warmer and clearer words are other words: a sentence there is marked for its numbers, promises and the like, or when
    it says much of which nothing is given. A translation shares no words with its text: there only numbers and promises
    of money count.
    """
    pieces = [Passage(one.name, one.text) for one in request.pieces]
    if request.kind in {HelpKind.WARMER, HelpKind.CLEARER}:
        return tuple(_reworded(one) for one in ground.check(result.sentences, pieces))
    if request.kind is not HelpKind.TRANSLATE:
        return ground.check(result.sentences, pieces)
    given = "\n".join(one.text for one in request.pieces)
    numbers, promised = ground.numbers(given), commitments(given)
    return tuple(_translated(one.text, numbers, promised) for one in result.sentences)


#: So many meaningful words, of which hardly any is given, are a statement of their own.
_STATEMENT, _HARDLY = 4, 0.25


def _reworded(one: ground.SentenceCheck) -> ground.SentenceCheck:
    only_words = one.doubt in {ground.Doubt.WEAK, ground.Doubt.NO_SOURCE}
    says_little = one.score >= _HARDLY or len(set(content(one.text))) < _STATEMENT
    return replace(one, supported=True, doubt=ground.Doubt.NONE) if only_words and says_little else one


def _translated(text: str, numbers: frozenset[str], promised: frozenset[str]) -> ground.SentenceCheck:
    added = ground.numbers(text) - numbers
    if added:
        doubt, detail = ground.Doubt.NUMBER, ", ".join(sorted(added))
    elif not promised and commitments(text):
        doubt, detail = ground.Doubt.PROMISE, ""
    else:
        doubt, detail = ground.Doubt.NONE, ""
    return ground.SentenceCheck(text, doubt is ground.Doubt.NONE, doubt=doubt, detail=detail)
