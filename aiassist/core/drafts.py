"""The shapes that travel between retrieval, the AI services, the grounding check and the panel."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from aiassist.core.embed import Vectors


def gettext_noop(message: str) -> str:
    """Mark for translation; Django's own asks for settings, which `evaluate` and `redact` do not have."""
    return message


class Tone(StrEnum):
    """The voice that the organization's policy asks for."""

    WARM = "warm"
    NEUTRAL = "neutral"
    BRIEF = "brief"


class Kind(StrEnum):
    """What a sentence is for; a check never trusts it, a screen may use it."""

    GREETING = "greeting"
    COURTESY = "courtesy"
    ANSWER = "answer"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of a source, as the service may see it. `start` and `end` are offsets into the source's body."""

    source_id: str
    text: str
    title: str = ""
    kind: str = "article"  # "article" or "canned"
    language: str = ""
    score: float = 0.0
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence with the sources it stands on. `lead` is what comes before it when the draft is put together."""

    text: str
    source_ids: tuple[str, ...] = ()
    kind: Kind = Kind.ANSWER
    lead: str = " "


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the thread, already masked. `role` is "customer" or "team"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is looked for. `parts` are the whole message and each of its questions, `vectors` one row for each."""

    text: str = field(repr=False)
    parts: tuple[str, ...] = field(repr=False)
    vectors: Vectors = field(repr=False)


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """Everything a service may see. All text is masked before it gets here; nothing here is ever logged."""

    question: str
    passages: tuple[Passage, ...]
    subject: str = ""
    language: str = "en"
    tone: Tone = Tone.NEUTRAL
    tone_notes: str = ""  # what the owner would tell a new colleague about it; of the shop, not of a customer
    customer_name: str = ""  # a placeholder such as [PERSON_1], or "" for a greeting without a name
    business_name: str = ""
    values: tuple[str, ...] = ()
    thread: tuple[Turn, ...] = ()
    with_closing: bool = True
    prompt: str = ""  # the wording of the instructions, by its version; "" for this release's
    query: Query | None = field(
        default=None, repr=False, compare=False
    )  # saves the built-in service an embedding


class NoteCode(StrEnum):
    """What the agent should know about a draft before using it."""

    OTHER_LANGUAGE = "other_language"
    GREETING_LANGUAGE = "greeting_language"
    OPEN_QUESTION = "open_question"
    ESTIMATED_TOKENS = "estimated_tokens"
    PLACEHOLDER = "placeholder"
    PRESSURE = "pressure"
    INSTRUCTIONS = "instructions"


@dataclass(frozen=True, slots=True)
class Note:
    """A remark for the agent; `detail` is a language code or the customer's own (masked) question."""

    code: NoteCode
    detail: str = ""

    @property
    def text(self) -> str:
        """The English sentence, to be translated with `% {"detail": ...}`."""
        return NOTE_TEXTS[self.code]


NOTE_TEXTS = {
    NoteCode.OTHER_LANGUAGE: gettext_noop(
        "The sources are in another language (%(detail)s) than the customer's. Translate before you send."
    ),
    NoteCode.GREETING_LANGUAGE: gettext_noop(
        "There are no greetings in the customer's language (%(detail)s) yet, so these are in English."
    ),
    NoteCode.OPEN_QUESTION: gettext_noop("Nothing was found for this part: “%(detail)s”"),
    NoteCode.ESTIMATED_TOKENS: gettext_noop(
        "The AI service did not say how many tokens it used; this is an estimate."
    ),
    NoteCode.PLACEHOLDER: gettext_noop(
        "A stand-in for personal data was left that is not known here: %(detail)s"
    ),
    NoteCode.PRESSURE: gettext_noop("Left out because it pressed the customer: sentences, %(detail)s."),
    NoteCode.INSTRUCTIONS: gettext_noop(
        "The message has words that are meant for an AI. They were read as text, not followed."
    ),
}


@dataclass(frozen=True, slots=True)
class DraftResult:
    """A draft, and what it cost. `raw` is the service's own word for how it ended, for the log of decisions."""

    sentences: tuple[DraftSentence, ...]
    language: str
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micro: int = 0
    raw: str = "stop"
    notes: tuple[Note, ...] = ()
    attempts: int = 1
    confidence: float = 0.0  # how near the best passage is to the message, 0 to 1.2

    @property
    def body(self) -> str:
        """The draft as plain text."""
        return "".join(part.lead + part.text for part in self.sentences).strip()

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The sources that the draft really uses, in order of use."""
        return tuple(dict.fromkeys(name for part in self.sentences for name in part.source_ids))

    def with_sentences(self, sentences: tuple[DraftSentence, ...]) -> DraftResult:
        """The same draft with other sentences (after the placeholders were put back)."""
        return replace(self, sentences=sentences)


class NoDraftReason(StrEnum):
    """Why there is no draft."""

    NO_QUESTION = "no_question"
    NO_SOURCES = "no_sources"
    NOTHING_FITS = "nothing_fits"
    SERVICE_DOES_NOT_KNOW = "service_does_not_know"
    HELD_BACK = "held_back"
    PRESSES = "presses"


REASON_TEXTS = {
    NoDraftReason.NO_QUESTION: gettext_noop("The message has no question or request in words."),
    NoDraftReason.NO_SOURCES: gettext_noop("There is no article or ready reply to draw on yet."),
    NoDraftReason.NOTHING_FITS: gettext_noop("No article or ready reply answers this."),
    NoDraftReason.SERVICE_DOES_NOT_KNOW: gettext_noop("The AI service found no answer in the sources."),
    NoDraftReason.HELD_BACK: gettext_noop(
        "The draft had data in it that does not belong to this ticket, so it was thrown away."
    ),
    NoDraftReason.PRESSES: gettext_noop(
        "The draft did nothing but press the customer, so it was thrown away."
    ),
}
STEP_TEXTS = {
    NoDraftReason.NO_QUESTION: gettext_noop("Look at the attachments, or ask the customer what they need."),
    NoDraftReason.NO_SOURCES: gettext_noop(
        "Answer it yourself, then publish your first article from the answer."
    ),
    NoDraftReason.HELD_BACK: gettext_noop("Answer it yourself, and tell an owner if this happens again."),
    NoDraftReason.PRESSES: gettext_noop(
        "Answer it yourself, and look whether the article it came from presses too."
    ),
    NoDraftReason.NOTHING_FITS: gettext_noop(
        "Answer it yourself; if it comes up again, make an article of your answer."
    ),
    NoDraftReason.SERVICE_DOES_NOT_KNOW: gettext_noop(
        "Answer it yourself; if it comes up again, make an article of your answer."
    ),
}


@dataclass(frozen=True, slots=True)
class NoDraft:
    """The honest answer when nothing fits; `best` is the closest passage and its score, for the agent to judge."""

    reason: NoDraftReason
    best: Passage | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micro: int = 0
    model: str = ""
    attempts: int = 1
    open_questions: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """The reason as an English sentence, marked for translation."""
        return REASON_TEXTS[self.reason]

    @property
    def next_step(self) -> str:
        """What the agent can do now, as an English sentence, marked for translation."""
        return STEP_TEXTS[self.reason]
