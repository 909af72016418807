""" "Why this answer?": a decision's explanation in words for a customer, the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import DraftExplanation
from governance.portal_words import FIELDS

BUILT_IN = ("built-in", "builtin", "built_in")
_REPLACED = {
    "PERSON": gettext_lazy("names"),
    "EMAIL": gettext_lazy("e-mail addresses"),
    "PHONE": gettext_lazy("phone numbers"),
    "ADDRESS": gettext_lazy("postal addresses"),
    "IBAN": gettext_lazy("bank account numbers"),
    "CARD": gettext_lazy("card numbers"),
    "ID": gettext_lazy("customer, order and other numbers"),
    "LINK": gettext_lazy("links"),
    "IP": gettext_lazy("internet addresses"),
    "PASSWORD": gettext_lazy("passwords and codes"),
}
_KINDS = {
    "article": gettext_lazy("an article of our help pages"),
    "canned": gettext_lazy("a prepared answer of our team"),
    "canned_reply": gettext_lazy("a prepared answer of our team"),
    "earlier_answer": gettext_lazy("an earlier answer of our team"),
    "answer": gettext_lazy("an earlier answer of our team"),
}
#: Kinds whose passage is shown: what the business wrote for everybody, never what was said to one customer.
_SHOWN = ("article", "canned", "canned_reply")


@dataclass(frozen=True)
class Source:
    """One source as a customer sees it."""

    kind_label: str
    title: str
    passage: str
    url: str
    updated: str


@dataclass(frozen=True)
class Explained:
    """What a customer is told about an AI-assisted answer."""

    sources: tuple[Source, ...]
    service: str
    model: str
    policy_version: int | None
    fields: str
    replaced: str


def explained(decision_id: int | None) -> Explained | None:
    """The explanation of a decision; None where none was kept. One query."""
    if decision_id is None:
        return None
    rows = DraftExplanation.objects.select_related("decision__policy")
    found = rows.filter(decision_id=decision_id).first()
    return _told(found) if found else None


def _told(found: DraftExplanation) -> Explained:
    built_in = found.service.lower() in BUILT_IN
    policy = found.decision.policy
    fields = [str(FIELDS[name]) for name in found.fields_used if name in FIELDS]
    return Explained(
        sources=tuple(map(_source, found.sources)),
        service=_("our own built-in assistant, inside our helpdesk") if built_in else found.service,
        model="" if built_in else found.model,
        policy_version=policy.version if policy else None,
        fields=", ".join(fields),
        replaced=_replaced(found.replaced),
    )


def _replaced(counts: Mapping[str, int]) -> str:
    """ "names (2), phone numbers (1)": what the AI saw as placeholders only."""
    known = [f"{_REPLACED[kind]} ({int(count)})" for kind, count in counts.items() if kind in _REPLACED]
    return ", ".join(known)


def _source(row: Mapping[str, Any]) -> Source:
    kind = str(row.get("kind", ""))
    shown = kind in _SHOWN
    word = str(_KINDS.get(kind, gettext_lazy("another source")))
    return Source(
        kind_label=word if shown else "",
        title=str(row.get("title", "")) if shown else capfirst(word),
        passage=str(row.get("passage", "")) if shown else "",
        url=f"/help/{row['slug']}/" if kind == "article" and row.get("slug") else "",
        updated=_day(str(row.get("updated") or row.get("version") or "")),
    )


def _day(value: str) -> str:
    try:
        return date_format(date.fromisoformat(value[:10]))
    except ValueError:
        return ""
