"""The law's pages in the admin: rules, registers, records."""

from __future__ import annotations

from governance.admin import policies, records, registers

__all__ = ["policies", "records", "registers"]
