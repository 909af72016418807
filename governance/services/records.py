"""Records: kept with their template's fields, decided with an effect on the checks, concerns answered in time."""

from __future__ import annotations

import re
import secrets
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import indicators, ledger
from governance.core.record_kinds import TEMPLATES
from governance.models import Finding, LedgerEntry, Record, RecordKind, Risk
from governance.services import drafts, registers, stops
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: An address, or six digits that may be parts of a number.
_PERSONAL = re.compile(r"[^\s@]+@[^\s@]+|(?:\d[\s/().-]?){6,}")
#: Concerns without a name that one day can bring.
NOTED_AT_ONCE = 500
#: How far back the figure of a scenario looks.
LOOKS_BACK = timedelta(days=30)
#: Somebody has to decide on what came true within this time.
DECIDE_WITHIN = timedelta(days=30)


def keep(*, record: Record, member: Membership) -> Record:
    """Store a record as its form checked it. A decision with an effect has that effect once, in the same transaction.

    Raises NotAllowed, InvalidState (an effect without a decision, or one that this kind cannot have; another's words
    changed, or put aside without an answer).
    """
    template = TEMPLATES.get(record.kind)
    if template is None:
        raise InvalidState(_("This is not written down here."), next_step=_("Choose one of the templates."))
    with transaction.atomic():
        before = (
            Record.objects.select_for_update(of=("self",)).filter(pk=record.pk).first() if record.pk else None
        )
        if record.due is None and template.due_days is not None and before is None:
            record.due = timezone.localdate() + timedelta(days=template.due_days)
        if before is not None and before.kind == RecordKind.CONCERN:
            _require_heard(record, before)
        _note_decision(record, before, member)
        if record.effect and record.effect not in template.effects:
            raise InvalidState(_("This cannot follow from such a record."), next_step=_("Choose another."))
        if record.effect and not record.decision.strip():
            raise InvalidState(
                _("Write down the decision first."), next_step=_("Say what was decided, and why.")
            )
        registers.save_row(row=record, member=member)
        if record.effect and not record.effect_ref:
            record.effect_ref = _have_effect(record, member)
            registers.change(row=record, member=member, effect_ref=record.effect_ref)
    return record


def raise_concern(*, text: str, member: Membership | None) -> Record:
    """Take a colleague's concern. `member` None: neither rows nor ledger say who it was or at what moment; it stands in
    the ledger from the next day on (`note_unnamed`)."""
    if not text.strip():
        raise InvalidState(_("There is nothing in it yet."), next_step=_("Write what it is about."))
    with transaction.atomic():
        # A number drawn by lot: in order, it would stand between two records whose moment is known.
        number = {} if member else {"pk": secrets.randbelow(10**15) + 1}
        row = Record.objects.create(
            **number,
            kind=RecordKind.CONCERN,
            title=_("A concern of %(day)s") % {"day": date_format(timezone.localdate(), "F Y")},
            text=text.strip(),
            is_anonymous=member is None,
            reporter=member,
            due=timezone.localdate() + timedelta(days=TEMPLATES["concern"].due_days or 10),
        )
        if member is None:
            # The day is enough: a minute beside a list of who was signed in would be a name.
            midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
            Record.objects.filter(pk=row.pk).update(created_at=midnight, updated_at=midnight)
        else:
            _note_concern(row, ledger.actor_name(member))
    return row


def note_unnamed() -> int:
    """Put concerns without a name on record, the day after: an entry has its moment. Returns how many. Idempotent."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Record.objects.filter(kind=RecordKind.CONCERN, is_anonymous=True, created_at__lt=midnight)
    refs = {registers.ref(one): one for one in rows.order_by("-pk")[:NOTED_AT_ONCE]}
    known = LedgerEntry.objects.filter(event="concern_raised", object_ref__in=refs)
    new = sorted(set(refs) - set(known.values_list("object_ref", flat=True)), key=lambda ref: refs[ref].pk)
    for ref in new:
        _note_concern(refs[ref], "system")
    return len(new)


def _note_concern(row: Record, actor: str) -> None:
    ledger.record(
        "concern_raised",
        actor=actor,
        object_ref=registers.ref(row),
        payload={"text": row.text, "due": str(row.due)},
    )


def remove(*, record: Record, member: Membership) -> None:
    """Remove one that was a mistake. Raises NotAllowed, InvalidState: what somebody else said is not ours to remove."""
    if record.kind in {RecordKind.CONCERN, RecordKind.QUESTION}:
        raise InvalidState(
            _("What somebody said stays on record."), next_step=_("Answer it; then it is settled.")
        )
    registers.remove_row(row=record, member=member)


def _require_heard(record: Record, before: Record) -> None:
    if (record.title, record.text) != (before.title, before.text):
        raise InvalidState(
            _("These are somebody else's words; they stay as they were written."),
            next_step=_("Write what you think of it into the answer."),
        )
    if record.state != "open" and before.state == "open":
        raise InvalidState(
            _("Nobody has answered it yet."),
            next_step=_("Answer it on the page “Concerns”; then it is settled."),
        )
    if before.due and (record.due is None or record.due > before.due):
        raise InvalidState(
            _("An answer was promised until %(day)s.") % {"day": date_format(before.due)},
            next_step=_("Answer it by then; later it opens a finding."),
        )


def answer_concern(*, record: Record, member: Membership, text: str) -> None:
    """Answer a concern; everybody on the desk reads the answer. Raises NotAllowed, InvalidState."""
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer answers concerns."), next_step=_("Ask one of them.")
        )
    with transaction.atomic():
        row = Record.objects.select_for_update(of=("self",)).get(pk=record.pk)
        if row.kind != RecordKind.CONCERN or row.state != "open":
            raise InvalidState(_("This was answered already."), next_step=_("Look at the answer."))
        if not text.strip():
            raise InvalidState(_("There is nothing in it yet."), next_step=_("Write the answer first."))
        registers.change(
            row=row,
            member=member,
            answer=text.strip(),
            answered_by=member,
            answered_at=timezone.now(),
            state="answered",
        )


def find_late() -> int:
    """Open a finding for each concern whose ten days are over without an answer, once. Returns how many."""
    late = Record.objects.filter(
        kind__in=(RecordKind.CONCERN, RecordKind.QUESTION), state="open", due__lt=timezone.localdate()
    )
    title = _("A concern waits too long for an answer")
    return sum(_find("concern", registers.ref(one), title, one.accountable) for one in late)


def fire_scenarios() -> int:
    """Read the figure of each open scenario; one above its limit has come true and opens a proposal. Idempotent."""
    fired, now = 0, timezone.now()
    with transaction.atomic():
        rows = Record.objects.select_for_update(of=("self",)).filter(kind=RecordKind.SCENARIO, state="open")
        for row in rows:
            figure = indicators.BY_KEY.get(str(row.data.get("trigger", "")))
            if figure is None or row.data.get("fired_at"):
                continue
            value, limit = figure.read(now - LOOKS_BACK), float(row.data.get("limit") or figure.limit)
            if value is None or value <= limit:
                continue
            said = _("%(figure)s: %(value)s, limit %(limit)s") % {
                "figure": figure.label,
                "value": figure.said(value),
                "limit": figure.said(limit),
            }
            registers.change(
                row=row, member=None, data={**row.data, "fired_at": now.isoformat(), "fired_because": said}
            )
            title = _("It has come true: %(title)s") % {"title": row.title}
            fired += _find("scenario", registers.ref(row), title, row.accountable, f"{said}\n\n{row.text}")
    return fired


def _note_decision(record: Record, before: Record | None, member: Membership) -> None:
    if record.decision.strip() and (before is None or before.decision != record.decision):
        record.decided_by, record.decided_at = member, timezone.now()


def _have_effect(record: Record, member: Membership) -> str:
    """Do what follows from the decision and return its reference."""
    if record.effect == "stop":
        stop = stops.stop_ai(scope="organization", member=member, reason=record.title)
        return f"stop:{stop.pk}"
    if record.effect == "rule":
        return f"policy:{drafts.start_draft(member=member).pk}"
    if record.effect == "risk":
        risk = Risk(
            title=record.title,
            description=record.decision,
            likelihood_after=4,
            impact_after=4,
            accountable=record.accountable or member,
            decide_by=timezone.localdate() + DECIDE_WITHIN,
        )
        registers.save_row(row=risk, member=member)
        return registers.ref(risk)
    _find("record", registers.ref(record), record.title, record.accountable or member, record.decision)
    found = Finding.objects.filter(source="record", source_ref=registers.ref(record)).order_by("-pk")[0]
    return registers.ref(found)


def _find(source: str, ref: str, title: str, accountable: Membership | None, description: str = "") -> bool:
    """One open finding for each source; whether it is new."""
    if Finding.objects.filter(source=source, source_ref=ref).exclude(state="closed").exists():
        return False
    finding = Finding(
        source=source, source_ref=ref, title=title[:160], description=description, accountable=accountable
    )
    finding.save()
    registers.note(row=finding, member=None, action="created")
    return True


def shared(record: Record, today: date | None = None) -> dict[str, Any]:
    """A lesson as others may have it: its text and date, without names, people, organization or numbers of rows.

    Raises InvalidState for another kind, or where an address or number still stands in it.
    """
    if record.kind != RecordKind.LESSON:
        raise InvalidState(_("Only a lesson can be taken along."), next_step=_("Write one from this record."))
    text = f"{record.title}\n{record.text}\n{record.decision}"
    known = [str(one) for one in Membership.objects.select_related("user")]
    if _PERSONAL.search(text) or any(name and name in text for name in known):
        raise InvalidState(
            _("A name, an address or a number stands in it."), next_step=_("Take it out, then try again.")
        )
    return {
        "format": "helpdesk-lesson/1",
        "title": record.title,
        "text": record.text,
        "what_changed": record.decision,
        "month": f"{today or record.created_at:%Y-%m}",
    }
