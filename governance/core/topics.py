"""The topics that belong to people: the shipped list, its words, and which no outside service sees."""

from __future__ import annotations

from governance.core.sentence import Sentence, gettext_noop

# Kinds of data that the law protects most, and children: no outside AI service ever sees a message about
# them, whatever the policy says (governance.md 1.2, "Special categories").
SPECIAL_TOPICS = frozenset(
    {"health", "faith", "children", "origin", "politics", "union", "sexuality", "body_data"}
)

TOPIC_WORDS = {
    "health": gettext_noop("health"),
    "faith": gettext_noop("faith"),
    "children": gettext_noop("children"),
    "origin": gettext_noop("origin and skin colour"),
    "politics": gettext_noop("political opinions"),
    "union": gettext_noop("trade unions"),
    "sexuality": gettext_noop("sex life and sexual orientation"),
    "body_data": gettext_noop("fingerprints, faces and genes"),
    "self_harm": gettext_noop("self-harm"),
    "bereavement": gettext_noop("a death in the family"),
    "violence": gettext_noop("violence and threats"),
    "accident": gettext_noop("accidents and injuries"),
    "legal": gettext_noop("lawyers and courts"),
    "discrimination": gettext_noop("being treated unfairly"),
    "money_trouble": gettext_noop("not being able to pay"),
    "data_request": gettext_noop("requests about personal data"),
}

HUMAN_ONLY_TOPICS = tuple(TOPIC_WORDS)


def topic_key(topic: str) -> str:
    """The spelling in which topics are compared: a rule must not be missed for a capital letter."""
    return "_".join(topic.casefold().replace("-", " ").replace("_", " ").split())


def topic_words(topic: str) -> Sentence | str:
    """The topic as a shop owner would say it; a topic of their own is shown as they wrote it."""
    key = topic_key(topic)
    return Sentence(TOPIC_WORDS[key]) if key in TOPIC_WORDS else key.replace("_", " ")
