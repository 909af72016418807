"""Papers that weigh something: the balancing note, the screening for an impact assessment, the notice to staff."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from governance.core.clauses import Basis
from governance.core.topics import topic_words
from governance.papers.data_papers import purposes_with_consent
from governance.papers.facts import Facts
from governance.papers.text import heading, listed, table


def balancing_note(facts: Facts) -> Iterator[str]:
    """Why AI may help on the ground of legitimate interest (Art. 6(1)(f) GDPR), or that each customer is asked."""
    if facts.policy is None:
        yield _("No rules are in force: AI does nothing, so there is nothing to weigh.")
        return
    rules = facts.rules
    if rules.basis is Basis.ASK_FIRST:
        yield _(
            "The rules ask each customer first. AI help rests on consent, so no balance is struck for it."
        )
    yield heading(_("Our interest"))
    yield _(
        "Answering sooner and more evenly with the people we have; a person reads and sends every answer."
    )
    yield heading(_("Is it necessary?"))
    yield listed(
        [
            _(
                "The AI sees %(n)s kinds of fields, chosen in the rules; contact and payment data "
                "are never among them."
            )
            % {"n": len(rules.ai_fields)},
            _("Names, addresses and numbers are replaced before a text leaves the installation."),
            _("Without AI the same answers are written by hand; nobody is refused anything."),
        ]
    )
    yield heading(_("What speaks for the customer"))
    yield listed(
        [
            _(
                "They expect an answer to what they asked, and are told in the first mail and "
                "under each answer that AI helps."
            ),
            _("They can say no with one click, without reason, and wait no longer."),
            _("Only people write about: %(topics)s.")
            % {"topics": ", ".join(str(topic_words(one)) for one in rules.human_only_topics)},
            _("These uses need a yes of their own: %(uses)s.")
            % {"uses": ", ".join(purposes_with_consent(facts))},
            _("No decision about a person is made by AI; price, priority and queue do not depend on it."),
            _("What the AI wrote or read is deleted after %(n)s days.") % {"n": rules.ai_log_days},
        ]
    )
    yield heading(_("Result"))
    large = [one for one in facts.risks if one.likelihood_after * one.impact_after > rules.risk_appetite]
    if large:
        yield _(
            "%(n)s risks are larger than the rules take without a decision. Decide on them, then "
            "make this note again."
        ) % {"n": len(large)}
    else:
        yield _(
            "No risk is larger than the rules take. With the safeguards above our interest may "
            "come first; each objection ends it for that customer."
        )


def impact_screening(facts: Facts) -> Iterator[str]:
    """Whether an impact assessment (Art. 35 GDPR) is called for: nine criteria, each answered from the settings."""
    yield _(
        "Two or more of these nine criteria usually call for a full assessment. The answers come "
        "from the settings of today."
    )
    answers = _criteria(facts)
    yield table(
        [_("Criterion"), _("Answer"), _("Because")],
        ([name, _("yes") if yes else _("no"), why] for name, yes, why in answers),
    )
    found = sum(yes for _name, yes, _why in answers)
    yield heading(_("Result"))
    if found >= 2:
        yield _("%(n)s of nine apply: make a full impact assessment before going on.") % {"n": found}
    else:
        yield _(
            "%(n)s of nine apply: a full assessment is not called for by number. Decide yourself, "
            "and note why."
        ) % {"n": found}
    yield heading(_("Risks that are watched"))
    yield table(
        [_("Risk"), _("Before"), _("After"), _("What we do")],
        (
            [
                one.title,
                one.likelihood_before * one.impact_before,
                one.likelihood_after * one.impact_after,
                one.treatment,
            ]
            for one in facts.risks
        ),
    )


def _criteria(facts: Facts) -> list[tuple[str, bool, str]]:
    rules, outside = facts.rules, bool(facts.vendors)
    mood = bool(rules.purpose_fields.get("sentiment"))
    return [
        (
            _("Evaluating or scoring people"),
            mood,
            _("reading the mood is possible with consent") if mood else _("nothing scores a person"),
        ),
        (_("Automated decisions with legal or similar effect"), False, _("a person sends every answer")),
        (_("Systematic monitoring"), False, _("only requests that customers send are read")),
        (
            _("Sensitive data"),
            True,
            _("people may write about health or faith; such texts never leave and get no draft"),
        ),
        (_("Large scale"), False, _("requests of one business; decide anew if you serve a region")),
        (_("Matching of data sets"), False, _("nothing is joined from other sources")),
        (_("Vulnerable people"), False, _("not aimed at children or patients; decide anew if you are")),
        (
            _("New technology"),
            outside,
            _("texts go to an AI service of another company")
            if outside
            else _("the built-in assistant stays inside"),
        ),
        (_("Keeping people from a right or service"), False, _("everybody is answered, with or without AI")),
    ]


def staff_notice(facts: Facts) -> Iterator[str]:
    """What the people who work here are told about themselves."""
    yield _("This is what the helpdesk keeps about you as somebody who works here, and what it does not do.")
    yield heading(_("What is kept"))
    yield listed(
        [
            _(
                "Your name, your address for signing in, your role, and which answers you sent: "
                "customers see your name under them."
            ),
            _("Which drafts you used, edited or rejected, as part of the record of each answer."),
            _("Courses that you passed, and that you read the rules."),
        ]
    )
    yield heading(_("What is not done"))
    yield listed(
        [
            _("No rating, pay or dismissal rests on these figures; no check acts on a person."),
            _("No moods are read from what you write."),
            _(
                "Figures about how drafts are read are off until the owner turns them on with a "
                "page of its own; you see yours first and alone, and owners see teams of eight "
                "and more."
            ),
            _("Practice mistakes stand in the practice inbox only, and are announced."),
        ]
    )
    yield heading(_("What you may do"))
    yield listed(
        [
            _("Stop the AI, for everything or for one ticket, without a reason."),
            _("Reject a draft with as many clicks as it takes to use it."),
            _("Raise a concern without your name; an answer is due within ten days."),
            _("See, correct and take along what is kept about you."),
        ]
    )
    yield _("Where there is a works council, ask it before figures about people are turned on.")
    yield _("People who work here at the time of this version: %(n)s.") % {"n": sum(facts.people.values())}
