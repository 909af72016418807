"""Read bounces: which address failed, why, for good or for now, and for which of our mails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from tickets.mail import bounce_reasons as reasons
from tickets.mail import charsets, headers, mime
from tickets.mail.parse import ParsedAttachment, ParsedMail

Kind = Literal["hard", "soft", "feedback"]

MAX_RECIPIENTS: Final = 100
_MAX_REPORT: Final = 60_000
_MAX_WORDS: Final = 8_000
_RETURNED: Final = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/partial",
)

_DAEMON = re.compile(
    r"\b(?:mailer|mail|mta)[ ._-]?daemon\b|\bpo+stmaster\b"
    r"|\bmail[ ._-]?deliver(?:y|ed)?[ ._-](?:sub)?(?:system|service)|mail[ ._-]?administrator"
    r"|system administrator|\bmail[ ._-]system\b|\bndr administrator|\bcontent-filter\b"
    r"|\bmicrosoft outlook\b.{0,5}<microsoftexchange",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|not delivered|delivery (?:status|failure|failed|problem|delay|report|has failed)"
    r"|mail delivery|failure (?:notice|delivery)"
    r"|failed (?:delivery|mail)|message \S{3,60} delayed|returned? (?:mail|to sender|message)"
    r"|message you sent blocked|could ?n[o']t be? ?(?:sent|delivered|send)|mail (?:system )?error"
    r"|error sending your mail|delayed mail|delivery notification|returning (?:message )?to sender"
    r"|non remis|unzustellbar|nicht zugestellt"
    r"|no se pudo entregar|non recapitabile|недоставленное|rejected|bounce(?:d)? (?:mail|message)"
    r"|see transcript|could not send message|nondeliverable",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"(?:could|can|was|were|has|have|is|will)(?: ?n['o]t|not)? (?:\w{1,30} ){0,3}"
    r"(?:be(?:en)? )?(?:\w{1,30} )?(?:delivered"
    r"|undeliverable)|undeliver|permanent (?:fatal )?error"
    r"|(?:error|problem|failed|failure|unable|trying|attempt\w{0,12})[^.\n]{0,60}(?:deliver|sending (?:your"
    r"|the) (?:e-?)?(?:mail|message))"
    r"|deliver\w{0,12}[^.\n]{0,60}(?:fail|error|delay|unsuccess|suspend|problem|not possible)|did not reach"
    r"|returned (?:to (?:the )?sender|mail)"
    r"|transcript of session|rejected by|following (?:address|recipient)|mailbox (?:unavailable|full)"
    r"|unknown (?:user|recipient|host)|user unknown"
    r"|could not send|message is delayed|nicht zugestellt|n'a pas pu|no se ha podido"
    r"|не может быть доставлено|送信できません|届けられません",
    re.IGNORECASE,
)
_ORIGINAL_FOLLOWS = re.compile(
    r"^(?:[-=_* ]{2,}.{0,20}(?:copy of (?:the|your)|original (?:message|mail|text)|header|unsent"
    r"|returned (?:message|mail)|undelivered|first \d+ )"
    r".*|[-= ]*(?:message headers follow|below (?:this line )?is|original message follows|the (?:first"
    r"|header)[^\n]{0,60}(?:lines|original)).*"
    r"|(?:received: (?:from|by)|return-path:) .*)$",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(
    r"^[ \t>]*((?:final|original)-recipient|x-actual-recipient|action|status"
    r"|diagnostic-code):[ \t]*(.*(?:\n[ \t]+\S.*)*)",
    re.IGNORECASE | re.MULTILINE,
)
# A server that knew the recipient until it saw the content judged the content, whatever words it used.
_AFTER_DATA = re.compile(
    r"end of data command|smtp command\s+data\b|^>>> data\s+<<< 5", re.IGNORECASE | re.MULTILINE
)
# With pipelining the answer to RCPT shows up behind DATA; a complaint about missing recipients follows it.
_RCPT_ANSWER = re.compile(
    r"^<<< 5(?:03|54) .{0,20}(?:need rcpt|no valid recip|no recip|recipients? needed|bad sequence)"
    r"|^<<< 503",
    re.IGNORECASE | re.MULTILINE,
)
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,190}\w")
_MESSAGE_ID = re.compile(r"^[ \t>]*message-id:\s*<([^<>\s]{1,400})>", re.IGNORECASE | re.MULTILINE)
_COMPLAINT_SUBJECT = re.compile(r"complaint about message from|abuse report|feedback report", re.IGNORECASE)
_UNSUBSCRIBE = re.compile(r"sent this e?-?mail to unsubscribe", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One address of a bounced mail and what its server said."""

    address: str | None
    kind: Kind
    reason: str
    status: str | None
    smtp_code: str | None
    diagnostic: str


@dataclass(frozen=True, slots=True)
class BounceInfo:
    """A bounce, a delay notice or a complaint. The first recipient's facts stand for the whole.

    `kind`: `hard` means the address will not work again, `soft` that it may, `feedback` that a recipient or
    their provider complained. `original_message_id` names our mail it is about, in bare form.
    """

    kind: Kind
    reason: str
    status: str | None
    recipients: tuple[str, ...]
    original_message_id: str | None
    details: tuple[FailedRecipient, ...]


def read(mail: ParsedMail) -> BounceInfo | None:
    """The bounce a mail reports, or None for anything else (a person's mail, an auto-reply, a success)."""
    if _is_complaint(mail):
        return _complaint(mail)
    if _is_ses_event(mail):
        return _ses_event(mail)
    details = _from_report(mail)
    if details is None and _looks_like_bounce(mail):
        details = _from_text(mail)
    if not details:
        return None
    first = details[0]
    addresses = tuple(dict.fromkeys(item.address for item in details if item.address))
    return BounceInfo(first.kind, first.reason, first.status, addresses, _original_id(mail), tuple(details))


def _is_complaint(mail: ParsedMail) -> bool:
    if any(item.content_type == "message/feedback-report" for item in mail.attachments):
        return True
    enclosed = any(item.content_type == "message/rfc822" for item in mail.attachments)
    return bool(
        (enclosed and not mail.text and _COMPLAINT_SUBJECT.match(mail.subject))
        or (_automatic(mail) and _UNSUBSCRIBE.search(mail.text[:500]))
    )


def _automatic(mail: ParsedMail) -> bool:
    return not (mail.header("auto-submitted") or "no").lower().startswith("no")


def _complaint(mail: ParsedMail) -> BounceInfo:
    report = "\n".join(
        _text_of(item) for item in mail.attachments if item.content_type == "message/feedback-report"
    )
    found = re.findall(
        r"^(?:original-rcpt-to|removal-recipient):\s*(.+)$", report, re.IGNORECASE | re.MULTILINE
    )
    addresses = [address for address in map(headers.address, found) if address] or [
        match for item in _enclosed(mail) for match in _recipients_of(item)
    ]
    recipients = tuple(dict.fromkeys(addresses))[:MAX_RECIPIENTS]
    details = tuple(FailedRecipient(item, "feedback", "complaint", None, None, "") for item in recipients)
    return BounceInfo("feedback", "complaint", None, recipients, _original_id(mail), details)


def _recipients_of(enclosed: str) -> list[str]:
    match = re.search(r"^(?:x-hmxmroriginalrecipient|to):\s*(.+)$", enclosed, re.IGNORECASE | re.MULTILINE)
    return [item.address for item in headers.addresses(match[1])] if match else []


def _is_ses_event(mail: ParsedMail) -> bool:
    return mail.text.startswith("{") and "notificationType" in mail.text[:2000]


def _ses_event(mail: ParsedMail) -> BounceInfo | None:
    """Amazon's JSON notices, as mail: bounce and complaint count, delivery does not."""
    event = _json_event(mail.text)
    kind = str(event.get("notificationType", ""))
    body = event.get(kind.lower())
    if kind not in {"Bounce", "Complaint"} or not isinstance(body, dict):
        return None
    listed = body.get("bouncedRecipients") or body.get("complainedRecipients")
    people = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    details = tuple(
        _ses_recipient(item, kind, str(body.get("bounceType", ""))) for item in people[:MAX_RECIPIENTS]
    )
    original = event.get("mail")
    message_id = str(original.get("messageId", "")) if isinstance(original, dict) else ""
    recipients = tuple(item.address for item in details if item.address)
    severity: Kind = details[0].kind if details else ("feedback" if kind == "Complaint" else "soft")
    reason = details[0].reason if details else "other"
    return BounceInfo(
        severity, reason, details[0].status if details else None, recipients, message_id or None, details
    )


def _ses_recipient(item: dict[str, object], kind: str, bounce_type: str) -> FailedRecipient:
    address = headers.address(str(item.get("emailAddress", "")))
    words = charsets.one_line(str(item.get("diagnosticCode", "")))[:1000]
    if kind == "Complaint":
        return FailedRecipient(address, "feedback", "complaint", None, None, words)
    found = _judged(address, words, charsets.one_line(str(item.get("status", ""))) or None)
    permanent = bounce_type == "Permanent" and found.reason in {"other", *reasons.HARD}
    return (
        FailedRecipient(address, "hard", "unknown_user", found.status, found.smtp_code, words)
        if permanent
        else found
    )


def _json_event(text: str) -> dict[str, object]:
    try:
        outer, _ = json.JSONDecoder(strict=False).raw_decode(text)
        if isinstance(outer, dict) and isinstance(outer.get("Message"), str):
            outer = json.loads(outer["Message"], strict=False)
    except (ValueError, RecursionError):
        return {}
    return outer if isinstance(outer, dict) else {}


def _from_report(mail: ParsedMail) -> list[FailedRecipient] | None:
    """Recipients of a delivery report (RFC 3464); None when there is none, empty when it reports success."""
    parts = [_text_of(item) for item in mail.attachments if item.content_type == "message/delivery-status"]
    if not parts:
        return None
    blocks = [dict(_fields(block)) for part in parts for block in re.split(r"\n[ \t]*\n", part)]
    named = [block for block in blocks if "final-recipient" in block or "original-recipient" in block]
    failed = [block for block in named if not _succeeded(block)]
    if named and not failed:
        return []
    report = _report_text(mail)
    if not named:
        return _from_text(mail)
    return [
        _from_fields(block, _about(block, report, alone=len(failed) == 1))
        for block in failed[:MAX_RECIPIENTS]
    ]


def _about(block: dict[str, str], report: str, *, alone: bool) -> str:
    """The server's prose on one recipient: all of it, or of a shared report the lines that name them."""
    if alone:
        return report
    match = _EMAIL.search(block.get("final-recipient", "").rpartition(";")[2])
    return "\n".join(line for line in report.split("\n") if match and match[0] in line)[:5000]


def _fields(block: str) -> Iterator[tuple[str, str]]:
    for match in _FIELD.finditer(block):
        yield match[1].lower(), charsets.one_line(match[2])


def _succeeded(block: dict[str, str]) -> bool:
    action = block.get("action", "").lower()
    return action.startswith(("delivered", "relayed", "expanded")) or (
        not action and block.get("status", "").startswith("2")
    )


def _from_fields(block: dict[str, str], report: str) -> FailedRecipient:
    named = (
        block.get("final-recipient")
        or block.get("original-recipient")
        or block.get("x-actual-recipient")
        or ""
    )
    match = _EMAIL.search(named.rpartition(";")[2])
    words = block.get("diagnostic-code", "").partition(";")[2].strip() or block.get("diagnostic-code", "")
    words = words[:_MAX_WORDS]
    status = reasons.status_of(block.get("status", ""))
    found = _judged(headers.address(match[0]) if match else None, words, status)
    if report and _AFTER_DATA.search(report) and not _RCPT_ANSWER.search(report):
        found = FailedRecipient(
            found.address, "soft", found.reason, found.status, found.smtp_code, found.diagnostic
        )
    if found.reason == "other" and report:
        told = _judged(found.address, report[:_MAX_WORDS], status)
        reason, severity = told.reason, told.kind
        found = FailedRecipient(
            found.address, severity, reason, found.status, found.smtp_code, words or report[:500]
        )
    if block.get("action", "").lower().startswith("delayed"):
        return FailedRecipient(
            found.address, "soft", found.reason, found.status, found.smtp_code, found.diagnostic
        )
    return found


def _judged(address: str | None, words: str, status: str | None) -> FailedRecipient:
    """Weigh one server's words. A vague status (x.0.0) gives way to the one in the words."""
    said = reasons.status_of(words)
    chosen = (
        said
        if said and (status is None or status.endswith(".0.0") or status[2:] in {"0.0", "5.0", "3.0"})
        else status
    )
    code = reasons.smtp_code_of(words)
    reason = reasons.reason_of(words, chosen)
    severity = "soft" if _AFTER_DATA.search(words) else reasons.severity_of(reason, chosen, code)
    return FailedRecipient(address, severity, reason, chosen, code, words[:1000])


def _looks_like_bounce(mail: ParsedMail) -> bool:
    """Plain-text bounces: a machine's sender or the null return path, and the words of a failed delivery."""
    sender = f"{mail.from_name} {mail.from_address or ''} {mail.header('from') or ''}"
    machine, unanswerable = bool(_DAEMON.search(sender)), null_return_path(mail) or mail.from_address is None
    if not machine and not unanswerable:
        return False
    if "delivery-status" in (mail.header("content-type") or "").lower() or mail.header("x-failed-recipients"):
        return True
    report = _report_text(mail)
    subject, body, server = (
        bool(_SUBJECT.search(mail.subject)),
        bool(_BODY.search(report)),
        _server_speaks(mail, report),
    )
    # A parcel that "could not be delivered" has the words too, so a mail server's traces must be beside them.
    return (subject and (body or server)) if machine else ((subject or body) and server)


def _server_speaks(mail: ParsedMail, report: str) -> bool:
    """Traces that only a mail server leaves: reply codes, report fields, the returned mail."""
    return bool(
        reasons.status_of(report)
        or re.search(r"^[ \t<>]*(?:.{0,120}[:\]>] )?[45]\d\d[ -]", report, re.MULTILINE)
        or _FIELD.search(report)
        or _ORIGINAL_FOLLOWS.search(mail.text[:_MAX_REPORT], 1)
        or any(item.content_type in _RETURNED for item in mail.attachments)
    )


def null_return_path(mail: ParsedMail) -> bool:
    """Whether the envelope sender was empty, as RFC 5321 asks of bounces (and RFC 3834 of auto-replies)."""
    value = mail.header("return-path")
    return value is not None and (
        value.strip() in {"<>", ""} or value.lower().strip("<> ").startswith("mailer-daemon")
    )


def _report_text(mail: ParsedMail) -> str:
    """What the server wrote itself, without the mail it returns."""
    text = mail.text[:_MAX_REPORT]
    match = _ORIGINAL_FOLLOWS.search(text, 1)
    return text[: match.start()] if match and text[: match.start()].strip() else text


def _from_text(mail: ParsedMail) -> list[FailedRecipient]:
    report = _report_text(mail)
    blocks = [dict(_fields(block)) for block in re.split(r"\n[ \t]*\n", report)]
    named = [block for block in blocks if "final-recipient" in block]
    if named:
        return [_from_fields(block, report) for block in named[:MAX_RECIPIENTS]]
    judged = _judged(None, report[:_MAX_WORDS], None)
    people: list[str | None] = [*_text_recipients(mail, report)] or [None]
    return [
        FailedRecipient(
            person, judged.kind, judged.reason, judged.status, judged.smtp_code, judged.diagnostic
        )
        for person in people
    ]


def _text_recipients(mail: ParsedMail, report: str) -> list[str]:
    """The addresses a text names as failed: the header for it, else all but our own and the server's."""
    stated = [item.address for item in headers.addresses(", ".join(mail.header_all("x-failed-recipients")))]
    if stated:
        return stated[:MAX_RECIPIENTS]
    own = {item.address for item in mail.to} | {mail.from_address}
    found = (headers.address(match) for match in _EMAIL.findall(report))
    return list(
        dict.fromkeys(item for item in found if item and item not in own and not _DAEMON.match(item))
    )[:10]


def _original_id(mail: ParsedMail) -> str | None:
    for text in (*_enclosed(mail), mail.text[:_MAX_REPORT]):
        match = _MESSAGE_ID.search(text)
        if match:
            return next(iter(headers.message_ids(f"<{match[1]}>")), None)
    return mail.references[-1] if mail.references else None


def _enclosed(mail: ParsedMail) -> Iterable[str]:
    return (_text_of(item) for item in mail.attachments if item.content_type in _RETURNED)


def _text_of(item: ParsedAttachment) -> str:
    return charsets.clean(charsets.decode(item.content[: mime.MAX_HEADER_BYTES], None)[0])
