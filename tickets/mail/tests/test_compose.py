"""What leaves is threaded, says how far an AI was involved, and lets nobody write headers."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest

from tickets.mail import classify, compose, parse
from tickets.mail.tests.data import mail_files

BASE: dict[str, Any] = {
    "message_id": "hd1.tok.abc@acme.example",
    "from_name": "Acme Help",
    "from_address": "help@acme.example",
    "to": ["ana@customer.example"],
    "subject": "Question",
    "text": "Hello Ana",
    "date": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    "loop_mark": "acme.example",
}


def sent(**changes: Any) -> bytes:
    return compose.build(compose.OutgoingMail(**(BASE | changes))).message().as_bytes()


def headers(**changes: Any) -> Any:
    return message_from_bytes(sent(**changes), policy=policy.default)


def test_an_answer_threads_and_can_be_answered() -> None:
    found = headers(
        in_reply_to="two@customer.example",
        references=["one@customer.example", "two@customer.example"],
        reply_to="help+tabc@acme.example",
        cc=["bob@x.example"],
        ai_involvement="edited",
    )
    assert found["Message-ID"] == "<hd1.tok.abc@acme.example>"
    assert found["In-Reply-To"] == "<two@customer.example>"
    assert found["References"] == "<one@customer.example> <two@customer.example>"
    assert found["From"] == "Acme Help <help@acme.example>"
    assert found["Reply-To"] == "Acme Help <help+tabc@acme.example>"
    assert found["Cc"] == "bob@x.example"
    assert found["Subject"] == "Re: Question"
    assert found["Date"] == "Fri, 02 Jan 2026 03:04:00 +0000"
    assert found["AI-Involvement"] == "edited"
    assert found["Auto-Submitted"] is None


def test_a_purely_human_mail_says_none() -> None:
    assert headers()["AI-Involvement"] == "none"


def test_an_acknowledgement_tells_machines_not_to_answer() -> None:
    found = headers(automatic=True, is_reply=False)
    assert (found["Auto-Submitted"], found["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert found["Subject"] == "Question"


def test_our_mail_coming_back_is_known_as_ours() -> None:
    found = parse.parse(sent())
    assert classify.classify(found, {"help@acme.example"}, {"acme.example"}).kind == "loop"
    assert classify.classify(found, set(), {"acme.example"}).kind == "loop"


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("Question", "Re: Question"),
        ("Re: Question", "Re: Question"),
        ("RE: AW: Re: Question", "Re: Question"),
        ("Re[2]: Question", "Re: Question"),
        ("Réf: Question", "Re: Réf: Question"),
        ("", "Re:"),
        ("Rearrange: x", "Re: Rearrange: x"),
        ("a\r\nBcc: evil@x.example", "Re: a Bcc: evil@x.example"),
    ],
)
def test_the_subject_has_one_re(subject: str, wanted: str) -> None:
    assert compose.reply_subject(subject) == wanted


INJECTION = "x\r\nBcc: evil@x.example\r\n\r\nbody"


@pytest.mark.parametrize(
    "name", ["subject", "from_name", "message_id", "in_reply_to", "loop_mark", "ai_involvement"]
)
def test_no_field_writes_a_header(name: str) -> None:
    found = headers(**{name: INJECTION})
    assert found["Bcc"] is None
    assert found.get_body().get_content().strip() == "Hello Ana"


def test_no_reference_file_name_or_extra_header_writes_a_header() -> None:
    attachment = compose.OutgoingAttachment(
        "a\r\nBcc: evil@x.example.pdf", "application/pdf\r\nBcc: x", b"%PDF"
    )
    found = headers(references=[INJECTION], attachments=[attachment], extra_headers={"X-A\r\nBcc": INJECTION})
    assert found["Bcc"] is None
    (part,) = found.iter_attachments()
    assert part["Bcc"] is None
    assert (part.get_content_type(), part.get_content()) == ("application/octet-stream", b"%PDF")


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: evil@x.example", "nobody", "a@b.example, c@d.example", ""]
)
def test_a_recipient_that_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        compose.build(compose.OutgoingMail(**(BASE | {"to": [address]})))


@pytest.mark.parametrize("name", ['Ana "the" <boss@x.example>', "Müller, Ana", "a@b.example", "日本", ""])
def test_any_display_name_leaves_one_sender(name: str) -> None:
    assert parse.parse(sent(from_name=name)).from_address == "help@acme.example"


def test_both_forms_and_files_arrive_as_they_were() -> None:
    files = [compose.OutgoingAttachment("Größe.txt", "text/plain", b"\xff\x00raw\r\n")]
    found = parse.parse(sent(html="<p>Hello <b>Ana</b></p>", attachments=files))
    assert (found.text, found.html) == ("Hello Ana", "<p>Hello <b>Ana</b></p>")
    assert [(item.filename, item.content) for item in found.attachments] == [
        ("Größe.txt", b"\xff\x00raw\r\n")
    ]


def test_long_threads_keep_their_first_and_latest_mails() -> None:
    chain = compose.bounded_references([f"{number}@x.example" for number in range(100)], "50@x.example")
    assert len(chain) == compose.MAX_REFERENCES
    assert (chain[0], chain[-2], chain[-1]) == ("0@x.example", "99@x.example", "50@x.example")


def test_recipients_are_not_doubled() -> None:
    assert headers(to=["ana@customer.example", "ANA@customer.example"])["To"] == "ana@customer.example"


@pytest.mark.parametrize(
    "address",
    [
        "ana@mächine.example",
        "o'neil+x@b.example",
        '"a"@b.example',
        ".a..b@c.example",
        "a@[192.0.2.1]",
        "a@localhost",
    ],
)
def test_any_address_we_read_can_be_written_to(address: str) -> None:
    assert parse.parse(sent(to=[address])).to


def test_every_public_sender_can_be_answered() -> None:
    for corpus in ("mime", "replies", "bounces"):
        for file in mail_files(corpus):
            found = parse.parse(file.read_bytes())
            if found.from_address:
                sent(
                    to=[found.from_address],
                    subject=found.subject,
                    in_reply_to=found.message_id,
                    text=found.text,
                )
