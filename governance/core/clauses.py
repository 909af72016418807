"""The rules of a policy as typed values: what the checks read. Words and limits are in the files beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from governance.core.sentence import Sentence, gettext_noop
from governance.core.topics import HUMAN_ONLY_TOPICS, topic_key


class Basis(StrEnum):
    """On what ground the AI may help with a customer's message."""

    LEGITIMATE_INTEREST = "legitimate_interest"
    ASK_FIRST = "ask_first"


class Autonomy(StrEnum):
    """How far the AI may go alone: a draft for each message, or one only when somebody asks. A person sends either."""

    DRAFTS_ONLY = "drafts_only"
    ON_DEMAND = "on_demand"


class Sorting(StrEnum):
    """What the AI may do with a message's topic and urgency: nothing, suggest them, or set them (a click undoes it)."""

    OFF = "off"
    SUGGEST = "suggest"
    APPLY = "apply"


class Tone(StrEnum):
    WARM = "warm"
    NEUTRAL = "neutral"
    BRIEF = "brief"


SUPPORTED_LANGUAGES = ("en", "de", "fr", "es")  # the languages that customers' pages and mails ship in

DEFAULT_DISCLOSURE = {
    "en": "Written with AI assistance, checked and sent by {name}.",
    "de": "Mit KI-Unterstützung verfasst, geprüft und gesendet von {name}.",
    "fr": "Rédigé avec l'aide d'une IA, relu et envoyé par {name}.",
    "es": "Redactado con ayuda de IA, revisado y enviado por {name}.",
}

#: Where a customer reads that AI helped, besides the mail: each may have words of its own.
DISCLOSURE_CHANNELS = ("portal", "api")

DEFAULT_VALUES = ("honesty", "privacy", "fairness", "care", "speed", "thrift")

# What an AI service can be shown at all. Contact details, payment data and self-declared demographics are not
# on the list, so no policy can allow them.
AI_FIELDS = (
    "subject",
    "message",
    "earlier_messages",
    "language",
    "topic",
    "articles",
    "canned_replies",
    "earlier_answers",
    "order_status",
)
DEFAULT_AI_FIELDS = frozenset({"subject", "message", "language", "topic", "articles", "canned_replies"})

# No policy turns these into a warning: rules in force, the customer's say, Stop the AI, a person, disclosure.
NEVER_SOFTENED = frozenset({"G01", "G06", "G07", "G13", "G16", "G18"})
# Where the rules may let an exception stand for at most seven days. Not among them: what protects data (G11, G12,
# G19), what was never tested (G03), and where an answer comes from (G22).
MAY_GIVE_WAY = frozenset({"G02", "G04", "G05", "G08", "G09", "G10", "G14", "G15", "G17", "G20", "G21"})

# Regions as an owner thinks of them; "here": on machines of their own.
REGIONS = ("here", "eu", "uk", "ch", "us", "other")

# What may be seen for the purposes that need a customer's yes; drafting has its own rule.
DEFAULT_PURPOSE_FIELDS = {
    "sentiment": ("message",),
    "improve": ("subject", "message", "topic", "language"),
    "marketing": (),
    "demographics": (),
}


class ClauseError(ValueError):
    """A policy that cannot be read or published; ``problems`` says in plain words which rule and why."""

    def __init__(self, problems: Mapping[str, Sentence]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{name}: {problem.english}" for name, problem in self.problems.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Most that the AI may use; money in millionths of ``currency``. None is "no limit", 0 is "nothing"."""

    daily_drafts: int | None = 1_000
    monthly_drafts: int | None = 20_000
    daily_micro: int | None = 5_000_000
    monthly_micro: int | None = 50_000_000
    currency: str = "EUR"

    def to_dict(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """The rules that a policy sets. A new one is a new field with a safe default: older policies still read.

    Whether customers are told about AI is not among them: they always are.
    """

    basis: Basis = Basis.LEGITIMATE_INTEREST
    human_only_topics: tuple[str, ...] = HUMAN_ONLY_TOPICS
    autonomy: Autonomy = Autonomy.DRAFTS_ONLY
    on_demand_topics: tuple[str, ...] = ()
    sorting: Sorting = Sorting.SUGGEST
    disclosure: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_DISCLOSURE))
    disclosure_elsewhere: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tone: Tone = Tone.NEUTRAL
    tone_notes: str = ""
    values: tuple[str, ...] = DEFAULT_VALUES
    languages: tuple[str, ...] = SUPPORTED_LANGUAGES
    ai_fields: frozenset[str] = DEFAULT_AI_FIELDS
    budget: Budget = field(default_factory=Budget)
    ai_log_days: int = 90
    response_hours: int = 24
    acknowledgement: bool = True
    warn_only: frozenset[str] = frozenset()
    overridable: frozenset[str] = MAY_GIVE_WAY
    regions: tuple[str, ...] = ("here", "eu")
    purpose_fields: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: dict(DEFAULT_PURPOSE_FIELDS)
    )
    goodwill_micro: int = 20_000_000
    retention_days: int | None = None
    risk_appetite: int = 9
    audit_days: int = 365
    audit_ratio_percent: int = 80
    audit_least_group: int = 30
    training_courses: tuple[str, ...] = ("ai-basics",)
    training_grace_days: int = 14
    reading_grace_days: int = 7
    review_days: int = 365
    review_grace_days: int = 30
    round_days: int = 3
    second_look_topics: tuple[str, ...] = ()
    self_service: bool = False
    upsell: bool = False
    survey_by_mail: bool = False
    person_wish_percent: int = 10

    def wordings(self, channel: str = "mail") -> dict[str, str]:
        """The line about AI by language, as this channel says it: where it has no words of its own, the mail's."""
        own = self.disclosure_elsewhere.get(channel, {})
        return {language: own.get(language) or line for language, line in self.disclosure.items()}

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; equal clauses give equal JSON, so it can be hashed."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Clauses:
        """Read stored JSON: a missing rule takes its default, an unknown or unreadable one is a ClauseError.

        Unknown is refused because dropping a rule silently would loosen the policy.
        """
        known, problems = {}, {name: Sentence(_UNKNOWN) for name in data if name not in _READERS}
        for name, read in _READERS.items():
            if name in data:
                try:
                    known[name] = read(data[name])
                except (TypeError, ValueError, KeyError, AttributeError):
                    problems[name] = Sentence(_UNREADABLE)
        if problems:
            raise ClauseError(problems)
        return cls(**known)


_UNKNOWN = gettext_noop("This version does not know this rule. Remove it, or update the helpdesk.")
_UNREADABLE = gettext_noop("This value cannot be read. Choose one of the values that the page offers.")


def _plain(value: Any) -> Any:
    if isinstance(value, Budget):
        return value.to_dict()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in sorted(value.items())}
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise TypeError  # a word is not a list of its letters
    return tuple(_text(one) for one in value)


def _topics(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(topic_key(one) for one in _texts(value)))


def _wordings(value: Any) -> dict[str, str]:
    return {_text(language): _text(wording) for language, wording in value.items()}


def _channels(value: Any) -> dict[str, dict[str, str]]:
    if set(value) - set(DISCLOSURE_CHANNELS):
        raise ValueError
    return {channel: _wordings(lines) for channel, lines in value.items()}


def _budget(value: Any) -> Budget:
    limits = ("daily_drafts", "monthly_drafts", "daily_micro", "monthly_micro")
    if set(value) - {*limits, "currency"}:
        raise ValueError
    known: dict[str, Any] = {
        name: None if value[name] is None else _whole(value[name]) for name in limits if name in value
    }
    if "currency" in value:
        known["currency"] = _text(value["currency"])
    return Budget(**known)


def _purpose_fields(value: Any) -> dict[str, tuple[str, ...]]:
    if set(value) - set(DEFAULT_PURPOSE_FIELDS):
        raise ValueError
    return {**DEFAULT_PURPOSE_FIELDS, **{_text(one): _texts(names) for one, names in value.items()}}


def _whole_or_none(value: Any) -> int | None:
    return None if value is None else _whole(value)


_READERS: dict[str, Callable[[Any], Any]] = {
    "basis": Basis,
    "human_only_topics": _topics,
    "autonomy": Autonomy,
    "on_demand_topics": _topics,
    "sorting": Sorting,
    "disclosure": _wordings,
    "disclosure_elsewhere": _channels,
    "tone": Tone,
    "tone_notes": _text,
    "values": _texts,
    "languages": _texts,
    "ai_fields": lambda value: frozenset(_texts(value)),
    "budget": _budget,
    "ai_log_days": _whole,
    "response_hours": _whole,
    "acknowledgement": _flag,
    "warn_only": lambda value: frozenset(_texts(value)),
    "overridable": lambda value: frozenset(_texts(value)),
    "regions": _texts,
    "purpose_fields": _purpose_fields,
    "goodwill_micro": _whole,
    "retention_days": _whole_or_none,
    "risk_appetite": _whole,
    "audit_days": _whole,
    "audit_ratio_percent": _whole,
    "audit_least_group": _whole,
    "training_courses": _texts,
    "training_grace_days": _whole,
    "reading_grace_days": _whole,
    "review_days": _whole,
    "review_grace_days": _whole,
    "round_days": _whole,
    "second_look_topics": _topics,
    "self_service": _flag,
    "upsell": _flag,
    "survey_by_mail": _flag,
    "person_wish_percent": _whole,
}
