"""From what the local rules find to the topics that a policy names."""

from __future__ import annotations

from collections.abc import Iterable

#: Names of our rules -> names in the policy's list of human-only topics.
_AS_IN_POLICY = {
    "legal_threat": "legal",
    "data_protection": "data_request",
    "complaint_about_staff": "complaint_about_staff",
}


def policy_topics(found: Iterable[str]) -> frozenset[str]:
    """The policy's topics for what was found; the wish for a person is the customer's choice, not a topic."""
    return frozenset(_AS_IN_POLICY.get(topic, topic) for topic in found if topic != "person_please")
