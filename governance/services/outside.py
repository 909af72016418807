"""Questions and objections of people outside: taken without sign-in, answered by a date."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from governance import gate, ledger
from governance.models import Record, RecordKind
from governance.services import registers
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.mail import post_on_commit
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.portal.language import supported
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id

#: What we promise on the form; a question past its date is a finding on the owner's page.
ANSWER_WITHIN = timedelta(days=10)
#: An address, or six digits that may be parts of a number: not for a page that everybody reads.
_PERSONAL = re.compile(r"[^\s@]+@[^\s@]+|(?:\d[\s/().-]?){6,}")


def take(*, about: str, text: str, contact: str, may_publish: bool, language: str) -> Record:
    """Keep what somebody wrote. The text is for those who answer it, and stays out of history and ledger."""
    policy = gate.policy_in_force()
    with transaction.atomic():
        row = Record.objects.create(
            kind=RecordKind.QUESTION,
            title=_("Objection from outside") if about == "objection" else _("Question from outside"),
            text=text.strip(),
            contact=contact.strip(),
            data={"about": about, "may_publish": may_publish, "language": language},
            due=timezone.localdate() + ANSWER_WITHIN,
            is_from_outside=True,
            is_anonymous=not contact.strip(),
            accountable=policy.approver if policy else None,
        )
        ledger.record(
            "question_taken",
            actor="system",
            object_ref=registers.ref(row),
            payload={"about": about, "text": row.text, "may_publish": may_publish, "due": str(row.due)},
        )
    return row


def questions() -> QuerySet[Record]:
    """All of them: the open ones first, the nearest date first."""
    rows = Record.objects.filter(kind=RecordKind.QUESTION, is_from_outside=True)
    return rows.select_related("answered_by__user").order_by("-state", "due", "-pk")


def answer(*, record: Record, member: Membership, title: str, text: str, publish: bool) -> None:
    """Answer one, by mail where an address was left; the address goes with that.

    On the trust page stand `title` (the question in our words) and the answer, never what was written.

    Raises NotAllowed (owner and officer only) and InvalidState: answered already, nothing said, the asker did not
    agree to show it, or something personal in what would be shown.
    """
    if not can(member, "manage_policy"):
        raise NotAllowed(_("Only an owner or ethics officer answers these."), next_step=_("Ask one of them."))
    with transaction.atomic():
        row = Record.objects.select_for_update().get(pk=record.pk)
        _require_fit(row, title, text, publish=publish)
        contact = row.contact
        registers.change(
            row=row,
            member=member,
            title=" ".join(title.split())[:160],
            answer=text.strip(),
            answered_by=member,
            answered_at=timezone.now(),
            state="answered",
            is_published=publish,
            contact="",
        )
        if contact:
            post_on_commit(_mail(row, contact))


def _require_fit(row: Record, title: str, text: str, *, publish: bool) -> None:
    if row.state != "open":
        raise InvalidState(_("This was answered already."), next_step=_("Look at the answer below."))
    if not title.strip() or not text.strip():
        raise InvalidState(
            _("The question in your words and the answer are both needed."),
            next_step=_("Write them, then send."),
        )
    if publish and not row.data.get("may_publish"):
        raise InvalidState(
            _("The person did not agree to show this."), next_step=_("Answer without showing it.")
        )
    if publish and _PERSONAL.search(f"{title}\n{text}"):
        raise InvalidState(
            _("An address or a number stands in what everybody would read."),
            next_step=_("Take it out, or answer without showing it."),
        )


def _mail(row: Record, contact: str) -> EmailMessage:
    organization = Organization.objects.get(pk=current_organization_id())
    with translation.override(supported(str(row.data.get("language", ""))) or organization.language):
        subject = _("%(shop)s: our answer to what you asked") % {"shop": organization.name}
        lead = _("You asked us how we use AI:")
        body = "\n\n".join([lead, row.text, _("Our answer:"), row.answer, organization.name])
    return EmailMessage(subject=subject, body=body, to=[contact])


def is_late(row: Record) -> bool:
    """Whether the date that we promised has passed."""
    return row.due is not None and row.due < timezone.localdate()


def due_in_words(row: Record, today: date | None = None) -> str:
    """How long there is, or how late it is."""
    left = ((row.due or timezone.localdate()) - (today or timezone.localdate())).days
    if left < 0:
        return _("%(n)s days late") % {"n": -left}
    return _("today") if left == 0 else _("%(n)s days left") % {"n": left}
