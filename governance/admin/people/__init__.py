"""Pages about people: what they learn, what they say, who may look in from outside."""

from __future__ import annotations

from governance.admin.people import certificates, courses, records

PAGES = (certificates, courses, records)
