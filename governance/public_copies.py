"""The trust page for machines: the same facts as JSON, and what changed as an Atom feed. No cookies, no tracking."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from governance import gate
from governance.core.rule_words import RULE_WORDS
from governance.models import EthicsPolicy
from governance.portal_words import RULES_INSIDE
from governance.selectors import public_figures, trust
from governance.selectors.badge import badge
from governance.selectors.known_failures import known_failures
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.middleware import organization_of

#: The shape of the JSON; a reader can hold on to it.
FORMAT = "helpdesk-trust/1"
KEPT_SECONDS = 300


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def facts(request: HttpRequest) -> HttpResponse:
    """Everything on the trust page that is a fact, with n and interval of each figure, as JSON."""
    organization = organization_of(request)
    policy, said = gate.policy_in_force(), badge()
    content = {
        "format": FORMAT,
        "organization": organization.name,
        "page": base_url(organization) + reverse("trust"),
        "made_at": timezone.now().isoformat(),
        "badge": asdict(said),
        "policy": _policy(policy),
        "figures": [
            {**asdict(one), "meaning": str(public_figures.LABELS[one.key][1]), "days": 90}
            for one in public_figures.measured()
        ],
        "systems": trust.cards(),
        "services": trust.services(),
        "audits": [_audit(one) for one in trust.audits()],
        "incidents": [
            {
                "title": one.title,
                "text": one.public_text,
                "noticed_at": one.noticed_at,
                "state": one.state,
                "people_concerned": one.affected_count,
            }
            for one in trust.incidents()
        ],
        "known_failures": [asdict(one) for one in known_failures()],
        "exceptions": trust.exceptions(),
        "changes": [
            {"said": one.said, "changed": one.changed, "change": one.change_ref, "at": one.published_at}
            for one in trust.changes()
        ],
        "record_head": trust.newest_head(),
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _policy(policy: EthicsPolicy | None) -> dict[str, Any] | None:
    if policy is None:
        return None
    clauses = gate.policy_facts(policy).clauses
    return {
        "version": policy.version,
        "title": policy.title,
        "in_force_since": policy.published_at,
        "approved_by_its_author": policy.self_approved or policy.author_id == policy.approver_id,
        "sha256": policy.content_hash,
        "rules": {one.name: str(one.sentence(clauses)) for one in RULE_WORDS if one.name not in RULES_INSIDE},
    }


def _audit(one: Any) -> dict[str, Any]:
    return {
        "title": one.title,
        "asked": one.question,
        "method": one.method,
        "verdict": one.verdict,
        "cases": one.sample_size,
        "window": [one.window_from, one.window_to],
        "figures": one.figures,
        "meaning": one.interpretation,
        "system": one.system,
        "prompt_hash": one.prompt_hash,
        "expires_on": one.expires_on,
    }


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def feed(request: HttpRequest) -> HttpResponse:
    """Rules, changes, incidents, checks and answers as they are released, newest first."""
    organization = organization_of(request)
    base = base_url(organization)
    happened = trust.happenings()
    made = Atom1Feed(
        title=_("What changed: how %(name)s uses AI") % {"name": organization.name},
        link=base + reverse("trust"),
        description="",
        language=get_language() or "en",
        feed_url=base + reverse("trust-feed"),
        feed_guid=f"urn:uuid:{organization.pk}",
    )
    for one in happened:
        made.add_item(
            title=one.title,
            link=f"{base}{reverse('trust')}#{one.name.partition(':')[0]}",
            description=one.text,
            unique_id=f"urn:uuid:{organization.pk}:{one.name}",
            pubdate=one.at,
            updateddate=one.at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
