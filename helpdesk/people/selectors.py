"""Reads of the people room, one per screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet

from helpdesk.people.models import NOWHERE, ApiToken, Invitation, Membership
from helpdesk.people.permissions import SEES_ALL, WORK_INBOX


@dataclass(frozen=True)
class Person:
    """One row of the people page."""

    member: Membership
    sees_all: bool
    inbox_ids: frozenset[int]
    has_second_factor: bool


def inboxes() -> list[Any]:
    """The organization's inboxes, by name."""
    return list(apps.get_model("tickets", "Inbox")._default_manager.order_by("name", "pk"))


def people() -> list[Person]:
    """Every member with what they may see. Two queries, however many there are."""
    factor = Authenticator.objects.filter(user=OuterRef("user"), type__in=["totp", "webauthn"])
    members = (
        Membership.objects.select_related("user")
        .annotate(has_second_factor=Exists(factor))
        .exclude(user__email__endswith=NOWHERE)  # whom we forgot is nobody to be listed
        .order_by("-is_active", "user__name", "user__email")
    )
    granted = _granted()
    return [
        Person(
            member=one,
            sees_all=one.role in SEES_ALL,
            inbox_ids=frozenset(granted.get(one.user_id, ())),
            has_second_factor=one.has_second_factor,  # type: ignore[attr-defined]
        )
        for one in members
    ]


def _granted() -> dict[int, list[int]]:
    grants = apps.get_model("tickets", "InboxUserObjectPermission")._default_manager
    found: dict[int, list[int]] = {}
    rows = grants.filter(permission__codename=WORK_INBOX).values_list("user_id", "content_object_id")
    for user_id, inbox_id in rows:
        found.setdefault(user_id, []).append(inbox_id)
    return found


def invitations() -> QuerySet[Invitation]:
    """Open invitations, newest first."""
    return Invitation.objects.filter(accepted_at=None).select_related("invited_by__user").order_by("-pk")


def keys() -> QuerySet[ApiToken]:
    """Programs' keys, those that work first."""
    return ApiToken.objects.select_related("membership__user").order_by("-revoked_at", "-pk")
