"""The words of the rules that are the team's own business, and the list of all rules."""

from __future__ import annotations

from governance.core.clause_words import CHECK_WORDS, CLAUSE_WORDS, FIELD_WORDS, MICRO, ClauseWords
from governance.core.clauses import Clauses
from governance.core.sentence import Sentence, gettext_noop
from governance.core.topics import topic_words

REGION_WORDS = {
    "here": gettext_noop("our own machines"),
    "eu": gettext_noop("the European Union"),
    "uk": gettext_noop("the United Kingdom"),
    "ch": gettext_noop("Switzerland"),
    "us": gettext_noop("the United States"),
    "other": gettext_noop("anywhere else"),
}
PURPOSE_WORDS = {
    "sentiment": gettext_noop("reading the mood"),
    "improve": gettext_noop("making the AI better"),
    "marketing": gettext_noop("offers"),
    "demographics": gettext_noop("groups that customers name themselves"),
}


def _overridable(clauses: Clauses) -> Sentence:
    if not clauses.overridable:
        return Sentence(gettext_noop("No check ever gives way."))
    checks = tuple(Sentence(CHECK_WORDS[code]) for code in CHECK_WORDS if code in clauses.overridable)
    return Sentence(
        gettext_noop("For at most seven days, with a reason, these checks may give way: {checks}."),
        {"checks": checks},
    )


def _regions(clauses: Clauses) -> Sentence:
    names = tuple(Sentence(REGION_WORDS[one]) if one in REGION_WORDS else one for one in clauses.regions)
    return Sentence(gettext_noop("AI services may work with data in: {regions}."), {"regions": names})


def _purpose_fields(clauses: Clauses) -> Sentence:
    seen = tuple(
        Sentence(
            gettext_noop("{purpose} ({fields})"),
            {
                "purpose": Sentence(PURPOSE_WORDS[purpose]) if purpose in PURPOSE_WORDS else purpose,
                "fields": tuple(Sentence(FIELD_WORDS[one]) if one in FIELD_WORDS else one for one in names),
            },
        )
        for purpose, names in clauses.purpose_fields.items()
        if names
    )
    if not seen:
        return Sentence(gettext_noop("Beyond answering, an AI sees nothing, whatever a customer agreed to."))
    return Sentence(gettext_noop("With a customer's yes an AI may also see, for: {seen}."), {"seen": seen})


def _goodwill(clauses: Clauses) -> Sentence:
    whole, rest = divmod(clauses.goodwill_micro, MICRO)
    amount = f"{whole:,}" if not rest else f"{whole:,}.{rest * 100 // MICRO:02d}"
    return Sentence(
        gettext_noop("Anyone who answers customers may give up to {amount} of goodwill without asking."),
        {"amount": f"{amount} {clauses.budget.currency}"},
    )


def _retention(clauses: Clauses) -> Sentence:
    if clauses.retention_days is None:
        return Sentence(gettext_noop("Finished requests are kept until the customer asks us to delete them."))
    return Sentence(
        gettext_noop("Finished requests are deleted after {days} days."),
        {"days": clauses.retention_days},
    )


def _appetite(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("A risk up to {most} of 25 (likely times bad) needs no decision of its own."),
        {"most": clauses.risk_appetite},
    )


def _audits(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("Whether customers are treated alike is checked every {days} days."),
        {"days": clauses.audit_days},
    )


def _ratio(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("A group that gets less than {percent} % of what another gets is looked at."),
        {"percent": clauses.audit_ratio_percent},
    )


def _group(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("A group of fewer than {least} is too small to tell."),
        {"least": clauses.audit_least_group},
    )


def _courses(clauses: Clauses) -> Sentence:
    if not clauses.training_courses:
        return Sentence(gettext_noop("No course is needed to approve drafts."))
    return Sentence(
        gettext_noop("Whoever approves drafts has done these courses: {courses}."),
        {"courses": clauses.training_courses},
    )


def _training_grace(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("For a new course there are {days} days."), {"days": clauses.training_grace_days}
    )


def _reading_grace(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("After a large change everybody reads the rules within {days} days."),
        {"days": clauses.reading_grace_days},
    )


def _review(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("The rules are looked at again after {days} days."), {"days": clauses.review_days}
    )


def _review_grace(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("The AI stops drafting {days} days after that day has passed unused."),
        {"days": clauses.review_grace_days},
    )


def _person_wish(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop(
            "Where more than {percent} of 100 customers ask for a person, leaving the topic to people is proposed."
        ),
        {"percent": clauses.person_wish_percent},
    )


def _round(clauses: Clauses) -> Sentence:
    return Sentence(
        gettext_noop("A large change can be commented on for {days} days."), {"days": clauses.round_days}
    )


def _second_look(clauses: Clauses) -> Sentence:
    if not clauses.second_look_topics:
        return Sentence(gettext_noop("One person's approval is enough for every topic."))
    topics = tuple(topic_words(topic) for topic in clauses.second_look_topics)
    return Sentence(
        gettext_noop("Two people look at AI-assisted answers about: {topics}."), {"topics": topics}
    )


def _on_demand(clauses: Clauses) -> Sentence:
    if not clauses.on_demand_topics:
        return Sentence(gettext_noop("No topic waits for somebody to ask for a draft."))
    topics = tuple(topic_words(topic) for topic in clauses.on_demand_topics)
    return Sentence(
        gettext_noop("The AI drafts only when somebody asks, about: {topics}."), {"topics": topics}
    )


def _self_service(clauses: Clauses) -> Sentence:
    if clauses.self_service:
        return Sentence(
            gettext_noop(
                "The AI answers by itself on the help pages, from published articles only and marked as AI. "
                "No person reads it first."
            )
        )
    return Sentence(gettext_noop("The AI does not answer on the help pages."))


def _upsell(clauses: Clauses) -> Sentence:
    if clauses.upsell:
        return Sentence(gettext_noop("AI-assisted answers may mention something else that is for sale."))
    return Sentence(gettext_noop("AI-assisted answers offer nothing that nobody asked for."))


def _survey(clauses: Clauses) -> Sentence:
    if clauses.survey_by_mail:
        return Sentence(gettext_noop("A customer may be asked by mail how we did, once in 90 days."))
    return Sentence(gettext_noop("Customers are asked how we did only on pages that they opened."))


_INNER: tuple[ClauseWords, ...] = (
    ClauseWords(
        "overridable",
        gettext_noop("Checks that may give way for a while"),
        gettext_noop("Each exception has a name, a reason and an end, and is counted on your trust page."),
        _overridable,
    ),
    ClauseWords(
        "regions",
        gettext_noop("Where data may go"),
        gettext_noop("An AI service that works elsewhere, or nobody knows where, is not called."),
        _regions,
    ),
    ClauseWords(
        "purpose_fields",
        gettext_noop("What an AI may see beyond answering"),
        gettext_noop("Counts only for customers who agreed to that use."),
        _purpose_fields,
    ),
    ClauseWords(
        "goodwill_micro",
        gettext_noop("Goodwill"),
        gettext_noop("Most that one person may give one customer without asking."),
        _goodwill,
    ),
    ClauseWords(
        "retention_days",
        gettext_noop("How long finished requests stay"),
        gettext_noop("Empty: until the customer asks."),
        _retention,
    ),
    ClauseWords(
        "risk_appetite",
        gettext_noop("How much risk you take"),
        gettext_noop("Likely (1 to 5) times bad (1 to 5). Above it, somebody decides within 30 days."),
        _appetite,
    ),
    ClauseWords(
        "audit_days",
        gettext_noop("How often fairness is checked"),
        gettext_noop("In days. The check on invented customers runs by itself."),
        _audits,
    ),
    ClauseWords(
        "audit_ratio_percent",
        gettext_noop("When a difference counts"),
        gettext_noop("80 % is the usual line; it counts only where chance does not explain it."),
        _ratio,
    ),
    ClauseWords(
        "audit_least_group",
        gettext_noop("Smallest group"),
        gettext_noop("Below it, a difference says nothing."),
        _group,
    ),
    ClauseWords(
        "training_courses",
        gettext_noop("Courses"),
        gettext_noop("For those who approve drafts; writing an answer yourself needs none."),
        _courses,
    ),
    ClauseWords(
        "training_grace_days",
        gettext_noop("Days to do a course"),
        gettext_noop("Counted from when it is offered or the person joined."),
        _training_grace,
    ),
    ClauseWords(
        "reading_grace_days",
        gettext_noop("Days to read the rules"),
        gettext_noop("After a large change only; small ones need no reading."),
        _reading_grace,
    ),
    ClauseWords(
        "review_days",
        gettext_noop("When the rules are looked at again"),
        gettext_noop("In days. You get mails 30, 14 and 3 days before."),
        _review,
    ),
    ClauseWords(
        "review_grace_days",
        gettext_noop("Days after that"),
        gettext_noop("“Still right” is one click."),
        _review_grace,
    ),
    ClauseWords(
        "person_wish_percent",
        gettext_noop("Customers of 100 who may ask for a person"),
        gettext_noop("Beyond it, on one topic, you are asked whether only people should answer it."),
        _person_wish,
    ),
    ClauseWords(
        "round_days",
        gettext_noop("Days for comments"),
        gettext_noop("The first version and small changes need none."),
        _round,
    ),
    ClauseWords(
        "on_demand_topics",
        gettext_noop("Topics where the AI waits to be asked"),
        gettext_noop("No draft lies there before you looked; “Suggest a reply” makes one."),
        _on_demand,
    ),
    ClauseWords(
        "second_look_topics",
        gettext_noop("Topics that two people look at"),
        gettext_noop("Leave it empty if you answer alone."),
        _second_look,
    ),
    ClauseWords(
        "self_service",
        gettext_noop("AI on your help pages"),
        gettext_noop("From your published articles only."),
        _self_service,
    ),
    ClauseWords(
        "upsell",
        gettext_noop("Offers in answers"),
        gettext_noop("Hurry, fear and blame are never allowed."),
        _upsell,
    ),
    ClauseWords(
        "survey_by_mail",
        gettext_noop("Asking customers by mail"),
        gettext_noop("Most shops ask on their pages only."),
        _survey,
    ),
)

#: Every rule, in the order in which a reader wants them.
RULE_WORDS: tuple[ClauseWords, ...] = (*CLAUSE_WORDS, *_INNER)


def sentences(clauses: Clauses) -> tuple[Sentence, ...]:
    """The whole policy as sentences."""
    return tuple(words.sentence(clauses) for words in RULE_WORDS)
