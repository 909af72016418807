"""What every template may use: organization and member."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from helpdesk.people.permissions import ROLE_ACTIONS


def desk(request: HttpRequest) -> dict[str, Any]:
    """`organization`, `member`, first letters, `may` (the actions the role allows), `asked_at`."""
    member = getattr(request, "member", None)
    organization = getattr(request, "organization", None)
    return {
        "organization": organization,
        "member": member,
        "organization_initial": organization.name[:1] if organization else "",
        "member_initial": member.display_name[:1].upper() if member else "",
        "may": ROLE_ACTIONS.get(member.role, frozenset()) if member else frozenset(),
        "tour_offered": member is not None and member.tour_ended_at is None,
        "show_outbox": settings.SHOW_OUTBOX,
        "asked_at": str(getattr(request, "asked_at_ms", "")),
    }
