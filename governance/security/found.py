"""One thing that the security check looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Finding:
    """`ok`: True, False, or None where it cannot be told from here. `wall`: it keeps organizations apart."""

    ok: bool | None
    said: str
    next_step: str = ""
    name: str = ""
    wall: bool = False

    def named(self, name: str) -> Finding:
        """The same under its name."""
        return replace(self, name=name)
