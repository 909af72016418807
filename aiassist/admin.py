"""The AI service in the admin: its key goes in and never comes out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminPasswordWidget

from aiassist.models import AIService
from governance import ledger
from helpdesk.admin.base import TenantModelAdmin, TenantModelForm, badge
from helpdesk.admin.site import site
from helpdesk.people.models import Membership


class ServiceForm(TenantModelForm):
    """The service's address, model and prices; an empty key keeps the stored one."""

    new_key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        max_length=500,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Stored encrypted and never shown again. Empty: the stored key stays."),
    )

    class Meta:
        model = AIService
        fields = (
            "name",
            "model",
            "is_active",
            "timeout_seconds",
            "price_in_micro",
            "price_out_micro",
        )
        labels = {
            "name": gettext_lazy("Name"),
            "model": gettext_lazy("Model"),
            "is_active": gettext_lazy("In use"),
            "timeout_seconds": gettext_lazy("Seconds to wait for an answer"),
        }
        help_texts = {
            "is_active": gettext_lazy(
                "With none in use, the built-in assistant drafts; it needs no network."
            ),
        }

    def clean_base_url(self) -> str:
        """Only addresses that this installation lets out."""
        address: str = self.cleaned_data["base_url"]
        parts = urlsplit(address)
        if parts.hostname not in settings.AI_ALLOWED_HOSTS:
            allowed = ", ".join(settings.AI_ALLOWED_HOSTS)
            raise ValidationError(
                _("This installation lets nothing out to that address. It allows: %(allowed)s.")
                % {"allowed": allowed}
            )
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
            raise ValidationError(_("The address must start with https://."))
        return address

    def clean_timeout_seconds(self) -> int:
        """Long enough for a draft, short enough for the worker."""
        seconds: int = self.cleaned_data["timeout_seconds"]
        if not 1 <= seconds <= 120:
            raise ValidationError(_("Wait between 1 and 120 seconds."))
        return seconds


class ServiceAdmin(TenantModelAdmin):
    """One service may be in use; none means the built-in assistant."""

    form = ServiceForm
    add_right = change_right = delete_right = "manage_ai_service"
    nothing = gettext_lazy(
        "No service of others is set up: the built-in assistant drafts, and nothing leaves."
    )
    add_words = gettext_lazy("Set one up")
    list_display = ("name", "model", "base_url", "state", "key_state")
    ordering = ("name",)
    fields = (
        "name",
        "base_url",
        "model",
        "new_key",
        "key_state",
        "is_active",
        "timeout_seconds",
        "price_in_micro",
        "price_out_micro",
    )
    readonly_fields = ("key_state",)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """Who may not write sees no field for a key."""
        writes = self.has_change_permission(request, obj)
        return self.fields if writes else [one for one in self.fields if one != "new_key"]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """An address without a scheme is meant to be a safe one."""
        if db_field.name == "base_url":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("State"), ordering="is_active")
    def state(self, obj: AIService) -> SafeString:
        """In use or not."""
        return badge(_("in use"), "good") if obj.is_active else badge(_("not in use"))

    @admin.display(description=gettext_lazy("Stored key"))
    def key_state(self, obj: AIService) -> str:
        """That there is one, never which."""
        return _("stored, not shown") if obj.pk and obj.api_key else _("none")

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """With a note of what changed: names of fields, and never the key."""
        if form.cleaned_data.get("new_key"):
            obj.api_key = form.cleaned_data["new_key"].strip()
        obj.save()
        self._note("saved", obj, member, sorted(form.changed_data))

    def remove(self, *, obj: Any, member: Membership) -> None:
        """Its key goes with it."""
        self._note("removed", obj, member, [])
        obj.delete()

    def _note(self, what: str, obj: AIService, member: Membership, changed: list[str]) -> None:
        ledger.record(
            f"ai_service_{what}",
            actor=ledger.actor_name(member),
            object_ref=f"ai_service:{obj.pk}",
            payload={"changed": changed, "host": urlsplit(obj.base_url).hostname or "", "model": obj.model},
        )


site.register(AIService, ServiceAdmin)
