"""The rules: versions, the starter page, drafts with a typed form, publishing, and what is different."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from governance.admin import appointments, exceptions, opinions, questions, way
from governance.core.rule_words import RULE_WORDS
from governance.core.starter import STARTERS
from governance.difference import changed_lines, changed_rules, rules_in_words, version_before
from governance.forms import (
    BUDGET_FIELDS,
    DISCLOSURE_FIELDS,
    ELSEWHERE_FIELDS,
    PURPOSE_FIELDS,
    VALUE_FIELDS,
    PolicyForm,
)
from governance.models import EthicsPolicy, PolicyStatus
from governance.public import paragraphs
from governance.services import drafts, policies
from governance.services.questions import open_draft
from helpdesk.admin.base import TenantModelAdmin, badge, member_of, shown
from helpdesk.admin.site import site
from helpdesk.errors import HelpdeskError
from helpdesk.people.models import Membership

_TONES = {
    PolicyStatus.PUBLISHED: "good",
    PolicyStatus.DRAFT: "warn",
    PolicyStatus.SCHEDULED: "warn",
    PolicyStatus.REPLACED: "",
}
_WRITTEN = (
    (None, {"fields": ("title", "is_major", "summary", "prose", "seen_version", "seen_text")}),
    (
        gettext_lazy("When the AI may help"),
        {
            "fields": (
                "autonomy",
                "sorting",
                "basis",
                "human_only_topics",
                "own_topics",
                "on_demand_topics",
                "second_look_topics",
                "languages",
                "self_service",
            )
        },
    ),
    (gettext_lazy("The line under AI-assisted answers"), {"fields": DISCLOSURE_FIELDS}),
    (
        gettext_lazy("The same line elsewhere"),
        {"fields": tuple(ELSEWHERE_FIELDS), "classes": ("collapse",)},
    ),
    (gettext_lazy("How drafts sound"), {"fields": ("tone", "tone_notes", "upsell")}),
    (gettext_lazy("What matters most to you"), {"fields": VALUE_FIELDS}),
    (
        gettext_lazy("What an AI service may see"),
        {"fields": ("ai_fields", "regions", *PURPOSE_FIELDS)},
    ),
    (gettext_lazy("Spending limit"), {"fields": BUDGET_FIELDS}),
    (
        gettext_lazy("What customers can expect"),
        {"fields": ("response_hours", "acknowledgement", "goodwill_micro", "survey_by_mail")},
    ),
    (gettext_lazy("How long things stay"), {"fields": ("ai_log_days", "retention_days")}),
    (
        gettext_lazy("Risks and fairness"),
        {
            "fields": (
                "risk_appetite",
                "audit_days",
                "audit_ratio_percent",
                "audit_least_group",
                "person_wish_percent",
            )
        },
    ),
    (
        gettext_lazy("Your team, and looking again"),
        {
            "fields": (
                "training_courses",
                "training_grace_days",
                "reading_grace_days",
                "review_days",
                "review_grace_days",
                "round_days",
            )
        },
    ),
    (gettext_lazy("Where checks give way"), {"fields": ("overridable", "warn_only")}),
    (gettext_lazy("What is different"), {"fields": ("difference",)}),
)
_READ = (
    (None, {"fields": ("state", "in_force_since", "approved_by", "content_hash")}),
    (gettext_lazy("The rules in words"), {"fields": ("in_words",)}),
    (gettext_lazy("The page that customers read"), {"fields": ("page",)}),
    (gettext_lazy("What is different"), {"fields": ("difference",)}),
)


class PolicyAdmin(TenantModelAdmin):
    """Each row is one version; only drafts can be written, and only publishing puts them in force."""

    form = PolicyForm
    add_right = change_right = delete_right = "manage_policy"
    nothing = gettext_lazy("No rules are written yet. Until some are published the AI is off.")
    list_display = ("version", "title", "state", "since", "who", "again", "way_link")
    since = shown("published_at", gettext_lazy("Published"))
    who = shown("approver", gettext_lazy("By whom"))
    again = shown("review_due", gettext_lazy("Look again"))
    list_filter = ("status",)
    list_select_related = ("approver__user",)
    ordering = ("-version",)
    change_form_outer_before_template = None

    # Rights: a published version is read-only for everybody

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts only."""
        return super().has_change_permission(request, obj) and (
            obj is None or obj.status == PolicyStatus.DRAFT
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts only."""
        return super().has_delete_permission(request, obj) and (
            obj is None or obj.status == PolicyStatus.DRAFT
        )

    # Columns and read-only parts

    @admin.display(description=gettext_lazy("State"), ordering="status")
    def state(self, obj: EthicsPolicy) -> SafeString:
        """The state as a word."""
        return badge(obj.get_status_display(), _TONES[PolicyStatus(obj.status)])

    @admin.display(description=gettext_lazy("The way here"))
    def way_link(self, obj: EthicsPolicy) -> SafeString:
        """To comments, approvals and start."""
        said = _("comments, yes, start") if obj.status == PolicyStatus.DRAFT else _("how it came about")
        return format_html('<a href="{}">{}</a>', reverse("admin:policy-way", args=[obj.pk]), said)

    @admin.display(description=gettext_lazy("In force since"))
    def in_force_since(self, obj: EthicsPolicy) -> Any:
        """When it was published."""
        return (
            date_format(timezone.localtime(obj.published_at), "DATETIME_FORMAT") if obj.published_at else "–"
        )

    @admin.display(description=gettext_lazy("Published by"))
    def approved_by(self, obj: EthicsPolicy) -> Any:
        """Who answers for it."""
        return obj.approver

    @admin.display(description=gettext_lazy("Rules"))
    def in_words(self, obj: EthicsPolicy) -> SafeString:
        """Every rule as a sentence."""
        return _part("rules", {"rules": rules_in_words(obj)})

    @admin.display(description=gettext_lazy("Page"))
    def page(self, obj: EthicsPolicy) -> SafeString:
        """The prose, as `/trust/` shows it."""
        return _part("prose", {"blocks": paragraphs(obj.prose)})

    @admin.display(description=gettext_lazy("Against the version before"))
    def difference(self, obj: EthicsPolicy) -> SafeString | str:
        """What changes for people, rule by rule, and the prose line by line."""
        before = version_before(obj)
        if before is None:
            return _("This is the first version.")
        found = {"before": before, "rules": changed_rules(before, obj), "lines": changed_lines(before, obj)}
        return _part("difference", found)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The form for a draft that one may write, else the rules in words."""
        return _WRITTEN if self.has_change_permission(request, obj) else _READ

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is computed."""
        return ("difference", "state", "in_force_since", "approved_by", "content_hash", "in_words", "page")

    # Pages

    def get_urls(self) -> list[Any]:
        """Also: the starter page, and a new version."""
        wrap = self.admin_site.admin_view
        return [
            path("starter/", wrap(require_http_methods(["GET", "POST"])(self.starter_view)), name="starter"),
            path("new-version/", wrap(require_POST(self.new_version_view)), name="new-version"),
            *questions.urls(),
            *way.urls(),
            *exceptions.urls(),
            *appointments.urls(),
            *opinions.urls(),
            *super().get_urls(),
        ]

    def starter_view(self, request: HttpRequest) -> HttpResponse:
        """One page to read, one button: publish a starter policy in the organization's name."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = STARTERS.get(request.POST.get("starter") or request.GET.get("starter") or "starter")
        if chosen is None:
            raise Http404
        if request.method == "POST":
            return self._adopt(request, chosen)
        name = request.organization.name  # type: ignore[attr-defined]
        rules = [{"label": _(one.label), "text": str(one.sentence(chosen.clauses))} for one in RULE_WORDS]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Rules to start with"),
            "opts": None,
            "chosen": chosen,
            "starters": STARTERS.values(),
            "blocks": paragraphs(chosen.for_business(name)),
            "rules": rules,
            "in_force": _in_force(),
            "may_adopt": super().has_change_permission(request),
            "list_url": self.list_url(),
        }
        return render(request, "admin/governance/starter.html", context)

    def _adopt(self, request: HttpRequest, chosen: Any) -> HttpResponse:
        if not super().has_change_permission(request):
            raise PermissionDenied
        if (known := _in_force()) is not None:
            error = drafts.published_already(known)
            messages.error(request, f"{error.message} {error.next_step}")
            return redirect(self.page_url(known.pk))
        policy = policies.adopt_starter(starter=chosen, member=member_of(request))
        self.log_addition(request, policy, [{"added": {}}])
        messages.success(request, _("Your rules are in force. Anyone can read them on your trust page."))
        return redirect("admin:index")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The first rules come from a starter; later ones begin as a copy of those in force."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.new_version_view(request)
        return redirect("admin:starter") if _in_force() is None else redirect(self.list_url())

    def new_version_view(self, request: HttpRequest) -> HttpResponse:
        """Start a draft as a copy of the rules in force."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        draft = drafts.start_draft(member=member_of(request))
        self.log_addition(request, draft, [{"added": {}}])
        return redirect(self.page_url(draft.pk))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list, with what one can do next above it."""
        more = {
            "in_force": _in_force(),
            "may_write": self.has_add_permission(request),
            "begun": open_draft(),
            "waiting": EthicsPolicy.objects.filter(status=PolicyStatus.SCHEDULED).first(),
        }
        return super().changelist_view(request, {**(extra_context or {}), **more})

    list_before_template = "admin/governance/ethicspolicy/next_steps.html"
    show_add_link = False

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> Any:
        """A save of what is no draft any more says who published it, instead of "forbidden"."""
        if request.method == "POST" and object_id and super().has_change_permission(request):
            known = self.get_object(request, object_id)
            if known is not None and known.status != PolicyStatus.DRAFT:
                return self.refused(request, drafts.published_already(known))
        return super().changeform_view(request, object_id, *args, **kwargs)

    # Writes

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Save the draft."""
        drafts.save_draft(policy=obj, member=member, seen_text=form.cleaned_data.get("seen_text", ""))

    def remove(self, *, obj: Any, member: Membership) -> None:
        """Throw the draft away."""
        drafts.discard_draft(policy=obj, member=member)

    def response_change(self, request: HttpRequest, obj: EthicsPolicy) -> HttpResponse:
        """After saving: publish or go on, as was pressed. The draft stays saved if publishing is refused."""
        if "_way" in request.POST:
            return redirect("admin:policy-way", obj.pk)
        if "_publish" not in request.POST:
            return super().response_change(request, obj)  # type: ignore[no-any-return]
        seen = request.POST.get("seen_version", "")
        try:
            drafts.publish_draft(
                policy=obj, member=member_of(request), seen_version=int(seen) if seen.isdecimal() else 0
            )
        except HelpdeskError as error:
            return self.refused(request, error)
        messages.success(
            request, _("Version %(version)s is in force from now on.") % {"version": obj.version}
        )
        return redirect(self.page_url(obj.pk))


def _in_force() -> EthicsPolicy | None:
    return EthicsPolicy.objects.select_related("approver__user").filter(status=PolicyStatus.PUBLISHED).first()


def _part(name: str, context: dict[str, Any]) -> SafeString:
    return mark_safe(render_to_string(f"admin/governance/ethicspolicy/{name}.html", context))  # noqa: S308 - a template's own output


site.register(EthicsPolicy, PolicyAdmin)
