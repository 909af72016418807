"""Pages for anyone: how this business uses AI (`/trust/`), and what it does with data (`/privacy/`)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import gate
from governance.core.clause_words import sentences
from governance.models import AIDecision, BiasAudit, EthicsPolicy
from governance.services.stops import stops_in_force
from helpdesk.portal.doors import page
from helpdesk.privacy.notice import entries
from helpdesk.tenancy.middleware import organization_id_of

#: The figures are counted at most once in this many seconds.
FIGURES_SECONDS = 300


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """The rules in force, whether the AI runs, audits, figures; what is not published says so."""
    policy = gate.policy_in_force()
    audits = list(BiasAudit.objects.filter(is_published=True).order_by("-pk")[:50])
    context = {
        "policy": policy,
        "rules": [str(one) for one in sentences(gate.policy_facts(policy).clauses)] if policy else [],
        "paragraphs": paragraphs(policy.prose) if policy else [],
        "approved_by_author": bool(policy and policy.author_id and policy.author_id == policy.approver_id),
        "ai": _ai_state(policy),
        "audits": audits,
        "figures": _figures(request),
        "not_published": _not_published(policy, audits),
    }
    return page(request, "public/trust.html", context)


def paragraphs(prose: str) -> list[dict[str, str]]:
    """The policy as blocks: `kind` (heading, item, text), `text`, and what was `**bold**` at its start as `lead`."""
    blocks = []
    for block in prose.replace("\r\n", "\n").split("\n\n"):
        for line in _joined(block):
            kind, text = _kind(line)
            lead, rest = _lead(text)
            blocks.append({"kind": kind, "lead": lead, "text": rest})
    return blocks


def _joined(block: str) -> list[str]:
    """Lines of one block: list items apart, wrapped lines together."""
    lines: list[str] = []
    for line in block.strip().split("\n"):
        if line.startswith(("- ", "# ", "## ")) or not lines:
            lines.append(line.strip())
        else:
            lines[-1] = f"{lines[-1]} {line.strip()}"
    return [line for line in lines if line]


def _kind(line: str) -> tuple[str, str]:
    if line.startswith("#"):
        return "heading", line.lstrip("#").strip()
    return ("item", line[2:]) if line.startswith("- ") else ("text", line)


def _lead(text: str) -> tuple[str, str]:
    if text.startswith("**") and "**" in text[2:]:
        lead, _separator, rest = text[2:].partition("**")
        return lead, rest.strip().replace("**", "")
    return "", text.replace("**", "")


def _ai_state(policy: EthicsPolicy | None) -> dict[str, Any]:
    """Whether the AI may run now, in one sentence."""
    if settings.AI_STOPPED or any(one.scope == "organization" for one in stops_in_force()):
        return {"state": "stopped", "is_on": False, "said": _("The AI is stopped. People answer alone.")}
    if policy is None:
        return {"state": "off", "is_on": False, "said": _("No rules are in force, so the AI does not run.")}
    return {
        "state": "on",
        "is_on": True,
        "said": _("The AI may write drafts. A person reads and sends every answer."),
    }


def _figures(request: HttpRequest) -> dict[str, int]:
    key = f"trust-figures:{organization_id_of(request)}"
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        found = AIDecision.objects.filter(kind="real").aggregate(
            assisted=Count("subject_id", distinct=True, filter=Q(action="send", allowed=True)),
            drafts=Count("pk", filter=Q(action="draft", allowed=True)),
            stopped=Count("pk", filter=Q(allowed=False)),
        )
        cache.set(key, found, FIGURES_SECONDS)
    return found


def _not_published(policy: EthicsPolicy | None, audits: list[BiasAudit]) -> list[str]:
    said = []
    if policy is None:
        said.append(_("Rules: not published. The owner has not put any in force yet."))
    if not audits:
        said.append(_("Checks for fairness: not published. None has been made or released yet."))
    said.append(_("Incidents: not published. This helpdesk does not keep a list of them yet."))
    return said


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice, from the registry of every stored field."""
    policy = gate.policy_in_force()
    clauses = gate.policy_facts(policy).clauses if policy else None
    context = {
        "entries": entries(clauses.ai_log_days if clauses else None),
        "ai_days": clauses.ai_log_days if clauses else None,
        "policy": policy,
    }
    return page(request, "public/privacy.html", context)
