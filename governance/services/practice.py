"""Practice: invented drafts, some with a planted mistake, announced as such; one's own results for oneself.

Off until an owner turns it on and has told the team. A result is kept under a pseudonym that only its own person's
page works out: no list of the product shows whose it is. Nothing of it can become a message (a trigger refuses).
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import ledger, oversight, statistics
from governance.models import AIDecision, Record, RecordKind
from governance.services import registers
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.scope import current_organization_id

#: Owners see a team from so many people who practised.
TEAM = 8
LOOKS_BACK = timedelta(days=90)
CHOICES = ("use", "edit", "reject")
NOTICE = gettext_lazy(
    "From today there is a page for practice. It shows invented requests with invented drafts; some drafts have a "
    "planted mistake, and the page says so. Nothing of it reaches a customer. What you find is for you alone. The page "
    "also shows you your own work with drafts: how long you had one before you sent it, how often you changed one, how "
    "often you rejected one. Nobody else sees that. From eight people on the owner sees the team's share, never a "
    "person's. It is kept for 90 days and may not be used for pay, rating or dismissal. Nobody has to take part."
)
COUNCIL = {
    "none": gettext_lazy("We have no works council or staff committee."),
    "agreed": gettext_lazy("They were asked and have agreed."),
}


@dataclass(frozen=True)
class Found:
    """Planted mistakes that were found, out of those shown, and what share of many that would be."""

    caught: int
    shown: int

    @property
    def range_of_ten(self) -> tuple[int, int] | None:
        """Of ten planted mistakes, between how many and how many; None without any."""
        if not self.shown:
            return None
        low, high = statistics.wilson(self.caught, self.shown)
        return round(low * 10), round(high * 10)


@cache
def cases() -> dict[str, dict[str, Any]]:
    """The invented cases by name."""
    path = Path(__file__).parent.parent / "practice" / "cases.toml"
    return {one["key"]: one for one in tomllib.loads(path.read_text(encoding="utf-8"))["cases"]}


def in_force() -> Record | None:
    """The record by which practice was turned on; None while it is off. One query."""
    rows = Record.objects.filter(kind=RecordKind.CONSULTATION, state="open", data__practice=True)
    return rows.select_related("decided_by__user").order_by("-pk").first()


def covers_work(row: Record | None) -> bool:
    """Whether the team was told of figures of their real work: older notices spoke of practice alone."""
    return row is not None and row.data.get("notice") == _hash(NOTICE)


def own_work(member: Membership) -> oversight.Work | None:
    """A person's own work with drafts of 90 days, for that person alone; None while nobody was told of it."""
    if not covers_work(in_force()):
        return None
    return oversight.own(member, timezone.now() - LOOKS_BACK)


def team_work() -> oversight.Work | None:
    """The team's work with drafts, from eight people on; None below, and while nobody was told of it."""
    if not covers_work(in_force()):
        return None
    found = oversight.team(timezone.now() - LOOKS_BACK)
    return found if found is not None and found.people >= TEAM else None


def _hash(notice: Any) -> str:
    """Of the notice as it was written, whatever language it is read in."""
    with translation.override("en"):
        return hashlib.sha256(str(notice).encode()).hexdigest()


def turn_on(*, member: Membership, told: bool, council: str) -> Record:
    """Turn practice on, with the notice the team was given and the works council's answer. Raises NotAllowed,
    InvalidState."""
    _require_owner(member)
    if not told or council not in COUNCIL:
        raise InvalidState(
            _("Tell your team first, and answer the question about the works council."),
            next_step=_("Practice stays off until then."),
        )
    known = in_force()
    if known is not None:
        return known
    with transaction.atomic():
        row = Record(
            kind=RecordKind.CONSULTATION,
            title=_("Practice is on"),
            text=str(NOTICE),
            decision=str(COUNCIL[council]),
            decided_by=member,
            decided_at=timezone.now(),
            accountable=member,
            data={
                "practice": True,
                "council": council,
                "notice": _hash(NOTICE),
            },
        )
        registers.save_row(row=row, member=member)
    return row


def turn_off(*, member: Membership) -> None:
    """Turn it off; what was practised is deleted after 90 days. Raises NotAllowed."""
    _require_owner(member)
    row = in_force()
    if row is not None:
        registers.change(row=row, member=member, state="closed", data={**row.data, "practice": False})


def next_case(member: Membership) -> dict[str, Any] | None:
    """The next case that this person has not seen in 90 days; None when there is none left. One query."""
    seen = set(_mine(member).values_list("request__case", flat=True))
    order = sorted(cases(), key=lambda key: hashlib.sha256(f"{_name(member)}{key}".encode()).digest())
    return next((cases()[key] for key in order if key not in seen), None)


def answer(*, member: Membership, case: str, choice: str) -> dict[str, Any]:
    """Keep what somebody did with a case, and return the case. Raises NotAllowed, InvalidState (off, twice)."""
    if not can(member, "work"):
        raise NotAllowed(_("You only read here."), next_step=_("Practice is for those who answer."))
    told = cases().get(case)
    if in_force() is None or told is None or choice not in CHOICES:
        raise InvalidState(_("There is nothing to practise here."), next_step=_("Look at the page again."))
    with transaction.atomic():
        list(Membership.objects.select_for_update().filter(pk=member.pk).values_list("pk"))
        if _mine(member).filter(request__case=case).exists():
            raise InvalidState(_("You have answered this one."), next_step=_("Take the next one."))
        row = AIDecision.objects.create(
            kind="canary",
            action="approve",
            subject_kind="practice",
            subject_id=list(cases()).index(case) + 1,
            allowed=choice == "use",
            request={"case": case, "choice": choice, "who": _name(member)},
            facts={"fault": told["fault"], "caught": bool(told["fault"]) and choice != "use"},
        )
        ledger.record(
            "practised",
            actor="system",
            object_ref=f"decision:{row.pk}",
            payload={"case": case, "choice": choice},
        )
    return told


def own(member: Membership) -> Found:
    """One's own result of 90 days. One query."""
    return _counted(_mine(member))


def team() -> Found | None:
    """The team's result, from eight people who practised; None below. One query."""
    rows = _recent()
    if len(set(rows.values_list("request__who", flat=True))) < TEAM:
        return None
    return _counted(rows)


def forget_old() -> int:
    """Delete what was practised more than 90 days ago; returns how many. That it was practised stays in the record.

    Running it twice deletes nothing more.
    """
    before = timezone.now() - LOOKS_BACK
    old = AIDecision.objects.filter(kind="canary", subject_kind="practice", created_at__lt=before)
    return old.delete()[0]


def _counted(rows: Any) -> Found:
    told = [one for one in rows.values_list("facts", flat=True) if one.get("fault")]
    return Found(sum(bool(one.get("caught")) for one in told), len(told))


def _recent() -> Any:
    since = timezone.now() - LOOKS_BACK
    return AIDecision.objects.filter(kind="canary", subject_kind="practice", created_at__gte=since)


def _mine(member: Membership) -> Any:
    return _recent().filter(request__who=_name(member))


def _name(member: Membership) -> str:
    """The pseudonym: worked out with the installation's key, the same each time for one person."""
    said = f"{current_organization_id()}:{member.pk}"
    return salted_hmac("governance.practice", said, algorithm="sha256").hexdigest()[:32]


def _require_owner(member: Membership) -> None:
    if not can(member, "manage_people"):
        raise NotAllowed(_("Only an owner turns practice on or off."), next_step=_("Ask one of them."))
