"""The law's pages in the admin: rules, registers, records."""

from __future__ import annotations

from governance.admin import audits, incidents, policies, records, requests, risks, systems, vendors

__all__ = ["audits", "incidents", "policies", "records", "requests", "risks", "systems", "vendors"]
