"""Papers about data: the privacy notice, the record of processing, the processing agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.core.clauses import Basis
from governance.papers.facts import Facts
from governance.papers.text import heading, listed, table
from governance.portal_words import FIELDS, PURPOSES
from governance.selectors.trust import region_words
from helpdesk.privacy.notice import PURPOSE_WORDS
from helpdesk.privacy.registry import CATEGORY_LABELS, Erase
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
    yield _processors(facts) or _("Nobody outside works with your data.")
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
        [
            basis,
            _("It may see: %(fields)s. Names, addresses and numbers are replaced first.")
            % {"fields": seen or "–"},
            _("A person reads and sends every answer; no decision is made by AI alone."),
        ]
    )


def _processors(facts: Facts) -> str:
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


def processing_record(facts: Facts) -> Iterator[str]:
    """The record of processing activities (Art. 30 GDPR), one activity for each purpose of the field registry."""
    yield listed(
        [
            _("Controller: %(name)s") % {"name": facts.organization.name},
            _("Contact: %(url)s") % {"url": base_url(facts.organization)},
            _("Data protection officer: to be filled in by the controller, where one is named"),
        ]
    )
    yield heading(_("Activities"))
    by_purpose: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for name, declared in facts.fields:
        kept = (
            _("until an erasure")
            if declared.erase is not Erase.KEEP
            else (declared.reason or _("as long as the account"))
        )
        by_purpose[declared.purpose].append((str(CATEGORY_LABELS[declared.category]), name, str(kept)))
    yield table(
        [_("Purpose"), _("Kinds of data"), _("Fields"), _("Kept")],
        (
            [
                PURPOSE_WORDS.get(purpose, purpose),
                ", ".join(dict.fromkeys(one[0] for one in rows)),
                len(rows),
                "; ".join(dict.fromkeys(one[2] for one in rows)),
            ]
            for purpose, rows in sorted(by_purpose.items())
        ),
    )
    yield heading(_("People concerned"))
    yield listed(
        [_("Customers who write to us"), _("People who work here: %(n)s") % {"n": sum(facts.people.values())}]
    )
    yield heading(_("Recipients and transfers"))
    yield _processors(facts) or _("None outside this installation.")
    yield heading(_("Security"))
    yield listed(_security(facts))


def _security(facts: Facts) -> list[str]:
    return [
        _("Each organization's rows are kept apart by the database itself (row-level security)."),
        _("Secrets are encrypted; passwords are hashed; sign-in knows a second factor."),
        _("A second factor is required of everybody.")
        if facts.organization.requires_second_factor
        else _("A second factor is offered, not required."),
        _("What happened is kept in a chained record with signed heads."),
        _("Names, addresses and numbers are replaced before an AI service sees a text."),
    ]


def processing_agreement(facts: Facts) -> Iterator[str]:
    """The agreement with who runs the installation (Art. 28 GDPR), filled in with what is true here."""
    yield _(
        "Between %(name)s (controller) and the operator of this installation (processor). To be "
        "signed by both; nothing here replaces legal advice."
    ) % {"name": facts.organization.name}
    yield heading(_("Subject, nature and purpose"))
    yield _(
        "Receiving, sorting, answering and keeping customers' requests, with AI drafts under the "
        "controller's rules."
    )
    yield heading(_("Kinds of data"))
    yield listed(one.label for one in facts.held)
    yield heading(_("Duties of the processor"))
    yield listed(
        [
            _(
                "Acts on documented instructions only: the rules and settings in this product are "
                "such instructions."
            ),
            _("Binds everybody with access to confidentiality."),
            _(
                "Helps with data requests; the product answers access at once and keeps the clock "
                "of the others."
            ),
            _("Tells the controller of a breach without undue delay; the product keeps a clock of 72 hours."),
            _("Deletes or hands over everything at the end; the export is complete and documented."),
            _("Gives what is needed to prove this, and allows audits."),
        ]
    )
    yield heading(_("Sub-processors at the time of this version"))
    yield _processors(facts) or _("None.")
    yield heading(_("Security"))
    yield listed(_security(facts))
    if facts.policy and facts.policy.published_at:
        yield _("Rules in force: version %(version)s of %(date)s, fingerprint %(hash)s.") % {
            "version": facts.policy.version,
            "date": date_format(facts.policy.published_at),
            "hash": facts.policy.content_hash,
        }


def purposes_with_consent(facts: Facts) -> list[str]:
    """The uses that only a customer's yes allows."""
    del facts
    return [
        str(words.label) for key, words in PURPOSES.items() if key in {"sentiment", "improve", "marketing"}
    ]
