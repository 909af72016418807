"""The law's pages in the admin: rules, registers, records."""

from __future__ import annotations

from governance.admin import audits, policies, records, requests, risks

__all__ = ["audits", "policies", "records", "requests", "risks"]
