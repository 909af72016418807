"""Pages of the weekly mail: how the last one would read, on and off, and the link that each mail carries."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.people import weekly
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of
from helpdesk.tenancy.middleware import organization_of


@require_http_methods(["GET", "POST"])
@member_required("manage_people")
def settings_page(request: HttpRequest) -> HttpResponse:
    """The mail as it would be written now, and whether oneself gets it."""
    organization, member = organization_of(request), member_of(request)
    if request.method == "POST":
        weekly.switch(member=member, wanted=request.POST.get("wanted") == "1")
        messages.success(request, _("Saved."))
        return redirect("settings-weekly")
    monday = weekly.last_monday(organization, timezone.now())
    letter = weekly.compose(weekly.week_before(monday, organization.timezone))
    return render(request, "settings/weekly.html", {"letter": letter, "wanted": member.gets_weekly_mail})


@require_http_methods(["GET", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: works without signing in, and only once its button is pressed."""
    organization_of(request)
    member = weekly.member_of_token(token)
    if member is None:
        return render(request, "people/weekly_off.html", {"state": "gone"}, status=410)
    if request.method == "POST":
        weekly.switch(member=member, wanted=False)
        return render(request, "people/weekly_off.html", {"state": "off"})
    return render(request, "people/weekly_off.html", {"state": "ask"})
