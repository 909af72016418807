"""Permissions of the API: members of the host's organization only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from helpdesk.people.permissions import can

if TYPE_CHECKING:  # importing it at run time would be a circle: views read the setting that names this module
    from rest_framework.views import APIView


class IsMember(BasePermission):
    """Reading needs `read`, everything else `work`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        member = getattr(request._request, "member", None)  # noqa: SLF001
        return can(member, "read" if request.method in SAFE_METHODS else "work")
