"""Starter articles for the kind of business: tick, fill in the blanks, add."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.people.decorators import member_required
from helpdesk.tenancy.kinds import HINTS, Kind
from helpdesk.tenancy.middleware import organization_of
from tickets.forms import ARTICLE_LANGUAGES
from tickets.models import Article
from tickets.services.adding import NewArticle, add_articles
from tickets.starters import Starter, blanks, languages, starters
from tickets.views.base import member_of, next_of
from tickets.views.importing import said


@require_http_methods(["GET", "POST"])
@member_required("manage_knowledge")
def starter_articles(request: HttpRequest) -> HttpResponse:
    """Twelve articles of one kind of business; what is ticked is added, with the blanks as they were filled in."""
    kind, language = _choice(request)
    if request.method == "POST":
        return _add(request, kind, language)
    origins = Article.objects.filter(origin__startswith="starter:").values_list("origin", "pk")
    there = dict(origins)
    found = starters(kind, language) if kind else []
    context = {
        "kinds": [
            {"value": one.value, "label": one.label, "hint": HINTS[one], "current": one == kind}
            for one in Kind
        ],
        "kind": kind,
        "language": language,
        "languages": [(code, label) for code, label in ARTICLE_LANGUAGES if code in languages(kind)],
        "starters": [_shown(one, there) for one in found],
        "next": next_of(request),
    }
    return render(request, "desk/starters.html", context)


def _choice(request: HttpRequest) -> tuple[str, str]:
    """The kind and language asked for; the organization's own where nothing is."""
    organization = organization_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    kind, language = asked.get("kind", organization.kind), asked.get("language", organization.language)
    kind = kind if kind in Kind.values else ""
    return kind, language if language in languages(kind) else "en"


def _shown(starter: Starter, there: dict[str, int]) -> dict[str, Any]:
    left = blanks(starter.body)
    rows = min(14, 2 + len(starter.body) // 90 + starter.body.count("\n"))
    return {"starter": starter, "blanks": left, "rows": rows, "article_id": there.get(starter.origin)}


def _add(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    ticked = set(request.POST.getlist("pick"))
    new = [
        NewArticle(
            title=" ".join(request.POST.get(f"title-{one.key}", "").split())[:160] or one.title,
            body=request.POST.get(f"body-{one.key}", "").replace("\r\n", "\n").replace("\x00", "").strip()
            or one.body,
            language=language,
            origin=one.origin,
        )
        for one in (starters(kind, language) if kind else [])
        if one.key in ticked
    ]
    publish = request.POST.get("then") == "publish"
    made = add_articles(new=new, member=member_of(request), publish=publish)
    messages.success(request, said(made))
    if publish and any(one.status == "draft" for one in made):
        messages.info(request, _("In the drafts, something in [square brackets] is still to be filled in."))
    return redirect(next_of(request) or "desk:articles")
