"""Files, pictures, sources and the outbox: who gets them, and that nothing in them acts as our page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from tickets.models import Attachment, Inbox, Ticket
from tickets.tests.desk import HTMX, Desk, make_desk
from tickets.tests.factories import make_attachment, make_inbound, make_raw_mail, make_reply, make_ticket

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def desk() -> Desk:
    """A desk with its people."""
    return make_desk()


def waiting(desk: Desk, **fields: Any) -> Ticket:
    """A ticket with a customer's message, in the agent's inbox."""
    with desk.scope():
        return make_inbound(make_ticket(**{"inbox": desk.inbox, **fields})).ticket


def stored(desk: Desk, ticket: Ticket, content: bytes = PNG, **fields: Any) -> Attachment:
    """A file of the ticket's first message, with content."""
    with desk.scope():
        values = {"file": ContentFile(content, "x"), "size": len(content), **fields}
        return make_attachment(ticket.messages.first(), **values)


@pytest.mark.parametrize(
    ("content_type", "shown"),
    [
        ("image/png", True),
        ("image/svg+xml", False),
        ("text/html", False),
        ("application/pdf", False),
        ("text/javascript", False),
        ("image/png; charset=x\r\nX-Evil: 1", False),
    ],
)
def test_only_harmless_pictures_are_shown_in_place(desk: Desk, content_type: str, shown: bool) -> None:
    file = stored(desk, waiting(desk), content_type=content_type, name='a "b"; \u202egnp.html')
    response = desk.client(desk.agent).get(f"/attachments/{file.pk}/")
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Type"] == (content_type if shown else "application/octet-stream")
    assert response["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "X-Evil" not in response


def test_files_are_for_those_who_see_the_ticket(desk: Desk) -> None:
    file, other = stored(desk, waiting(desk)), make_desk()
    hidden = stored(desk, waiting(desk, inbox=desk.other_inbox))
    assert b"".join(desk.client(desk.auditor).get(f"/attachments/{file.pk}/").streaming_content) == PNG
    assert desk.client(desk.agent).get(f"/attachments/{hidden.pk}/").status_code == 404
    assert desk.client().get(f"/attachments/{file.pk}/").status_code == 302
    assert other.client(other.owner).get(f"/attachments/{file.pk}/").status_code == 404
    gone = stored(desk, waiting(desk))
    gone.file.delete(save=False)
    assert desk.client(desk.agent).get(f"/attachments/{gone.pk}/").status_code == 404


def test_files_are_added_sent_and_taken_out(desk: Desk) -> None:
    ticket, client = waiting(desk), desk.client(desk.agent)
    url = f"/tickets/{ticket.number}/files/"
    upload = SimpleUploadedFile("../../etc/pass\x00wd<b>.txt", b"hello", "text/plain")
    page = client.post(url, {"files": [upload]}, headers=HTMX).content.decode()
    assert "passwdb.txt" in page
    assert "<b>" not in page
    with desk.scope():
        file = Attachment.objects.get()
        assert (file.size, file.message_id, file.uploaded_by_id) == (5, None, desk.agent.pk)
        assert "passwd" not in file.file.name
        assert file.file.name.startswith(f"{desk.organization.pk}/attachments/")
    assert desk.client(desk.owner).get(f"/attachments/{file.pk}/").status_code == 404, (
        "not sent: its author's alone"
    )
    assert desk.client(desk.owner).post(f"{url}{file.pk}/remove/").status_code == 200
    with desk.scope():
        assert Attachment.objects.count() == 1, "a colleague cannot take it out"
    client.post(f"{url}{file.pk}/remove/", headers=HTMX)
    with desk.scope():
        assert not Attachment.objects.exists()


def test_a_file_goes_out_with_the_reply(desk: Desk) -> None:
    ticket, client = waiting(desk), desk.client(desk.agent)
    client.post(f"/tickets/{ticket.number}/files/", {"files": [SimpleUploadedFile("a.txt", b"hello")]})
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    revision = page.split('name="revision" value="')[1].split('"')[0]
    data = {"body": "See the file", "revision": revision, "kind": "reply"}
    assert client.post(f"/tickets/{ticket.number}/send/", data, headers=HTMX).status_code == 200
    with desk.scope():
        assert Attachment.objects.get().message is not None


def test_too_large_or_too_many_is_said_in_place(desk: Desk, settings: Any) -> None:
    settings.MAX_ATTACHMENT_BYTES = 10
    ticket, client = waiting(desk), desk.client(desk.agent)
    url = f"/tickets/{ticket.number}/files/"
    for files in (
        [SimpleUploadedFile("a", b"x" * 11)],
        [SimpleUploadedFile(str(n), b"x") for n in range(21)],
    ):
        page = client.post(url, {"files": files}, headers=HTMX)
        assert 'role="alert"' in page.content.decode()
    with desk.scope():
        assert not Attachment.objects.exists()


def test_pictures_of_others_are_shown_on_request_in_a_box(desk: Desk) -> None:
    ticket = waiting(desk)
    html = '<p>Hi</p><img data-remote-src="https://track.example/p.png?a=1&amp;b=2" alt="x">'
    with desk.scope():
        message = make_inbound(ticket, html=html, remote_images=1)
    client = desk.client(desk.agent)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert ' src="https://track.example' not in page
    assert f"/messages/{message.pk}/images/" in page
    box = client.get(f"/tickets/{ticket.number}/messages/{message.pk}/images/")
    assert ' src="https://track.example/p.png?a=1&amp;b=2"' in box.content.decode()
    policy = box["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")
    assert "allow-scripts" not in policy
    assert box["Referrer-Policy"] == "no-referrer"


def test_the_original_mail_is_a_download(desk: Desk) -> None:
    ticket = waiting(desk)
    with desk.scope():
        raw = make_raw_mail(source=b"From: a@b.example\n\n<script>alert(1)</script>", inbox=desk.inbox)
        message = make_inbound(ticket, raw_mail=raw)
    url = f"/tickets/{ticket.number}/messages/{message.pk}/source/"
    response = desk.client(desk.agent).get(url)
    assert response.content.startswith(b"From: a@b")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    first = ticket.messages
    with desk.scope():
        without = first.order_by("pk").first()
    assert desk.client(desk.agent).get(url.replace(str(message.pk), str(without.pk))).status_code == 404


@pytest.fixture
def outbox(tmp_path: Path, settings: Any) -> Path:
    """An empty outbox folder."""
    settings.OUTBOX_DIR, settings.SHOW_OUTBOX = tmp_path, True
    return tmp_path


def _mail(at: Desk, inbox: Inbox, subject: str) -> bytes:
    """A mail that left from a ticket of the inbox."""
    with at.scope():
        sent = make_reply(make_ticket(inbox=inbox), message_id=f"{subject.lower()}@shop.example")
    head = f"From: Shop <{inbox.address}>\nTo: c@example.org\nMessage-ID: <{sent.message_id}>\nSubject: {subject}\n"
    return f"{head}AI-Involvement: edited\n\nBody of {subject}\n".encode()


def test_each_organization_reads_its_own_mails(desk: Desk, outbox: Path) -> None:
    other = make_desk()
    end = b"\n" + b"-" * 79 + b"\n"
    with other.scope():  # the same address may be an inbox of two organizations
        Inbox.objects.filter(pk=other.inbox.pk).update(address=desk.inbox.address)
        other.inbox.refresh_from_db()
    ours, theirs = _mail(desk, desk.inbox, "Ours"), _mail(other, other.inbox, "Theirs")
    hidden = _mail(desk, desk.other_inbox, "Hidden")
    (outbox / "1.log").write_bytes(ours + end + theirs + end)
    (outbox / "2.eml").write_bytes(hidden)
    (outbox / "3.log").write_bytes(b"\xff\xfe not a mail")
    client = desk.client(desk.agent)
    page = client.get("/outbox/").content.decode()
    assert "Ours" in page
    assert "Theirs" not in page
    assert "Hidden" not in page
    assert "Hidden" in desk.client(desk.owner).get("/outbox/").content.decode()
    assert "Body of Ours" in client.get("/outbox/1.0/").content.decode()
    for key in ("1.1", "2.0", "../../etc/passwd", "9.9"):
        assert client.get(f"/outbox/{key}/").status_code == 404
    assert desk.client(desk.auditor).get("/outbox/").status_code == 403


def test_with_a_mail_server_there_is_no_outbox(desk: Desk, outbox: Path, settings: Any) -> None:
    settings.SHOW_OUTBOX = False
    (outbox / "1.log").write_bytes(_mail(desk, desk.inbox, "Ours"))
    assert desk.client(desk.owner).get("/outbox/").status_code == 404
    assert "/outbox/" not in desk.client(desk.owner).get("/").content.decode()
