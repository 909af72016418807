"""Checks of fairness: by hand, on real tickets, on invented customers; what they mean and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.kept import RegisterAdmin, Step, due_in_words
from governance.models import BiasAudit
from governance.services import audits
from helpdesk.admin.base import TenantModelForm, badge, shown
from helpdesk.admin.site import site
from helpdesk.people.models import Membership


class AuditForm(TenantModelForm):
    """A check of fairness as a person did it, and what was decided on it."""

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
            "decision",
            "decision_text",
            "decision_until",
            "expires_on",
            "is_published",
            "accountable",
            "review_due",
        )
        labels = {
            "title": gettext_lazy("Name of the check"),
            "window_from": gettext_lazy("Tickets from"),
            "window_to": gettext_lazy("Tickets until"),
            "verdict": gettext_lazy("Result"),
            "expires_on": gettext_lazy("Check again on"),
            "accountable": gettext_lazy("Who answers for it"),
        }

    def clean(self) -> dict[str, Any]:
        """A window has two ends in order, and a result is not read out of nothing."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = said.get("window_from"), said.get("window_to")
        if start and end and end < start:
            self.add_error("window_to", _("The last day is before the first one."))
        if "verdict" in said and said["verdict"] != "insufficient" and not said.get("sample_size"):
            self.add_error("sample_size", _("Say how many tickets were looked at."))
        if said.get("decision") and not (said.get("decision_text") or "").strip():
            self.add_error("decision_text", _("Say why."))
        return said


class AuditAdmin(RegisterAdmin):
    """Are groups of customers treated alike?"""

    form = AuditForm
    about = gettext_lazy(
        "Are customers treated alike? Checks on invented customers and on real tickets run by themselves; "
        "you can add your own."
    )
    entry_picture = "admin/governance/audit_figures.html"
    list_display = ("title", "result", "size", "decided", "reader", "public", "again")
    size = shown("sample_size", gettext_lazy("Looked at"))
    reader = shown("interpreted_by", gettext_lazy("Read by"))
    public = shown("is_published", gettext_lazy("On the trust page"), boolean=True)
    list_filter = ("verdict", "kind", "is_published")
    list_select_related = ("interpreted_by__user", "accountable__user")
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
        (
            gettext_lazy("What we do about it"),
            {"fields": ("decision", "decision_text", "decision_until", "accountable", "review_due")},
        ),
    )
    #: What a machine measured stays as it was measured.
    _measured = ("question", "method", "window_from", "window_to", "sample_size", "verdict")

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        """Figures that nobody typed are not typed over."""
        return self._measured if obj is not None and obj.kind != "hand" else ()

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """What was measured stays: without it an older, better result would count again."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.kind == "hand")

    def that_count(self) -> Any:
        """The newest of each question."""
        return audits.newest()

    def list_steps(self) -> Sequence[Step]:
        """Run what can be run."""
        return (
            Step("pairs", _("Check invented customers again")),
            Step("waiting", _("Compare waiting times again")),
        )

    def take(self, name: str, obj: Any, member: Membership, data: Any) -> str:
        """Run a check."""
        if obj is not None:
            raise Http404
        if name == "waiting":
            found = audits.check_waiting(member=member)
            return _("Done: %(result)s") % {"result": found.get_verdict_display()}
        if name == "pairs":
            audits.ask_for_pairs()
            return _("It runs now and takes some minutes. The result will stand here.")
        raise Http404

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service: a result is read by somebody else than whoever changed the setting."""
        audits.keep(audit=obj, member=member)

    def entry(self, obj: BiasAudit) -> Any:
        """The figures as a table."""
        return audits.figures_in_words(obj)

    @admin.display(description=gettext_lazy("Result"), ordering="verdict")
    def result(self, obj: BiasAudit) -> SafeString:
        """In words; too few tickets is never shown green."""
        return badge(
            obj.get_verdict_display(), {"pass": "good", "watch": "warn", "fail": "bad"}.get(obj.verdict, "")
        )

    @admin.display(description=gettext_lazy("Decision"), ordering="decision")
    def decided(self, obj: BiasAudit) -> str:
        """What follows, and until when."""
        return str(obj.get_decision_display())

    @admin.display(description=gettext_lazy("Check again"), ordering="expires_on")
    def again(self, obj: BiasAudit) -> SafeString | str:
        """When, and whether that is past."""
        return due_in_words(obj.expires_on) if obj.expires_on else _("no date")


site.register(BiasAudit, AuditAdmin)
