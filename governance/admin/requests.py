"""Data requests with their clock, and customers' choices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanSwitchWidget,
)

from governance.admin.kept import due_in_words
from governance.models import Consent, DataRequest, DataRequestKind
from governance.services.requests import close_request, fulfil_erasure
from helpdesk.admin.base import TenantModelAdmin, TenantModelForm, badge, shown
from helpdesk.admin.site import site
from helpdesk.errors import Conflict
from helpdesk.people.models import Membership

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
    nothing = gettext_lazy(
        "No customer has asked about their data. What they ask on their page or by mail stands here, with the day on "
        "which it has to be answered."
    )
    list_display = ("kind", "customer", "state", "asked_on", "clock", "who")
    asked_on = shown("created_at", gettext_lazy("Asked on"))
    who = shown("closed_by", gettext_lazy("Answered by"))
    answered_on = shown("closed_at", gettext_lazy("Answered on"))
    list_filter = ("status", "kind")
    list_select_related = ("customer", "closed_by__user")
    ordering = (F("closed_at").desc(nulls_first=True), "due_at")  # open ones first
    fields = ("kind", "customer", "state", "asked_on", "clock", "outcome", "answer")
    readonly_fields = ("kind", "customer", "state", "asked_on", "clock", "answered_on", "who")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Open ones only; what was answered stays as it was."""
        return super().has_change_permission(request, obj) and (obj is None or obj.status == "open")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The closing form only where it can be used."""
        usual = tuple(self.fields)
        if not self.has_change_permission(request, obj):
            return (*usual[:5], "answered_on", "who", "answer")
        return (*usual, "sure") if obj is not None and asks_deletion(obj) else usual

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

    nothing = gettext_lazy("No customer has said yes or no yet. Each word of theirs stands here for good.")
    list_display = ("when", "customer", "purpose", "state", "how", "language", "who")
    when = shown("created_at", gettext_lazy("When"))
    who = shown("recorded_by", gettext_lazy("Noted by"))
    list_filter = ("purpose", "state")
    list_select_related = ("customer", "recorded_by__user")
    ordering = ("-pk",)
    fields = ("customer", "purpose", "state", "how", "language", "who", "when")
    readonly_fields = ("who", "when")

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


site.register(DataRequest, RequestAdmin)
site.register(Consent, ConsentAdmin)
