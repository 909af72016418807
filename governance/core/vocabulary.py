"""The words that requests and facts are written in: actions, purposes, and who and how far."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What somebody is about to do. The first seven call an AI service; the gate is asked before each."""

    TRIAGE = "triage"
    DRAFT = "draft"
    REWRITE = "rewrite"
    TRANSLATE = "translate"
    SELF_SERVICE = "self_service"
    INDEX = "index"
    EVALUATE = "evaluate"
    SAVE = "save"
    ANSWER = "answer"  # show the AI's own words to somebody on the help pages, no person between
    REUSE = "reuse"
    APPROVE = "approve"
    SEND = "send"
    ACKNOWLEDGE = "acknowledge"


class Purpose(StrEnum):
    """What a customer's data would be used for; each is agreed to or refused on its own."""

    AI_ASSIST = "ai_assist"
    SENTIMENT = "sentiment"
    IMPROVE = "improve"
    MARKETING = "marketing"
    DEMOGRAPHICS = "demographics"


class Consent(StrEnum):
    """The customer's last word on one purpose; NONE means that they never said anything."""

    GRANTED = "granted"
    REFUSED = "refused"
    OBJECTED = "objected"
    NONE = "none"


class Involvement(StrEnum):
    """How much of an outgoing message is the AI's; the same words stand in its mail header."""

    NONE = "none"
    SUGGESTED = "suggested"
    EDITED = "edited"
    VERBATIM = "verbatim"


class ActorKind(StrEnum):
    """Who asks. Only a PERSON, signed in at a screen, can approve."""

    PERSON = "person"
    CUSTOMER = "customer"
    WORKER = "worker"
    SERVICE = "service"
    TOKEN = "token"  # noqa: S105 - a kind of caller, not a secret


class StopScope(StrEnum):
    """How far a "Stop the AI" reaches."""

    PLATFORM = "platform"
    ORGANIZATION = "organization"
    SYSTEM = "system"
    TOPIC = "topic"
    TICKET = "ticket"


class Outcome(StrEnum):
    """What a check answered; UNKNOWN means that a fact it needs was not recorded."""

    PASSED = "passed"
    WARNED = "warned"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


PROVIDER_CALLS = frozenset(
    {
        Action.TRIAGE,
        Action.DRAFT,
        Action.REWRITE,
        Action.TRANSLATE,
        Action.SELF_SERVICE,
        Action.INDEX,
        Action.EVALUATE,
    }
)
DRAFTING = frozenset(
    {Action.DRAFT, Action.REWRITE, Action.TRANSLATE, Action.SELF_SERVICE, Action.SAVE, Action.ANSWER}
)
LEAVING = frozenset({Action.APPROVE, Action.SEND, Action.ANSWER})
EVERY_STEP = frozenset(Action)
MESSAGES = frozenset({Action.APPROVE, Action.SEND, Action.ACKNOWLEDGE})
# Steps of the AI on the help pages. Nobody is there who could heed a warning, so here nothing only warns.
UNATTENDED = frozenset({Action.SELF_SERVICE, Action.ANSWER})
# The only steps that can do without any customer's data: own articles, invented customers.
MAY_CONCERN_NOBODY = frozenset({Action.INDEX, Action.EVALUATE})
