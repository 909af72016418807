""" "Why this answer?": a decision's explanation in words for a customer, the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from governance.models import DraftExplanation

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

    number: int
    kind: str
    title: str
    passage: str
    url: str
    version: str


@dataclass(frozen=True)
class Explained:
    """What a customer is told about an AI-assisted answer."""

    sources: tuple[Source, ...]
    service: str
    is_built_in: bool
    policy_version: int | None
    policy_title: str
    replaced: tuple[tuple[str, int], ...]
    confidence: str
    made_at: datetime


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
    return Explained(
        sources=tuple(_source(one, number) for number, one in enumerate(found.sources, start=1)),
        service=_("our own built-in assistant, inside our helpdesk") if built_in else _outside(found),
        is_built_in=built_in,
        policy_version=policy.version if policy else None,
        policy_title=policy.title if policy else "",
        replaced=tuple(
            (str(_REPLACED[kind]), int(count)) for kind, count in found.replaced.items() if kind in _REPLACED
        ),
        confidence={"high": pgettext("confidence", "high"), "medium": pgettext("confidence", "medium")}.get(
            found.confidence, pgettext("confidence", "low") if found.confidence else ""
        ),
        made_at=found.created_at,
    )


def _outside(found: DraftExplanation) -> str:
    return f"{found.service} ({found.model})" if found.model else found.service


def _source(row: Mapping[str, Any], number: int) -> Source:
    kind = str(row.get("kind", ""))
    shown = kind in _SHOWN
    url = f"/help/{row['slug']}/" if kind == "article" and row.get("slug") else str(row.get("url") or "")
    return Source(
        number=int(row.get("number") or number),
        kind=str(_KINDS.get(kind, _("another source"))),
        title=str(row.get("title", "")) if shown else "",
        passage=str(row.get("passage", "")) if shown else "",
        url=url if url.startswith("/") and not url.startswith("//") else "",
        version=str(row.get("version") or row.get("updated") or ""),
    )


def replaced_count(explanation: Explained) -> str:
    """ "3 pieces of personal data were replaced", as a sentence."""
    total = sum(count for _kind, count in explanation.replaced)
    if not total:
        return _("Nothing in your message had to be replaced.")
    return ngettext(
        "%(count)d piece of personal data was replaced before the AI saw your message.",
        "%(count)d pieces of personal data were replaced before the AI saw your message.",
        total,
    ) % {"count": total}
