"""Papers: made from the facts, kept in versions that never change, compared with what is true now."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import ledger
from governance.core.clauses import SUPPORTED_LANGUAGES
from governance.models import Paper, SelfCheck
from governance.papers import customer_papers, data_papers, judged_papers, report
from governance.papers.facts import Facts, Period
from governance.papers.text import joined
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: A report reaches at most this far; longer ones are made by year.
LONGEST_DAYS = 366
DRIFT = "papers"


@dataclass(frozen=True)
class Kind:
    """One kind of paper. `is_live`: it can be out of date; a report about a period cannot. `is_for_customers`: it can
    be made in each language that their pages speak; the others in the organization's own."""

    key: str
    title: Any
    about: Any
    write: Callable[[Facts], Iterator[str]]
    is_live: bool = True
    is_for_customers: bool = False


KINDS: dict[str, Kind] = {
    one.key: one
    for one in (
        Kind(
            "privacy_notice",
            gettext_lazy("Privacy notice"),
            gettext_lazy("What customers are told about their data."),
            customer_papers.privacy_notice,
            is_for_customers=True,
        ),
        Kind(
            "processing_record",
            gettext_lazy("Record of processing"),
            gettext_lazy("What you do with data, for the authority (Art. 30 GDPR)."),
            data_papers.processing_record,
        ),
        Kind(
            "balancing_note",
            gettext_lazy("Balancing note"),
            gettext_lazy("Why AI may help without asking first, or that you ask."),
            judged_papers.balancing_note,
        ),
        Kind(
            "impact_screening",
            gettext_lazy("Screening for an impact assessment"),
            gettext_lazy("Whether a full assessment is called for (Art. 35 GDPR)."),
            judged_papers.impact_screening,
        ),
        Kind(
            "staff_notice",
            gettext_lazy("Notice to staff"),
            gettext_lazy("What is kept about the people who work here."),
            judged_papers.staff_notice,
        ),
        Kind(
            "processing_agreement",
            gettext_lazy("Processing agreement"),
            gettext_lazy("With whoever runs this installation (Art. 28 GDPR)."),
            data_papers.processing_agreement,
        ),
        Kind(
            "owner_report",
            gettext_lazy("Owner's report"),
            gettext_lazy("What the AI did in a period, and how people fared."),
            report.owner_report,
            is_live=False,
        ),
    )
}


def written(kind: Kind, facts: Facts, language: str = "") -> str:
    """The paper as it would be made now. Facts hold words: take new ones for each language."""
    with translation.override(language or facts.organization.language):
        title = f"{kind.title} · {facts.organization.name}"
        return joined(title, kind.write(facts))


def make(*, key: str, member: Membership, period: Period | None = None, language: str = "") -> Paper:
    """Make a new version and keep it. Where nothing changed since the last one, that one is returned.

    `language`: for what customers read; empty is the organization's own. Raises NotAllowed, InvalidState (no such
    paper, a language that it is not written in, a period that ends before it begins, is longer than a year or lies in
    the future). Two at once make one version.
    """
    if not can(member, "manage_policy"):
        raise NotAllowed(_("Only an owner or ethics officer makes papers."), next_step=_("Ask one of them."))
    kind = KINDS.get(key)
    if kind is None:
        raise InvalidState(_("There is no such paper."), next_step=_("Choose one of the list."))
    if not kind.is_live:
        period = period or report.last_month()
        _require_sense(period)
    facts = Facts(period)
    language = _language(kind, language or facts.organization.language, facts.organization.language)
    content = written(kind, facts, language)
    digest = hashlib.sha256(content.encode()).hexdigest()
    with transaction.atomic():
        same = Paper.objects.filter(kind=key, language=language)
        last = same.order_by("-version").select_for_update().first()
        if last is not None and last.content_hash == digest:
            return last
        with translation.override(language):
            title = str(kind.title)
        row = Paper.objects.create(
            kind=key,
            language=language,
            version=last.version + 1 if last else 1,
            title=title,
            content=content,
            data=_made_from(facts, period),
            content_hash=digest,
            made_by=member,
        )
        ledger.record(
            "paper_made",
            actor=ledger.actor_name(member),
            object_ref=f"paper:{row.pk}",
            payload={"kind": key, "version": row.version, "sha256": digest},
        )
    return row


def _language(kind: Kind, wanted: str, own: str) -> str:
    if wanted != own and not (kind.is_for_customers and wanted in SUPPORTED_LANGUAGES):
        raise InvalidState(
            _("This paper is not written in that language."), next_step=_("Choose one of the list.")
        )
    return wanted


def _require_sense(period: Period) -> None:
    days = (period.end - period.start).days
    if days < 0 or days > LONGEST_DAYS or period.start > timezone.localdate():
        raise InvalidState(
            _("The period must begin before it ends, before today, and last a year at most."),
            next_step=_("Choose other days."),
        )


def _made_from(facts: Facts, period: Period | None) -> dict[str, Any]:
    return {
        "policy_version": facts.policy.version if facts.policy else None,
        "policy_sha256": facts.policy.content_hash if facts.policy else "",
        "stored_fields": len(facts.fields),
        "ai_services": [one.name for one in facts.vendors],
        "ai_systems": [one.name for one in facts.systems],
        "period": [period.start.isoformat(), period.end.isoformat()] if period else None,
    }


def newest() -> dict[str, list[Paper]]:
    """The newest version of each kind in each language that it was made in, the latest first. One query."""
    rows = Paper.objects.select_related("made_by__user").order_by("kind", "language", "-version")
    found: dict[str, list[Paper]] = {}
    for one in rows.distinct("kind", "language"):
        found.setdefault(one.kind, []).append(one)
    return {kind: sorted(made, key=lambda one: one.created_at, reverse=True) for kind, made in found.items()}


def drifted() -> list[Paper]:
    """Papers that say something else than what is true now."""
    facts: dict[str, Facts] = {}
    return [
        one
        for key, made in newest().items()
        for one in made
        if key in KINDS
        and KINDS[key].is_live
        and written(KINDS[key], facts.setdefault(one.language, Facts()), one.language) != one.content
    ]


def keep_drift() -> SelfCheck:
    """Look whether the papers still hold, and keep the answer for the owner's home."""
    stale = drifted()
    return SelfCheck.objects.create(
        kind=DRIFT, ok=not stale, results=[{"kind": one.kind, "version": one.version} for one in stale]
    )


def known_drift() -> list[str]:
    """Titles of the papers that no longer held when last looked and were not made again since. Two queries."""
    last = SelfCheck.objects.filter(kind=DRIFT).order_by("-pk").first()
    if last is None or last.ok:
        return []
    again = set(Paper.objects.filter(created_at__gt=last.created_at).values_list("kind", flat=True))
    kinds = [one["kind"] for one in last.results]
    return [str(KINDS[key].title) for key in kinds if key in KINDS and key not in again]


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """Lines with how they stand: "same", "gone" or "new"; far from a change they stay away."""
    found = []
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1):
        if line.startswith(("---", "+++", "@@")):
            continue
        found.append(({"+": "new", "-": "gone"}.get(line[:1], "same"), line[1:]))
    return found
