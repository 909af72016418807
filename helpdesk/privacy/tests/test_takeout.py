"""Taking everything along: what is in the file, what is not, and who gets it."""

from __future__ import annotations

import hashlib
import io
import json
import mailbox
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from governance import anchors
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import PASSWORD, make_member, make_organization
from helpdesk.people.tests.support import browser_of, sign_in
from helpdesk.privacy.leaving import shape, takeouts
from helpdesk.privacy.models import Takeout
from helpdesk.privacy.tests.full import archive_of, full_organization, rows_in
from helpdesk.runtime.env import new_encryption_key
from helpdesk.tenancy.models import Organization, TenantOwned
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message
from tickets.tests.factories import make_inbound

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def test_every_table_is_in_the_file_or_says_why_not() -> None:
    told = {table.label for table in shape.tables()} | set(shape.left_out())
    owned = {
        one._meta.label for one in apps.get_models(include_auto_created=True) if issubclass(one, TenantOwned)
    }
    assert told == owned


def test_rows_come_after_what_they_point_to() -> None:
    seen: set[str] = set()
    for table in shape.tables():
        for field in table.fields:
            target = field.related_model
            if isinstance(target, type) and issubclass(target, TenantOwned) and target is not table.model:
                assert target._meta.label in seen, (table.label, field.name)
        seen.add(table.label)


def test_the_manifest_holds_for_every_file() -> None:
    shop, _owner = full_organization()
    with zipfile.ZipFile(io.BytesIO(archive_of(shop))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert set(manifest["files"]) == set(archive.namelist()) - {"manifest.json"}
        for name, said in manifest["files"].items():
            content = archive.read(name)
            assert (len(content), hashlib.sha256(content).hexdigest()) == (said["size"], said["sha256"]), name
        assert (manifest["format"], manifest["version"]) == ("helpdesk-organization", 1)
        assert manifest["organization"]["slug"] == shop.slug
        for label, rows in rows_in(archive_of(shop)).items():
            assert manifest["counts"][label] == len(rows)
            assert rows, f"the test has no row of {label}"


def test_no_secret_and_no_other_shop_is_in_the_file() -> None:
    shop, _owner = full_organization()
    other = make_organization()
    with organization_scope(other.id):
        make_inbound(text="words of another shop")
    with organization_scope(shop.id):
        from tickets.models import Mailbox

        Mailbox.objects.update(imap_password="hush-hush-1")
        hashes = list(Membership.objects.values_list("user__password", flat=True))
    with zipfile.ZipFile(io.BytesIO(archive_of(shop))) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    for secret in ("hush-hush-1", "words of another shop", *hashes):
        assert secret.encode() not in whole
    for name in ("api_key", "imap_password", "smtp_password", "token_hash", "password"):
        assert f'"{name}":'.encode() not in whole.replace(b'"fields":', b"")


def test_messages_open_in_a_mail_program_and_notes_do_not(tmp_path: Path) -> None:
    shop, _owner = full_organization()
    with organization_scope(shop.id):
        make_inbound(subject="Grüße", text="From Berlin\n>From there")
        expected = Message.objects.filter(state__in=["done", "sent"]).exclude(kind="note").count()
    with zipfile.ZipFile(io.BytesIO(archive_of(shop))) as archive:
        archive.extract("messages.mbox", tmp_path)
    with closing(mailbox.mbox(tmp_path / "messages.mbox")) as box:
        mails = list(box)
    assert len(mails) == expected
    newest = mails[-1]
    assert newest.get_payload(decode=True).decode().strip() == ">From Berlin\n>>From there"


def test_the_record_is_checked_without_this_product(tmp_path: Path) -> None:
    shop, _owner = full_organization()
    with zipfile.ZipFile(io.BytesIO(archive_of(shop))) as archive:
        archive.extractall(tmp_path)
    record = tmp_path / "record"
    assert _verify(record).returncode == 0, _verify(record).stdout
    lines = (record / "entries.jsonl").read_text().splitlines()
    assert len(lines) > 2
    (record / "entries.jsonl").write_text(
        "\n".join([lines[0].replace('"actor":"', '"actor":"x'), *lines[1:]])
    )
    assert "Entry 1 was changed" in _verify(record).stdout
    (record / "entries.jsonl").write_text("\n".join(lines[:-1]))
    assert "The end is missing" in _verify(record).stdout
    (record / "entries.jsonl").write_text("\n".join(lines))
    anchor = json.loads((record / "anchors.jsonl").read_text())
    anchor["at"] = "2020-01-01T00:00:00.000000Z"
    (record / "anchors.jsonl").write_text(json.dumps(anchor))
    result = _verify(record)
    assert result.returncode == 1
    assert "was not signed" in result.stdout


def test_a_key_that_was_taken_away_makes_no_record_wrong(tmp_path: Path, settings: Any) -> None:
    """The anchors of a key that is gone are vouched for by a later one; without any they are nobody's."""
    shop, _owner = full_organization()
    with organization_scope(shop.id):
        anchors.anchor()
    settings.ENCRYPTION_KEYS = [new_encryption_key(), *settings.ENCRYPTION_KEYS]
    with organization_scope(shop.id):
        anchors.anchor()
    content = archive_of(shop)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    record = tmp_path / "record"
    keys = json.loads((record / "keys.json").read_text())
    (record / "keys.json").write_text(json.dumps(dict(list(keys.items())[:1])))
    assert _verify(record).returncode == 0, _verify(record).stdout
    (record / "keys.json").write_text(json.dumps(dict(list(keys.items())[1:])))
    assert "is not in keys.json" in _verify(record).stdout


def _verify(folder: Path) -> Any:
    program = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder)]
    return subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)


def test_only_an_owner_who_said_again_who_they_are(shop: Organization) -> None:
    with organization_scope(shop.id):
        owner, agent = make_member(Role.OWNER), make_member(Role.AGENT)
    assert browser_of(shop, agent).get("/settings/leaving/").status_code == 403
    client = browser_of(shop)
    sign_in(client, owner.user.email)
    answer = client.get("/settings/leaving/")
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert client.post("/settings/leaving/make/").status_code == 302
    with organization_scope(shop.id):
        assert not Takeout.objects.exists(), "a stolen session takes nothing along"
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get("/settings/leaving/").status_code == 200


def test_a_file_is_made_fetched_and_forgotten(shop: Organization) -> None:
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        takeout = takeouts.ask(member=owner)
        assert takeouts.ask(member=owner) == takeout, "one at a time"
    assert takeouts.run(organization_id=shop.id, takeout_id=takeout.pk) == "ready"
    assert takeouts.run(organization_id=shop.id, takeout_id=takeout.pk) == "not mine"
    client = browser_of(shop)
    sign_in(client, owner.user.email)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    answer = client.get(f"/settings/leaving/{takeout.pk}/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with organization_scope(shop.id):
        takeout.refresh_from_db()
    assert hashlib.sha256(content).hexdigest() == takeout.sha256
    assert rows_in(content)["people.User"][0]["email"] == owner.user.email
    other = make_organization()
    with organization_scope(other.id):
        stranger = make_member(Role.OWNER)
    theirs = browser_of(other)
    sign_in(theirs, stranger.user.email)
    theirs.post("/account/reauthenticate/", {"password": PASSWORD})
    assert theirs.get(f"/settings/leaving/{takeout.pk}/").status_code == 404
    with organization_scope(shop.id):
        Takeout.objects.update(expires_at=takeout.created_at)
        assert takeouts.forget_old() == 1
        takeout.refresh_from_db()
        assert (takeout.state, takeout.file.name) == ("gone", "")
        assert takeouts.forget_old() == 0
    assert client.get(f"/settings/leaving/{takeout.pk}/").status_code == 404


def test_what_cannot_be_made_says_so(shop: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    with organization_scope(shop.id):
        owner = make_member(Role.OWNER)
        takeout = takeouts.ask(member=owner)

    def fail(*_args: Any) -> None:
        raise OSError("no space")

    monkeypatch.setattr(takeouts, "write_organization", fail)
    assert takeouts.run(organization_id=shop.id, takeout_id=takeout.pk) == "failed"
    with organization_scope(shop.id):
        assert takeouts.waiting() == []
        assert takeouts.ask(member=owner) != takeout, "it can be asked for again"
