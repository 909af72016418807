"""What the tenancy room holds: organizations, no persons."""

from __future__ import annotations

from helpdesk.privacy.registry import Category, D, declare

declare("tenancy.Organization", {}, rest=D(Category.BUSINESS))
declare("tenancy.Domain", {}, rest=D(Category.BUSINESS))
