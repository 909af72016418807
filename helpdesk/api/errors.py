"""Errors of the API as problem documents (RFC 9457), with the request's writes rolled back."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from helpdesk.errors import HelpdeskError
from helpdesk.tenancy.middleware import roll_back


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """A problem document for errors that we foresee; others stay a 500."""
    request = context["request"]._request  # noqa: SLF001
    if isinstance(error, HelpdeskError):
        roll_back(request, error)
        body = {"title": error.message, "status": error.status, "next_step": error.next_step}
        return Response(body, status=error.status, content_type="application/problem+json")
    response = exception_handler(error, context)
    if response is None:
        return None
    roll_back(request, error)
    detail = response.data.get("detail") if isinstance(response.data, dict) else None
    body = {"title": str(detail or "The request has errors."), "status": response.status_code}
    if response.status_code == status.HTTP_400_BAD_REQUEST and not detail:
        body["errors"] = response.data
    response.data, response.content_type = body, "application/problem+json"
    return response
