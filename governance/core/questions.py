"""The questions that set the rules: at most 25, in plain words, a few to a page, each with what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from governance.core.sentence import gettext_noop

MOST_QUESTIONS: Final = 25


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one rule, and what another answer would change."""

    clause: str
    ask: str
    changes: str


@dataclass(frozen=True, slots=True)
class Page:
    """A few questions that belong together."""

    key: str
    title: str
    about: str
    questions: tuple[Question, ...]


PAGES: Final = (
    Page(
        "customers",
        gettext_noop("Your customers"),
        gettext_noop("What people who write to you are told, and what they decide."),
        (
            Question(
                "basis",
                gettext_noop("May the AI help before a customer has said anything about it?"),
                gettext_noop("“Ask first” means no draft until the customer has clicked yes."),
            ),
            Question(
                "acknowledgement",
                gettext_noop("Shall new customers get a short mail that their message arrived?"),
                gettext_noop("It tells them about AI and carries the link to say no."),
            ),
            Question(
                "response_hours",
                gettext_noop("Within how many hours do you answer?"),
                gettext_noop("It stands in the first mail and on your trust page."),
            ),
            Question(
                "disclosure",
                gettext_noop("What stands under an answer that the AI helped with?"),
                gettext_noop("An answer without this line is not sent. {name} becomes whoever sends it."),
            ),
        ),
    ),
    Page(
        "topics",
        gettext_noop("What stays with people"),
        gettext_noop("Topics the AI keeps away from, and where it may help."),
        (
            Question(
                "human_only_topics",
                gettext_noop("About which topics do only people write?"),
                gettext_noop("A message about one of these gets no draft; you write the answer yourself."),
            ),
            Question(
                "second_look_topics",
                gettext_noop("About which topics shall two people look at an answer?"),
                gettext_noop("The answer waits for a second person. Leave it empty if you work alone."),
            ),
            Question(
                "languages",
                gettext_noop("In which languages do you understand what the AI writes?"),
                gettext_noop("Messages in other languages go to a person without a draft."),
            ),
            Question(
                "self_service",
                gettext_noop("May the AI answer on your help pages, from your own articles?"),
                gettext_noop("No means that your help pages only search."),
            ),
        ),
    ),
    Page(
        "voice",
        gettext_noop("How you sound"),
        gettext_noop("So that a draft reads like one of you wrote it."),
        (
            Question(
                "tone",
                gettext_noop("How do you talk to customers?"),
                gettext_noop("Drafts follow it; you may always write as you like."),
            ),
            Question(
                "tone_notes",
                gettext_noop("What would you tell a new colleague about it?"),
                gettext_noop("One or two sentences that every draft is written with."),
            ),
            Question(
                "values",
                gettext_noop("What matters most to you, in your order?"),
                gettext_noop("It decides when two good things pull apart, and every exception names one."),
            ),
            Question(
                "upsell",
                gettext_noop("May an answer mention something else you sell?"),
                gettext_noop("No means that such an answer is held until somebody takes the offer out."),
            ),
            Question(
                "goodwill_micro",
                gettext_noop("How much may anyone on your team give a customer without asking you?"),
                gettext_noop("In your currency. Your people see it beside the request."),
            ),
        ),
    ),
    Page(
        "data",
        gettext_noop("What may be seen"),
        gettext_noop("Contact and payment data are never shown to an AI service."),
        (
            Question(
                "ai_fields",
                gettext_noop("What may an AI service see to write a draft?"),
                gettext_noop("Anything else is left out before the service is asked."),
            ),
            Question(
                "regions",
                gettext_noop("Where may it work with that?"),
                gettext_noop("A service elsewhere is not called. The built-in assistant works here."),
            ),
            Question(
                "ai_log_days",
                gettext_noop("For how many days do you keep what the AI wrote and read?"),
                gettext_noop("After that it is deleted. At least 90, so that questions can be answered."),
            ),
            Question(
                "retention_days",
                gettext_noop("After how many days shall finished requests be deleted?"),
                gettext_noop("Empty: they stay until the customer asks."),
            ),
            Question(
                "survey_by_mail",
                gettext_noop("May customers be asked by mail how you did?"),
                gettext_noop("Once in 90 days at most. Otherwise only on pages that they opened."),
            ),
        ),
    ),
    Page(
        "limits",
        gettext_noop("Limits"),
        gettext_noop("Where the AI stops by itself."),
        (
            Question(
                "budget",
                gettext_noop("How much may the AI write and cost?"),
                gettext_noop("At 80 % you get a mail; at the limit the built-in assistant takes over."),
            ),
            Question(
                "risk_appetite",
                gettext_noop("How much risk is fine for you, from 1 to 20?"),
                gettext_noop("A risk above it (likely times bad) needs a decision within 30 days."),
            ),
            Question(
                "overridable",
                gettext_noop("Which checks may give way for a few days, with a reason?"),
                gettext_noop("Each exception has a name and an end and is counted on your trust page."),
            ),
        ),
    ),
    Page(
        "looking",
        gettext_noop("Looking again"),
        gettext_noop("So that the rules stay true."),
        (
            Question(
                "audit_days",
                gettext_noop("How often, in days, is it checked that people are treated alike?"),
                gettext_noop("A check that is too old stops new drafts; it runs by itself."),
            ),
            Question(
                "training_grace_days",
                gettext_noop("How many days does a new colleague have for the short course?"),
                gettext_noop("Later they still answer customers, but approve no drafts until it is done."),
            ),
            Question(
                "review_days",
                gettext_noop("After how many days do you look at these rules again?"),
                gettext_noop("You get mails before; “Still right” is one click."),
            ),
        ),
    ),
)

#: The first question is the kind of business.
HOW_MANY: Final = 1 + sum(len(page.questions) for page in PAGES)
