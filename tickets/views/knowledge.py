"""Articles and ready replies, for agents."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.errors import InvalidState
from helpdesk.people.decorators import member_required
from helpdesk.people.permissions import can
from tickets.forms import ArticleForm, ReplyForm
from tickets.models import Article, ArticleStatus, CannedReply
from tickets.services import knowledge
from tickets.starters import unfinished
from tickets.views.base import member_of, next_of

PAGE = 100


def _keyset(rows: QuerySet[Any], request: HttpRequest) -> tuple[list[Any], str]:
    """A page by id, newest first, and the address of the next."""
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""


@require_GET
@member_required()
def articles(request: HttpRequest) -> HttpResponse:
    """Every article, drafts too."""
    rows, older = _keyset(Article.objects.select_related("author__user"), request)
    context = {"articles": rows, "older_url": older, "can_edit": can(member_of(request), "manage_knowledge")}
    return render(request, "desk/articles.html", context)


@require_http_methods(["GET", "POST"])
@member_required("manage_knowledge")
def article(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a new article or change one; the second button publishes it too."""
    found = get_object_or_404(Article, pk=pk) if pk else Article()
    form = ArticleForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid() and _may_leave(request, form):
        member = member_of(request)
        saved = knowledge.save(thing=form.save(commit=False), member=member)
        if request.POST.get("then") == "publish":
            knowledge.publish(article=saved, member=member)  # type: ignore[arg-type]
        messages.success(request, _("Saved."))
        return redirect(next_of(request) or "desk:articles")
    context = {
        "form": form,
        "article": found if pk else None,
        "action": "",
        "next": next_of(request),
        "about": None,
    }
    return render(request, "desk/article_edit.html", context, status=422 if form.errors else 200)


def _may_leave(request: HttpRequest, form: ArticleForm) -> bool:
    """A starter with a blank in it does not become public; what was typed stays in the form."""
    article: Article = form.instance
    public = request.POST.get("then") == "publish" or article.status == ArticleStatus.PUBLISHED
    left = unfinished(article.origin, article.title, article.body) if public else []
    if left:
        form.add_error("body", knowledge.blanks_left(left))
    return not left


@require_POST
@member_required("manage_knowledge")
def article_action(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Publish, withdraw or remove."""
    found, member = get_object_or_404(Article, pk=pk), member_of(request)
    if action == "publish":
        try:
            knowledge.publish(article=found, member=member)
        except InvalidState as refused:
            messages.error(request, f"{refused.message} {refused.next_step}")
            return redirect("desk:article", pk=pk)
    elif action == "withdraw":
        knowledge.withdraw(article=found, member=member)
    else:
        knowledge.remove(thing=found, member=member)
        messages.success(request, _("Deleted."))
    return redirect("desk:articles")


@require_GET
@member_required()
def replies(request: HttpRequest) -> HttpResponse:
    """Every ready reply."""
    rows, older = _keyset(CannedReply.objects.select_related("inbox"), request)
    context = {"replies": rows, "older_url": older, "can_edit": can(member_of(request), "manage_knowledge")}
    return render(request, "desk/replies.html", context)


@require_http_methods(["GET", "POST"])
@member_required("manage_knowledge")
def reply(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a new ready reply or change one."""
    found = get_object_or_404(CannedReply, pk=pk) if pk else CannedReply()
    form = ReplyForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        knowledge.save(thing=form.save(commit=False), member=member_of(request))
        messages.success(request, _("Saved."))
        return redirect("desk:replies")
    context = {"form": form, "reply": found if pk else None}
    return render(request, "desk/reply_edit.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("manage_knowledge")
def reply_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a ready reply."""
    knowledge.remove(thing=get_object_or_404(CannedReply, pk=pk), member=member_of(request))
    messages.success(request, _("Deleted."))
    return redirect("desk:replies")
