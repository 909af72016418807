"""The product's weekly look at itself: walls, people, links, keys. `run` keeps what it found as a SelfCheck."""

from __future__ import annotations

from governance.security.audit import KIND, Finding, look, run

__all__ = ["KIND", "Finding", "look", "run"]
