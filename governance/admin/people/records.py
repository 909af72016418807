"""Records in one form with templates: meetings, advice, talks, scenarios, cost and benefit, concerns, lessons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from governance import indicators
from governance.admin.kept import RegisterAdmin, Step, due_in_words
from governance.core.record_kinds import EFFECTS, TEMPLATES, Field
from governance.guest_views import TITLES
from governance.models import AISpend, GuestAccess, Record, RecordKind
from governance.services import guests, records
from helpdesk.admin.base import TenantModelForm, badge, member_of
from helpdesk.admin.site import site
from helpdesk.errors import HelpdeskError
from helpdesk.people.models import Membership

KINDS = {key: RecordKind(key).label for key in TEMPLATES}
TONES = {"open": "warn", "answered": "good", "closed": ""}
MICRO = 1_000_000


class RecordForm(TenantModelForm):
    """One form: the template's own fields stand between the text and the decision."""

    people_text = forms.CharField(
        label=gettext_lazy("Who took part"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("One a line. Roles are enough."),
    )

    class Meta:
        model = Record
        fields = (
            "title",
            "text",
            "due",
            "decision",
            "effect",
            "state",
            "is_published",
            "accountable",
            "review_due",
        )
        labels = {
            "title": gettext_lazy("Title"),
            "text": gettext_lazy("What was said"),
            "due": gettext_lazy("Settled by"),
            "decision": gettext_lazy("Decision, and why"),
            "state": gettext_lazy("State"),
        }
        widgets = {"text": UnfoldAdminTextareaWidget(attrs={"rows": 10})}

    kind = RecordKind.COMMITTEE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = self.instance.kind or self.kind
        template = TEMPLATES[self.instance.kind]
        if "text" in self.fields:
            self.fields["text"].widget.attrs["rows"] = 10
        self.fields["people_text"].initial = "\n".join(map(str, self.instance.people))
        if not self.instance.pk:
            self.fields["text"].initial = _(template.prompt)
            if template.due_days is not None:
                self.fields["due"].initial = timezone.localdate() + timedelta(days=template.due_days)
        self.fields["effect"] = forms.ChoiceField(
            label=_("What follows"),
            required=False,
            choices=[(one, _(EFFECTS[one])) for one in ("", *template.effects)],
            widget=UnfoldAdminSelectWidget(),
            help_text=_("Happens once, when you save, and is noted here."),
        )
        if self.instance.effect_ref:
            self.fields["effect"].disabled = True
        for one in template.fields:
            self.fields[f"data_{one.name}"] = _field(one, self.instance.data.get(one.name))

    def clean(self) -> dict[str, Any]:
        """The template's fields go into the record's data."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        own = {one.name for one in TEMPLATES[self.instance.kind].fields}
        said = {name: cleaned.get(f"data_{name}") for name in own}
        plain = {
            name: float(v) if hasattr(v, "as_tuple") else v for name, v in said.items() if v not in (None, "")
        }
        kept = {name: value for name, value in self.instance.data.items() if name not in own}
        if "trigger" in own and plain.get("trigger") != self.instance.data.get("trigger"):
            kept = {}  # another figure has not come true yet
        self.instance.data = {**kept, **plain}
        lines = (cleaned.get("people_text") or "").splitlines()
        self.instance.people = [one.strip() for one in lines if one.strip()]
        return cleaned


def _field(one: Field, value: Any) -> forms.Field:
    common: dict[str, Any] = {
        "label": _(one.label),
        "help_text": _(one.help) if one.help else "",
        "required": False,
    }
    if one.kind == "figure":
        choices = [("", _("none")), *((each.key, str(each.label)) for each in indicators.CATALOGUE)]
        return forms.ChoiceField(choices=choices, widget=UnfoldAdminSelectWidget(), initial=value, **common)
    if one.kind in {"number", "money"}:
        widget = UnfoldAdminDecimalFieldWidget()
        return forms.DecimalField(min_value=0, max_value=10**9, widget=widget, initial=value, **common)
    return forms.CharField(max_length=500, widget=UnfoldAdminTextInputWidget(), initial=value, **common)


class RecordAdmin(RegisterAdmin):
    """Every kind but questions from outside, which have a page of their own."""

    form = RecordForm
    list_display = ("title", "what", "state_word", "settled_by", "follows", "accountable")
    list_filter = ("kind", "state")
    list_select_related = ("accountable__user",)
    search_fields = ("title",)
    ordering = ("-pk",)
    about = gettext_lazy("What was talked about, advised, feared and learned, and what followed from it.")
    list_picture = "admin/governance/record_kinds.html"
    entry_picture = "admin/governance/record_facts.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without questions from outside."""
        return super().get_queryset(request).exclude(kind=RecordKind.QUESTION)

    def that_count(self) -> Any:
        """None by itself: what follows from a record is a stop, a risk, a rule or a finding."""
        return Record.objects.none()

    def picture(self) -> Any:
        """The templates to start from."""
        add = reverse("admin:governance_record_add")
        return [(f"{add}?kind={one.kind}", KINDS[one.kind], _(one.about)) for one in TEMPLATES.values()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: Any = None, **kwargs: Any) -> Any:
        """The form of this kind of record."""
        asked = obj.kind if obj is not None else request.GET.get("kind") or RecordKind.COMMITTEE
        if asked not in TEMPLATES:
            raise Http404
        kwargs.update(form=type("RecordForm", (RecordForm,), {"kind": asked}), fields=RecordForm.Meta.fields)
        return super().get_form(request, obj, bool(change), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was said; what follows; who looks after it."""
        if not self.has_change_permission(request, obj):
            return ((None, {"fields": ("title", "text", "due", "decision", "effect_ref", "state")}),)
        kind = obj.kind if obj is not None else request.GET.get("kind") or RecordKind.COMMITTEE
        own = [f"data_{one.name}" for one in TEMPLATES[kind].fields] if kind in TEMPLATES else []
        return (
            (KINDS.get(kind), {"fields": ("title", "people_text", "text", *own)}),
            (
                gettext_lazy("What follows"),
                {"fields": ("decision", "effect", "due", "state", "is_published")},
            ),
            (gettext_lazy("Who looks after it"), {"fields": ("accountable", "review_due")}),
        )

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service, which lets the decision have its effect."""
        obj.effect = form.cleaned_data.get("effect", obj.effect)
        records.keep(record=obj, member=member)

    def remove(self, *, obj: Any, member: Membership) -> None:
        """Through the service: what somebody else said stays."""
        records.remove(record=obj, member=member)

    @admin.display(description=gettext_lazy("What"), ordering="kind")
    def what(self, obj: Record) -> str:
        """The kind in words."""
        return str(KINDS.get(obj.kind, obj.kind))

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_word(self, obj: Record) -> SafeString:
        """In words; a scenario that came true says so."""
        if obj.state == "open" and obj.data.get("fired_at"):
            return badge(_("has come true"), "bad")
        return badge(obj.get_state_display(), TONES.get(obj.state, ""))  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("Settled by"), ordering="due")
    def settled_by(self, obj: Record) -> SafeString | str:
        """The date, and how long there is."""
        return due_in_words(obj.due) if obj.due and obj.state == "open" else "–"

    @admin.display(description=gettext_lazy("What followed"))
    def follows(self, obj: Record) -> str:
        """What the decision did."""
        return _(EFFECTS[obj.effect]) if obj.effect in EFFECTS and obj.effect_ref else "–"

    # One entry

    def steps(self, obj: Record) -> Sequence[Step]:
        """A lesson can be taken along."""
        return ()

    def entry(self, obj: Record) -> Any:
        """What is known about it beside its text: guests, the figure, the real cost, the file."""
        return {
            "record": obj,
            "about": _(TEMPLATES[obj.kind].about) if obj.kind in TEMPLATES else "",
            "guests": self._guests(obj) if obj.kind == RecordKind.GUEST_REVIEW else None,
            "readable": list(TITLES.items()),
            "invite": reverse("admin:record-invite", args=[obj.pk]),
            "fired": obj.data.get("fired_because", ""),
            "figure": _figure_now(obj),
            "spent": _spent(obj) if obj.kind == RecordKind.BUSINESS_CASE else "",
            "lesson": reverse("admin:record-lesson", args=[obj.pk]) if obj.kind == RecordKind.LESSON else "",
        }

    def _guests(self, obj: Record) -> list[dict[str, Any]]:
        now = timezone.now()
        return [
            {
                "access": one,
                "is_in": one.revoked_at is None and one.expires_at > now,
                "out": reverse("admin:guest-out", args=[one.pk]),
            }
            for one in GuestAccess.objects.filter(record=obj).order_by("-pk")
        ]

    def get_urls(self) -> list[Any]:
        """Also: invite a guest, let them out, take a lesson along."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/invite/", wrap(require_POST(self.invite_view)), name="record-invite"),
            path("guest/<int:pk>/out/", wrap(require_POST(self.out_view)), name="guest-out"),
            path("<int:pk>/lesson.json", wrap(require_safe(self.lesson_view)), name="record-lesson"),
            *super().get_urls(),
        ]

    def _row(self, request: HttpRequest, pk: int) -> Record:
        found = self.get_queryset(request).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found  # type: ignore[no-any-return]

    def invite_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The link is shown once."""
        found, days = self._row(request, pk), request.POST.get("days", "")
        if found.kind != RecordKind.GUEST_REVIEW:
            raise Http404
        if not self.has_change_permission(request, found):
            raise PermissionDenied
        try:
            _access, token = guests.invite(
                record=found,
                name=request.POST.get("name", ""),
                may_read=request.POST.getlist("may_read"),
                days=int(days) if days.isdecimal() and len(days) < 4 else 0,
                member=member_of(request),
            )
        except HelpdeskError as error:
            messages.error(request, f"{error.message} {error.next_step}")
        else:
            link = request.build_absolute_uri(reverse("guest", args=[token]))
            messages.success(
                request, _("Give your guest this link; it is shown this once: %(link)s") % {"link": link}
            )
        return redirect(self.page_url(pk))

    def out_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The link stops working at once."""
        access = GuestAccess.objects.filter(pk=pk).first()
        if access is None:
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        guests.revoke(access=access, member=member_of(request))
        messages.success(request, _("The link does not work any more."))
        return redirect(self.page_url(access.record_id) if access.record_id else self.list_url())

    def lesson_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The lesson without names, as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            said = records.shared(self._row(request, pk))
        except HelpdeskError as error:
            messages.error(request, f"{error.message} {error.next_step}")
            return redirect(self.page_url(pk))
        answer = HttpResponse(json.dumps(said, ensure_ascii=False, indent=1), content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="lesson.json"'
        return answer


def _figure_now(obj: Record) -> str:
    """What the figure of a scenario says today."""
    figure = indicators.BY_KEY.get(str(obj.data.get("trigger", "")))
    if figure is None:
        return ""
    value = figure.said(figure.read(timezone.now() - records.LOOKS_BACK))
    return _("%(figure)s, today: %(value)s") % {"figure": figure.label, "value": value}


def _spent(obj: Record) -> str:
    """The real cost of 30 days against the plan."""
    since = timezone.localdate() - timedelta(days=30)
    found = AISpend.objects.filter(day__gte=since).aggregate(sum=Sum("cost_micro"), drafts=Sum("drafts"))
    cost, planned = (found["sum"] or 0) / MICRO, obj.data.get("planned_month")
    said = _("In 30 days the AI really cost %(cost)s for %(drafts)s drafts.") % {
        "cost": f"{cost:.2f}",
        "drafts": found["drafts"] or 0,
    }
    if planned is None:
        return said
    above = _("That is more than planned (%(plan)s).") if cost > planned else _("Planned: %(plan)s.")
    return f"{said} {above % {'plan': f'{planned:.2f}'}}"


site.register(Record, RecordAdmin)
