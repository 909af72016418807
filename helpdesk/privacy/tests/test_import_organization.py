"""The file is read in again: what comes out of the new desk is what went into the file, and no guard is passed by."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command

from governance import ledger
from helpdesk.errors import HelpdeskError
from helpdesk.people.models import Membership, User
from helpdesk.privacy.leaving import shape
from helpdesk.privacy.leaving.reading import Report, read_organization
from helpdesk.privacy.models import Takeout
from helpdesk.privacy.tests.full import archive_of, full_organization, rows_in
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Attachment, Mailbox, Message

pytestmark = pytest.mark.django_db
#: What an import changes on purpose, and the report says so.
CHANGED = {
    "people.Membership": {"is_active"},
    "tickets.Mailbox": {"is_active", "lease", "leased_until", "next_fetch_at"},
    "tickets.Notice": {"mail_done_at"},
    "aiassist.AIService": {"is_active"},
}


def _read(content: bytes, slug: str = "moved") -> Report:
    return read_organization(io.BytesIO(content), slug=slug)


def test_what_comes_out_again_is_what_went_in() -> None:
    shop, _owner = full_organization()
    before = archive_of(shop)
    report = _read(before)
    assert report.reasons == {}
    after = archive_of(report.organization)
    assert _comparable(before) == _comparable(after)


def _comparable(content: bytes) -> dict[str, Any]:
    """Tables with places instead of keys: two installations count differently."""
    found = rows_in(content)
    places = {
        label.lower(): {row["id"]: place for place, row in enumerate(rows)} for label, rows in found.items()
    }
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        for label, rows in found.items():
            if label == "people.User":
                rows.clear()
                continue
            model = apps.get_model(label)
            for row in rows:
                _place(archive, names, model, row, places)
    outcomes = [row for row in found["tickets.MessageOutcome"] if "came along" not in row["reason"]]
    return {**found, "tickets.MessageOutcome": outcomes}


def _place(archive: Any, names: set[str], model: Any, row: dict[str, Any], places: dict[str, Any]) -> None:
    for kind_field, name in shape.soft_links(model):
        kind, _colon, old = (row[kind_field], "", row[name]) if kind_field else row[name].partition(":")
        label = shape.kind_table(kind)
        if label and old is not None:
            place = places[label].get(int(old))
            row[name] = None if place is None else (label, place)
    for name in list(row):
        if name == "id" or name in CHANGED.get(model._meta.label, ()):
            row[name] = None
            continue
        field = model._meta.get_field(name)
        target = field.related_model._meta.label_lower if field.is_relation else ""
        if target in places and row[name] is not None and target != "people.user":
            row[name] = places[target][row[name]]
        elif target == "people.user":
            row[name] = None
        elif folder := shape.folder_of(model, name):
            del folder
            row[name] = sha256(archive.read(row[name])).hexdigest() if row[name] in names else None
    if model._meta.label == "tickets.TicketEvent":
        row["data"] = None


def test_colleagues_are_known_and_not_let_in_mailboxes_are_not_connected_and_nobody_hears() -> None:
    shop, owner = full_organization()
    content = archive_of(shop)
    User.objects.filter(pk=owner.user_id).update(email="somebody-else@shop.example")
    mail.outbox.clear()
    report = _read(content)
    with organization_scope(report.organization.id):
        assert Membership.objects.count() > 1
        assert not Membership.objects.filter(is_active=True).exists()
        assert not Mailbox.objects.filter(is_active=True).exists()
        assert all(one.imap_password == "" for one in Mailbox.objects.all())
    assert mail.outbox == []
    known = [row["email"] for row in rows_in(content)["people.User"]]
    made = User.objects.exclude(pk=owner.user_id).get(email=known[0])
    assert made.email in known


def test_a_sent_ai_answer_comes_in_with_its_approval_and_its_file() -> None:
    shop, _owner = full_organization()
    report = _read(archive_of(shop))
    with organization_scope(report.organization.id):
        sent = Message.objects.get(state="sent", ai_involvement="verbatim")
        assert sent.approvals.filter(revoked_at=None).exists()
        file = Attachment.objects.get(message=sent)
        with file.file.open("rb") as stream:
            assert sha256(stream.read()).hexdigest() == file.sha256
        assert file.file.name.startswith(str(report.organization.id))


def test_the_new_record_holds_and_the_old_one_came_along() -> None:
    shop, _owner = full_organization()
    content = archive_of(shop)
    report = _read(content)
    with organization_scope(report.organization.id):
        assert ledger.verify().ok
        assert ledger.verify().checked > 0
        earlier = Takeout.objects.get(kind="earlier")
        with (
            earlier.file.open("rb") as stream,
            zipfile.ZipFile(stream) as old,
            zipfile.ZipFile(io.BytesIO(content)) as new,
        ):
            assert old.read("record/entries.jsonl") == new.read("record/entries.jsonl")
    second = _read(archive_of(report.organization), slug="moved-on")
    with organization_scope(second.organization.id):
        assert Takeout.objects.filter(kind="earlier").count() == 2


def _tampered(content: bytes, name: str, change: Callable[[bytes], bytes], *, rehash: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for one in old.namelist():
            data = change(old.read(one)) if one == name else old.read(one)
            if one == name and rehash:
                manifest["files"][one] = {"size": len(data), "sha256": sha256(data).hexdigest()}
            if one != "manifest.json":
                new.writestr(one, data)
        new.writestr("manifest.json", json.dumps(manifest))
    return out.getvalue()


def test_an_answer_of_the_ai_without_an_approval_is_held_and_never_sent() -> None:
    shop, _owner = full_organization()
    content = _tampered(archive_of(shop), "tables/tickets.Approval.jsonl", lambda _data: b"")
    report = _read(content)
    assert "tickets.Message" in report.left_out
    with organization_scope(report.organization.id):
        smuggled = Message.objects.filter(ai_involvement="verbatim")
        assert smuggled.exists()
        assert not smuggled.exclude(state__in=["held", "prepared"]).exists()


def test_an_answer_changed_after_its_approval_is_held() -> None:
    shop, _owner = full_organization()

    def change(data: bytes) -> bytes:
        return data.replace("with “quotes”".encode(), b"with an offer")

    report = _read(_tampered(archive_of(shop), "tables/tickets.Message.jsonl", change))
    assert "tickets.Approval" in report.left_out
    with organization_scope(report.organization.id):
        assert Message.objects.get(text__contains="with an offer").state == "held"


def test_a_message_on_its_way_does_not_leave_twice() -> None:
    shop, _owner = full_organization()

    def change(data: bytes) -> bytes:
        return data.replace(b'"state":"sent"', b'"state":"sending"')

    report = _read(_tampered(archive_of(shop), "tables/tickets.Message.jsonl", change))
    with organization_scope(report.organization.id):
        assert not Message.objects.filter(state__in=["queued", "sending", "sent"]).exists()


@pytest.mark.parametrize("rehash", [True, False])
def test_a_file_that_is_not_whole_is_refused_and_nothing_stays(rehash: bool) -> None:
    shop, _owner = full_organization()
    content = _tampered(
        archive_of(shop), "tables/tickets.Ticket.jsonl", lambda data: data[:-20], rehash=rehash
    )
    with pytest.raises(HelpdeskError):
        _read(content)
    assert not Organization.objects.filter(slug="moved").exists()


@pytest.mark.parametrize("content", [b"", b"PK nothing", b"hello" * 1000])
def test_another_file_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="Take everything with you"):
        call_command("import_organization", str(path))


def test_the_command_invites_the_owner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop, _owner = full_organization()
    path = tmp_path / "everything.zip"
    path.write_bytes(archive_of(shop))
    with pytest.raises(CommandError, match="taken|used"):
        call_command("import_organization", str(path))
    call_command("import_organization", str(path), "--slug", "moved", "--owner", "me@new.example")
    said = capsys.readouterr().out
    assert re.search(r"http://moved\.localhost\S*/invitation/", said)
    assert "tickets.Message:" in said
