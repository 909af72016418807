"""What the trust page, its machine copy and its feed are made from: what is released, and never a person's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import anchors
from governance.core import ledger_hash
from governance.core.rule_words import REGION_WORDS
from governance.core.sentence import Sentence
from governance.models import (
    AISystem,
    BiasAudit,
    Change,
    EthicsPolicy,
    Incident,
    LedgerAnchor,
    LedgerEntry,
    Override,
    PolicyStatus,
    Record,
    RecordKind,
    SystemVersion,
    Vendor,
)
from helpdesk.tenancy.scope import current_organization_id

LOOKS_BACK = timedelta(days=90)
#: Of each kind the newest; what is older is in the machine copy's next version, never lost from the records.
MOST = 50


@dataclass(frozen=True)
class Happening:
    """One thing that changed, for the feed and the list: a stable name, a title, a text, when."""

    name: str
    title: str
    text: str
    at: datetime


def cards() -> list[dict[str, Any]]:
    """The AI systems that are released, each with its limits, figures and versions in use. Two queries."""
    versions: dict[int, list[str]] = {}
    for one in SystemVersion.objects.filter(state="approved").order_by("pk"):
        versions.setdefault(one.system_id, []).append(str(one))
    rows = AISystem.objects.filter(is_published=True).exclude(stage="retired").order_by("pk")[:MOST]
    return [
        {
            "name": one.name,
            "stage": one.get_stage_display(),
            "leaves": one.is_external,
            "purpose": one.purpose,
            "limits": one.limits,
            "data": one.data,
            "failures": one.known_failures,
            "figures": _card_figures(one.figures),
            "versions": versions.get(one.pk, []),
        }
        for one in rows
    ]


def _card_figures(kept: Any) -> list[dict[str, Any]]:
    """Name, value, n and a note of each figure of a card; shapes that cannot be read are left out."""
    found = []
    for name, given in kept.items() if isinstance(kept, dict) else ():
        parts = given if isinstance(given, list) else [given]
        value, n, note = [*parts, None, None][:3]
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.append({"name": str(name), "value": value, "n": n, "note": note or ""})
    return found


def services() -> list[dict[str, Any]]:
    """The AI services (companies) with what they use in turn. One query."""
    rows = Vendor.objects.filter(state="approved").order_by("name")[:MOST]
    return [
        {
            "name": one.name,
            "website": one.website,
            "region": region_words(one.region),
            "until": one.expires_on,
            "below": [
                {
                    "name": str(sub.get("name", "")),
                    "what": str(sub.get("purpose", "")),
                    "where": region_words(str(sub.get("region", ""))),
                }
                for sub in one.sub_processors
                if isinstance(sub, dict)
            ],
        }
        for one in rows
    ]


def region_words(region: str) -> str:
    """Where data goes, in words; empty where nobody knows."""
    return str(Sentence(REGION_WORDS[region])) if region in REGION_WORDS else region


def audits() -> list[BiasAudit]:
    """Checks whether people are treated alike, released ones, newest first. One query."""
    return list(BiasAudit.objects.filter(is_published=True).order_by("-pk")[:MOST])


def incidents() -> list[Incident]:
    """What went wrong and may be told, newest first. One query."""
    return list(Incident.objects.filter(is_published=True).exclude(public_text="").order_by("-pk")[:MOST])


def changes() -> list[Change]:
    """ "You said, we changed", newest first; only where the change it names is on record. Two queries."""
    rows = list(Change.objects.exclude(published_at=None).order_by("-published_at")[:MOST])
    named = LedgerEntry.objects.filter(object_ref__in={one.change_ref for one in rows})
    known = set(named.values_list("object_ref", flat=True))
    return [one for one in rows if one.change_ref in known]


def answered() -> list[Record]:
    """Questions and objections from outside with our answer, where both sides agreed to show it. One query."""
    rows = Record.objects.filter(kind=RecordKind.QUESTION, is_from_outside=True, is_published=True)
    return list(rows.exclude(answer="").filter(data__may_publish=True).order_by("-answered_at")[:MOST])


def exceptions(now: datetime | None = None) -> dict[str, int]:
    """How often a check gave way in 90 days, and how many do at the moment. One query."""
    moment = now or timezone.now()
    return Override.objects.aggregate(
        counted=Count("pk", filter=Q(created_at__gte=moment - LOOKS_BACK)),
        now=Count("pk", filter=Q(until__gt=moment, starts_at__lte=moment, ended_at__isnull=True)),
    )


def history() -> list[EthicsPolicy]:
    """Rules that were in force before. One query."""
    replaced = EthicsPolicy.objects.filter(status=PolicyStatus.REPLACED)
    return list(replaced.only("version", "published_at", "title", "summary").order_by("-version")[:20])


def newest_head() -> dict[str, Any] | None:
    """The newest signed head of the record, with the key to check it: kept elsewhere, it finds a cut end."""
    row = LedgerAnchor.objects.order_by("-seq").first()
    if row is None:
        return None
    organization_id = current_organization_id()
    keys = {
        ledger_hash.key_id(key): key.hex()
        for key in map(ledger_hash.public_key, anchors.signing_keys(organization_id))
    }
    return {
        "organization": str(organization_id),
        "seq": row.seq,
        "hash": row.hash,
        "at": row.signed_at,
        "key_id": row.key_id,
        "signature": row.signature,
        "public_key": keys.get(row.key_id, ""),
    }


def happenings() -> list[Happening]:
    """Rules, changes, incidents, checks and answers as one list, newest first. Six queries."""
    found = [*_of_rules(), *_of_people()]
    found += [
        Happening(f"incident:{one.pk}", one.title, one.public_text, one.noticed_at) for one in incidents()
    ]
    found += [
        Happening(
            f"audit:{one.pk}",
            one.title,
            f"{one.get_verdict_display()}. {one.interpretation}".strip(),
            one.created_at,
        )
        for one in audits()
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _of_rules() -> list[Happening]:
    rows = EthicsPolicy.objects.filter(status__in=(PolicyStatus.PUBLISHED, PolicyStatus.REPLACED))
    return [
        Happening(
            f"policy:{one.pk}",
            _("Rules, version %(version)s") % {"version": one.version},
            one.summary,
            one.published_at,
        )
        for one in rows.only("version", "summary", "published_at").order_by("-version")[:MOST]
        if one.published_at is not None
    ]


def _of_people() -> list[Happening]:
    said = [
        Happening(
            f"change:{one.pk}", _("You said, we changed"), f"{one.said}\n\n{one.changed}", one.published_at
        )
        for one in changes()
        if one.published_at is not None
    ]
    told = [
        Happening(f"question:{one.pk}", one.title, one.answer, one.answered_at)
        for one in answered()
        if one.answered_at is not None
    ]
    return [*said, *told]
