"""The admin site, for owners, officers and (reading) auditors; rows are filtered by the database."""

from __future__ import annotations

from django.http import HttpRequest
from unfold.sites import UnfoldAdminSite

from helpdesk.people.permissions import can


class HelpdeskAdminSite(UnfoldAdminSite):
    """One site; the organization comes from the host."""

    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Asks the membership; is_staff and is_superuser mean nothing."""
        member = getattr(request, "member", None)
        return can(member, "admin") or can(member, "admin_read")


site = HelpdeskAdminSite(name="admin")
