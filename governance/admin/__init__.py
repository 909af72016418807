"""The law's pages in the admin: rules, registers, records."""

from __future__ import annotations

from governance.admin import (
    audits,
    changes,
    incidents,
    papers,
    policies,
    records,
    requests,
    risks,
    systems,
    vendors,
)
from governance.admin.people import PAGES

__all__ = [
    "PAGES",
    "audits",
    "changes",
    "incidents",
    "papers",
    "policies",
    "records",
    "requests",
    "risks",
    "systems",
    "vendors",
]
