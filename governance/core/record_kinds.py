"""What each kind of record asks for: one form with templates, not nine screens."""

from __future__ import annotations

from dataclasses import dataclass

from governance.core.sentence import gettext_noop


@dataclass(frozen=True)
class Field:
    """One field of a template. `kind`: text, number, money, figure (one that is measured)."""

    name: str
    label: str
    kind: str = "text"
    help: str = ""


@dataclass(frozen=True)
class Template:
    """What a kind is for, what its text should say, until when it is settled, and what may follow from it."""

    kind: str
    about: str
    prompt: str
    fields: tuple[Field, ...] = ()
    due_days: int | None = None
    effects: tuple[str, ...] = ("finding", "rule", "risk", "stop")


_ALL = (
    Template(
        "committee",
        gettext_noop("Those responsible meet: what was looked at and what was decided."),
        gettext_noop(
            "Who was there:\nWhat we looked at:\nWhat speaks for and against:\nWhat we decided, and who does it:"
        ),
    ),
    Template(
        "board",
        gettext_noop("Advice from outside. It is answered within 30 days, and it can stop the AI."),
        gettext_noop("What we asked:\nWhat they advise, in their words:\nWhat we do with it, or why not:"),
        (Field("conflicts", gettext_noop("What ties the adviser to us")),),
        due_days=30,
    ),
    Template(
        "guest_review",
        gettext_noop("Somebody from outside reads your registers for some days and says what they see."),
        gettext_noop("What the guest was asked to look at:\nWhat they found:\nWhat we do about it:"),
        due_days=30,
    ),
    Template(
        "consultation",
        gettext_noop("A talk with those it concerns: customers, colleagues, the works council."),
        gettext_noop(
            "With whom:\nWhat they said (without names):\nWhat came up more than once:\nWhat we promised:"
        ),
        (Field("themes", gettext_noop("Themes, with commas")),),
    ),
    Template(
        "scenario",
        gettext_noop(
            "What if: a thing that may happen, tied to a figure. When that passes its limit, you are asked to act."
        ),
        gettext_noop(
            "What happens:\nHow we would notice:\nWhom it hurts:\nWhat we then do, first hour and first week:"
        ),
        (
            Field("trigger", gettext_noop("The figure that says it has come true"), "figure"),
            Field("limit", gettext_noop("Above"), "number", gettext_noop("Shares as 0.15 for 15 of 100.")),
        ),
    ),
    Template(
        "tabletop",
        gettext_noop("A rehearsal: you play through a scenario once."),
        gettext_noop("What we played:\nWhat went well:\nWhat was missing:\nWhat we change:"),
    ),
    Template(
        "business_case",
        gettext_noop("Cost and benefit of the AI, harm included, against what it really costs."),
        gettext_noop(
            "What it is good for, and for whom:\nWhat it may harm:\nWhat we would do without:\nGo or no go:"
        ),
        (
            Field("planned_month", gettext_noop("Planned cost a month"), "money"),
            Field("hours_saved", gettext_noop("Hours saved a month, expected"), "number"),
        ),
    ),
    Template(
        "concern",
        gettext_noop(
            "Something sits badly with somebody. It is answered within ten days; nobody suffers for having said it."
        ),
        gettext_noop("What is it about?"),
        due_days=10,
    ),
    Template(
        "horizon",
        gettext_noop("Something to watch: a law, a technology, what others do."),
        gettext_noop("What is coming:\nFrom when:\nWhat it would mean for us:\nWhen we look again:"),
        (Field("source", gettext_noop("Where it can be read")),),
        due_days=90,
    ),
    Template(
        "lesson",
        gettext_noop("What others can learn from it. It can be taken along without names."),
        gettext_noop("What happened:\nWhy it was possible:\nWhat we changed:\nWhat we would tell others:"),
        effects=("finding", "risk"),
    ),
    Template(
        "talk",
        gettext_noop(
            "A talk in the team about the work with AI, where there are too few people for a round of questions."
        ),
        gettext_noop("What helps:\nWhat annoys:\nWhat worries us about our jobs:\nWhat we change by when:"),
    ),
)
TEMPLATES = {one.kind: one for one in _ALL}
EFFECTS = {
    "": gettext_noop("nothing by itself"),
    "finding": gettext_noop("a finding that needs a decision"),
    "rule": gettext_noop("a draft of new rules"),
    "risk": gettext_noop("a new risk: undecided after 30 days, it stops drafting"),
    "stop": gettext_noop("the AI stops for everything, now"),
}
