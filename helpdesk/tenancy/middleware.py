"""Host -> organization -> scope: one transaction around each request, before sign-in."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from helpdesk.tenancy.hosts import organization_for_host
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import RequestScope

#: No organization, no database: probes and static files.
SCOPELESS_PATHS = ("/health", "/static/")


class OrganizationMiddleware:
    """Finds the organization by host, opens its scope, rolls back on any exception of the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host()
        # From here on the page must hear of events: what it shows was read after this moment.
        request.asked_at_ms = time.time_ns() // 1_000_000  # type: ignore[attr-defined]
        organization = None if request.path.startswith(SCOPELESS_PATHS) else organization_for_host(host)
        request.organization = organization  # type: ignore[attr-defined]
        if organization is None:
            return self._without_organization(request, host)
        timezone.activate(organization.timezone)
        return self._inside(request, organization)

    def _without_organization(self, request: HttpRequest, host: str) -> HttpResponse:
        if request.path.startswith(SCOPELESS_PATHS) or host.split(":", maxsplit=1)[0] in settings.BARE_HOSTS:
            request.urlconf = "helpdesk.urls_bare"
            return self.get_response(request)
        return render(request, "errors/unknown_host.html", status=404)

    def _inside(self, request: HttpRequest, organization: Organization) -> HttpResponse:
        scope = RequestScope(organization.id)
        request.organization_scope = scope  # type: ignore[attr-defined]
        scope.open()
        try:
            response = self.get_response(request)
        except BaseException as error:
            scope.close(error)
            raise
        if response.status_code >= 500:
            scope.close(_Failed())
        else:
            scope.close()
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A view that raised (Http404 included) leaves nothing half done."""
        roll_back(request, exception)


class _Failed(Exception):
    """Closes the scope of a request that answered with a server error."""


def roll_back(request: HttpRequest, error: BaseException) -> None:
    """Undo what the request wrote; the error page runs in a new transaction."""
    scope = getattr(request, "organization_scope", None)
    if scope is not None:
        scope.roll_back_and_reopen(error)


def organization_of(request: HttpRequest) -> Organization:
    """The organization whose host was asked. Raises Http404 on the bare host."""
    organization: Organization | None = getattr(request, "organization", None)
    if organization is None:
        raise Http404
    return organization


def organization_id_of(request: HttpRequest) -> UUID:
    """The id of the organization whose host was asked."""
    return organization_of(request).id
