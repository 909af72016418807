"""Permissions of the API: members of the host's organization only."""

from __future__ import annotations

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from helpdesk.people.permissions import can


class IsMember(BasePermission):
    """Reading needs `read`, everything else `work`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        member = getattr(request._request, "member", None)  # noqa: SLF001
        return can(member, "read" if request.method in SAFE_METHODS else "work")
