"""What customers read as a paper: the privacy notice, in each language that their pages speak."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from governance.core.clauses import Basis
from governance.papers.facts import Facts
from governance.papers.text import heading, listed, table
from governance.portal_words import FIELDS
from governance.selectors.trust import region_words
from helpdesk.tenancy.hosts import base_url


def privacy_notice(facts: Facts) -> Iterator[str]:
    """What customers are told about their data: the same facts as the page, as a paper."""
    name = facts.organization.name
    yield _(
        "%(name)s keeps what is needed to answer you. This notice is made from the list that the "
        "software obeys."
    ) % {"name": name}
    yield heading(_("What we keep, what for, and how long"))
    yield table(
        [_("Kind"), _("What for"), _("Kept"), _("May an AI see it?")],
        ([one.label, ", ".join(one.purposes), " ".join(one.kept), one.ai_may_see] for one in facts.held),
    )
    yield heading(_("AI"))
    yield _said_about_ai(facts)
    yield heading(_("Who else works with it"))
    yield processors(facts) or _("Nobody outside works with your data.")
    yield heading(_("Your rights"))
    yield listed(
        [
            _("See what we hold and take it with you, correct it, have it deleted, or have its use paused."),
            _("Say no to AI with one click; you wait no longer for it."),
            _("Ask a person to look again at any answer that AI helped with."),
            _("Complain to the data protection authority where you live."),
        ]
    )
    yield _("All of this works at %(url)s or by mail to us.") % {
        "url": base_url(facts.organization) + "/portal/"
    }


def _said_about_ai(facts: Facts) -> str:
    if facts.policy is None:
        return _("No rules are in force, so no AI sees anything.")
    if facts.rules.basis is Basis.ASK_FIRST:
        basis = _("AI helps only with your consent (Art. 6(1)(a) GDPR).")
    else:
        basis = _(
            "AI helps on the ground of our legitimate interest in good and quick answers (Art. "
            "6(1)(f) GDPR); you can object at any time."
        )
    seen = ", ".join(str(word) for key, word in FIELDS.items() if key in facts.rules.ai_fields)
    return " ".join(
        one
        for one in [
            basis,
            _("It may see: %(fields)s. Names, addresses and numbers are replaced first.")
            % {"fields": seen or "–"},
            _("A person reads and sends every answer; no decision is made by AI alone."),
            _(
                "One exception: on the help pages an assistant, marked as AI, repeats what published articles say, and "
                "leads to a person."
            )
            if facts.rules.self_service
            else "",
        ]
        if one
    )


def processors(facts: Facts) -> str:
    """Who else works with the data, as a table; empty where nobody does."""
    rows = []
    for one in facts.vendors:
        rows.append([one.name, _("AI service"), region_words(one.region)])
        rows += [
            [
                str(sub.get("name", "")),
                f"{one.name}: {sub.get('purpose', '')}",
                region_words(str(sub.get("region", ""))),
            ]
            for sub in one.sub_processors
            if isinstance(sub, dict)
        ]
    return table([_("Who"), _("What for"), _("Where")], rows)
