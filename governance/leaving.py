"""What this room takes along when an organization leaves, and how its records come in again elsewhere.

The old record goes on as a file that can still be checked; the new one begins with what came along.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils.translation import gettext_lazy as _

from governance import anchors, ledger
from governance.core import ledger_hash
from governance.models import AIStop, LedgerAnchor, LedgerSalt
from governance.services import stops
from helpdesk.people.models import Membership
from helpdesk.privacy.leaving import arriving, closing, shape
from helpdesk.privacy.leaving.reading import Reading
from helpdesk.privacy.leaving.writing import Writer
from helpdesk.privacy.models import Takeout
from helpdesk.tenancy.scope import current_organization_id

#: How `subject_kind` and `object_ref` name the tables of this room.
KINDS = {
    "decision": "governance.AIDecision",
    "consent": "governance.Consent",
    "request": "governance.DataRequest",
    "policy": "governance.EthicsPolicy",
    "stop": "governance.AIStop",
    "risk": "governance.Risk",
    "audit": "governance.BiasAudit",
    "system": "governance.AISystem",
    "version": "governance.SystemVersion",
    "vendor": "governance.Vendor",
    "look": "governance.SecondLook",
    "incident": "governance.Incident",
    "change": "governance.Change",
    "finding": "governance.Finding",
    "course": "governance.Course",
    "record": "governance.Record",
    "law_task": "governance.LawTask",
    "override": "governance.Override",
}
#: By this reason the stop is known again when the desk stays after all.
CLOSING = "The desk is being closed."
POINTING = ("AIDecision", "DataRequest", "OutcomeFact", "SecondLook", "SurveyAnswer", "Override")


def register() -> None:
    """Called once, in AppConfig.ready."""
    for kind, label in KINDS.items():
        shape.name_kind(kind, label)
    for name in POINTING:
        shape.points_by_kind(f"governance.{name}", ("subject_kind", "subject_id"))
    for name in ("RegisterChange", "ClockNotice"):
        shape.points_by_kind(f"governance.{name}", ("", "object_ref"))
    for name in ("LedgerEntry", "LedgerSalt", "LedgerAnchor", "LedgerHead"):
        shape.leave_out_table(f"governance.{name}", _("It is in the folder record, with what checks it."))
    shape.leave_out_table("governance.Epoch", _("It is counted anew."))
    shape.leave_out_table("governance.GuestAccess", _("Links for guests work on this installation only."))
    shape.add_part("record", write_record)
    for label in KINDS.values():
        arriving.after(label, _tell_the_record)
    arriving.at_end(_keep_old_record)
    closing.when_closing(_stop, _start)


def write_record(writer: Writer) -> None:
    """The ledger with its anchors, salts and public keys, and the program that checks it anywhere."""
    with writer.member("record/entries.jsonl") as member:
        for entry in ledger.entries():
            member.line(asdict(entry))
    organization_id = current_organization_id()
    with writer.member("record/anchors.jsonl") as member:
        for one in writer.rows(LedgerAnchor.objects.all()):
            signed = {"seq": one.seq, "hash": one.hash, "at": one.signed_at, "key_id": one.key_id}
            member.line({"organization": str(organization_id), **signed, "signature": one.signature})
    with writer.member("record/salts.jsonl") as member:
        for salt in writer.rows(LedgerSalt.objects.all()):
            member.line({"seq": salt.seq, "salt": salt.salt})
    public = [ledger_hash.public_key(key) for key in anchors.signing_keys(organization_id)]
    with writer.member("record/keys.json") as member:
        member.write(json.dumps({ledger_hash.key_id(key): key.hex() for key in public}).encode())
    with writer.member("record/verify.py") as member:
        member.write((Path(__file__).parent / "offline" / "verify.py").read_bytes())


def _tell_the_record(rows: Sequence[Any], reading: Reading) -> None:
    """Whatever has to stand in the record stands in it before the transaction ends (trigger)."""
    del reading
    kinds = {label.lower(): kind for kind, label in KINDS.items()}
    refs = [f"{kinds[row._meta.label_lower]}:{row.pk}" for row in rows]
    ledger.record_now("came_along", object_refs=refs, payload={})


def _keep_old_record(reading: Reading) -> None:
    """The former record, as a file of its own: it says what happened there, and can still be checked."""
    names = sorted(name for name in reading.archive.files if name.startswith("record/"))
    with tempfile.TemporaryFile() as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as kept:
            for name in names:
                with kept.open(name, "w", force_zip64=True) as member:
                    for chunk in reading.archive.chunks(name):
                        member.write(chunk)
        size = stream.tell()
        stream.seek(0)
        takeout = Takeout(kind=Takeout.Kind.EARLIER, state=Takeout.State.READY, size=size)
        takeout.file.save("record.zip", File(stream), save=True)
    reading.saved(takeout.file.storage, takeout.file.name or "")


def _stop(member: Membership) -> None:
    """No AI works for a desk that is being closed."""
    stops.stop_ai(scope="organization", member=member, reason=CLOSING)


def _start(member: Membership) -> None:
    """The desk stays: the stop that came with the closing goes, one that a person made stays."""
    for stop in AIStop.objects.filter(scope="organization", reason=CLOSING, lifted_at=None):
        stops.lift(stop=stop, member=member)
