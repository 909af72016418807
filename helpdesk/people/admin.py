"""People in the admin: who works here and as what. Users and their second factors have no page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from helpdesk.admin.base import TenantModelAdmin, badge, shown
from helpdesk.admin.site import site
from helpdesk.people import services
from helpdesk.people.models import Membership


class MembershipAdmin(TenantModelAdmin):
    """Role, and in or out. People come by invitation only."""

    add_right = change_right = "manage_people"
    list_display = ("person", "address", "role", "state", "since")
    since = shown("created_at", _("Since"))
    list_filter = ("role", "is_active")
    list_select_related = ("user",)
    ordering = ("user__name",)
    fields = ("person", "address", "work_name", "role", "is_active")
    readonly_fields = ("person", "address", "work_name")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """In the words of the list."""
        return super().get_form(request, obj, change=change, labels={"is_active": _("Works here")}, **kwargs)

    @admin.display(description=_("Name"))
    def person(self, obj: Membership) -> str:
        """The name, as colleagues know it."""
        return str(obj.user)

    @admin.display(description=_("E-mail address"))
    def address(self, obj: Membership) -> str:
        """Where invitations and sign-in links go."""
        return obj.user.email

    @admin.display(description=_("State"))
    def state(self, obj: Membership) -> str:
        """In or out, as a word."""
        return badge(_("works here"), "good") if obj.is_active else badge(_("no access"), "")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """People are invited on the desk's page."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)  # type: ignore[no-any-return]
        return redirect("people")

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the services: at least one owner stays."""
        if "role" in form.changed_data:
            services.change_role(target=obj, role=obj.role, member=member)
        if "is_active" in form.changed_data:
            services.set_active(target=obj, is_active=obj.is_active, member=member)


site.register(Membership, MembershipAdmin)
