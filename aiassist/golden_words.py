"""How the criteria of test questions, and what became worse, are said on the screen."""

from __future__ import annotations

from django.utils.translation import gettext as _

from aiassist.core.drafts import gettext_noop
from aiassist.egress import BUILT_IN

CRITERION_WORDS = {
    "answered": gettext_noop("answers what is known"),
    "must_say": gettext_noop("says what it should"),
    "must_not_say": gettext_noop("leaves out what it should not say"),
    "source": gettext_noop("names the right source"),
    "language": gettext_noop("in the customer's language"),
    "no_pressure": gettext_noop("presses nobody"),
    "grounded": gettext_noop("each sentence has a source"),
    "says_unknown": gettext_noop("says what it does not know"),
    "passed": gettext_noop("fewer questions answered well"),
}


def criterion(name: str) -> str:
    """A criterion as an owner reads it."""
    return _(CRITERION_WORDS[name]) if name in CRITERION_WORDS else name


def question_of(what: str) -> str:
    """What became worse: a criterion, or a question, which its number or its name in the release's set says."""
    kind, _sep, key = what.partition(":")
    if kind != "question":
        return criterion(what)
    number = key.removeprefix("own-")
    if key != number:
        return _("your question %(number)s") % {"number": number}
    return _("the question “%(name)s”") % {"name": key.replace("-", " ")}


def system_words(system: str) -> str:
    """An AI as an owner knows it: the built-in assistant, or a service with its model."""
    return _("Built-in assistant") if system == "/".join(BUILT_IN) else system.replace("/", ", ", 1)
