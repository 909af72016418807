"""The security check: what is looked at, in order, and how a run is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from governance import ledger
from governance.models import SelfCheck
from governance.security import installation, people, walls
from governance.security.found import Finding
from helpdesk.people.models import Membership

KIND = "security_audit"

CHECKS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    ("row_level_security", walls.every_table_is_walled),
    ("database_role", walls.the_role_is_small),
    ("guards", walls.guards_are_on),
    ("outward", walls.outward_is_listed),
    ("roles", people.roles_are_filled),
    ("second_factor", people.second_factors),
    ("stale_people", people.stale_people),
    ("open_links", people.open_links),
    ("tokens", people.tokens),
    ("transport", installation.transport),
    ("debug", installation.debug_is_off),
    ("keys", installation.keys_are_fresh),
    ("backup", installation.backup_is_fresh),
)


@dataclass(frozen=True)
class Run:
    """What one run found; it is in order when nothing is known to be wrong (what nobody can tell is not)."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return all(one.ok is not False for one in self.findings)

    def to_list(self) -> list[dict[str, Any]]:
        """As it is kept and printed."""
        return [asdict(one) for one in self.findings]


def look() -> Run:
    """Look at everything in this organization and installation; nothing is kept. A constant number of queries."""
    return Run(tuple(_look(name, check) for name, check in CHECKS))


def run(*, member: Membership | None = None) -> SelfCheck:
    """Look, and keep what was found; noted in the ledger."""
    found = look()
    with transaction.atomic():
        row = SelfCheck.objects.create(kind=KIND, ok=found.ok, results=found.to_list())
        ledger.record(
            "security_checked",
            actor=ledger.actor_name(member),
            object_ref=f"self_check:{row.pk}",
            payload={"ok": found.ok, "wrong": [one.name for one in found.findings if one.ok is False]},
        )
    return row


def _look(name: str, check: Callable[[], Finding]) -> Finding:
    """A part that breaks is wrong, not silent."""
    try:
        with transaction.atomic():
            return check().named(name)
    except Exception as error:  # noqa: BLE001 - whatever it was, nobody can say that all is well
        said = _("This could not be looked at (%(what)s).") % {"what": type(error).__name__}
        return Finding(ok=False, said=said, next_step=_("Tell whoever runs this installation.")).named(name)
