"""Puts the member of the host's organization on the request; a session of a stranger is nobody's here."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from helpdesk.live.events import note_active
from helpdesk.people.models import Membership
from helpdesk.tenancy.middleware import organization_of


class MembershipMiddleware:
    """Sets `request.member` (lazily, one query). A signed-in user without membership is treated as signed out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member = None  # type: ignore[attr-defined]
        if getattr(request, "organization", None) is not None and request.user.is_authenticated:
            member = Membership.objects.filter(user=request.user, is_active=True).first()
            if member is None:
                request.user = AnonymousUser()
            else:
                member.user = request.user
                request.member = member  # type: ignore[attr-defined]
                if request.method == "POST" or "HX-Request" not in request.headers:
                    note_active(member.organization_id, member.pk)
        return self.get_response(request)


def member_of(request: HttpRequest) -> Membership:
    """The member who asks. Raises Http404 on the bare host, PermissionError where nobody is signed in."""
    organization_of(request)
    member: Membership | SimpleLazyObject | None = getattr(request, "member", None)
    if member is None:
        raise PermissionError("Nobody is signed in.")
    return member  # type: ignore[return-value]
