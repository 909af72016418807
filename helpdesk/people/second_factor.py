"""Where an organization requires a second factor, nobody reaches the desk before setting one up."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

#: What a member needs for setting one up, and what anybody may read without signing in.
OPEN_PATHS = (
    "/account/",
    "/i18n/",
    "/invitation/",
    "/welcome/",
    "/portal/",
    "/trust/",
    "/privacy/",
    "/help/",
)


def has_factor(user_id: int) -> bool:
    """Whether the person has an app or a passkey. Recovery codes alone do not count."""
    return Authenticator.objects.filter(user_id=user_id, type__in=["totp", "webauthn"]).exists()


class SecondFactorMiddleware:
    """Sends members without a second factor to its set-up. One query, and only where the organization requires it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._set_up_first(request) or self.get_response(request)

    def _set_up_first(self, request: HttpRequest) -> HttpResponse | None:
        member = getattr(request, "member", None)
        if member is None or not request.organization.requires_second_factor:  # type: ignore[attr-defined]
            return None
        if request.path.startswith(OPEN_PATHS) or has_factor(member.user_id):
            return None
        said = _("Your organization asks for a second factor. Set one up to go on.")
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": said}, status=403)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": "/account/2fa/"})
        messages.info(request, said)
        return redirect("mfa_index")
