"""Policies to start from: one page of plain words and the rules that go with it, ready to publish."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from governance.core.clauses import Basis, Budget, Clauses, Tone
from governance.core.topics import HUMAN_ONLY_TOPICS


@dataclass(frozen=True, slots=True)
class Starter:
    """A policy to publish as it is. ``prose`` is Markdown; ``for_business`` puts in the name."""

    key: str
    title: str
    about: str
    prose: str
    clauses: Clauses

    def for_business(self, name: str) -> str:
        """The page in the name of this business; numbers come from the rules, so the two cannot differ."""
        return (
            self.prose.replace("{business}", " ".join(name.split()))
            .replace("{hours}", str(self.clauses.response_hours))
            .replace("{days}", str(self.clauses.ai_log_days))
        )


_GENERAL_PROSE: Final = """\
# How {business} uses AI when we answer you

**A person answers you.** AI may help us write a draft. A person on our team reads every draft,
changes what is not right, and sends the answer under their own name. The AI never sends anything by
itself.

**We tell you.** When AI helped with an answer, the answer says so and names the person who checked
it. When a person wrote it alone, it does not say so, because then there is nothing to say. Our
first mail to you explains this too.

**You can say no.** Every first mail has the link "Answer me without AI". One click is enough, you
give no reason, and you wait no longer for it. If an answer does not sit right with you, choose "Ask
a person to look again".

**Some things are only for people.** AI writes no draft for messages about health, faith, children,
a death in the family, threats, lawyers and courts, or not being able to pay, and some others that
our rules list. The most private of these are never shown to an AI service outside our helpdesk,
whatever else we change.

**We show where an answer comes from.** Under "Why this answer?" you see the sources that the draft
used, the service that wrote it, the rules that were in force and the person who sent it. If we
cannot show that, we do not send the draft.

**Your data stays yours.** Before an AI service sees a message, your name, mail addresses, phone,
card and account numbers in it are replaced. It sees only what it needs for this one answer. We do
not use your messages to make any AI better, and we do not look for your mood in them, unless you
agreed to exactly that. What the AI wrote or read is deleted after {days} days; that it helped, when
and under which rules stays on record. You can see and download your data, and ask us to delete it,
on your own page or by a mail to us.

**We treat people alike.** Saying no to AI never costs you time or care. AI may sort messages by topic and
urgency; it decides no price and no refund.

**Our people come first over our tools.** Anyone on our team can stop the AI at once, for one
request or for all, and needs no permission for it. A draft may always be thrown away; nobody has to
defend writing an answer themselves.

**What we promise.** You hear from us within {hours} hours. When the AI gets something wrong we say
so and put it right.

**Who answers for this.** The owner of {business} does. These rules are on this page for anyone to
read. If you disagree with them, write to us; a person reads it and answers.
"""

_BOUTIQUE_PROSE: Final = """\
# How {business} uses AI, and how you decide

**We ask you first.** We are a small shop and we like to know the people we write to. AI may help us
prepare an answer, and only if you say yes. Our first mail asks you. If you do not reply to the
question, that is a no, and you will hear from one of us all the same, just as soon.

**A person writes to you.** When you said yes, the AI prepares a draft. One of us reads it, makes it
sound like us, and sends it under their own name. Nothing goes out that nobody has read.

**You always know.** An answer that AI helped with says so in its last line and names the one of us
who checked it. "Why this answer?" shows where the draft came from.

**You can change your mind.** Yes and no are the same single click, at any time, on your own page or
in any first mail. "Ask a person to look again" brings your request to somebody else on our team.

**Some letters are only for us.** If you write about your health, your faith, your children, someone
you lost, money worries, a complaint that went badly or a piece made just for you, no AI writes a
word of the answer. We want to do that ourselves.

**Your letters are not material.** Your name, mail addresses and numbers are replaced before any AI
service sees a message. It sees this one message, our own articles and our prepared replies, nothing
of what you wrote before. We do not use your words to make any AI better. What the AI wrote or read
is deleted after {days} days; that it helped stays on record. You can see and download everything we
hold about you, and ask us to delete it.

**We would rather be kind than quick.** When the two pull apart, we take the time. You hear from us
within {hours} hours, and if we need longer, we tell you.

**We own our mistakes.** If a draft was wrong and we did not catch it, that is our mistake and not
the machine's. We put it right and tell you.

**Who answers for this.** The owner of {business}. Anyone on our team can stop the AI at once
without asking. If something here troubles you, write to us; it will be read and answered by a
person.
"""

_AIRLINE_PROSE: Final = """\
# AI at {business}: the short version

- **AI drafts, people send.** A person on our team checks and sends every answer.
- **We tell you.** An answer that AI helped with says so and names who sent it. Purely human answers
  carry no such line.
- **Opt out with one click.** "Answer me without AI" is in our first mail and on your page. It lasts
  until you change it. You do not wait longer.
- **Not for AI:** health and special assistance, children travelling alone, accidents, a death in
  the family, threats, lawyers and courts, being treated unfairly, and the other topics in our
  rules. The most private of these never reach an outside AI service.
- **No AI decisions.** AI may sort messages; it sets no fares and decides no refund or
  compensation. Your passenger rights are the same with and without it.
- **Sources.** "Why this answer?" shows the page or rule that the draft used. A draft without a
  source is not sent as it is.
- **Your data.** Your name, mail addresses, phone and card numbers are replaced before an AI service
  sees a message. We do not use messages to make AI better unless you agreed. AI texts are deleted
  after {days} days. See, download or ask to delete your data on your page or by mail.
- **Speed.** You hear from us within {hours} hours.
- **Spending is capped.** At the limit our built-in assistant takes over, or people answer alone.
- **Anyone on our team can stop the AI at once.** Only those who answer for it start it again.
- **Mistakes.** We correct them and tell those affected.
- **Who answers for this:** the owner of {business}. "Ask a person to look again" is on every
  AI-assisted answer on your page. If you disagree with these rules, write to us; a person reads it.
"""

_STARTER: Final = Starter(
    key="starter",
    title="Starter rules",
    about="For any small business: tell customers, let them say no, a person sends every answer.",
    prose=_GENERAL_PROSE,
    clauses=Clauses(),
)

_BOUTIQUE: Final = Starter(
    key="boutique",
    title="A shop that asks first",
    about="Warm and unhurried: the AI helps only customers who said yes.",
    prose=_BOUTIQUE_PROSE,
    clauses=Clauses(
        basis=Basis.ASK_FIRST,
        human_only_topics=(*HUMAN_ONLY_TOPICS, "complaint", "custom_order"),
        disclosure={
            "en": "AI helped to prepare this answer. Read, checked and sent by {name}.",
            "de": "Eine KI half, diese Antwort vorzubereiten. Gelesen, geprüft und gesendet von {name}.",
            "fr": "Une IA a aidé à préparer cette réponse. Lue, vérifiée et envoyée par {name}.",
            "es": "Una IA ayudó a preparar esta respuesta. Leída, revisada y enviada por {name}.",
        },
        tone=Tone.WARM,
        tone_notes="Use the customer's name and ours. No stock phrases. Rather one sentence too many.",
        values=("care", "honesty", "privacy", "fairness", "thrift", "speed"),
        budget=Budget(
            daily_drafts=200, monthly_drafts=3_000, daily_micro=1_000_000, monthly_micro=15_000_000
        ),
        response_hours=48,
    ),
)

_AIRLINE: Final = Starter(
    key="airline",
    title="A busy desk that tells and lets opt out",
    about="Brief and quick: everybody is told, one click says no.",
    prose=_AIRLINE_PROSE,
    clauses=replace(
        Clauses(),
        tone=Tone.BRIEF,
        tone_notes="Answer first, reason after. Short sentences. Give the number of the rule or the page.",
        values=("honesty", "fairness", "speed", "privacy", "thrift", "care"),
        ai_fields=Clauses().ai_fields | {"earlier_messages", "order_status"},
        budget=Budget(
            daily_drafts=20_000, monthly_drafts=400_000, daily_micro=50_000_000, monthly_micro=1_000_000_000
        ),
        response_hours=24,
    ),
)

STARTERS: Final = {one.key: one for one in (_STARTER, _BOUTIQUE, _AIRLINE)}


def starter() -> Starter:
    """For any small business."""
    return _STARTER


def boutique() -> Starter:
    """Asks first, warm."""
    return _BOUTIQUE


def airline() -> Starter:
    """Tells and lets opt out, brief."""
    return _AIRLINE
