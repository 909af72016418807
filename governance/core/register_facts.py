"""What the registers say, as the checks read it: plain rows that fit in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a register. Dates and moments are written as ISO text and read back by the field's type."""

    def to_dict(self) -> dict[str, Any]:
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Unknown keys are left out, missing ones take their default."""
        return cls(
            **{one.name: _read(str(one.type), data[one.name]) for one in fields(cls) if one.name in data}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemFacts(Row):
    """One version of one AI system. `state`: shadow, approved, retired. `stage`: that of the system."""

    provider: str
    model: str = ""
    prompt_hash: str = ""
    state: str = "shadow"
    stage: str = "plan"
    follows_release: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFacts(Row):
    """The company behind an outside service. `region` empty: nobody knows."""

    provider: str
    state: str = "draft"
    region: str = ""
    has_contract: bool = False
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts(Row):
    """A risk that is not closed, with the score that counts today (likely times bad)."""

    title: str
    score: int
    appetite: int | None = None
    accepted_until: date | None = None
    decide_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFacts(Row):
    """The newest check of one question. `system` empty: it holds for every one."""

    title: str = ""
    system: str = ""
    verdict: str = "insufficient"
    valid_until: date | None = None
    decision: str = ""
    decision_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts(Row):
    """A serious incident that is not closed. Both names empty: it concerns everything."""

    title: str = ""
    provider: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideFacts(Row):
    """An exception: this check gives way until then, everywhere or for one subject or topic."""

    id: int
    gate: str
    until: datetime
    subject: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training(Row):
    """A course that is offered, and until when the person's certificate for it holds; None: never done."""

    course: str
    title: str
    offered_since: datetime
    certified_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """Who is about to approve: on board since when, newest version read (0: none), courses; whether they decide on
    rules, and so on more than others may give."""

    since: datetime
    read_version: int = 0
    decides: bool = False
    training: tuple[Training, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "read_version": self.read_version,
            "decides": self.decides,
            "training": [one.to_dict() for one in self.training],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Approver:
        return cls(
            since=datetime.fromisoformat(data["since"]),
            read_version=int(data.get("read_version") or 0),
            decides=data.get("decides") is True,
            training=tuple(Training.from_dict(one) for one in data.get("training") or ()),
        )


def written(rows: Iterable[Row] | None) -> list[dict[str, Any]] | None:
    """Rows as JSON; not recorded stays not recorded."""
    return None if rows is None else [row.to_dict() for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(kind: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if kind.startswith("datetime"):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind.startswith("date") else value
