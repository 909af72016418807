"""What one's own work with drafts says about how one looks at them: the shape of it, and who can count it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from governance.statistics import wilson
from helpdesk.people.models import Membership


@dataclass(frozen=True, slots=True)
class Work:
    """Answers with AI help that were approved, and drafts that were decided on, by one person or by a team.

    `seconds`: median from taking a draft into one's answer to sending it, over `timed` answers; None without any.
    """

    people: int = 0
    approvals: int = 0
    edited: int = 0
    decided: int = 0
    rejected: int = 0
    timed: int = 0
    seconds: float | None = None

    @property
    def minutes(self) -> str:
        """The median as people say it."""
        return "" if self.seconds is None else f"{self.seconds / 60:.1f}"

    @property
    def edited_of_ten(self) -> tuple[int, int] | None:
        """Of ten answers, between how many and how many were changed; None without any."""
        return _of_ten(self.edited, self.approvals)

    @property
    def rejected_of_ten(self) -> tuple[int, int] | None:
        """The same for drafts that were rejected."""
        return _of_ten(self.rejected, self.decided)


Own = Callable[[Membership, datetime], Work]
Team = Callable[[datetime], Work]
_counters: list[tuple[Own, Team]] = []


def offer(own: Own, team: Team) -> None:
    """Say who counts (from `AppConfig.ready`): a member's own work since then, and everybody's together."""
    _counters[:] = [(own, team)]


def own(member: Membership, since: datetime) -> Work | None:
    """This person's own work; nobody else's is ever asked for. None where no room counts."""
    return _counters[0][0](member, since) if _counters else None


def team(since: datetime) -> Work | None:
    """Everybody's work together, with how many people it is of. None where no room counts."""
    return _counters[0][1](since) if _counters else None


def _of_ten(part: int, whole: int) -> tuple[int, int] | None:
    if not whole:
        return None
    low, high = wilson(part, whole)
    return round(low * 10), round(high * 10)
