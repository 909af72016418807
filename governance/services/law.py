"""Takes a law pack over: rules as data, and one task for each clause that a change of law touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import ledger
from governance.law.pack import Pack, Rule, read
from governance.models import LawRule, LawTask
from governance.services import registers
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: What is compared; a new wording of our own notes is no change of law.
_COMPARED = ("source", "source_date", "state", "in_force_on", "value")


@dataclass(frozen=True)
class Update:
    """What taking a pack over did."""

    new: int
    changed: int
    gone: int
    tasks: int


def update(pack: Pack | None = None, *, member: Membership | None = None) -> Update:
    """Take the pack over (the shipped one where none is given). The first time opens no task: the rules in force were
    written with that law in view. Idempotent: the same version twice changes nothing. Locks the organization's rules.
    """
    pack = pack or read()
    with transaction.atomic():
        known = {one.key: one for one in LawRule.objects.select_for_update(of=("self",))}
        if known and all(one.pack_version == pack.version for one in known.values()):
            return Update(0, 0, 0, 0)
        first, counted, tasks = not known, {"new": 0, "changed": 0}, 0
        for rule in pack.rules:
            what = _take(rule, known.pop(rule.key, None), pack.version)
            if what:
                counted["new" if what == "new" else "changed"] += 1
                tasks += 0 if first else _open(rule.key, rule.clauses, _said(rule, what), pack.version)
        for gone in known.values():
            said = _("“%(title)s” is not in the law pack any more.") % {"title": gone.title}
            tasks += _open(gone.key, gone.clauses, said, pack.version)
            gone.delete()
        result = Update(counted["new"], counted["changed"], len(known), tasks)
        _note(pack, result, member)
    return result


def settle(*, task: LawTask, member: Membership, state: str, note: str) -> None:
    """Say what became of a task: done, or not for us (with a reason). Raises NotAllowed, InvalidState."""
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("You can read this, but not settle it."), next_step=_("Ask an owner or ethics officer.")
        )
    if state not in ("done", "dropped") or (state == "dropped" and not note.strip()):
        raise InvalidState(_("Nothing was settled."), next_step=_("Say why it does not concern you."))
    with transaction.atomic():
        row = LawTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
        if row.state != "open":
            raise InvalidState(_("This was settled already."), next_step=_("Look at the list."))
        registers.change(
            row=row, member=member, state=state, note=note.strip(), done_by=member, done_at=timezone.now()
        )
        waits = LawTask.objects.filter(rule_key=row.rule_key, state="open").exists()
        if not waits:
            LawRule.objects.filter(key=row.rule_key).update(
                checked_on=timezone.localdate(), checked_by=member
            )


def _take(rule: Rule, row: LawRule | None, version: str) -> str:
    """Write the rule; what changed: "new", names of fields, or nothing."""
    values = _values(rule)
    if row is None:
        LawRule.objects.create(key=rule.key, pack_version=version, checked_on=None, **values)
        return "new"
    changed = [name for name in _COMPARED if getattr(row, name) != values[name]]
    if changed:
        row.checked_on = row.checked_by = None
    for name, value in {**values, "pack_version": version}.items():
        setattr(row, name, value)
    row.save()
    return ", ".join(changed)


def _values(rule: Rule) -> dict[str, Any]:
    return {
        "regime": rule.regime,
        "title": rule.title,
        "text": rule.text,
        "source": rule.source,
        "source_date": rule.source_date,
        "state": rule.state,
        "in_force_on": rule.in_force_on,
        "value": dict(rule.value),
        "clauses": list(rule.clauses),
    }


def _said(rule: Rule, what: str) -> str:
    if what == "new":
        return _("New: %(title)s (%(source)s).") % {"title": rule.title, "source": rule.source}
    return _("Changed: %(title)s (%(source)s).") % {"title": rule.title, "source": rule.source}


def _open(key: str, clauses: Any, said: str, version: str) -> int:
    """One task for each clause; running again opens none twice."""
    count = 0
    for clause in clauses:
        task, new = LawTask.objects.get_or_create(
            rule_key=key, pack_version=version, clause=clause, defaults={"what_changed": said}
        )
        if new:
            registers.note(row=task, member=None, action="created")
            count += 1
    return count


def _note(pack: Pack, result: Update, member: Membership | None) -> None:
    ledger.record(
        "law_updated",
        actor=ledger.actor_name(member),
        object_ref="law:pack",
        payload={
            "version": pack.version,
            "new": result.new,
            "changed": result.changed,
            "tasks": result.tasks,
        },
    )
