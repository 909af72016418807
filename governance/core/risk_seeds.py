"""The risks that every shop starts with: those of generative AI (NIST AI 600-1) in plain words, and jobs."""

from __future__ import annotations

from dataclasses import dataclass

from governance.core.sentence import gettext_noop


@dataclass(frozen=True, slots=True)
class RiskSeed:
    """One risk: likely and bad (1 to 5) before and after, what keeps it small, and the check that proves it."""

    key: str
    title: str
    about: str
    treatment: str
    before: tuple[int, int]
    after: tuple[int, int]
    control: str


RISK_SEEDS = (
    RiskSeed(
        "confabulation",
        gettext_noop("The AI says something that is not true"),
        gettext_noop("A draft sounds right and is wrong."),
        gettext_noop("Each sentence is compared with its source, and a person reads every answer."),
        (4, 4),
        (2, 3),
        "grounding",
    ),
    RiskSeed(
        "privacy",
        gettext_noop("Personal data reaches the wrong people"),
        gettext_noop("A customer's data leaves with a text, or stands in somebody else's answer."),
        gettext_noop(
            "Names and numbers are replaced, each organization's rows are walled off by the database."
        ),
        (3, 5),
        (1, 5),
        "isolation",
    ),
    RiskSeed(
        "bias",
        gettext_noop("Some customers are treated worse than others"),
        gettext_noop("Drafts differ with a name, an origin or a way of writing."),
        gettext_noop("The same question is tried with invented customers."),
        (3, 4),
        (2, 4),
        "fairness",
    ),
    RiskSeed(
        "overreliance",
        gettext_noop("People wave drafts through"),
        gettext_noop("An answer is approved without being read."),
        gettext_noop("Nothing leaves without a person's approval of exactly this text."),
        (4, 3),
        (3, 3),
        "approval",
    ),
    RiskSeed(
        "security",
        gettext_noop("Somebody steers the AI by what they write"),
        gettext_noop("A message holds instructions for the AI."),
        gettext_noop("Messages are material, never instructions; the AI can send nothing by itself."),
        (3, 4),
        (2, 3),
        "approval",
    ),
    RiskSeed(
        "opacity",
        gettext_noop("Nobody can say where an answer comes from"),
        gettext_noop("A customer asks why, and there is no reply."),
        gettext_noop("Sources, service and rules are kept with each draft and shown to the customer."),
        (3, 3),
        (1, 3),
        "provenance",
    ),
    RiskSeed(
        "deception",
        gettext_noop("A customer takes the AI for a person"),
        gettext_noop("The line about AI is missing."),
        gettext_noop("Without the line in the customer's language nothing with AI leaves."),
        (3, 4),
        (1, 4),
        "disclosure",
    ),
    RiskSeed(
        "harm",
        gettext_noop("An answer hurts somebody in distress"),
        gettext_noop("Health, a death, threats, money trouble."),
        gettext_noop("Such topics are found by local rules and left to people."),
        (2, 5),
        (1, 5),
        "human_topics",
    ),
    RiskSeed(
        "vendor",
        gettext_noop("The AI service does not keep its word"),
        gettext_noop("It trains on texts, moves data, or closes."),
        gettext_noop("The built-in assistant needs none; an outside one is approved on facts that end."),
        (3, 4),
        (2, 3),
        "services",
    ),
    RiskSeed(
        "rights",
        gettext_noop("A text belongs to somebody else"),
        gettext_noop("A draft repeats another's words."),
        gettext_noop("Drafts rest on your own articles and replies."),
        (2, 3),
        (1, 3),
        "grounding",
    ),
    RiskSeed(
        "cost",
        gettext_noop("The AI costs more than it helps, in money and energy"),
        gettext_noop("Calls run away."),
        gettext_noop("A limit for day and month, promised before each call."),
        (3, 3),
        (2, 2),
        "budget",
    ),
    RiskSeed(
        "manipulation",
        gettext_noop("Customers are pressed into buying or giving up"),
        gettext_noop("A draft hurries, frightens or sells."),
        gettext_noop("Words that press are found before an answer leaves."),
        (2, 4),
        (1, 4),
        "pressure",
    ),
    RiskSeed(
        "jobs",
        gettext_noop("People lose work or skill to the AI"),
        gettext_noop("Fewer hours, or only waving drafts through."),
        gettext_noop(
            "The AI never sends; anyone may write an answer or stop the AI without giving a reason."
        ),
        (3, 4),
        (2, 4),
        "stop",
    ),
)
