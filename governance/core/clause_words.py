"""How a rule is said to people: its name, one line of help, and the sentence that it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.core.clauses import Autonomy, Basis, Budget, Clauses, Sorting, Tone
from governance.core.sentence import Sentence, gettext_noop
from governance.core.topics import topic_words

if TYPE_CHECKING:
    from collections.abc import Callable

MICRO = 1_000_000
HOURS_A_DAY = 24

VALUE_WORDS = {
    "honesty": gettext_noop("honesty"),
    "privacy": gettext_noop("privacy"),
    "fairness": gettext_noop("treating people alike"),
    "care": gettext_noop("care for the person"),
    "speed": gettext_noop("speed"),
    "thrift": gettext_noop("thrift"),
}
FIELD_WORDS = {
    "subject": gettext_noop("subject"),
    "message": gettext_noop("message"),
    "earlier_messages": gettext_noop("earlier messages of the same request"),
    "language": gettext_noop("language"),
    "topic": gettext_noop("topic"),
    "articles": gettext_noop("your articles"),
    "canned_replies": gettext_noop("your prepared replies"),
    "earlier_answers": gettext_noop("earlier answers of your team"),
    "order_status": gettext_noop("order status"),
}
LANGUAGE_WORDS = {
    "en": gettext_noop("English"),
    "de": gettext_noop("German"),
    "fr": gettext_noop("French"),
    "es": gettext_noop("Spanish"),
}
CHECK_WORDS = {
    "G02": gettext_noop("looking at the rules again"),
    "G03": gettext_noop("registered and tested AI"),
    "G04": gettext_noop("open risks"),
    "G05": gettext_noop("treating people alike"),
    "G08": gettext_noop("topics only people answer"),
    "G09": gettext_noop("course and reading of the rules"),
    "G10": gettext_noop("contract with the AI service"),
    "G11": gettext_noop("where data goes"),
    "G12": gettext_noop("what an AI may see"),
    "G14": gettext_noop("spending limit"),
    "G15": gettext_noop("answers that rest on a source"),
    "G17": gettext_noop("a second person's look"),
    "G19": gettext_noop("using messages for more than the answer"),
    "G20": gettext_noop("serious incidents"),
    "G21": gettext_noop("no pressure on customers"),
    "G22": gettext_noop("where an answer comes from"),
}
BASIS_WORDS = {
    Basis.LEGITIMATE_INTEREST: gettext_noop("Tell customers, and let them say no with one click"),
    Basis.ASK_FIRST: gettext_noop("Ask each customer first"),
}
TONE_WORDS = {
    Tone.WARM: gettext_noop("warm and personal"),
    Tone.NEUTRAL: gettext_noop("friendly and plain"),
    Tone.BRIEF: gettext_noop("brief and to the point"),
}


CHANNEL_WORDS = {
    "portal": gettext_noop("the customer's page"),
    "api": gettext_noop("what programs read"),
}


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """The words of one rule, by the name of its field in Clauses."""

    name: str
    label: str
    help: str
    sentence: Callable[[Clauses], Sentence]


def _basis(clauses: Clauses) -> Sentence:
    if clauses.basis is Basis.ASK_FIRST:
        return Sentence(
            gettext_noop("The AI helps with a customer's message only after the customer said yes.")
        )
    return Sentence(
        gettext_noop(
            "The AI may help with a customer's message. We tell every customer, and one click says no."
        )
    )


def _autonomy(clauses: Clauses) -> Sentence:
    if clauses.autonomy is Autonomy.ON_DEMAND:
        return Sentence(
            gettext_noop(
                "The AI writes a draft only when somebody asks for one. A person reads and sends every answer."
            )
        )
    return Sentence(gettext_noop("The AI writes drafts only. A person reads and sends every answer."))


def _sorting(clauses: Clauses) -> Sentence:
    return Sentence(_SORTING[clauses.sorting])


_SORTING = {
    Sorting.OFF: gettext_noop("The AI does not sort messages; people do."),
    Sorting.SUGGEST: gettext_noop("The AI suggests a topic and how urgent a message is. A person decides."),
    Sorting.APPLY: gettext_noop(
        "The AI sets the topic and how urgent a message is where it is sure. A person can undo it with one click."
    ),
}


def _topics(clauses: Clauses) -> Sentence:
    if not clauses.human_only_topics:
        return Sentence(gettext_noop("The AI may help with every topic."))
    topics = tuple(topic_words(topic) for topic in clauses.human_only_topics)
    return Sentence(gettext_noop("Only people answer about: {topics}."), {"topics": topics})


def _disclosure(clauses: Clauses) -> Sentence:
    line = clauses.disclosure.get("en", "").replace("{name}", "Marta")
    return Sentence(gettext_noop("Under every answer that the AI helped with: “{line}”"), {"line": line})


def _elsewhere(clauses: Clauses) -> Sentence:
    lines = {
        one: words.get("en") for one, words in clauses.disclosure_elsewhere.items() if any(words.values())
    }
    if not lines:
        return Sentence(
            gettext_noop("The same line stands on the customer's page and in what programs read.")
        )
    places = tuple(Sentence(CHANNEL_WORDS[one]) if one in CHANNEL_WORDS else one for one in sorted(lines))
    return Sentence(gettext_noop("The line has words of its own in: {places}."), {"places": places})


def _tone(clauses: Clauses) -> Sentence:
    return Sentence(gettext_noop("Drafts are {tone}."), {"tone": Sentence(TONE_WORDS[clauses.tone])})


def _tone_notes(clauses: Clauses) -> Sentence:
    if not clauses.tone_notes:
        return Sentence(gettext_noop("There are no further wishes about how drafts sound."))
    return Sentence(gettext_noop("How drafts should sound: {notes}"), {"notes": clauses.tone_notes})


def _values(clauses: Clauses) -> Sentence:
    values = tuple(_word(VALUE_WORDS, value) for value in clauses.values)
    return Sentence(
        gettext_noop("When two values pull apart, the first one wins: {values}."), {"values": values}
    )


def _languages(clauses: Clauses) -> Sentence:
    languages = tuple(_word(LANGUAGE_WORDS, language) for language in clauses.languages)
    return Sentence(gettext_noop("The AI helps with messages in: {languages}."), {"languages": languages})


def _fields(clauses: Clauses) -> Sentence:
    if not clauses.ai_fields:
        return Sentence(gettext_noop("No AI service sees any of your data."))
    names = tuple(_word(FIELD_WORDS, name) for name in FIELD_WORDS if name in clauses.ai_fields)
    return Sentence(
        gettext_noop("An AI service may see: {names}. Names, addresses and numbers are replaced first."),
        {"names": names},
    )


def _budget(clauses: Clauses) -> Sentence:
    budget = clauses.budget
    return Sentence(
        gettext_noop("The AI may write {drafts} drafts a day and spend {money} a month."),
        {"drafts": _number(budget.daily_drafts), "money": money(budget.monthly_micro, budget)},
    )


def _log_days(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("What the AI wrote or read is deleted after {days} days."), {"days": clauses.ai_log_days}
    )


def _hours(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("We tell customers to expect an answer within {hours} hours."),
        {"hours": clauses.response_hours},
    )


def _acknowledgement(clauses: Clauses) -> Sentence:
    if clauses.acknowledgement:
        return Sentence(
            gettext_noop("New customers get a short mail that their message arrived and how we use AI.")
        )
    return Sentence(gettext_noop("New customers get no mail that their message arrived."))


def _warn_only(clauses: Clauses) -> Sentence:
    if not clauses.warn_only:
        return Sentence(gettext_noop("Every check stops the AI; none only warns."))
    checks = tuple(_word(CHECK_WORDS, code, other="…") for code in sorted(clauses.warn_only))
    return Sentence(gettext_noop("These checks warn and do not stop: {checks}."), {"checks": checks})


def money(micro: int | None, budget: Budget) -> Sentence | str:
    """An amount as people write it; cents are shown only when there are some."""
    if micro is None:
        return Sentence(gettext_noop("any amount"))
    whole, rest = divmod(micro, MICRO)
    amount = f"{whole:,}" if not rest else f"{whole:,}.{rest * 100 // MICRO:02d}"
    return f"{amount} {budget.currency}"


def _number(limit: int | None) -> Sentence | str:
    return Sentence(gettext_noop("any number of")) if limit is None else f"{limit:,}"


def _word(words: dict[str, str], key: str, other: str | None = None) -> Sentence | str:
    return Sentence(words[key]) if key in words else (key if other is None else other)


CLAUSE_WORDS: tuple[ClauseWords, ...] = (
    ClauseWords(
        "autonomy",
        gettext_noop("How far the AI may go"),
        gettext_noop("A draft waits beside each message, or only once somebody presses “Suggest a reply”."),
        _autonomy,
    ),
    ClauseWords(
        "sorting",
        gettext_noop("Sorting messages"),
        gettext_noop(
            "Topic and urgency, learned from the requests that your team solved. Never from a customer's mood."
        ),
        _sorting,
    ),
    ClauseWords(
        "basis",
        gettext_noop("May the AI help without asking?"),
        gettext_noop("Tell and let people say no, or ask each customer before the AI helps."),
        _basis,
    ),
    ClauseWords(
        "human_only_topics",
        gettext_noop("Topics only people answer"),
        gettext_noop("The AI stays away from messages about these."),
        _topics,
    ),
    ClauseWords(
        "disclosure",
        gettext_noop("The line under AI-assisted answers"),
        gettext_noop(
            "Your words, in each language. {name} becomes the person who sends. It cannot be left out."
        ),
        _disclosure,
    ),
    ClauseWords(
        "disclosure_elsewhere",
        gettext_noop("The same line elsewhere"),
        gettext_noop("Only where you want other words than in the mail; empty means the same ones."),
        _elsewhere,
    ),
    ClauseWords(
        "tone",
        gettext_noop("How drafts sound"),
        gettext_noop("The AI follows this; people may always write as they like."),
        _tone,
    ),
    ClauseWords(
        "tone_notes",
        gettext_noop("More about how drafts sound"),
        gettext_noop("One or two sentences, as you would tell a new colleague."),
        _tone_notes,
    ),
    ClauseWords(
        "values",
        gettext_noop("What matters most to you"),
        gettext_noop("In your order. It decides when two good things pull apart."),
        _values,
    ),
    ClauseWords(
        "languages",
        gettext_noop("Languages in which the AI helps"),
        gettext_noop("Messages in other languages go to a person without a draft."),
        _languages,
    ),
    ClauseWords(
        "ai_fields",
        gettext_noop("What an AI service may see"),
        gettext_noop("Less is safer. Contact and payment data are never shown."),
        _fields,
    ),
    ClauseWords(
        "budget",
        gettext_noop("Spending limit"),
        gettext_noop("At 80 % you get a mail; at the limit the built-in assistant takes over."),
        _budget,
    ),
    ClauseWords(
        "ai_log_days",
        gettext_noop("How long we keep what the AI did"),
        gettext_noop("At least 90 days, so that questions can be answered."),
        _log_days,
    ),
    ClauseWords(
        "response_hours",
        gettext_noop("When customers can expect an answer"),
        gettext_noop("Stands in the first mail that a customer gets."),
        _hours,
    ),
    ClauseWords(
        "acknowledgement",
        gettext_noop("First mail to new customers"),
        gettext_noop("Says that the message arrived, when to expect an answer, and how to say no to AI."),
        _acknowledgement,
    ),
    ClauseWords(
        "warn_only",
        gettext_noop("Checks that only warn"),
        gettext_noop("Most shops leave this empty."),
        _warn_only,
    ),
)
