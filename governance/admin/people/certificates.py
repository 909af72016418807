"""Certificates: issued by passing a course here, or written down with the proof of a course elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminTextInputWidget

from governance.models import Certificate
from governance.services import training
from helpdesk.admin.base import TenantModelAdmin, TenantModelForm, badge, member_of
from helpdesk.admin.site import site
from helpdesk.errors import HelpdeskError
from helpdesk.people.models import Membership


class OutsideForm(TenantModelForm):
    """A course that somebody took elsewhere."""

    link = forms.URLField(
        label=gettext_lazy("Where its proof can be read"),
        assume_scheme="https",
        widget=UnfoldAdminTextInputWidget(),
    )

    class Meta:
        model = Certificate
        fields = ("member", "course", "source", "link", "issued_on", "expires_on")
        labels = {
            "member": gettext_lazy("Who"),
            "course": gettext_lazy("Counts as"),
            "source": gettext_lazy("Who gave it"),
            "issued_on": gettext_lazy("From"),
            "expires_on": gettext_lazy("Counts until"),
        }


class CertificateAdmin(TenantModelAdmin):
    """Who may approve drafts because of what; scores are not shown."""

    form = OutsideForm
    add_right = "manage_policy"
    nothing = gettext_lazy(
        "Nobody holds a certificate yet. Whoever passes a course gets one by itself; one of others is counted here."
    )
    add_words = gettext_lazy("Count a course taken elsewhere")
    list_display = ("member", "course", "state", "expires_on", "given_by")
    list_select_related = ("member__user", "course", "approved_by__user")
    ordering = ("-pk",)
    fields = ("member", "course", "source", "link", "issued_on", "expires_on", "approved_by", "state")
    readonly_fields = ("approved_by", "state")
    change_form_outer_before_template = "admin/governance/certificate.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is asked for; or what it says."""
        return self.fields if obj else OutsideForm.Meta.fields

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service, which checks who vouches for whom."""
        asked = form.cleaned_data
        found = training.certify_outside(
            course=asked["course"],
            holder=asked["member"],
            member=member,
            source=asked["source"],
            link=asked["link"],
            issued_on=asked["issued_on"],
            expires_on=asked["expires_on"],
        )
        obj.pk = found.pk

    @admin.display(description=gettext_lazy("State"))
    def state(self, obj: Certificate) -> SafeString:
        """Whether it counts today."""
        if obj.revoked_at is not None:
            return badge(_("taken back"), "bad")
        if obj.expires_on < timezone.localdate():
            return badge(_("has ended"), "bad")
        return badge(_("counts"), "good")

    @admin.display(description=gettext_lazy("From"))
    def given_by(self, obj: Certificate) -> str:
        """This house, or others and who looked at the proof."""
        if not obj.source:
            return _("a course here")
        said = _("%(source)s, looked at by %(name)s")
        return said % {"source": obj.source, "name": obj.approved_by or _("somebody who has left")}

    def get_urls(self) -> list[Any]:
        """Also: take one back."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/revoke/", wrap(require_POST(self.revoke_view)), name="certificate-revoke"),
            *super().get_urls(),
        ]

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """It does not count any more."""
        found = Certificate.objects.filter(pk=pk).first()
        if found is None:
            raise Http404
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            training.revoke(certificate=found, member=member_of(request))
        except HelpdeskError as error:
            return self.refused(request, error)
        messages.success(request, _("Taken back. It does not count any more."))
        return redirect(self.page_url(pk))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """With its button for who may press it."""
        obj = kwargs.get("obj")
        context["may_revoke"] = bool(obj and obj.revoked_at is None and self.has_add_permission(request))
        return super().render_change_form(request, context, *args, **kwargs)


site.register(Certificate, CertificateAdmin)
