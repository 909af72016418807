"""What each purpose means, in words for a customer; the same words are what their choice is recorded under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.core.clauses import Basis
from governance.models import Consent, ConsentState, Purpose


@dataclass(frozen=True)
class PurposeWords:
    """A purpose on the customer's page: its name and what a yes and a no change."""

    label: str | Promise
    about: str | Promise


PURPOSES: dict[str, PurposeWords] = {
    Purpose.HUMANS_ONLY: PurposeWords(
        _("Answer me without AI"),
        _("On: people write every answer to you without AI. You wait no longer for it."),
    ),
    Purpose.AI_ASSIST: PurposeWords(
        _("AI may help draft answers to me"),
        _("A person reads, corrects and sends every answer, either way."),
    ),
    Purpose.SENTIMENT: PurposeWords(
        _("Read the mood of my messages"),
        _("Lets us see when something upset you. It never changes how fast you get an answer."),
    ),
    Purpose.IMPROVE: PurposeWords(
        _("Use my messages to make the AI better"),
        _("Your words, without names and numbers, help later drafts of ours and of nobody else."),
    ),
    Purpose.MARKETING: PurposeWords(
        _("Send me offers"),
        _("Now and then a mail about what is new. Our answers do not depend on it."),
    ),
}

#: What an AI service may see, as the customer is told: the words of the rules speak to the owner.
FIELDS: dict[str, str | Promise] = {
    "subject": _("subject"),
    "message": _("message"),
    "earlier_messages": _("earlier messages of the same request"),
    "language": _("language"),
    "topic": _("topic"),
    "articles": _("our help pages"),
    "canned_replies": _("our prepared answers"),
    "earlier_answers": _("earlier answers of our team"),
    "order_status": _("order status"),
}
#: Titles of rules that speak to the owner ("What matters most to you"), for everybody else.
RULE_TITLES: dict[str, str | Promise] = {
    "values": _("What matters most to us"),
    "tone_notes": _("How our answers should sound"),
    "ai_fields": _("What an AI service may see"),
    "risk_appetite": _("How much risk we take"),
    "second_look_topics": _("Topics that two of us look at"),
    "on_demand_topics": _("Topics where the AI waits until one of us asks"),
    "self_service": _("AI on our help pages"),
    "survey_by_mail": _("Whether we ask by mail how we did"),
}
#: Rules that stay inside, with the reason that the trust page gives.
RULES_INSIDE: dict[str, str | Promise] = {
    "goodwill_micro": _("an amount in public becomes a price; each case is looked at."),
}


@dataclass(frozen=True)
class Choice:
    """One row of the page: what is in force and what a yes or a no would be."""

    key: str
    title: str | Promise
    text: str | Promise
    state: str  # yes, no, unset
    basis_label: str | Promise
    since: datetime | None
    url: str


def rows(in_force: Mapping[str, Consent], basis: Basis | None, *, with_urls: bool = True) -> list[Choice]:
    """The purposes this business has, each with its state. AI help is asked for only where the rules ask first."""
    return [
        choice_row(purpose, words, in_force.get(purpose), basis, with_url=with_urls)
        for purpose, words in PURPOSES.items()
        if purpose != Purpose.AI_ASSIST or basis is Basis.ASK_FIRST or purpose in in_force
    ]


def choice_row(
    purpose: str, words: PurposeWords, made: Consent | None, basis: Basis | None, *, with_url: bool
) -> Choice:
    """One purpose as a row of a page."""
    return Choice(
        key=str(purpose),
        title=words.label,
        text=words.about,
        state=_state(made),
        basis_label=_basis(purpose, basis),
        since=made.created_at if made else None,
        url=reverse("portal-choose", args=[purpose]) if with_url else "",
    )


def _state(choice: Consent | None) -> str:
    if choice is None:
        return "unset"
    return "yes" if choice.state == ConsentState.GRANTED else "no"


def _basis(purpose: str, basis: Basis | None) -> str | Promise:
    if purpose == Purpose.HUMANS_ONLY:
        return _("Your wish; it holds until you change it.")
    if purpose == Purpose.AI_ASSIST and basis is not Basis.ASK_FIRST:
        return _("We may do this unless you say no.")
    return _("Only if you say yes.")


def state_for(*, purpose: str, says_yes: bool, basis: Basis | None) -> ConsentState:
    """What a yes or no means: AI help that rests on legitimate interest is objected to, everything else refused."""
    if says_yes:
        return ConsentState.GRANTED
    if purpose == Purpose.AI_ASSIST and basis is not Basis.ASK_FIRST:
        return ConsentState.OBJECTED
    return ConsentState.REFUSED
