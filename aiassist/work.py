"""What travels between the pipeline's three steps; nothing here touches the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aiassist.core import ground
from aiassist.core.drafts import DraftRequest, DraftResult, NoDraft
from aiassist.core.embed import Vectors
from aiassist.core.learned import NOTHING, Learned
from aiassist.core.people import KnownPerson
from aiassist.core.providers.base import Provider
from aiassist.retrieval import Shelf


@dataclass(frozen=True)
class Found:
    """What local rules found in a message, before any service sees it."""

    language: str
    topics: frozenset[str]


@dataclass(frozen=True)
class Prepared:
    """What the work outside the transaction needs; nothing in it touches the database."""

    message_id: int
    ticket_id: int
    revision: int
    decision_id: int
    provider: Provider
    timeout: float
    subject: str = field(repr=False)
    text: str = field(repr=False)
    language: str
    tone: str
    tone_notes: str
    values: tuple[str, ...]
    business_name: str
    people: tuple[KnownPerson, ...] = field(repr=False)
    keep: tuple[str, ...]
    shelf: Shelf = field(repr=False)
    learned: Learned = field(default=NOTHING, repr=False)
    topic: str = ""
    #: The rules allow offers that nobody asked for.
    upsell: bool = False
    prompt: str = ""  # the wording of the instructions that the decision allowed
    #: Why the built-in assistant writes although another service was chosen.
    instead: str = ""


@dataclass(frozen=True)
class Asked:
    """What a service is told: the request, the same word for word, and which placeholder stands for what."""

    request: DraftRequest = field(repr=False)
    shown: str = field(repr=False)
    mapping: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Written:
    """What came back, with personal data restored."""

    result: DraftResult | NoDraft
    checks: tuple[ground.SentenceCheck, ...]
    masked: str = field(repr=False)
    mapping: Mapping[str, str] = field(repr=False)
    restored: DraftResult | None = None
    #: Kinds of what was held back, and names that were not given to the service: kept no longer than this work.
    leaks: tuple[str, ...] = ()
    new_names: tuple[str, ...] = field(default=(), repr=False)
    #: What the masked question is about, as the index of passages means it.
    meaning: Vectors | None = field(default=None, repr=False)


def sources_used(written: Written, shelf: Shelf) -> Sequence[str]:
    """The ids of the sources that the draft stands on, in order of use: number 1 is the first."""
    assert isinstance(written.result, DraftResult)  # noqa: S101 - narrows the type
    grounded = [one.source_id for one in written.checks if one.source_id]
    return [one for one in dict.fromkeys((*written.result.source_ids, *grounded)) if one in shelf.rows]
