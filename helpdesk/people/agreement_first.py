"""An owner who has not accepted the processing agreement reads it before anything else at the desk."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.people.models import Role
from helpdesk.people.second_factor import OPEN_PATHS


class AgreementMiddleware:
    """Sends owners to the agreement while it is due. The organization is at hand, so it costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._agree_first(request) or self.get_response(request)

    def _agree_first(self, request: HttpRequest) -> HttpResponse | None:
        member = getattr(request, "member", None)
        if member is None or not request.organization.agreement_due or member.role != Role.OWNER:  # type: ignore[attr-defined]
            return None
        url = reverse("agreement")
        if request.path.startswith((*OPEN_PATHS, url)):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": _("An owner must accept the agreement first.")}, status=403)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return redirect(url)
