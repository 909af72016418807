"""AI services (companies): what is known about them, the five facts that the owner confirms, the approval that ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.core.clauses import REGIONS
from governance.core.sentence import gettext_noop
from governance.known_services import Known
from governance.models import Vendor
from governance.services import registers
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

#: The five facts, each answered yes, no or "don't know"; any but yes has its consequence.
FACTS = {
    "contract": gettext_noop("A contract on data processing with this service is signed."),
    "no_training": gettext_noop("It does not train on what we send."),
    "region": gettext_noop("We know where it works with our data."),
    "deletion": gettext_noop("It deletes what we send after a time that we know."),
    "sub_processors": gettext_noop("We know which other companies it uses."),
}
ANSWERS = ("yes", "no", "unknown")
#: Without these a service cannot be approved; the other two are shown on the trust page as they are.
NEEDED = frozenset({"contract", "no_training", "region"})
VALID_FOR = timedelta(days=365)


def said(known: Known | None, kept: Any = ()) -> list[dict[str, Any]]:
    """What a company says on the five facts, in the reader's language; `read` is None where nobody read it yet.

    This release's reading of a known service stands over what was kept of an older one.
    """
    rows = known.to_answers() if known else kept or ()
    return [
        {
            "fact": _(FACTS[one["fact"]]),
            "answer": _(one["answer"]),
            "source": one.get("source", ""),
            "read": date.fromisoformat(one["date"]) if one.get("date") else None,
        }
        for one in rows
        if one.get("fact") in FACTS and one.get("answer")
    ]


def confirm(*, vendor: Vendor, answers: Mapping[str, str], member: Membership) -> Vendor:
    """Keep the owner's answers to the five facts, with who and when; one that is needed and not a yes any more takes
    the approval away. Raises NotAllowed, InvalidState."""
    if set(answers) - set(FACTS) or set(answers.values()) - set(ANSWERS):
        raise InvalidState(_("Answer each fact with yes, no or “don't know”."))
    today = timezone.localdate().isoformat()
    said = {name: {"answer": one, "on": today, "by": member.pk} for name, one in answers.items()}
    vendor.facts = {**vendor.facts, **said}
    if vendor.state == "approved" and _uncertain(vendor):
        vendor.state = "draft"
    registers.save_row(row=vendor, member=member)
    return vendor


def approve(*, vendor: Vendor, member: Membership, valid_until: date | None = None) -> Vendor:
    """From now on the service may be called where the rules allow its region.

    Raises NotAllowed, InvalidState (a fact that is needed is not a yes, no region, no contract on file; says which).
    """
    if not can(member, "manage_policy"):
        raise NotAllowed(
            _("Only an owner or ethics officer approves an AI service."), next_step=_("Ask one of them.")
        )
    today = timezone.localdate()
    end = valid_until or today + VALID_FOR
    with transaction.atomic():
        row = Vendor.objects.select_for_update(of=("self",)).get(pk=vendor.pk)
        _require_complete(row, end, today)
        registers.change(
            row=row,
            member=member,
            state="approved",
            approved_by=member,
            approved_at=timezone.now(),
            expires_on=end,
            review_due=end,
        )
    return row


def end(*, vendor: Vendor, member: Membership) -> None:
    """The service is not called any more."""
    registers.save_row(row=_ended(vendor), member=member)


def _ended(vendor: Vendor) -> Vendor:
    vendor.state = "ended"
    return vendor


def _uncertain(row: Vendor) -> list[str]:
    """The facts without which it is not called and that are no yes."""
    return [fact for fact in sorted(NEEDED) if (row.facts.get(fact) or {}).get("answer") != "yes"]


def _require_complete(row: Vendor, end: date, today: date) -> None:
    if missing := _uncertain(row):
        raise InvalidState(
            _("This is not certain yet: %(fact)s") % {"fact": _(FACTS[missing[0]])},
            next_step=_("Ask the service, or choose another one."),
        )
    if row.region not in REGIONS:
        raise InvalidState(_("It is not said where the data goes."), next_step=_("Choose the region."))
    if not row.contract:
        raise InvalidState(_("No contract is on file."), next_step=_("Say where it lies."))
    if not today <= end <= today + VALID_FOR:
        raise InvalidState(_("An approval holds for a year at most."), next_step=_("Choose an earlier end."))
