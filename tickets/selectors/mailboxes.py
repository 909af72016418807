"""Reads for the settings pages of inboxes and mailboxes: each state in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tickets.mailboxes.network import in_pairs
from tickets.mailboxes.problems import Said, say
from tickets.mailboxes.trial import STEPS
from tickets.models import Inbox, Mailbox, MailboxRun


@dataclass(frozen=True)
class InboxRow:
    """An inbox with the state of its mailbox: `word`, its colour (`good`, `warn`, `bad`, ""), and a problem."""

    inbox: Inbox
    word: str
    tone: str
    problem: Said | None


@dataclass(frozen=True)
class Step:
    """A step of a test mail: `state` is done, now, failed or open."""

    label: str
    state: str


def inbox_rows() -> list[InboxRow]:
    """Every inbox, active ones first. Two queries."""
    inboxes = list(Inbox.objects.order_by("-is_active", "name", "pk"))
    rows = Mailbox.objects.defer("imap_password", "smtp_password")
    mailboxes = {one.inbox_id: one for one in rows}
    return [_row(inbox, mailboxes.get(inbox.pk)) for inbox in inboxes]


def _row(inbox: Inbox, mailbox: Mailbox | None) -> InboxRow:
    if not inbox.is_active:
        return InboxRow(inbox, _("switched off"), "", None)
    if mailbox is None:
        return InboxRow(inbox, _("no mailbox connected"), "warn", None)
    word, tone = mailbox_word(mailbox)
    return InboxRow(inbox, word, tone, mailbox_problem(mailbox))


def mailbox_word(mailbox: Mailbox) -> tuple[str, str]:
    """The mailbox's state as a word, and its colour."""
    if not mailbox.is_active:
        return (_("disconnected"), "") if mailbox.connected_at else (_("entered, not tested yet"), "warn")
    if mailbox.problem:
        return _("cannot be read"), "bad"
    if mailbox.send_problem:
        return _("cannot send"), "bad"
    return _("works"), "good"


def mailbox_problem(mailbox: Mailbox) -> Said | None:
    """What is wrong with an active mailbox now."""
    if not mailbox.is_active:
        return None
    return say(mailbox.problem, mailbox.problem_data) or say(mailbox.send_problem, mailbox.send_problem_data)


def mailbox_of(inbox: Inbox) -> Mailbox | None:
    """The inbox's mailbox, without its passwords: one that cannot be decrypted any more still has a page."""
    return Mailbox.objects.defer("imap_password", "smtp_password").filter(inbox=inbox).first()


def state_of(mailbox: Mailbox) -> dict[str, Any]:
    """What the page of a mailbox shows of its work: state, test mail, older mail. Two queries."""
    runs = MailboxRun.objects.filter(mailbox=mailbox).order_by("-pk")
    test, history = runs.filter(kind="test").first(), runs.filter(kind="history").first()
    word, tone = mailbox_word(mailbox)
    problem = mailbox_problem(mailbox)
    failed = say(test.problem, test.problem_data) if test else None
    return {
        "word": word,
        "tone": tone,
        "problem": problem,
        "test": test,
        "test_problem": failed,
        "steps": steps_of(test) if test else [],
        "certificate": certificate(failed) or certificate(problem),
        "can_use_anyway": bool(test and test.state == "failed" and test.step == "arrive")
        and not mailbox.is_active,
        "history": history,
        "history_problem": say(history.problem, history.problem_data) if history else None,
        "is_busy": any(run is not None and run.state == "running" for run in (test, history)),
    }


def steps_of(run: MailboxRun) -> list[Step]:
    """The steps of a test mail, in words."""
    labels = {
        "read": _("Sign in to read the mailbox"),
        "send": _("Sign in to send, and hand the test mail over"),
        "arrive": _("Wait until it arrives"),
    }
    at = STEPS.index(run.step) if run.step in STEPS else 0
    now = {"running": "now", "failed": "failed", "done": "done"}.get(run.state, "open")
    places = enumerate(STEPS)
    return [
        Step(labels[key], "done" if place < at else now if place == at else "open") for place, key in places
    ]


def certificate(problem: Said | None) -> dict[str, str] | None:
    """What a person compares before accepting a certificate; None where the problem is another one."""
    if problem is None or not problem.data.get("fingerprint"):
        return None
    data = problem.data
    return {
        "fingerprint": str(data["fingerprint"]),
        "shown": in_pairs(str(data["fingerprint"])),
        "issued_to": str(data.get("issued_to", "")),
        "issued_by": str(data.get("issued_by", "")),
        "until": str(data.get("until", "")),
    }
