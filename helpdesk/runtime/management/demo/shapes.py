"""What a demo business consists of."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """Someone who works there."""

    email: str
    name: str
    role: str


@dataclass(frozen=True)
class Text:
    """An article or a canned reply."""

    title: str
    body: str
    language: str = "en"


@dataclass(frozen=True)
class Mail:
    """A mail that arrived `hours` ago; `answer` is what the team replied, `status` where the ticket stands now."""

    sender: str
    name: str
    subject: str
    text: str
    hours: float
    inbox: int = 0
    answer: str = ""
    answered_by: int = 1
    status: str = ""
    assignee: int | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    agreed_to_ai: bool = False
    without_ai: bool = False


@dataclass(frozen=True)
class Business:
    """A demo business; the first person is its owner."""

    slug: str
    name: str
    timezone: str
    policy: str
    signature: str
    inboxes: tuple[tuple[str, str], ...]
    people: tuple[Person, ...]
    articles: tuple[Text, ...]
    replies: tuple[Text, ...]
    mails: tuple[Mail, ...] = field(default=())
