"""Import answers that the shop has already: give them, watch them being read, look through, add, take back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from tickets.forms import ARTICLE_LANGUAGES
from tickets.models import Article, ArticleStatus, ImportKind, ImportState, ItemState, KnowledgeImport
from tickets.services import importing
from tickets.services.import_words import problem_of
from tickets.views.base import member_of, next_of

#: Proposals on one page: with their fields they stay below what a form may have.
SHOWN = 100
MOST_TEXT = 600_000
_UNDER_WAY = (ImportState.WAITING, ImportState.READING)


@require_http_methods(["GET", "POST"])
@member_required("manage_knowledge")
def imports(request: HttpRequest) -> HttpResponse:
    """Three ways to give what is there, and what was given before."""
    refused: HelpdeskError | None = None
    if request.method == "POST":
        try:
            made = _start(request)
            return redirect(_with_next(reverse("desk:import", args=[made.pk]), next_of(request)))
        except HelpdeskError as error:
            refused = error
    rows = KnowledgeImport.objects.defer("content").order_by("-pk")[:20]
    context = {
        "imports": rows,
        "refused": refused,
        "kind": request.POST.get("kind", "text"),
        "text": request.POST.get("text", "")[:MOST_TEXT],
        "address": request.POST.get("address", "")[:1500],
        "next": next_of(request),
    }
    return render(request, "desk/import_new.html", context, status=422 if refused else 200)


def _start(request: HttpRequest) -> KnowledgeImport:
    kind, member = request.POST.get("kind", ""), member_of(request)
    if kind == ImportKind.PAGE:
        return importing.start(member=member, kind=kind, name=request.POST.get("address", ""))
    upload = request.FILES.get("file")
    if kind == ImportKind.FILE and upload is not None:
        content = upload.read(importing.MOST_BYTES + 1)
        return importing.start(member=member, kind=kind, name=upload.name or "", content=content)
    content = request.POST.get("text", "").encode("utf-8", "ignore") if kind == ImportKind.TEXT else b""
    return importing.start(member=member, kind=ImportKind.TEXT, name="", content=content)


def _with_next(url: str, after: str) -> str:
    from urllib.parse import urlencode

    return f"{url}?{urlencode({'next': after})}" if after else url


def _found(pk: int) -> KnowledgeImport:
    source: KnowledgeImport = get_object_or_404(KnowledgeImport.objects.defer("content"), pk=pk)
    return source


@require_GET
@member_required("manage_knowledge")
def import_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One import as it stands: being read, not readable and why, or its proposals."""
    source = _found(pk)
    items = source.items.select_related("like", "article").order_by("position")
    proposed = list(items.filter(state=ItemState.PROPOSED)[: SHOWN + 1])
    added = list(items.filter(state=ItemState.ADDED)) if source.state == ImportState.READY else []
    context = {
        "import": source,
        "problem": problem_of(source.problem, source.detail) if source.problem else None,
        "under_way": source.state in _UNDER_WAY,
        "items": [_shown(item) for item in proposed[:SHOWN]],
        "more": len(proposed) > SHOWN,
        "added": added,
        "languages": ARTICLE_LANGUAGES,
        "next": next_of(request),
    }
    return render(request, "desk/import.html", context)


def _shown(item: Any) -> dict[str, Any]:
    """A proposal; what says the same as an article we have is not ticked beforehand."""
    rows = min(16, 2 + len(item.body) // 90 + item.body.count("\n"))
    return {"item": item, "rows": rows, "ticked": item.like_id is None}


@require_GET
@member_required("manage_knowledge")
def import_state(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the reading is; asked every two seconds until it is over, then the page comes anew."""
    source = _found(pk)
    if source.state not in _UNDER_WAY:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "desk/_import_state.html", {"import": source})


@require_POST
@member_required("manage_knowledge")
def import_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Make articles of the ticked proposals, as they were edited."""
    source, publish = _found(pk), request.POST.get("then") == "publish"
    made = importing.add(source=source, kept=_kept(request), member=member_of(request), publish=publish)
    messages.success(request, said(made))
    left = source.items.filter(state=ItemState.PROPOSED).exists()
    if left:
        return redirect(_with_next(reverse("desk:import", args=[pk]), next_of(request)))
    return redirect(next_of(request) or "desk:articles")


def _kept(request: HttpRequest) -> list[importing.Kept]:
    languages = dict(ARTICLE_LANGUAGES)
    numbers = [int(one) for one in request.POST.getlist("item") if one.isdecimal() and len(one) < 18][:SHOWN]
    wanted = set(request.POST.getlist("want"))
    return [
        importing.Kept(
            item_id=number,
            title=" ".join(request.POST.get(f"title-{number}", "").split())[:160],
            body=request.POST.get(f"body-{number}", "").replace("\r\n", "\n").replace("\x00", "").strip(),
            language=language
            if (language := request.POST.get(f"language-{number}", "")) in languages
            else "en",
            wanted=str(number) in wanted,
        )
        for number in numbers
    ]


def said(made: list[Article]) -> str:
    """How many articles became public and how many are drafts."""
    public = sum(one.status == ArticleStatus.PUBLISHED for one in made)
    drafts = len(made) - public
    parts = []
    if public:
        parts.append(
            ngettext("%(n)s article published.", "%(n)s articles published.", public) % {"n": public}
        )
    if drafts:
        parts.append(ngettext("%(n)s draft added.", "%(n)s drafts added.", drafts) % {"n": drafts})
    return " ".join(parts) or _("Nothing was added.")


@require_POST
@member_required("manage_knowledge")
def import_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it once more."""
    importing.try_again(source=_found(pk), member=member_of(request))
    return redirect(_with_next(reverse("desk:import", args=[pk]), next_of(request)))


@require_POST
@member_required("manage_knowledge")
def import_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the articles made of it that nobody changed."""
    removed, kept = importing.take_back(source=_found(pk), member=member_of(request))
    text = ngettext("%(n)s article taken back.", "%(n)s articles taken back.", removed) % {"n": removed}
    if kept:
        text += " " + ngettext(
            "%(n)s stays, because it was changed since.", "%(n)s stay, because they were changed since.", kept
        ) % {"n": kept}
    messages.success(request, text)
    return redirect("desk:import", pk=pk)


@require_POST
@member_required("manage_knowledge")
def import_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the import; its articles stay."""
    importing.forget(source=_found(pk), member=member_of(request))
    messages.success(request, _("Removed. Articles made of it stay."))
    return redirect("desk:imports")
