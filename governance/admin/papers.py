"""Papers: made from the facts, each version kept, with what differs from the one before and from what is true now."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.core.clauses import SUPPORTED_LANGUAGES
from governance.models import Paper
from governance.papers import pdf
from governance.papers.facts import Facts, Period
from governance.papers.report import last_month
from governance.services import papers
from helpdesk.admin.base import TenantModelAdmin, badge, member_of, shown
from helpdesk.admin.site import site
from helpdesk.errors import HelpdeskError
from helpdesk.people.permissions import can


class PaperAdmin(TenantModelAdmin):
    """Every version of every paper; nobody can change one."""

    nothing = gettext_lazy(
        "No paper has been made yet. “Make” writes one from what is true now, and keeps it."
    )
    list_display = ("title", "version", "made_on", "who", "language")
    made_on = shown("created_at", gettext_lazy("Made on"))
    who = shown("made_by", gettext_lazy("By whom"))
    list_filter = ("kind",)
    list_select_related = ("made_by__user",)
    ordering = ("-pk",)
    fields = (
        "title",
        "version",
        "language",
        "made_on",
        "who",
        "fingerprint",
        "downloads",
        "changes",
        "text",
    )
    readonly_fields = fields
    list_before_template = "admin/governance/papers.html"

    @admin.display(description=gettext_lazy("Fingerprint"))
    def fingerprint(self, obj: Paper) -> SafeString:
        """The SHA-256 of the text."""
        return format_html("<code>{}</code>", obj.content_hash)

    @admin.display(description=gettext_lazy("Take it with you"))
    def downloads(self, obj: Paper) -> SafeString:
        """In three forms."""
        kinds = (
            (reverse("admin:paper_file", args=[obj.pk, kind]), kind.upper()) for kind in ("pdf", "md", "json")
        )
        return format_html_join(" · ", '<a href="{}">{}</a>', kinds)

    @admin.display(description=gettext_lazy("The text"))
    def text(self, obj: Paper) -> SafeString:
        """As it was made."""
        return format_html('<pre class="hd-paper">{}</pre>', obj.content)

    @admin.display(description=gettext_lazy("What is new in it"))
    def changes(self, obj: Paper) -> SafeString | str:
        """Against the version before."""
        before = Paper.objects.filter(kind=obj.kind, language=obj.language, version=obj.version - 1).first()
        if before is None:
            return _("The first version.")
        lines = papers.difference(before.content, obj.content)
        tags = {"new": "ins", "gone": "del", "same": "span"}
        said = format_html_join(
            "", "<p><{0}>{1}</{0}></p>", ((tags[how], line or " ") for how, line in lines)
        )
        return format_html('<div class="hd-difference">{}</div>', said)

    def get_urls(self) -> list[Any]:
        """Also: make one (by POST), and download one."""
        wrap = self.admin_site.admin_view
        return [
            path("make/", wrap(require_POST(self.make_view)), name="paper_make"),
            path("<int:pk>/paper.<str:kind>", wrap(require_safe(self.file_view)), name="paper_file"),
            *super().get_urls(),
        ]

    def make_view(self, request: HttpRequest) -> HttpResponse:
        """Make a new version; nothing changed is no new one."""
        known = set(Paper.objects.values_list("pk", flat=True))
        try:
            paper = papers.make(
                key=request.POST.get("paper", ""),
                member=member_of(request),
                period=_period(request),
                language=request.POST.get("language", ""),
            )
        except HelpdeskError as error:
            messages.error(request, f"{error.message} {error.next_step}".strip())
            return redirect(self.list_url())
        if paper.pk in known:
            messages.info(request, _("Nothing changed since this version; it still holds."))
        else:
            messages.success(request, _("Made: %(paper)s.") % {"paper": paper})
        return redirect(self.page_url(paper.pk))

    def file_view(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """One paper as PDF, Markdown or JSON."""
        paper = Paper.objects.filter(pk=pk).first()
        if paper is None or not self.has_view_permission(request) or kind not in {"pdf", "md", "json"}:
            raise Http404
        name = f"{paper.kind}-v{paper.version}.{kind}"
        response = _as(paper, kind)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list under what can be made, and what no longer holds."""
        newest, stale = papers.newest(), {one.pk for one in papers.drifted()}
        rows = [
            {
                "kind": kind,
                "made": [
                    {"paper": one, "url": self.page_url(one.pk), "state": _state(kind, stale=one.pk in stale)}
                    for one in newest.get(key, [])
                ],
            }
            for key, kind in papers.KINDS.items()
        ]
        context = {
            "papers": rows,
            "may_make": can(member_of(request), "manage_policy"),
            "period": last_month(),
            "stale": len(stale),
            "languages": [(one, get_language_info(one)["name_local"]) for one in SUPPORTED_LANGUAGES],
            "own_language": member_of(request).organization.language,
        }
        return super().changelist_view(request, {**(extra_context or {}), **context})


def _state(kind: papers.Kind, *, stale: bool) -> SafeString:
    if stale:
        return badge(_("out of date"), "warn")
    return badge(_("holds"), "good") if kind.is_live else badge(_("made"), "good")


def _period(request: HttpRequest) -> Period | None:
    """The days of a report; None where none or nonsense was given (the service then takes the last month)."""
    try:
        return Period(*(date.fromisoformat(request.POST.get(name, "")) for name in ("from", "to")))
    except ValueError:
        return None


def _as(paper: Paper, kind: str) -> HttpResponse:
    if kind == "json":
        content = {"kind": paper.kind, "version": paper.version, "language": paper.language, "title": paper.title,
                   "made_at": paper.created_at, "sha256": paper.content_hash, "made_from": paper.data,
                   "text": paper.content}  # fmt: skip
        return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    if kind == "md":
        return HttpResponse(paper.content, content_type="text/markdown; charset=utf-8")
    foot = f"{Facts().organization.name} · {paper.title} · v{paper.version} · {paper.content_hash[:16]}"
    return HttpResponse(
        pdf.pdf(title=paper.title, content=paper.content, foot=foot), content_type="application/pdf"
    )


site.register(Paper, PaperAdmin)
