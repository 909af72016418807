"""The page that customers read, written from the rules: what it says and what the checks do cannot differ.

Rendered once, in the language that is active then, and kept as text: from there on it is the owner's to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.core.clause_words import VALUE_WORDS
from governance.core.clauses import Basis
from governance.core.sentence import Sentence, gettext_noop
from governance.core.topics import topic_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from governance.core.clauses import Clauses
    from governance.core.kinds import KindOfRules

_SHOWN_TOPICS = 8


def write(clauses: Clauses, business: str, kind: KindOfRules | None) -> str:
    """The page as Markdown: a heading, then paragraphs that begin with what they say in bold."""
    name = " ".join(business.split())
    heading = f"# {Sentence(gettext_noop('How {business} uses AI when we answer you'), {'business': name})}"
    said = [f"**{lead}** {text}" for lead, text in _paragraphs(clauses, name, kind)]
    return "\n\n".join([heading, *said]) + "\n"


def _paragraphs(
    clauses: Clauses, name: str, kind: KindOfRules | None
) -> Iterator[tuple[Sentence, Sentence | str]]:
    yield from _who_writes(clauses)
    yield from _your_say(clauses)
    if kind is not None:
        yield Sentence(kind.lead), Sentence(kind.text)
    yield from _data(clauses)
    yield from _promises(clauses)
    yield from _answering_for_it(clauses, name)


def _who_writes(clauses: Clauses) -> Iterator[tuple[Sentence, Sentence]]:
    if clauses.self_service:
        yield from _answers_alone()
    else:
        yield (
            Sentence(gettext_noop("A person answers you.")),
            Sentence(
                gettext_noop(
                    "AI may help us write a draft. A person on our team reads it, changes what is not right, "
                    "and sends it under their own name. The AI never sends anything by itself."
                )
            ),
        )
    yield (
        Sentence(gettext_noop("We tell you.")),
        Sentence(
            gettext_noop(
                "When AI helped with an answer, the answer says so and names the person who checked it. "
                "“Why this answer?” shows where it came from."
            )
        ),
    )


def _answers_alone() -> Iterator[tuple[Sentence, Sentence]]:
    """Where the assistant answers on the help pages, the page must not say that a person always does."""
    yield (
        Sentence(gettext_noop("A person answers your messages.")),
        Sentence(
            gettext_noop(
                "AI may help us write a draft. A person on our team reads it, changes what is not right, "
                "and sends it under their own name."
            )
        ),
    )
    yield (
        Sentence(gettext_noop("On our help pages an AI may answer.")),
        Sentence(
            gettext_noop(
                "Our assistant there says that it is an AI before its first word and repeats only what our "
                "published articles say. No person reads its answer first; one is always one click away."
            )
        ),
    )


def _your_say(clauses: Clauses) -> Iterator[tuple[Sentence, Sentence]]:
    if clauses.basis is Basis.ASK_FIRST:
        yield (
            Sentence(gettext_noop("We ask you first.")),
            Sentence(
                gettext_noop(
                    "AI helps only after you said yes. No answer to that question is a no. You can change "
                    "your mind with one click, and you wait no longer either way."
                )
            ),
        )
    else:
        yield (
            Sentence(gettext_noop("You can say no.")),
            Sentence(
                gettext_noop(
                    "“Answer me without AI” is one click, you give no reason, and you wait no longer for it. "
                    "If an answer does not sit right with you, choose “Ask a person to look again”."
                )
            ),
        )
    if clauses.human_only_topics:
        topics = tuple(topic_words(one) for one in clauses.human_only_topics[-_SHOWN_TOPICS:])
        yield (
            Sentence(gettext_noop("Some things are only for people.")),
            Sentence(
                gettext_noop(
                    "AI writes no draft about {topics}, and some more that our rules list. Health, faith and "
                    "children are never shown to an AI service outside our helpdesk."
                ),
                {"topics": topics},
            ),
        )


def _data(clauses: Clauses) -> Iterator[tuple[Sentence, Sentence]]:
    yield (
        Sentence(gettext_noop("Your data stays yours.")),
        Sentence(
            gettext_noop(
                "Before an AI service sees a message, names, addresses and numbers in it are replaced. We use "
                "your messages for nothing but the answer, unless you agreed to exactly that. What the AI "
                "wrote or read is deleted after {days} days. You can see everything, take it with you, and "
                "ask us to delete it."
            ),
            {"days": clauses.ai_log_days},
        ),
    )
    if clauses.upsell:
        yield (
            Sentence(gettext_noop("No pressure.")),
            Sentence(
                gettext_noop(
                    "An answer may mention something else we sell. It never hurries you, frightens you or "
                    "blames you."
                )
            ),
        )
    else:
        yield (
            Sentence(gettext_noop("No pressure, no offers.")),
            Sentence(
                gettext_noop(
                    "An answer with AI help offers nothing that you did not ask for, and never hurries you."
                )
            ),
        )


def _promises(clauses: Clauses) -> Iterator[tuple[Sentence, Sentence]]:
    yield (
        Sentence(gettext_noop("We treat people alike.")),
        Sentence(
            gettext_noop(
                "Saying no to AI costs you neither time nor care, and we check that every {days} days. AI "
                "decides no price and no refund."
            ),
            {"days": clauses.audit_days},
        ),
    )
    yield (
        Sentence(gettext_noop("What we promise.")),
        Sentence(
            gettext_noop(
                "You hear from us within {hours} hours. When the AI gets something wrong, we say so and put "
                "it right."
            ),
            {"hours": clauses.response_hours},
        ),
    )


def _answering_for_it(clauses: Clauses, name: str) -> Iterator[tuple[Sentence, Sentence]]:
    values = tuple(Sentence(VALUE_WORDS[one]) for one in clauses.values if one in VALUE_WORDS)
    yield (
        Sentence(gettext_noop("How we read these rules.")),
        Sentence(
            gettext_noop(
                "When two good things pull apart, the first of these counts more: {values}. Where this page "
                "and a rule differ, the one that protects you more counts. An exception has a name, a reason "
                "and an end, and is counted here."
            ),
            {"values": values},
        ),
    )
    yield (
        Sentence(gettext_noop("Who answers for this.")),
        Sentence(
            gettext_noop(
                "The owner of {business} does. Anyone on our team can stop the AI at once. If you disagree "
                "with these rules, write to us; a person reads it and answers."
            ),
            {"business": name},
        ),
    )
