"""What went wrong and what follows from it: incidents with a clock, findings with a decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance.admin.kept import RegisterAdmin, Step, due_in_words
from governance.models import Finding, Incident
from governance.services import findings, incidents
from helpdesk.admin.base import TenantModelForm, badge, shown
from helpdesk.admin.site import site
from helpdesk.people.models import Membership


class IncidentForm(TenantModelForm):
    """An incident from the first note to the review."""

    class Meta:
        model = Incident
        fields = (
            "title",
            "description",
            "kind",
            "severity",
            "is_serious",
            "system",
            "topic",
            "happened_at",
            "noticed_at",
            "state",
            "reported_at",
            "not_reported_because",
            "apology",
            "remedy",
            "review",
            "public_text",
            "is_published",
            "accountable",
            "review_due",
        )
        labels = {
            "title": gettext_lazy("What went wrong"),
            "description": gettext_lazy("What is known"),
            "kind": gettext_lazy("What kind"),
            "system": gettext_lazy("Which AI"),
            "topic": gettext_lazy("On which topic"),
            "happened_at": gettext_lazy("Since when"),
            "noticed_at": gettext_lazy("Noticed"),
            "state": gettext_lazy("State"),
            "reported_at": gettext_lazy("Reported to the authority"),
            "not_reported_because": gettext_lazy("Why it need not be reported"),
            "accountable": gettext_lazy("Who answers for it"),
        }
        help_texts = {
            "is_serious": gettext_lazy("While it is open, the AI does not draft where it happened."),
            "topic": gettext_lazy("Empty: everywhere."),
            "severity": gettext_lazy("1 hardly noticed, 5 cannot be repaired."),
            "apology": gettext_lazy(
                "It waits in the tickets of those concerned; a person reads and sends each one."
            ),
            "review": gettext_lazy("What happened, why it could, what changes. No names: nobody is blamed."),
            "public_text": gettext_lazy("Without names or numbers of customers."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "noticed_at" in self.fields:
            self.fields["noticed_at"].initial = timezone.now

    def clean(self) -> dict[str, Any]:
        """Noticed after it happened, and not tomorrow; what is public has words."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        happened, noticed = said.get("happened_at"), said.get("noticed_at")
        if happened and noticed and noticed < happened:
            self.add_error("noticed_at", _("It was noticed before it happened."))
        if noticed and noticed > timezone.now() + timedelta(minutes=5):
            self.add_error("noticed_at", _("This is in the future."))
        if said.get("is_published") and not (said.get("public_text") or "").strip():
            self.add_error("public_text", _("Write what the trust page says."))
        return said


class IncidentAdmin(RegisterAdmin):
    """What went wrong, with its clock and those concerned."""

    form = IncidentForm
    about = gettext_lazy(
        "What went wrong. A serious one stops the AI where it happened until what was learned is written down."
    )
    entry_picture = "admin/governance/incident_facts.html"
    list_display = (
        "title",
        "state_badge",
        "serious",
        "noticed",
        "report",
        "concerned",
        "who",
    )
    serious = shown("is_serious", gettext_lazy("The AI stops there"), boolean=True)
    noticed = shown("noticed_at", gettext_lazy("Noticed"))
    concerned = shown("affected_count", gettext_lazy("How many concerned"))
    list_filter = ("state", "kind", "is_serious")
    list_select_related = ("accountable__user", "system")
    search_fields = ("title",)
    search_help_text = gettext_lazy("Words of the title")
    ordering = (F("closed_at").desc(nulls_first=True), "-pk")
    delete_right = None  # what went wrong stays on record
    fieldsets = (
        (None, {"fields": ("title", "description", "kind", "severity", "is_serious", "system", "topic")}),
        (
            gettext_lazy("When"),
            {"fields": ("happened_at", "noticed_at", "state", "accountable", "review_due")},
        ),
        (gettext_lazy("The authority"), {"fields": ("reported_at", "not_reported_because")}),
        (gettext_lazy("Those concerned"), {"fields": ("apology", "remedy")}),
        (gettext_lazy("What we learned"), {"fields": ("review", "public_text", "is_published")}),
    )

    def that_count(self) -> Any:
        """All that are open."""
        return Incident.objects.exclude(state="closed").select_related("system").order_by("pk")

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service: the clock starts, and nothing closes without a review."""
        incidents.keep(incident=obj, member=member)

    def steps(self, obj: Incident) -> Sequence[Step]:
        """What can be done while it is open."""
        if obj.state == "closed":
            return ()
        found = [
            Step("affected", _("Find who is concerned")),
            Step("apologies", _("Prepare replies to them")),
        ]
        if obj.report_due_at is not None and obj.reported_at is None and not obj.not_reported_because:
            found.insert(0, Step("reported", _("Reported now")))
        return found

    def take(self, name: str, obj: Any, member: Membership, data: Any) -> str:
        """The buttons."""
        if obj is None:
            raise Http404
        if name == "affected":
            n = incidents.find_affected(incident=obj, member=member)
            return ngettext("%(n)s customer is concerned.", "%(n)s customers are concerned.", n) % {"n": n}
        if name == "apologies":
            n = incidents.prepare_apologies(incident=obj, member=member)
            said = ngettext(
                "A reply waits in %(n)s ticket. Read it and send it there.",
                "A reply waits in %(n)s tickets. Read each and send it there.",
                n,
            )
            return said % {"n": n}
        if name == "reported":
            incidents.note_report(incident=obj, member=member)
            return _("Noted: reported now.")
        raise Http404

    def entry(self, obj: Incident) -> Any:
        """Clock and those concerned."""
        return {
            "due": obj.report_due_at,
            "late": incidents.is_late(obj),
            "reported": obj.reported_at,
            "because": obj.not_reported_because,
            "count": obj.affected_count,
            "named": len(obj.affected or []),
            "apologised": obj.apologised_at,
            "signal": obj.signal,
        }

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_badge(self, obj: Incident) -> SafeString:
        """In words."""
        tone = "" if obj.state == "closed" else "bad" if obj.is_serious else "warn"
        return badge(obj.get_state_display(), tone)

    @admin.display(description=gettext_lazy("Report until"), ordering="report_due_at")
    def report(self, obj: Incident) -> SafeString | str:
        """The clock, where there is one."""
        if obj.reported_at or obj.not_reported_because or obj.report_due_at is None:
            return _("nothing to report")
        return due_in_words(timezone.localtime(obj.report_due_at).date())


class FindingForm(TenantModelForm):
    """What was found, what follows, and when it is tested again."""

    class Meta:
        model = Finding
        fields = (
            "title",
            "description",
            "decision",
            "decision_text",
            "mitigation",
            "change",
            "retest_due",
            "state",
            "accountable",
            "review_due",
        )
        labels = {
            "title": gettext_lazy("What was found"),
            "description": gettext_lazy("What is known"),
            "decision": gettext_lazy("What follows"),
            "change": gettext_lazy("What was changed"),
            "state": gettext_lazy("State"),
            "accountable": gettext_lazy("Who answers for it"),
        }

    def clean(self) -> dict[str, Any]:
        """A decision has its reason; mending has a plan."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        decision = said.get("decision")
        if decision and not (said.get("decision_text") or "").strip():
            self.add_error("decision_text", _("Say why."))
        if decision == "mend" and not (said.get("mitigation") or "").strip():
            self.add_error("mitigation", _("Say what is done about it."))
        if said.get("state") != "open" and not decision:
            self.add_error("decision", _("Choose what follows."))
        return said


class FindingAdmin(RegisterAdmin):
    """What needs a decision."""

    form = FindingForm
    about = gettext_lazy(
        "What checks, surveys, figures and people found. Each needs a decision; mending needs a better new check."
    )
    list_display = ("title", "state_badge", "decision", "source_words", "retest", "who")
    list_filter = ("state", "source")
    list_select_related = ("accountable__user",)
    search_fields = ("title",)
    search_help_text = gettext_lazy("Words of the title")
    ordering = (F("closed_at").desc(nulls_first=True), "-pk")
    delete_right = None
    fieldsets = (
        (None, {"fields": ("title", "description", "accountable", "review_due")}),
        (
            gettext_lazy("What we do about it"),
            {"fields": ("decision", "decision_text", "mitigation", "change", "retest_due", "state")},
        ),
    )

    def that_count(self) -> Any:
        """All that are open, with what they are about."""
        related = ("audit", "risk", "incident__system")
        return Finding.objects.exclude(state="closed").select_related(*related).order_by("pk")

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service: nothing closes without a decision and a better check."""
        findings.keep(finding=obj, member=member)

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_badge(self, obj: Finding) -> SafeString:
        """In words."""
        return badge(obj.get_state_display(), {"open": "warn", "closed": "good"}.get(obj.state, ""))

    @admin.display(description=gettext_lazy("Found by"), ordering="source")
    def source_words(self, obj: Finding) -> str:
        """What found it."""
        words = {
            "audit": _("a fairness check"),
            "survey": _("what customers say"),
            "trust": _("what customers say"),
            "pulse": _("what the team says"),
            "risk": _("a figure that watches a risk"),
            "concern": _("a concern"),
            "check": _("a check by the product"),
            "hand": _("a person"),
        }
        return words.get(obj.source, obj.source)

    @admin.display(description=gettext_lazy("Check again"), ordering="retest_due")
    def retest(self, obj: Finding) -> SafeString | str:
        """When, and whether that is past."""
        if obj.state == "closed" or obj.retest_due is None:
            return _("no date")
        return due_in_words(obj.retest_due)


site.register(Incident, IncidentAdmin)
site.register(Finding, FindingAdmin)
