"""Bounces are told from people's mail, with the address that failed and whether it is lost for good."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from tickets.mail import bounce, classify, parse
from tickets.mail.tests.data import mail, mail_files

# Rows of the public set that are no bounces by our definition, with the reason.
NOT_OURS = {"vacation"}  # automatic answers of people, judged by `classify`


def expected() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = {}
    with mail_files("bounces", "expected.csv")[0].open() as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["file"], []).append(row)
    return rows


def wanted_kind(row: dict[str, str]) -> str:
    if row["reason"] == "feedback":
        return "feedback"
    return "hard" if row["hard_bounce"] == "yes" else "soft"


def test_recall_and_agreement_on_the_public_bounces(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints the figures. The rules were tuned on this very set: they say what is covered."""
    found, kinds, recipients, total = 0, Counter[tuple[str, str]](), 0, 0
    for name, rows in expected().items():
        if rows[0]["reason"] in NOT_OURS:
            continue
        total += 1
        info = bounce.read(parse.parse(next(iter(mail_files("bounces", name))).read_bytes()))
        if info is None:
            continue
        found += 1
        kinds[wanted_kind(rows[0]), info.kind] += 1
        recipients += len(info.recipients) == len(rows)
    agree = sum(count for (wanted, given), count in kinds.items() if wanted == given)
    with capsys.disabled():
        print(f"\nbounces: recall {found}/{total} = {found / total:.3f}")  # noqa: T201  the figures are the point
        print(f"bounces: kind agrees {agree}/{found} = {agree / found:.3f}: {dict(kinds)}")  # noqa: T201
        print(f"bounces: number of recipients right {recipients}/{found}")  # noqa: T201
    assert found / total >= 0.97
    assert agree / found >= 0.93
    assert recipients / found >= 0.94
    # Calling a good address dead silences a customer; it must stay the rare error.
    assert kinds["soft", "hard"] <= 12


@pytest.mark.parametrize("folder", ["not-bounces", "replies"])
def test_no_false_alarm(folder: str) -> None:
    files = mail_files(folder)
    assert files
    assert [file.name for file in files if bounce.read(parse.parse(file.read_bytes()))] == []


def test_ordinary_mime_mails_are_no_bounces_and_the_reports_among_them_are() -> None:
    alarms = {file.name for file in mail_files("mime") if bounce.read(parse.parse(file.read_bytes()))}
    assert alarms == {
        "raw_email_with_mimepart_without_content_type.eml",  # a delay notice
        "multi_address_bounce1.eml",
        "multi_address_bounce2.eml",
        "multipart_report_multiple_status.eml",
        "report_422.eml",
        "report_530.eml",
    }


def report(
    action: str, status: str, diagnostic: str = "", recipient: str = "ana@customer.example"
) -> parse.ParsedMail:
    raw = f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: help@acme.example
Subject: Delivery Status Notification
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

A report.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--b
Content-Type: message/rfc822

From: help@acme.example
Message-ID: <hd1.abc@acme.example>
Subject: Re: Question

Hello
--b--
"""
    return parse.parse(raw.encode())


def test_a_report_names_address_reason_and_our_mail() -> None:
    info = bounce.read(report("failed", "5.1.1", "550 5.1.1 No such user here"))
    assert info is not None
    assert (info.kind, info.reason, info.status) == ("hard", "unknown_user", "5.1.1")
    assert info.recipients == ("ana@customer.example",)
    assert info.original_message_id == "hd1.abc@acme.example"
    assert info.details[0].smtp_code == "550"


@pytest.mark.parametrize(
    ("action", "status", "said", "kind", "reason"),
    [
        ("failed", "5.2.2", "552 mailbox full", "soft", "mailbox_full"),
        ("failed", "5.7.26", "550 fails DMARC", "soft", "authentication"),
        (
            "failed",
            "5.7.1",
            "554 Service unavailable; Client host blocked using zen.spamhaus.org",
            "soft",
            "blocked",
        ),
        ("failed", "5.4.4", "Host or domain name not found", "hard", "unknown_host"),
        ("delayed", "4.4.1", "connect to mx: Connection timed out", "soft", "undelivered"),
        ("delayed", "5.1.1", "user unknown", "soft", "unknown_user"),
        ("failed", "4.1.1", "450 user unknown", "soft", "unknown_user"),
        ("failed", "5.0.0", "", "soft", "other"),
    ],
)
def test_hard_means_the_address_is_lost(action: str, status: str, said: str, kind: str, reason: str) -> None:
    info = bounce.read(report(action, status, said))
    assert info is not None
    assert (info.kind, info.reason) == (kind, reason)


def test_a_report_of_success_is_no_bounce() -> None:
    assert bounce.read(report("delivered", "2.0.0")) is None
    assert classify.classify(report("delivered", "2.0.0"), set(), set()).kind == "auto_reply"


def test_a_complaint_is_feedback() -> None:
    raw = b"""From: fbl@provider.example
Subject: complaint
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b

Abuse.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Original-Rcpt-To: <Ana@Customer.example>
--b
Content-Type: text/rfc822-headers

Message-ID: <ours@acme.example>
--b--
"""
    info = bounce.read(parse.parse(raw))
    assert info is not None
    assert (info.kind, info.recipients, info.original_message_id) == (
        "feedback",
        ("ana@customer.example",),
        "ours@acme.example",
    )


@pytest.mark.parametrize(
    "customer",
    [
        mail("My parcel could not be delivered, please help.", subject="Delivery failed"),
        mail(
            "The parcel was not delivered.",
            subject="Delivery status of order 550 12",
            **{"from": "DPD Delivery <a@dpd.example>"},
        ),
        mail(
            "I got this:\n\n550 5.1.1 User unknown\nFinal-Recipient: rfc822; a@b.example",
            subject="Fwd: Undelivered Mail",
        ),
        mail("I get 'mailbox full' when I write to you. Mail delivery failed.", subject="Returned mail?"),
        mail("Your invoice could not be delivered.", subject="Not delivered", return_path="<>"),
    ],
    ids=["parcel", "carrier", "forwarded text", "told in words", "null sender without a server's traces"],
)
def test_people_who_write_about_failed_delivery_are_heard(customer: parse.ParsedMail) -> None:
    assert bounce.read(customer) is None
