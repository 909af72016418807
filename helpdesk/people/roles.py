"""The roles in words: what each can see, and what each can do. What they may is in permissions.py."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Role


@dataclass(frozen=True)
class RoleWords:
    """A role as the people page and the invitation tell it."""

    value: str
    label: str | Promise
    sees: str | Promise
    does: str | Promise


ROLES = (
    RoleWords(
        Role.AGENT,
        Role.AGENT.label,
        _("Sees the inboxes that you tick, with their tickets and customers."),
        _("Answers customers, approves or rejects AI drafts, writes articles, can stop the AI."),
    ),
    RoleWords(
        Role.OWNER,
        Role.OWNER.label,
        _("Sees everything."),
        _("Does everything: people, inboxes, rules, settings, and starts the AI again."),
    ),
    RoleWords(
        Role.OFFICER,
        Role.OFFICER.label,
        _("Sees everything, with all records about the AI."),
        _("Answers customers, writes and publishes the rules, stops and starts the AI. Invites nobody."),
    ),
    RoleWords(
        Role.AUDITOR,
        Role.AUDITOR.label,
        _("Sees everything, with all records about the AI."),
        _("Only reads: changes nothing and answers nobody."),
    ),
)
