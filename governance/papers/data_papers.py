"""Papers about data for authorities and partners: the record of processing, the processing agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.papers.customer_papers import processors
from governance.papers.facts import Facts
from governance.papers.text import heading, listed, table
from governance.portal_words import PURPOSES
from helpdesk.privacy.notice import PURPOSE_WORDS
from helpdesk.privacy.registry import CATEGORY_LABELS, Erase
from helpdesk.tenancy.hosts import base_url


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
    yield processors(facts) or _("None outside this installation.")
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
    yield processors(facts) or _("None.")
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
