"""The AI that comes with a release: each room that brings one says so here, with its card and its test results.

Publishing rules accepts what is shipped (governance.md 1.1): card, results, and the check on invented customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ShippedSystem:
    """One AI of this release. `prompts` are the hashes of the texts it is told; "" where it is told none.

    `results` and `pairs` are what the release's own tests measured: figures with n, never promises.
    """

    provider: str
    model: str
    prompts: tuple[str, ...]
    release: str
    tested_on: date
    name: str
    purpose: str
    limits: str
    bounds: str
    data: str
    known_failures: str
    results: Mapping[str, Any] = field(default_factory=dict)
    pairs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """How audits name it."""
        return f"{self.provider}/{self.model}"


_systems: dict[str, ShippedSystem] = {}
_prompts: set[str] = set()


def register(system: ShippedSystem) -> None:
    """Say that this release brings it (from `AppConfig.ready`). Registering it again replaces it."""
    _systems[system.key] = system
    _prompts.update(system.prompts)


def register_prompts(*hashes: str) -> None:
    """Prompts of this release that any approved service may be given."""
    _prompts.update(hashes)


def systems() -> tuple[ShippedSystem, ...]:
    """Every AI of this release."""
    return tuple(_systems.values())


def prompts() -> frozenset[str]:
    """The hash of every prompt of this release."""
    return frozenset(_prompts)
