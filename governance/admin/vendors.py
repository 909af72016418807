"""AI services (companies): what they say, the five facts that the owner confirms, the approval that ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from governance import known_services
from governance.admin.kept import RegisterAdmin, Step, due_in_words
from governance.core.clauses import REGIONS
from governance.models import Vendor
from governance.services import vendors
from helpdesk.admin.base import TenantModelForm, badge
from helpdesk.admin.site import site
from helpdesk.people.models import Membership

ANSWERS = [
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
    ("unknown", gettext_lazy("I don’t know")),
]
CONSEQUENCES = {
    "contract": gettext_lazy("Without a yes the service is not called."),
    "no_training": gettext_lazy("Without a yes the service is not called."),
    "region": gettext_lazy("Without a yes the service is not called."),
    "deletion": gettext_lazy(
        "Without a yes the trust page says that we do not know how long it keeps texts."
    ),
    "sub_processors": gettext_lazy("Without a yes the trust page says that we do not know whom it uses."),
}
REGION_WORDS = {
    "": gettext_lazy("We do not know"),
    "here": gettext_lazy("On our own machines"),
    "eu": gettext_lazy("European Union"),
    "uk": gettext_lazy("United Kingdom"),
    "ch": gettext_lazy("Switzerland"),
    "us": gettext_lazy("United States"),
    "other": gettext_lazy("Somewhere else"),
}


class VendorForm(TenantModelForm):
    """What is known, and the five facts."""

    region = forms.ChoiceField(
        label=gettext_lazy("Where the data goes"), required=False, widget=UnfoldAdminSelectWidget()
    )
    companies = forms.CharField(
        label=gettext_lazy("Companies that it uses"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line: name, what for, where."),
    )

    class Meta:
        model = Vendor
        fields = (
            *("name", "provider", "website", "region", "contract", "contract_signed_on"),
            *("accountable", "review_due"),
        )
        labels = {"provider": gettext_lazy("Host of its address")}
        help_texts = {
            "provider": gettext_lazy("Such as api.example.com: the same as on the page “AI service”."),
            "contract": gettext_lazy("Where the signed contract on data processing lies."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields:
            regions: Any = self.fields["region"]
            regions.choices = [(one, REGION_WORDS[one]) for one in ("", *REGIONS)]
        if "companies" in self.fields:
            self.fields["companies"].initial = "\n".join(
                ", ".join(filter(None, (one.get("name"), one.get("purpose"), one.get("region"))))
                for one in self.instance.sub_processors or []
            )
        for name, said in vendors.FACTS.items():
            known = (self.instance.facts or {}).get(name) or {}
            self.fields[f"fact_{name}"] = forms.ChoiceField(
                label=_(said),
                choices=ANSWERS,
                initial=known.get("answer", "unknown"),
                widget=UnfoldAdminRadioSelectWidget(),
                help_text=CONSEQUENCES[name],
            )

    def answers(self) -> dict[str, str]:
        """The five facts as they were answered."""
        return {name: self.cleaned_data[f"fact_{name}"] for name in vendors.FACTS}

    def clean_companies(self) -> list[dict[str, str]]:
        """Lines as rows."""
        rows = []
        for line in str(self.cleaned_data.get("companies") or "").splitlines():
            name, purpose, region = (*(piece.strip() for piece in line.split(",")), "", "", "")[:3]
            if name:
                rows.append({"name": name[:120], "purpose": purpose[:120], "region": region[:60]})
        return rows


class VendorAdmin(RegisterAdmin):
    """Which companies get texts, on which terms, until when."""

    form = VendorForm
    about = gettext_lazy(
        "Companies whose AI we call. The built-in assistant needs none: with it nothing leaves this installation."
    )
    entry_picture = "admin/governance/vendor_answers.html"
    list_display = ("name", "state_badge", "where", "contract_signed_on", "until", "who")
    list_filter = ("state",)
    list_select_related = ("accountable__user",)
    search_fields = ("name",)
    search_help_text = gettext_lazy("Words of the name")
    ordering = ("-pk",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is known, then the five facts."""
        return (
            (None, {"fields": ("name", "provider", "website", "accountable", "review_due")}),
            (
                gettext_lazy("Contract and data"),
                {"fields": ("region", "contract", "contract_signed_on", "companies")},
            ),
            (
                gettext_lazy("Five facts to confirm"),
                {"fields": tuple(f"fact_{one}" for one in vendors.FACTS)},
            ),
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """The facts are the form's own fields; Django would look for them on the model."""
        kwargs["fields"] = [*VendorForm.Meta.fields]
        return super().get_form(request, obj, change=change, **kwargs)

    def that_count(self) -> Any:
        """All that are not ended."""
        return Vendor.objects.exclude(state="ended").order_by("pk")

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service; what a known one says is as new as this release."""
        known = known_services.find(obj.provider)
        if known is not None:
            obj.answers, obj.website = known.to_answers(), obj.website or known.website
        obj.accountable = obj.accountable or member
        obj.sub_processors = form.cleaned_data["companies"]
        vendors.confirm(vendor=obj, answers=form.answers(), member=member)

    def steps(self, obj: Vendor) -> Sequence[Step]:
        """Approve, renew, end."""
        if obj.state == "approved":
            return (
                Step("again", _("Still right, for another year")),
                Step("end", _("Do not call it any more")),
            )
        return (Step("approve", _("Approve for a year"), primary=True),)

    def take(self, name: str, obj: Any, member: Membership, data: Any) -> str:
        """The buttons."""
        if obj is None:
            raise Http404
        if name in {"approve", "again"}:
            vendors.approve(vendor=obj, member=member)
            return _("It may be called for a year, where your rules allow its region.")
        if name == "end":
            vendors.end(vendor=obj, member=member)
            return _("It is not called any more.")
        raise Http404

    def entry(self, obj: Vendor) -> Any:
        """What the company says, with source, and the day on which that was read there; None is "not yet"."""
        return vendors.said(known_services.find(obj.provider), obj.answers)

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_badge(self, obj: Vendor) -> SafeString:
        """In words."""
        return badge(obj.get_state_display(), {"approved": "good", "draft": "warn"}.get(obj.state, ""))

    @admin.display(description=gettext_lazy("Where the data goes"), ordering="region")
    def where(self, obj: Vendor) -> str:
        """In words."""
        return str(REGION_WORDS.get(obj.region, obj.region))

    @admin.display(description=gettext_lazy("Valid until"), ordering="expires_on")
    def until(self, obj: Vendor) -> SafeString | str:
        """When the approval ends."""
        return due_in_words(obj.expires_on) if obj.expires_on else _("no date")


site.register(Vendor, VendorAdmin)
