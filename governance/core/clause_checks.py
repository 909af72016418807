"""Which rules a policy may not set, and what to tell the owner who tries."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

from governance.core.clause_words import MICRO
from governance.core.clauses import (
    AI_FIELDS,
    DEFAULT_VALUES,
    DISCLOSURE_CHANNELS,
    MAY_GIVE_WAY,
    NEVER_SOFTENED,
    REGIONS,
    SUPPORTED_LANGUAGES,
    Budget,
    ClauseError,
    Clauses,
)
from governance.core.sentence import Sentence, gettext_noop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST_WORDING = 200
LONGEST_NOTES = 500
LOG_DAYS = (90, 1_095)
RESPONSE_HOURS = (1, 336)
MOST_TOPICS = 60
RETENTION_DAYS = (30, 3_650)
#: Whole numbers with their smallest and largest value: beyond them a rule would be no rule.
RANGES = {
    "goodwill_micro": (0, 10_000 * MICRO),
    "risk_appetite": (1, 20),
    "audit_days": (30, 365),
    "audit_ratio_percent": (50, 100),
    "audit_least_group": (5, 1_000),
    "training_grace_days": (0, 60),
    "reading_grace_days": (0, 30),
    "review_days": (30, 365),
    "review_grace_days": (0, 30),
    "round_days": (1, 30),
    "person_wish_percent": (1, 50),
}

# A wording that does not name the AI would be no disclosure.
_AI_WORDS = {
    "en": re.compile(r"\bAI\b|\bartificial intelligence\b", re.IGNORECASE),
    "de": re.compile(r"\bKI\b|\bkünstliche[rn]? intelligenz\b", re.IGNORECASE),
    "fr": re.compile(r"\bIA\b|\bintelligence artificielle\b", re.IGNORECASE),
    "es": re.compile(r"\bIA\b|\binteligencia artificial\b", re.IGNORECASE),
}
_TOPIC = re.compile(r"[\w&. ]{2,40}")
_COURSE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CODE = re.compile(r"G(0[1-9]|1[0-9]|2[0-2])")


def problems(clauses: Clauses) -> dict[str, Sentence]:
    """By rule: why it cannot be published as it is; empty when all is well."""
    found = {name: check(clauses) for name, check in _CHECKS.items()}
    return {name: problem for name, problem in found.items() if problem}


def require_valid(clauses: Clauses) -> None:
    """Raise ClauseError with every problem at once: an owner corrects a page, not a line."""
    if found := problems(clauses):
        raise ClauseError(found)


def wording_problem(language: str, wording: str) -> Sentence | None:
    """Why this sentence cannot be the line under AI-assisted mails of that language, or None."""
    if not _names_one_person(wording):
        return Sentence(
            gettext_noop("Put {{name}} in the sentence exactly once: customers must see who answers for it.")
        )
    if not _AI_WORDS[language].search(wording.replace("{name}", " ")):
        return Sentence(gettext_noop("The sentence must say that AI helped, in the customer's language."))
    if len(wording) > LONGEST_WORDING or not wording.isprintable() or wording != wording.strip():
        return Sentence(
            gettext_noop("Keep the sentence on one line and under {most} characters."),
            {"most": LONGEST_WORDING},
        )
    return None


def _names_one_person(wording: str) -> bool:
    try:
        parts = list(Formatter().parse(wording))
    except ValueError:
        return False
    places = [(name, spec, conversion) for _, name, spec, conversion in parts if name is not None]
    return places == [("name", "", None)] and "{{" not in wording and "}}" not in wording


def _disclosure(clauses: Clauses) -> Sentence | None:
    if set(clauses.disclosure) != set(SUPPORTED_LANGUAGES):
        return Sentence(
            gettext_noop("Write the sentence in each of these languages: {languages}."),
            {"languages": SUPPORTED_LANGUAGES},
        )
    found = (wording_problem(language, wording) for language, wording in clauses.disclosure.items())
    return next(filter(None, found), None)


def _elsewhere(clauses: Clauses) -> Sentence | None:
    """Each line of its own is held to what the mail's line is; an empty one is none."""
    if set(clauses.disclosure_elsewhere) - set(DISCLOSURE_CHANNELS):
        return Sentence(gettext_noop("There is no such place where customers read."))
    for lines in clauses.disclosure_elsewhere.values():
        if set(lines) - set(SUPPORTED_LANGUAGES):
            return Sentence(gettext_noop("There is no such language."))
        found = (wording_problem(language, line) for language, line in lines.items() if line)
        if problem := next(filter(None, found), None):
            return problem
    return None


def _topics(clauses: Clauses) -> Sentence | None:
    if len(clauses.human_only_topics) > MOST_TOPICS:
        return Sentence(gettext_noop("Choose at most {most} topics."), {"most": MOST_TOPICS})
    if not all(_TOPIC.fullmatch(topic) for topic in clauses.human_only_topics):
        return Sentence(gettext_noop("A topic is a short name: letters and digits, 2 to 40 characters."))
    return None


def _notes(clauses: Clauses) -> Sentence | None:
    if len(clauses.tone_notes) > LONGEST_NOTES:
        return Sentence(gettext_noop("Keep it under {most} characters."), {"most": LONGEST_NOTES})
    return None


def _values(clauses: Clauses) -> Sentence | None:
    if sorted(clauses.values) != sorted(DEFAULT_VALUES):
        return Sentence(gettext_noop("Put each of the six values in your order, each once."))
    return None


def _languages(clauses: Clauses) -> Sentence | None:
    if not clauses.languages or len(set(clauses.languages)) != len(clauses.languages):
        return Sentence(gettext_noop("Choose at least one language, each once."))
    if not all(_LANGUAGE.fullmatch(language) for language in clauses.languages):
        return Sentence(gettext_noop("A language is its short code, such as en or de."))
    return None


def _fields(clauses: Clauses) -> Sentence | None:
    if clauses.ai_fields - set(AI_FIELDS):
        return Sentence(
            gettext_noop("AI services may only see what is on the list; contact and payment data never are.")
        )
    return None


def _budget(clauses: Clauses) -> Sentence | None:
    budget = clauses.budget
    if any(limit is not None and limit < 0 for limit in _limits(budget)):
        return Sentence(gettext_noop("A limit cannot be below zero. Leave it empty for no limit."))
    if _more_a_day(budget.daily_drafts, budget.monthly_drafts):
        return Sentence(gettext_noop("The drafts for one day cannot be more than those for the month."))
    if _more_a_day(budget.daily_micro, budget.monthly_micro):
        return Sentence(gettext_noop("The money for one day cannot be more than that for the month."))
    if not _CURRENCY.fullmatch(budget.currency):
        return Sentence(gettext_noop("A currency is its three letters, such as EUR."))
    return None


def _limits(budget: Budget) -> tuple[int | None, ...]:
    return (budget.daily_drafts, budget.monthly_drafts, budget.daily_micro, budget.monthly_micro)


def _more_a_day(daily: int | None, monthly: int | None) -> bool:
    return daily is not None and monthly is not None and daily > monthly


def _log_days(clauses: Clauses) -> Sentence | None:
    least, most = LOG_DAYS
    if not least <= clauses.ai_log_days <= most:
        return Sentence(
            gettext_noop("Keep what the AI wrote or read for {least} to {most} days."),
            {"least": least, "most": most},
        )
    return None


def _hours(clauses: Clauses) -> Sentence | None:
    least, most = RESPONSE_HOURS
    if not least <= clauses.response_hours <= most:
        return Sentence(
            gettext_noop("Promise an answer within {least} to {most} hours."), {"least": least, "most": most}
        )
    return None


def _warn_only(clauses: Clauses) -> Sentence | None:
    if clauses.warn_only & NEVER_SOFTENED:
        return Sentence(
            gettext_noop(
                "Some checks always stop: rules in force, the customer's say, Stop the AI, a person's "
                "approval and telling the customer. They cannot be turned into a warning."
            )
        )
    if not all(_CODE.fullmatch(code) for code in clauses.warn_only):
        return Sentence(gettext_noop("There is no such check."))
    return None


def _overridable(clauses: Clauses) -> Sentence | None:
    if clauses.overridable - MAY_GIVE_WAY:
        return Sentence(gettext_noop("These checks never give way, not even for a day."))
    return None


def _regions(clauses: Clauses) -> Sentence | None:
    if not clauses.regions or set(clauses.regions) - set(REGIONS):
        return Sentence(gettext_noop("Choose at least one region from the list."))
    return None


def _purposes(clauses: Clauses) -> Sentence | None:
    if any(set(names) - set(AI_FIELDS) for names in clauses.purpose_fields.values()):
        return Sentence(
            gettext_noop("AI services may only see what is on the list; contact and payment data never are.")
        )
    return None


def _retention(clauses: Clauses) -> Sentence | None:
    if (
        clauses.retention_days is not None
        and not RETENTION_DAYS[0] <= clauses.retention_days <= RETENTION_DAYS[1]
    ):
        return Sentence(
            gettext_noop(
                "Keep finished requests for {least} to {most} days, or leave it empty: until asked."
            ),
            {"least": RETENTION_DAYS[0], "most": RETENTION_DAYS[1]},
        )
    return None


def _courses(clauses: Clauses) -> Sentence | None:
    if not all(_COURSE.fullmatch(one) for one in clauses.training_courses):
        return Sentence(gettext_noop("Choose courses from the list."))
    return None


def _named(name: str) -> Callable[[Clauses], Sentence | None]:
    def check(clauses: Clauses) -> Sentence | None:
        topics = getattr(clauses, name)
        if len(topics) > MOST_TOPICS:
            return Sentence(gettext_noop("Choose at most {most} topics."), {"most": MOST_TOPICS})
        if not all(_TOPIC.fullmatch(topic) for topic in topics):
            return Sentence(gettext_noop("A topic is a short name: letters and digits, 2 to 40 characters."))
        return None

    return check


def _within(name: str) -> Callable[[Clauses], Sentence | None]:
    least, most = RANGES[name]

    def check(clauses: Clauses) -> Sentence | None:
        if least <= getattr(clauses, name) <= most:
            return None
        unit = MICRO if name.endswith("_micro") else 1
        return Sentence(
            gettext_noop("Choose a number from {least} to {most}."),
            {"least": least // unit, "most": most // unit},
        )

    return check


_CHECKS: Mapping[str, Callable[[Clauses], Sentence | None]] = {
    "disclosure": _disclosure,
    "disclosure_elsewhere": _elsewhere,
    "human_only_topics": _topics,
    "tone_notes": _notes,
    "values": _values,
    "languages": _languages,
    "ai_fields": _fields,
    "budget": _budget,
    "ai_log_days": _log_days,
    "response_hours": _hours,
    "warn_only": _warn_only,
    "overridable": _overridable,
    "regions": _regions,
    "purpose_fields": _purposes,
    "retention_days": _retention,
    "training_courses": _courses,
    "second_look_topics": _named("second_look_topics"),
    "on_demand_topics": _named("on_demand_topics"),
    **{name: _within(name) for name in RANGES},
}
