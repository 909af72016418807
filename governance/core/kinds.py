"""Rules that fit a kind of business: what the questions stand answered with before anybody answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from governance.core.clauses import Basis, Budget, Clauses, Tone
from governance.core.sentence import gettext_noop
from governance.core.topics import HUMAN_ONLY_TOPICS


@dataclass(frozen=True, slots=True)
class KindOfRules:
    """A starting point: the rules, why they fit (one line), and a paragraph of their own on customers' page."""

    key: str
    why: str
    lead: str
    text: str
    clauses: Clauses


_BASE: Final = Clauses()
_SMALL: Final = Budget(
    daily_drafts=200, monthly_drafts=3_000, daily_micro=1_000_000, monthly_micro=15_000_000
)

_SHOP: Final = KindOfRules(
    "shop",
    gettext_noop("Friendly, with goodwill for small mishaps; complaints and custom orders stay with people."),
    gettext_noop("Your order is yours to change."),
    gettext_noop(
        "Sending back and cancelling come before anything else we might say: we answer that first, and "
        "we talk nobody out of it."
    ),
    replace(
        _BASE,
        tone=Tone.WARM,
        tone_notes="Use the customer's name and ours. Say first what happens to the order.",
        human_only_topics=(*HUMAN_ONLY_TOPICS, "complaint", "custom_order"),
        values=("honesty", "care", "privacy", "fairness", "thrift", "speed"),
        ai_fields=_BASE.ai_fields | {"order_status"},
        budget=_SMALL,
        goodwill_micro=20_000_000,
    ),
)
_TRADES: Final = KindOfRules(
    "trades",
    gettext_noop("Plain and brief; prices, dates and anything about safety are said by people."),
    gettext_noop("Prices and dates come from people."),
    gettext_noop(
        "What a job costs, when we come, and whether something is safe to use is decided and written by "
        "somebody who knows the trade."
    ),
    replace(
        _BASE,
        tone=Tone.BRIEF,
        tone_notes="Short sentences. Never guess a price or a day; say who will call.",
        human_only_topics=(*HUMAN_ONLY_TOPICS, "quotation", "safety", "complaint"),
        second_look_topics=("warranty",),
        values=("honesty", "fairness", "care", "thrift", "privacy", "speed"),
        budget=_SMALL,
        goodwill_micro=50_000_000,
        response_hours=48,
    ),
)
_TRAVEL: Final = KindOfRules(
    "travel",
    gettext_noop("Quick and to the point; refunds and compensation are looked at by two people."),
    gettext_noop("Your rights as a traveller are the same with and without AI."),
    gettext_noop(
        "No AI decides on a refund or compensation. Special assistance, accidents and children travelling "
        "alone go to a person at once."
    ),
    replace(
        _BASE,
        tone=Tone.BRIEF,
        tone_notes="Answer first, reason after. Give the number of the rule or the page.",
        human_only_topics=(*HUMAN_ONLY_TOPICS, "special_assistance"),
        second_look_topics=("refund", "compensation"),
        values=("honesty", "fairness", "speed", "privacy", "care", "thrift"),
        ai_fields=_BASE.ai_fields | {"earlier_messages", "order_status"},
        budget=Budget(
            daily_drafts=5_000, monthly_drafts=100_000, daily_micro=20_000_000, monthly_micro=300_000_000
        ),
        goodwill_micro=50_000_000,
        response_hours=12,
    ),
)
_SOFTWARE: Final = KindOfRules(
    "software",
    gettext_noop("Answers from your help pages; accounts, security and cancelling stay with people."),
    gettext_noop("Leaving is as easy as joining."),
    gettext_noop(
        "Whoever wants to cancel gets the way to do it in the first line. Questions about security and "
        "lost accounts are answered by people."
    ),
    replace(
        _BASE,
        tone=Tone.NEUTRAL,
        tone_notes="Steps as a numbered list. Say which version you mean. No blame.",
        human_only_topics=(*HUMAN_ONLY_TOPICS, "security", "account_takeover"),
        second_look_topics=("outage",),
        values=("honesty", "privacy", "speed", "fairness", "care", "thrift"),
        ai_fields=_BASE.ai_fields | {"earlier_messages"},
        response_hours=24,
    ),
)
_CARE: Final = KindOfRules(
    "care",
    gettext_noop("Asks each person first; nothing about health is ever shown to an AI service."),
    gettext_noop("Your health is between you and us."),
    gettext_noop(
        "No AI reads or writes about illness, medicine, results or appointments for them. It may help with "
        "opening hours, ways to reach us and forms, and only after you said yes."
    ),
    replace(
        _BASE,
        basis=Basis.ASK_FIRST,
        tone=Tone.WARM,
        tone_notes="Calm and clear. Never advise; say who to talk to and how.",
        human_only_topics=(*HUMAN_ONLY_TOPICS, "medicine", "results", "appointment", "complaint"),
        values=("privacy", "care", "honesty", "fairness", "speed", "thrift"),
        ai_fields=frozenset({"message", "language", "articles", "canned_replies"}),
        regions=("here",),
        budget=_SMALL,
        goodwill_micro=0,
        response_hours=24,
    ),
)
_HOSPITALITY: Final = KindOfRules(
    "hospitality",
    gettext_noop("Warm and quick; allergies and lost things are answered by people."),
    gettext_noop("Allergies are never left to a machine."),
    gettext_noop(
        "What is in a dish, and whether somebody can eat it, is answered by somebody who was in the "
        "kitchen today."
    ),
    replace(
        _BASE,
        tone=Tone.WARM,
        tone_notes="As at the door: welcome, answer, one more sentence. Say the day and the time.",
        human_only_topics=(*HUMAN_ONLY_TOPICS, "allergy", "lost_property"),
        second_look_topics=("group_booking",),
        values=("care", "honesty", "fairness", "speed", "privacy", "thrift"),
        budget=_SMALL,
        goodwill_micro=30_000_000,
        response_hours=12,
    ),
)

#: By the key of the kind of business, in the order in which they are offered.
KINDS: Final = {one.key: one for one in (_SHOP, _TRADES, _TRAVEL, _SOFTWARE, _CARE, _HOSPITALITY)}
