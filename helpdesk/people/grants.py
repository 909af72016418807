"""guardian's abstract base for a grant to a person, re-exported so that other rooms need not import guardian."""

from __future__ import annotations

from guardian.models import UserObjectPermissionBase as UserGrantBase

__all__ = ["UserGrantBase"]
