"""Pages for anyone: how this business uses AI (`/trust/`), and what it does with data (`/privacy/`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import gate
from governance.core.clause_words import CLAUSE_WORDS
from governance.core.clauses import Basis, Clauses
from governance.core.rule_words import RULE_WORDS
from governance.models import AIDecision, BiasAudit, EthicsPolicy, Incident, Purpose
from governance.portal_words import FIELDS, PURPOSES, RULE_TITLES, RULES_INSIDE, choice_row, rows
from governance.selectors import assistant, public_figures
from governance.selectors import trust as selector
from governance.selectors.badge import badge
from governance.selectors.known_failures import known_failures
from governance.services.stops import stops_in_force
from helpdesk.portal.doors import page
from helpdesk.privacy.notice import NoticeEntry, entries
from helpdesk.tenancy.middleware import organization_id_of

#: The figures are counted at most once in this many seconds.
FIGURES_SECONDS = 300


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """The rules in force, whether the AI runs, cards, services, checks, figures; what is not published says so."""
    organization_id_of(request)
    policy = gate.policy_in_force()
    context = {
        "policy": _policy(policy),
        "blocks": paragraphs(policy.prose) if policy else [],
        "rules": _rules(policy),
        "ai_switch": {"state": _ai_state(policy), "assistant": assistant.state() == assistant.ON},
        "badge": badge(),
        "facts": _facts(request),
        "figures": public_figures.figures(),
        "cards": selector.cards(),
        "services": selector.services(),
        "audits": [_audit(one) for one in selector.audits()],
        "incidents": [_incident(one) for one in selector.incidents()],
        "failures": known_failures(),
        "changes": selector.changes(),
        "answered": selector.answered(),
        "exceptions": selector.exceptions(),
        "head": selector.newest_head(),
        "history": selector.history(),
    }
    context["withheld"] = _withheld(context)
    return page(request, "public/trust.html", context)


def _audit(one: BiasAudit) -> dict[str, Any]:
    """A released check: what was asked and how, the verdict, over how many, and what we take from it."""
    return {
        "title": one.title,
        "verdict": one.get_verdict_display(),
        "tone": {"pass": "good", "fail": "bad", "watch": "warn"}.get(one.verdict, ""),
        "at": one.created_at,
        "n": one.sample_size,
        "how": one.method,
        "means": one.interpretation,
        "until": one.expires_on,
    }


def _incident(one: Incident) -> dict[str, Any]:
    return {
        "title": one.title,
        "text": one.public_text,
        "at": one.noticed_at,
        "state_label": one.get_state_display(),
        "remedy": one.remedy if one.state == "closed" else "",
        "count": one.affected_count,
    }


def _policy(policy: EthicsPolicy | None) -> dict[str, Any] | None:
    if policy is None:
        return None
    alone = policy.self_approved or (policy.author_id is not None and policy.author_id == policy.approver_id)
    return {
        "title": policy.title,
        "version": policy.version,
        "published_at": policy.published_at,
        "content_hash": policy.content_hash,
        "approver_label": _("approved by its author")
        if alone
        else _("approved by somebody who did not write it"),
        "summary": policy.summary,
        "review_due": policy.review_due,
    }


def _rules(policy: EthicsPolicy | None) -> dict[str, list[dict[str, str]]]:
    """Every rule in words, in the reader's language: first what concerns each answer, then how we keep house."""
    if policy is None:
        return {}
    clauses = gate.policy_facts(policy).clauses
    first = {one.name for one in CLAUSE_WORDS}
    said: dict[str, list[dict[str, str]]] = {"first": [], "more": []}
    for words in RULE_WORDS:
        if words.name in RULES_INSIDE or (words.name == "tone_notes" and not clauses.tone_notes):
            continue
        text = _seen(clauses) if words.name == "ai_fields" else str(words.sentence(clauses))
        title = str(RULE_TITLES.get(words.name) or _(words.label))
        said["first" if words.name in first else "more"].append({"title": title, "text": text})
    return said


def _seen(clauses: Clauses) -> str:
    """What an AI service may see, in the customer's words."""
    names = [str(word) for name, word in FIELDS.items() if name in clauses.ai_fields]
    if not names:
        return _("No AI service sees any of your data.")
    said = _("An AI service may see: {names}. Names, addresses and numbers are replaced first.")
    return said.format(names=", ".join(names))


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


def _ai_state(policy: EthicsPolicy | None) -> str:
    """on, stopped (somebody pressed "Stop the AI"), or off (no rules in force)."""
    if settings.AI_STOPPED or any(one.scope == "organization" for one in stops_in_force()):
        return "stopped"
    return "on" if policy else "off"


def _facts(request: HttpRequest) -> list[dict[str, Any]]:
    counted = _figures(request)
    return [
        {"label": _("answers with AI help, each sent by a person"), "value": counted["assisted"]},
        {"label": _("drafts the AI was allowed to write"), "value": counted["drafts"]},
        {"label": _("times a rule stopped the AI"), "value": counted["stopped"]},
        *_of_assistant(counted),
    ]


def _of_assistant(counted: Mapping[str, int]) -> list[dict[str, Any]]:
    """What no person looked at first is told as what it is; nothing where there is no assistant."""
    if not counted["alone"] and assistant.state() == assistant.OFF:
        return []
    label = _("questions that the assistant, an AI, answered by itself on our help pages, marked as such")
    return [{"label": label, "value": counted["alone"]}]


def _figures(request: HttpRequest) -> dict[str, int]:
    key = f"trust-counts:{organization_id_of(request)}"
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        found = AIDecision.objects.filter(kind="real").aggregate(
            assisted=Count("subject_id", distinct=True, filter=Q(action="send", allowed=True)),
            drafts=Count("pk", filter=Q(action="draft", allowed=True)),
            stopped=Count("pk", filter=Q(allowed=False)),
            alone=Count("pk", filter=Q(action="answer", allowed=True)),
        )
        cache.set(key, found, FIGURES_SECONDS)
    return found


def _withheld(shown: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is not on this page, and why: silence would look like an all-clear."""
    said = [
        (_("Names of customers and what they wrote"), _("nobody else’s business.")),
        (_("Names of our team"), _("they stand under the answers that they sent to you.")),
        *((_("Goodwill"), str(why)) for why in RULES_INSIDE.values()),
        (_("Risks we watch"), _("told in full, they would help whoever wants to do harm.")),
    ]
    if not shown["services"]:
        said.insert(0, (_("AI services of other companies"), _("none is in use.")))
    if not shown["incidents"]:
        said.insert(
            0,
            (_("Incidents"), _("none has been released; the badge turns amber while a serious one is open.")),
        )
    if not shown["audits"]:
        said.insert(0, (_("Checks whether people are treated alike"), _("none has been released yet.")))
    if shown["policy"] is None:
        said.insert(0, (_("Rules"), _("none are in force yet.")))
    return [{"title": title, "why": why} for title, why in said]


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice, from the registry of every stored field."""
    policy = gate.policy_in_force()
    clauses = gate.policy_facts(policy).clauses if policy else None
    context = {
        "categories": [_category(one) for one in entries(clauses.ai_log_days if clauses else None)],
        "purposes": _purposes(clauses.basis if clauses else None),
        "recipients": _recipients(clauses),
        "rights": _rights(),
        "contact_label": _("Questions? Write to us in any mail; a person reads it."),
        "version_label": _("Rules version %(version)s.") % {"version": policy.version} if policy else "",
    }
    return page(request, "public/privacy.html", context)


def _category(one: NoticeEntry) -> dict[str, Any]:
    return {
        "title": one.label,
        "fields": one.fields,
        "purposes_label": ", ".join(one.purposes),
        "kept_label": " ".join(one.kept),
        "ai_label": one.ai_may_see,
    }


def _purposes(basis: Basis | None) -> list[dict[str, Any]]:
    answer = {
        "title": _("To answer you"),
        "text": _("We keep what you write, what we answer, and when."),
        "basis_label": _("You asked us something."),
    }
    chosen = [one for one in rows({}, basis, with_urls=False) if one.key != Purpose.HUMANS_ONLY]
    if basis is not Basis.ASK_FIRST:
        words = PURPOSES[Purpose.AI_ASSIST]
        chosen.insert(0, choice_row(Purpose.AI_ASSIST, words, None, basis, with_url=False))
    return [
        answer,
        *({"title": one.title, "text": one.text, "basis_label": one.basis_label} for one in chosen),
    ]


def _recipients(clauses: Clauses | None) -> list[dict[str, str]]:
    if clauses is None:
        return []
    return [{"name": _("AI service"), "what": _seen(clauses), "where": ""}]


def _rights() -> list[dict[str, str]]:
    data, choices, home = reverse("portal-my-data"), reverse("portal-choices"), reverse("portal")
    return [
        {"title": _("See and take it with you"), "text": _("A file with everything, at once."), "url": data},
        {"title": _("Delete it"), "text": _("You ask, we answer by the date shown there."), "url": data},
        {
            "title": _("Correct it, or pause its use"),
            "text": _("The same page, the same clock."),
            "url": data,
        },
        {"title": _("Say yes or no"), "text": _("One click each, at any time."), "url": choices},
        {
            "title": _("Ask a person to look again"),
            "text": _("At every answer AI helped with, and by mail."),
            "url": home,
        },
    ]
