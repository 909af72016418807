"""Reads a law pack: JSON that says of each rule where it stands written, since when it counts, and what it touches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from governance.core.clauses import Clauses

SHIPPED = Path(__file__).with_name("pack.json")
REGIMES = {
    "ai_act": "EU AI Act",
    "gdpr": "GDPR",
    "ccpa": "CCPA and CPRA",
    "nist_ai_rmf": "NIST AI RMF",
    "iso_42001": "ISO/IEC 42001",
}
STATES = ("draft", "adopted", "in_force")
_CLAUSES = frozenset(one.name for one in fields(Clauses))
_DEMANDS = range(1, 64)


class PackError(ValueError):
    """A pack that cannot be used; says which rule and why."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. `verify`: not read in its official text for this release. `only_you`: what no program can do."""

    key: str
    regime: str
    title: str
    text: str
    source: str
    state: str
    source_date: date | None = None
    in_force_on: date | None = None
    verify: bool = False
    value: Mapping[str, Any] = field(default_factory=dict)
    clauses: tuple[str, ...] = ()
    demands: tuple[int, ...] = ()
    only_you: str = ""


@dataclass(frozen=True)
class Pack:
    """Rules by key, in the order of the file."""

    version: str
    rules: tuple[Rule, ...]


def read(path: Path = SHIPPED) -> Pack:
    """The pack in this file. Raises PackError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        rules = tuple(_rule(one) for one in data["rules"])
        version = str(data["version"])
    except OSError as error:
        raise PackError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PackError(f"{path} is no law pack: {error}.") from error
    if len({one.key for one in rules}) != len(rules):
        raise PackError(f"{path} names a rule twice.")
    return Pack(version, rules)


def _rule(data: Mapping[str, Any]) -> Rule:
    rule = Rule(
        key=str(data["key"]),
        regime=str(data["regime"]),
        title=str(data["title"]),
        text=str(data.get("text", "")),
        source=str(data["source"]),
        state=str(data["state"]),
        source_date=_day(data.get("source_date")),
        in_force_on=_day(data.get("in_force_on")),
        verify=data.get("verify") is True,
        value=dict(data.get("value") or {}),
        clauses=tuple(data.get("clauses") or ()),
        demands=tuple(data.get("demands") or ()),
        only_you=str(data.get("only_you", "")),
    )
    problem = _problem(rule)
    if problem:
        raise PackError(f"{rule.key}: {problem}")
    return rule


def _problem(rule: Rule) -> str:
    if rule.regime not in REGIMES or rule.state not in STATES:
        return "unknown regime or state"
    if unknown := set(rule.clauses) - _CLAUSES:
        return f"unknown clauses {sorted(unknown)}"
    if not rule.demands or not all(one in _DEMANDS for one in rule.demands):
        return "names no demand, or one that does not exist"
    return "" if rule.source and rule.only_you else "has no source, or nothing that only people can do"


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
