"""Doors of the desk's pages: who is not signed in goes to sign-in, who may not sees why."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from helpdesk.people.permissions import can
from helpdesk.tenancy.middleware import organization_of

View = Callable[..., HttpResponseBase]


def member_required(action: str = "read") -> Callable[[View], View]:
    """Only members of the host's organization whose role allows `action`.

    Anonymous: redirect to sign-in (an HTMX request is told to load it). Without the right: PermissionDenied.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            organization_of(request)
            member = getattr(request, "member", None)
            if member is None:
                return _to_sign_in(request)
            if not can(member, action):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return inner

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("account_login")})
    return redirect_to_login(request.get_full_path(), reverse("account_login"))
