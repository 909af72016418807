"""URLs of an organization's host, composed from the rooms."""

from __future__ import annotations

from django.urls import include, path

from helpdesk.admin.site import site
from helpdesk.runtime.health import health

urlpatterns = [
    path("health", health, name="health"),
    path("", include("helpdesk.people.urls")),
    path("", include("helpdesk.people.setup_urls")),
    path("", include("helpdesk.privacy.urls")),
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/auditors/", include("governance.auditor_urls")),
    path("admin/", site.urls),
    path("api/v1/", include("helpdesk.api.urls")),
    path("portal/", include("helpdesk.portal.urls")),
    path("portal/", include("governance.portal_urls")),
    path("portal/", include("tickets.portal_urls")),
    path("portal/assistant/", include("aiassist.assistant.urls")),
    path("", include("governance.public_urls")),
    path("", include("governance.urls")),
    path("", include("governance.people_urls")),
    path("", include("aiassist.urls")),
    path("", include("tickets.setup_urls")),
    path("", include("tickets.urls")),
]
