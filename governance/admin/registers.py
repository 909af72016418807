"""Registers that people fill: risks, fairness checks, data requests with their clock."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanSwitchWidget,
)

from governance.models import BiasAudit, Consent, DataRequest, DataRequestKind, Risk
from governance.services import registers
from governance.services.requests import close_request, fulfil_erasure
from helpdesk.admin.base import TenantModelAdmin, TenantModelForm, badge
from helpdesk.admin.site import site
from helpdesk.errors import Conflict
from helpdesk.people.models import Membership

LIKELY = {
    1: gettext_lazy("1 – almost never"),
    2: gettext_lazy("2 – seldom"),
    3: gettext_lazy("3 – now and then"),
    4: gettext_lazy("4 – often"),
    5: gettext_lazy("5 – nearly always"),
}
BAD = {
    1: gettext_lazy("1 – hardly noticed"),
    2: gettext_lazy("2 – annoying"),
    3: gettext_lazy("3 – harmful, can be repaired"),
    4: gettext_lazy("4 – serious"),
    5: gettext_lazy("5 – cannot be repaired"),
}


def how_much(likelihood: int, impact: int) -> SafeString:
    """Likely times bad on the 5x5 scale, as a word with its number."""
    product = likelihood * impact
    for most, word, tone in ((4, _("small"), "good"), (9, _("medium"), "warn"), (14, _("large"), "warn")):
        if product <= most:
            return badge(f"{word} ({likelihood}×{impact})", tone)
    return badge(f"{_('very large')} ({likelihood}×{impact})", "bad")


def due_in_words(due: Any, *, now: Any = None) -> SafeString:
    """A date with what it means today."""
    today = (now or timezone.localtime()).date()
    days = (due - today).days
    if days < 0:
        said = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
        return format_html("{} {}", date_format(due), badge(said, "bad"))
    said = (
        _("today") if not days else ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    )
    return format_html("{} {}", date_format(due), badge(said, "warn" if days <= 7 else ""))


def _scale(words: dict[int, Any], initial: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        coerce=int, choices=list(words.items()), initial=initial, widget=UnfoldAdminSelectWidget()
    )


class RiskForm(TenantModelForm):
    """A risk on scales with words."""

    likelihood_before, likelihood_after = _scale(LIKELY, 3), _scale(LIKELY, 2)
    impact_before, impact_after = _scale(BAD, 3), _scale(BAD, 2)

    class Meta:
        model = Risk
        fields = (
            "title",
            "description",
            "likelihood_before",
            "impact_before",
            "treatment",
            "likelihood_after",
            "impact_after",
            "status",
            "accountable",
            "review_due",
        )
        labels = {
            "title": gettext_lazy("What could go wrong"),
            "description": gettext_lazy("What would happen, and to whom"),
            "status": gettext_lazy("State"),
            "accountable": gettext_lazy("Who looks after it"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "likelihood_before": _("How likely, before we do anything"),
            "impact_before": _("How bad, before we do anything"),
            "likelihood_after": _("How likely, with what we do"),
            "impact_after": _("How bad, with what we do"),
        }
        for name, label in labels.items():
            if name in self.fields:
                self.fields[name].label = label


class RegisterAdmin(TenantModelAdmin):
    """Rows written by hand; each save is noted in the ledger."""

    add_right = change_right = delete_right = "manage_policy"

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service."""
        registers.save_row(row=obj, member=member)

    def remove(self, *, obj: Any, member: Membership) -> None:
        """Through the service."""
        registers.remove_row(row=obj, member=member)


class RiskAdmin(RegisterAdmin):
    """What could go wrong, before and after what we do about it."""

    form = RiskForm
    list_display = ("title", "before", "after", "status", "accountable", "look_again")
    list_filter = ("status",)
    list_select_related = ("accountable__user",)
    search_fields = ("title",)
    search_help_text = gettext_lazy("Words of the title")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("title", "description", "status", "accountable", "review_due")}),
        (gettext_lazy("Before we do anything"), {"fields": ("likelihood_before", "impact_before")}),
        (
            gettext_lazy("With what we do"),
            {"fields": ("treatment", "likelihood_after", "impact_after")},
        ),
    )

    @admin.display(description=gettext_lazy("Before"))
    def before(self, obj: Risk) -> SafeString:
        """In a word."""
        return how_much(obj.likelihood_before, obj.impact_before)

    @admin.display(description=gettext_lazy("Left after what we do"))
    def after(self, obj: Risk) -> SafeString:
        """In a word."""
        return how_much(obj.likelihood_after, obj.impact_after)

    @admin.display(description=gettext_lazy("Look again"), ordering="review_due")
    def look_again(self, obj: Risk) -> SafeString | str:
        """When, and whether that is past."""
        return due_in_words(obj.review_due) if obj.review_due else _("no date")


class AuditForm(TenantModelForm):
    """A check of fairness as a person did it."""

    class Meta:
        model = BiasAudit
        fields = (
            "title",
            "question",
            "method",
            "window_from",
            "window_to",
            "sample_size",
            "verdict",
            "interpretation",
            "expires_on",
            "is_published",
        )
        labels = {
            "title": gettext_lazy("Name of the check"),
            "window_from": gettext_lazy("Tickets from"),
            "window_to": gettext_lazy("Tickets until"),
            "verdict": gettext_lazy("Result"),
            "expires_on": gettext_lazy("Check again on"),
        }

    def clean(self) -> dict[str, Any]:
        """A window has two ends in order, and a result is not read out of nothing."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = said.get("window_from"), said.get("window_to")
        if start and end and end < start:
            self.add_error("window_to", _("The last day is before the first one."))
        if said.get("verdict") != "insufficient" and not said.get("sample_size"):
            self.add_error("sample_size", _("Say how many tickets were looked at."))
        return said


class AuditAdmin(RegisterAdmin):
    """Are groups of customers treated alike?"""

    form = AuditForm
    list_display = ("title", "result", "sample_size", "interpreted_by", "is_published", "again")
    list_filter = ("verdict", "is_published")
    list_select_related = ("interpreted_by__user",)
    search_fields = ("title",)
    search_help_text = gettext_lazy("Words of the name")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("title", "question", "method")}),
        (gettext_lazy("What was looked at"), {"fields": ("window_from", "window_to", "sample_size")}),
        (
            gettext_lazy("What came out"),
            {"fields": ("verdict", "interpretation", "expires_on", "is_published")},
        ),
    )

    @admin.display(description=gettext_lazy("Result"), ordering="verdict")
    def result(self, obj: BiasAudit) -> SafeString:
        """In words; too few tickets is never shown green."""
        return badge(
            obj.get_verdict_display(), {"pass": "good", "watch": "warn", "fail": "bad"}.get(obj.verdict, "")
        )

    @admin.display(description=gettext_lazy("Check again"), ordering="expires_on")
    def again(self, obj: BiasAudit) -> SafeString | str:
        """When, and whether that is past."""
        return due_in_words(obj.expires_on) if obj.expires_on else _("no date")


DELETION_OUTCOMES = [
    ("fulfilled", gettext_lazy("Done: delete everything of this customer now")),
    ("denied", gettext_lazy("Refused: say why in the answer; nothing is deleted")),
]


def asks_deletion(request: DataRequest) -> bool:
    """Whether closing it as done deletes."""
    return request.kind == DataRequestKind.ERASE


class RequestForm(TenantModelForm):
    """The answer to a data request, and that it is closed."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Close it as"),
        choices=[
            ("fulfilled", gettext_lazy("Done: the customer has what was asked for")),
            ("denied", gettext_lazy("Refused: say why in the answer")),
        ],
        widget=UnfoldAdminRadioSelectWidget(),
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer to the customer"),
        required=False,
        max_length=5_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text=gettext_lazy("The customer reads it on their own page. Closing cannot be undone."),
    )

    sure = forms.BooleanField(
        label=gettext_lazy("Yes, delete it for good"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=gettext_lazy(
            "Name, addresses, tickets' texts, messages, files, original mails, notes and drafts of this customer "
            "are deleted now. Nobody can bring them back. What stays: that there were messages, who approved "
            "them, and the customer's choices, under a number instead of the name. Mails that left and backups are "
            "not reached."
        ),
    )

    class Meta:
        model = DataRequest
        fields = ("answer",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_deletion(self.instance):
            self.fields.pop("sure", None)
        elif "outcome" in self.fields:
            self.fields["outcome"].choices = DELETION_OUTCOMES  # type: ignore[attr-defined]
            self.fields["answer"].help_text = _(
                "Only for a refusal: the customer reads it on their own page. After a deletion nobody can sign in "
                "there, and we write down here how much was deleted. To tell the customer, write to them first."
            )

    def clean(self) -> dict[str, Any]:
        """A refusal has its reason; a deletion is meant."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if "sure" in self.fields and said.get("outcome") == "fulfilled" and not said.get("sure"):
            self.add_error("sure", _("Nothing was deleted. Say yes here if you want it deleted now."))
        if said.get("outcome") == "denied" and not said.get("answer", "").strip():
            self.add_error("answer", _("Tell the customer why, and whom to ask if they disagree."))
        return said


class RequestAdmin(TenantModelAdmin):
    """What customers asked of their data, each with its clock."""

    form = RequestForm
    change_right = "admin"
    list_display = ("kind", "customer", "state", "created_at", "clock", "closed_by")
    list_filter = ("status", "kind")
    list_select_related = ("customer", "closed_by__user")
    ordering = (F("closed_at").desc(nulls_first=True), "due_at")  # open ones first
    fields = ("kind", "customer", "state", "created_at", "clock", "outcome", "answer")
    readonly_fields = ("kind", "customer", "state", "created_at", "clock")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Open ones only; what was answered stays as it was."""
        return super().has_change_permission(request, obj) and (obj is None or obj.status == "open")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The closing form only where it can be used."""
        shown = tuple(self.fields)
        if not self.has_change_permission(request, obj):
            return (*shown[:5], "closed_at", "closed_by", "answer")
        return (*shown, "sure") if obj is not None and asks_deletion(obj) else shown

    @admin.display(description=gettext_lazy("State"), ordering="status")
    def state(self, obj: DataRequest) -> SafeString:
        """In words."""
        return badge(obj.get_status_display(), {"open": "warn", "fulfilled": "good"}.get(obj.status, ""))

    @admin.display(description=gettext_lazy("Answer until"), ordering="due_at")
    def clock(self, obj: DataRequest) -> SafeString | str:
        """The date, and how far away it is while the request is open."""
        due = timezone.localtime(obj.due_at).date()
        return due_in_words(due) if obj.status == "open" else date_format(due)

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service; the clock stops."""
        if not DataRequest.objects.filter(pk=obj.pk, status="open").exists():
            raise Conflict(
                _("Somebody closed this request already."), next_step=_("Read their answer below.")
            )
        if asks_deletion(obj) and form.cleaned_data["outcome"] == "fulfilled":
            fulfil_erasure(request=obj, member=member)
            return
        close_request(
            request=obj,
            status=form.cleaned_data["outcome"],
            answer=form.cleaned_data["answer"].strip(),
            member=member,
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Says what a deletion deleted."""
        super().save_model(request, obj, form, change)
        closed = DataRequest.objects.get(pk=obj.pk)
        if asks_deletion(closed) and closed.status == "fulfilled":
            messages.success(request, f"{_('The customer’s data is deleted.')} {closed.answer}")


class ConsentAdmin(TenantModelAdmin):
    """Every choice of every customer, kept for ever; nobody writes one for them here."""

    list_display = ("created_at", "customer", "purpose", "state", "how", "language", "recorded_by")
    list_filter = ("purpose", "state")
    list_select_related = ("customer", "recorded_by__user")
    ordering = ("-pk",)
    fields = ("customer", "purpose", "state", "how", "language", "recorded_by", "created_at")

    @admin.display(description=gettext_lazy("How"), ordering="method")
    def how(self, obj: Consent) -> str:
        """The way it was said, in words."""
        words = {
            "portal": _("on their own page"),
            "mail_link": _("by the link in a mail"),
            "mail_text": _("in the words of a mail"),
            "agent": _("to a colleague"),
        }
        return words.get(obj.method, obj.method)


site.register(Risk, RiskAdmin)
site.register(BiasAudit, AuditAdmin)
site.register(DataRequest, RequestAdmin)
site.register(Consent, ConsentAdmin)
