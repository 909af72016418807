"""Find the topics that only a person may answer, by rules on this machine, before any AI service sees the text.

Rules are lists of phrases per language (en, de, fr, es, it, nl). They look for what the customer says of herself, her
family or her rights; a shop's own words for goods ("mourning dress", "church shoes") must not set them off.
"""

from __future__ import annotations

import re
from functools import cache

from aiassist.core import sensitive_more
from aiassist.core.sensitive_rules import ERASURE, NEAR_MISSES, RULES
from aiassist.core.text import fold

_ALL = {
    topic: RULES.get(topic, "") + sensitive_more.RULES.get(topic, "")
    for topic in (*RULES, *(one for one in sensitive_more.RULES if one not in RULES))
}
TOPICS = tuple(_ALL)


def topics(text: str) -> set[str]:
    """Return the human-only topics of a message; quoted lines are not looked at."""
    folded = _folded(text)
    for near_miss in _near_misses():
        folded = near_miss.sub(" … ", folded)
    return {topic for topic, pattern in _compiled().items() if pattern.search(folded)}


def evidence(text: str) -> dict[str, str]:
    """Topic and the words that gave it away, for the agent and the record of the decision."""
    folded = _folded(text)
    for near_miss in _near_misses():
        folded = near_miss.sub(" … ", folded)
    found = ((topic, pattern.search(folded)) for topic, pattern in _compiled().items())
    return {topic: match[0] for topic, match in found if match}


def wants_erasure(text: str) -> bool:
    """Whether the message asks to delete data or the account: only that may start the clock of an erasure.

    A question about data, or a complaint about privacy, is `data_protection` as well, but it is no such wish.
    """
    return _erasure().search(_folded(text)) is not None


@cache
def _erasure() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_alternatives(ERASURE)})(?!\w)")


def _folded(text: str) -> str:
    # A wish may stand below the sign-off; only quoted lines are somebody else's.
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    flat = " ".join(fold(own).replace("’", "'").split())
    return re.sub(r"[\u200b-\u200f\u00ad]", "", flat)


@cache
def _compiled() -> dict[str, re.Pattern[str]]:
    return {topic: re.compile(rf"(?<!\w)(?:{_alternatives(rules)})(?!\w)") for topic, rules in _ALL.items()}


@cache
def _near_misses() -> tuple[re.Pattern[str], ...]:
    return (re.compile(rf"(?<!\w)(?:{_alternatives(NEAR_MISSES + sensitive_more.NEAR_MISSES)})(?!\w)"),)


def _alternatives(rules: str) -> str:
    """One rule a line; `*` stands for the rest of a word, `_` for up to three words between."""
    lines = [line.strip() for line in rules.splitlines() if line.strip()]
    return "|".join(_pattern(fold(line)) for line in lines)


_SOME_WORDS = r"(?:[^\s.!?]+ ){0,3}?"
_ANY_WORDS = r"[^\s.!?]+(?: [^\s.!?]+){0,2}?"


def _pattern(rule: str) -> str:
    marked = rule.replace("(_ )?", "\x01").replace(" _ ", " \x01").replace("_", "\x02")
    escaped = re.escape(marked)
    for sign, meaning in ((r"\*", r"\w*"), (r"\(", "(?:"), (r"\)", ")"), (r"\|", "|"), (r"\?", "?")):
        escaped = escaped.replace(sign, meaning)
    return escaped.replace("\x01", _SOME_WORDS).replace("\x02", _ANY_WORDS)
