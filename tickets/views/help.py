"""The public help centre: its articles, and the ones that answer a question."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from governance.selectors import assistant
from helpdesk.portal import limits
from helpdesk.tenancy.middleware import organization_id_of, organization_of
from tickets.finding import QUESTION_LETTERS, find_answers
from tickets.mail.html import from_text
from tickets.models import Article, ArticleStatus

#: Questions a minute from one address: more than anybody types.
MOST_A_MINUTE = 40
MOST_ARTICLES = 500


@require_GET
def help_centre(request: HttpRequest) -> HttpResponse:
    """The published articles, newest first; with a question, those that answer it and the passage that does."""
    organization_of(request)
    question = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:QUESTION_LETTERS]
    refused = bool(question) and _too_often(request)
    answers = find_answers(question, language=get_language() or "en") if question and not refused else []
    rest = [] if answers else _articles()
    context = {
        "query": question,
        "answers": answers,
        "articles": rest,
        "assistant": assistant.state() == assistant.ON,
        "refused": _("That was a lot in one minute. Please wait a little before you search again.")
        if refused
        else "",
    }
    return render(request, "public/help.html", context, status=429 if refused else 200)


@require_GET
def help_article(request: HttpRequest, slug: str) -> HttpResponse:
    """One published article; a draft does not exist here."""
    organization_of(request)
    found = get_object_or_404(Article, slug=slug, status=ArticleStatus.PUBLISHED)
    context = {
        "article": found,
        "body_html": from_text(found.body),
        "assistant": assistant.state() == assistant.ON,
    }
    return render(request, "public/article.html", context)


def _too_often(request: HttpRequest) -> bool:
    key = limits.client_ip(request)
    return limits.too_often(organization_id_of(request), "help-search", key, most=MOST_A_MINUTE, seconds=60)


def _articles() -> list[Article]:
    """Those in the reader's language first, each part newest first."""
    published = Article.objects.filter(status=ArticleStatus.PUBLISHED).order_by("-published_at")
    language = get_language() or "en"
    return sorted(published.defer("body")[:MOST_ARTICLES], key=lambda one: one.language != language)
