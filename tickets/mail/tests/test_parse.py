"""Any bytes become a mail that can be stored, and nothing that was sent gets lost on the way."""

from __future__ import annotations

import base64
import dataclasses
import random
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tickets.mail import bounce, classify, files, html, mime, parse, quote
from tickets.mail.parse import ParsedMail
from tickets.mail.tests.data import mail, mail_files

CORPORA = ("mime", "replies", "bounces", "not-bounces")


def storable(found: ParsedMail) -> None:
    """PostgreSQL refuses NUL and lone surrogates in text; a clean mail has neither anywhere."""

    def strings(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        if isinstance(value, tuple):
            return [text for item in value for text in strings(item)]
        if dataclasses.is_dataclass(value):
            return [text for item in dataclasses.fields(value) for text in strings(getattr(value, item.name))]
        return []

    for text in strings(found):
        assert "\x00" not in text
        text.encode("utf-8")


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_public_mail_is_read_whole(corpus: str) -> None:
    found_files = mail_files(corpus)
    assert found_files
    for file in found_files:
        raw = file.read_bytes()
        found = parse.parse(raw)
        assert not [defect for defect in found.defects if "failed" in defect], file.name
        storable(found)
        shown = "".join(f"{found.text}{found.html or ''}".split())
        kept = [item.content for item in found.attachments]
        for leaf in mime.split(raw, mime.Budget()).leaves():
            content = mime.transfer_decode(leaf, mime.Budget())
            words = content.split()
            said = bool(words) and leaf.content_type.startswith("text/") and words[0].isalnum()
            first = words[0].decode("ascii", "replace") if said else ""
            assert not words or content in kept or leaf.content_type.startswith("text/"), (
                file.name,
                leaf.content_type,
            )
            assert content in kept or first in shown or "<" in first or content in b"".join(kept), (
                file.name,
                first,
            )


def test_senders_and_subjects_of_odd_public_mails() -> None:
    found = {file.name: parse.parse(file.read_bytes()) for file in mail_files("mime")}
    assert found["example13.eml"].from_address == "jdoe@machine.example"
    assert [item.address for item in found["example10.eml"].to] == [
        "c@public.example",
        "joe@example.org",
        "jdoe@one.test",
    ]
    assert found["utf8_headers.eml"].from_address == "jdöe@mächine.example"
    assert found["japanese_shift_jis.eml"].text.startswith("あいうえお")
    assert found["ks_c_5601-1987.eml"].text == "스티해"
    assert found["raw_email_with_partially_quoted_subject.eml"].subject == 'Re: Test: "漢字" mid "漢字" tail'
    names = {item.filename for item in found["japanese_attachment_long_name.eml"].attachments}
    assert names == {"かきくけこ" * 5 + ".txt"}


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=3000))
def test_random_bytes_never_raise(raw: bytes) -> None:
    found = parse.parse(raw)
    storable(found)
    assert not [defect for defect in found.defects if "failed" in defect]
    classify.classify(found, {"help@acme.example"}, {"acme.example"})
    quote.split_reply(found.text)


PIECES = (
    b"From: ",
    b"To: ",
    b"Subject: =?utf-8?B?",
    b"?=",
    b"Content-Type: ",
    b"multipart/mixed; boundary=x",
    b"text/html",
    b"message/delivery-status",
    b"multipart/report",
    b"Content-Transfer-Encoding: base64",
    b"--x",
    b"--x--",
    b"\r\n",
    b"\n",
    b"\n\n",
    b"\r",
    b"\x00",
    b"\xff\xfe",
    b"=?iso-2022-jp?Q?=1B$B?=",
    b"charset=utf-7",
    b"charset=punycode",
    b"+2AA-",
    b"=00",
    b"<",
    b">",
    b"@",
    b'"',
    b"(",
    b"On 1.1.2024 a@b.c wrote:",
    b"> ",
    b"Final-Recipient: rfc822; a@b",
    b"Status: 5.1.1",
    b"begin 644 a\n",
    b"end",
    b"filename*0*=utf-8''%ff",
    b"<b>",
    b"<a href='",
    b"cid:",
    b"Message-ID: <",
    b"Return-Path: <>",
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=60).map(b"".join))
def test_shuffled_mail_syntax_never_raises(raw: bytes) -> None:
    found = parse.parse(raw)
    storable(found)
    assert not [defect for defect in found.defects if "failed" in defect]
    classify.classify(found, {"help@acme.example"}, {"acme.example"})
    bounce.read(found)
    new, _ = quote.split_reply(found.text)
    assert bool(new) == bool(found.text.strip())
    html.clean(found.html or "")


def test_mutilated_public_mails_never_raise() -> None:
    dice = random.Random(20)
    for file in [item for corpus in CORPORA for item in mail_files(corpus)]:
        raw = bytearray(file.read_bytes())
        for _ in range(20):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        found = parse.parse(bytes(raw[: dice.randrange(len(raw))]))
        storable(found)
        assert not [defect for defect in found.defects if "failed" in defect]
        classify.classify(found, set(), set())


def test_facts_of_an_ordinary_reply() -> None:
    found = mail(
        "Thanks!",
        message_id="<new@customer.example>",
        references="<one@acme.example>\r\n <two@acme.example> <one@acme.example>",
        in_reply_to="<three@acme.example>",
        date="Tue, 5 Mar 2024 10:00:00 +0100",
        reply_to="Ana at home <ANA@home.example>",
        cc="Team: bob@x.example, Eve <eve@x.example>;",
        delivered_to="help+t123@acme.example",
    )
    assert found.message_id == "new@customer.example"
    assert found.references == ("one@acme.example", "two@acme.example", "three@acme.example")
    assert found.date == datetime(2024, 3, 5, 9, tzinfo=UTC)
    assert found.reply_to == (("Ana at home", "ana@home.example"),)
    assert [item.address for item in found.cc] == ["bob@x.example", "eve@x.example"]
    assert found.delivered_to == ("help+t123@acme.example",)
    assert (found.from_name, found.from_address, found.text) == ("Ana", "ana@customer.example", "Thanks!")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ('"boss@acme.example" <thief@evil.example>', "thief@evil.example"),
        ("=?utf-8?Q?Boss_=3Cboss=40acme.example=3E?= <thief@evil.example>", "thief@evil.example"),
        ("boss@acme.example <thief@evil.example>", "thief@evil.example"),
        ("Ana <ANA@Customer.Example>", "ana@customer.example"),
        ("<@relay.example:ana@customer.example>", "ana@customer.example"),
        ("ana@customer.example (Ana)", "ana@customer.example"),
        ("Friends: ana@customer.example, bob@x.example;", "ana@customer.example"),
        ("Ana Li, Sales <ana@customer.example>", "ana@customer.example"),
        ("u\u0308ber@customer.example", "über@customer.example"),
        ("Ana <ana@customer.example", "ana@customer.example"),
        ("nobody", None),
        ("", None),
    ],
)
def test_the_sender_is_the_real_address_never_the_one_shown(written: str, address: str | None) -> None:
    raw = f"From: {written}\r\n\r\nHi".encode()
    assert parse.parse(raw).from_address == address


def test_several_senders_are_said_and_reply_to_is_never_the_sender() -> None:
    assert "more than one From" in mail(**{"from": "a@x.example, b@x.example"}).defects
    assert mail(**{"from": "", "reply_to": "a@x.example"}).from_address is None


def multipart(*parts: str, subtype: str = "mixed", end: str = "--b--") -> bytes:
    joined = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return (
        f'From: a@b.example\r\nContent-Type: multipart/{subtype}; boundary="b"\r\n\r\n{joined}{end}'.encode()
    )


def test_text_in_two_forms_is_one_text() -> None:
    found = parse.parse(
        multipart(
            "Content-Type: text/plain\r\n\r\nplain",
            "Content-Type: text/html\r\n\r\n<p>rich</p>",
            subtype="alternative",
        )
    )
    assert (found.text, found.html, found.attachments) == ("plain", "<p>rich</p>", ())


def test_html_alone_gives_text() -> None:
    raw = (
        b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<style>p{}</style><p>One<br>two</p><script>x</script>"
    )
    assert parse.parse(raw).text == "One\ntwo"


def test_text_below_an_attachment_is_read_too() -> None:
    image = "Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="
    found = parse.parse(multipart("\r\nabove", image, "\r\nbelow <3"))
    assert found.text == "above\n\nbelow <3"
    assert found.attachments[0].content == b"\x89PNG\r\n\x1a\n"


def test_an_image_is_inline_only_when_the_html_shows_it() -> None:
    image = "Content-Type: image/png\r\nContent-ID: <{0}>\r\nContent-Disposition: inline\r\n\r\nx"
    found = parse.parse(
        multipart(
            "Content-Type: text/html\r\n\r\n<img src='cid:one'>", image.format("one"), image.format("two")
        )
    )
    assert [(item.content_id, item.inline) for item in found.attachments] == [("one", True), ("two", False)]


def test_a_forwarded_mail_is_kept_byte_for_byte_under_its_subject() -> None:
    inner = "From: x@y.example\r\nSubject: =?utf-8?Q?R=C3=A9clamation?= 7\r\n\r\nbody\r\n"
    found = parse.parse(multipart("\r\nsee below", f"Content-Type: message/rfc822\r\n\r\n{inner}"))
    assert found.text == "see below"
    assert (found.attachments[0].filename, found.attachments[0].content) == (
        "Réclamation 7.eml",
        inner.encode(),
    )


@pytest.mark.parametrize(
    "part",
    [
        "Content-Type: text/plain; charset=utf-8\r\n\r\nKäse",
        "Content-Type: text/plain; charset=no-such\r\n\r\nKäse",
        "Content-Type: text/plain; charset=punycode\r\n\r\nKäse",
        "Content-Type: text/plain\r\n\r\nKäse",
        "Content-Type: text/plain; charset=iso-8859-1\r\n\r\nKäse",
        "Content-Type: nonsense\r\n\r\nKäse",
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8-bit; x\r\n\r\nKäse",
    ],
)
def test_wrong_labels_do_not_spoil_the_text(part: str) -> None:
    assert parse.parse(f"From: a@b.example\r\n{part}".encode()).text == "Käse"


def test_text_in_no_known_charset_is_shown_and_its_bytes_are_kept() -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nK\xe4se \x81"
    found = parse.parse(raw)
    assert found.text.startswith("Käse")
    assert found.attachments[0].content == b"K\xe4se \x81"
    assert "unreadable charset" in found.defects


def test_base64_garbage_is_kept_as_it_came() -> None:
    part = (
        "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "%PDF {not} base64 ~~ at all!"
    )
    found = parse.parse(multipart(part))
    assert found.attachments[0].content == b"%PDF {not} base64 ~~ at all!"
    assert "base64 unreadable" in found.defects


def test_base64_cut_in_the_middle_gives_what_is_there() -> None:
    whole = base64.b64encode(b"A" * 100).decode()[:-7]
    part = f"Content-Type: application/x; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n{whole}"
    content = parse.parse(multipart(part)).attachments[0].content
    assert len(content) > 90
    assert content == b"A" * len(content)


def test_uuencoded_files_come_out_of_the_text() -> None:
    found = mail("Hi\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye")
    assert found.text == "Hi\n\nBye"
    assert [(item.filename, item.content) for item in found.attachments] == [("cat.txt", b"Cat")]


def test_a_missing_boundary_is_guessed_and_a_missing_end_forgiven() -> None:
    guessed = b"Content-Type: multipart/mixed\r\n\r\n--zz\r\n\r\none\r\n--zz\r\n\r\ntwo\r\n--zz--\r\n"
    assert parse.parse(guessed).text == "one\n\ntwo"
    assert parse.parse(multipart("\r\none", "\r\ntwo", end="")).text == "one\n\ntwo"
    assert (
        parse.parse(b"Content-Type: multipart/mixed; boundary=q\r\n\r\nno parts at all").text
        == "no parts at all"
    )


def test_nul_and_lone_surrogates_do_not_reach_the_database() -> None:
    raw = (
        b"From: a@b.example\r\nSubject: a\x00b =?utf-7?Q?+2AA-?=\r\n"
        b"Content-Type: text/plain; charset=utf-7\r\n\r\nx\x00y +2AA-"
    )
    found = parse.parse(raw)
    storable(found)
    assert found.text.startswith("xy")


def test_flowed_text_becomes_paragraphs_again() -> None:
    raw = (
        b"From: a@b.example\r\nContent-Type: text/plain; format=flowed\r\n\r\n"
        b"long \r\nline\r\n> quoted \r\n> too\r\n-- \r\nAna"
    )
    assert parse.parse(raw).text == "long line\n> quoted too\n-- \nAna"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\bill.pdf", "bill.pdf"),
        ("cod\u202efdp.exe", "codfdp.exe"),
        ("CON.txt", "_CON.txt"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("x\r\nBcc: y.txt", "xBcc y.txt"),
        (".htaccess", "htaccess"),
        ("", "attachment-1.bin"),
    ],
)
def test_file_names_are_safe(sent: str, kept: str) -> None:
    assert files.safe_name(sent) == kept


def test_the_same_mail_has_one_fingerprint_whatever_way_it_took() -> None:
    plain = b"From: a@b.example\r\nSubject: S\r\n\r\nBody\r\n"
    routed = b"Received: by mx\r\nDelivered-To: c@d.example\r\nFrom: a@b.example\nSubject: S\n\nBody\n\n"
    assert parse.parse(plain).fingerprint == parse.parse(routed).fingerprint
    assert parse.parse(plain).fingerprint != parse.parse(plain.replace(b"Body", b"Other")).fingerprint


def nested(depth: int) -> bytes:
    heads = [
        f'Content-Type: multipart/mixed; boundary="{number}"\r\n\r\n--{number}\r\n' for number in range(depth)
    ]
    return ("From: a@b.example\r\n" + "".join(heads) + "\r\ndeepest").encode()


HOSTILE = {
    "nested 5,000 deep": nested(5000),
    "20,000 parts": multipart(*["\r\nx"] * 20_000),
    "a header of 5 MB": b"From: a@b.example\r\nSubject: " + b"x" * 5_000_000 + b"\r\n\r\nhi",
    "a million continuation lines": b"From: a@b.example\r\nReferences: "
    + b"\n <" * 1_000_000
    + b"\r\n\r\nhi",
    "100,000 headers": b"From: a@b.example\r\n" + b"X: y\r\n" * 100_000 + b"\r\nhi",
    "500,000 flowed lines": b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 500_000,
    "uuencode without end": b"From: a@b.example\r\n\r\n" + b"begin 644 a\n" * 300_000,
    "uuencode with one end": b"From: a@b.example\r\n\r\n" + b"begin 644 a\n" * 300_000 + b"end\n",
    "encoded words": b"Subject: " + b"=?utf-8?Q?" * 40_000 + b"\r\n\r\nhi",
    "open comments in To": b"To: " + b"(" * 90_000 + b"\r\n\r\nhi",
    "angles in References": b"References: " + b"<" * 400_000 + b"\r\n\r\nhi",
    "parameters": b"Content-Type: text/plain" + b"; a*0" * 90_000 + b"\r\n\r\nhi",
    "100,000 nested tags": b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000 + b"deepest",
    "300,000 attributes": b"Content-Type: text/html\r\n\r\n<a " + b" a1=1" * 300_000 + b">x",
    "open angles": b"Content-Type: text/html\r\n\r\n" + b"<" * 1_900_000,
    "formatting bomb": b"Content-Type: text/html\r\n\r\n<p>"
    + b"".join(b"<font size=%d><b id=%d>" % (number, number) for number in range(3000))
    + b"</p>"
    + b"<p>x</p>" * 5000,
    "bounce words": b"From: mailer-daemon@x\r\nSubject: Undelivered\r\n\r\n"
    + b"attempt" * 8000
    + b" deliver" * 8000,
    "quotes": b"\r\n" + b"On 1.1.2024 a wrote:\n\n\n> x\ny\n" * 4000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_costs_seconds_at_most(name: str) -> None:
    started = time.process_time()
    found = parse.parse(HOSTILE[name])
    classify.classify(found, set(), set())
    quote.split_reply(found.text)
    html.clean(found.html or "")
    assert time.process_time() - started < 6
    assert not [defect for defect in found.defects if "failed" in defect]
    storable(found)


def test_limits_keep_what_they_cut() -> None:
    assert b"deepest" in parse.parse(nested(5000)).attachments[0].content
    parts = parse.parse(multipart(*[f"\r\nno {number}." for number in range(1500)]))
    assert "no 900." in parts.text
    assert b"no 1499." in parts.attachments[-1].content
    long = parse.parse(b"From: a@b.example\r\n\r\n" + b"x" * 1_500_000)
    assert len(long.text) == parse.MAX_TEXT_CHARS
    assert len(long.attachments[0].content) == 1_500_000


def test_a_mail_beyond_the_size_limit_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MAX_RAW_BYTES", 100)
    raw = b"From: a@b.example\r\nSubject: Big\r\n\r\n" + b"x" * 200
    found = parse.parse(raw)
    assert (found.from_address, found.subject, found.attachments[0].content) == ("a@b.example", "Big", raw)
    assert "too large" in found.defects


def test_a_bug_in_the_reader_loses_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(mime, "split", broken)
    found = parse.parse(b"From: a@b.example\r\n\r\nhi")
    assert found.attachments[0].content == b"From: a@b.example\r\n\r\nhi"
    assert "parser failed: RuntimeError" in found.defects
