"""Mails that owners get once for each reason and day or month: the newest signed head, and money that runs low."""

from __future__ import annotations

import json
from datetime import date

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import gate
from governance.core.clauses import Budget
from governance.models import AISpend, ClockNotice, LedgerAnchor
from governance.selectors import trust
from helpdesk.people.mail import post_on_commit
from helpdesk.people.models import Membership, Role
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id

HEAD = "record:head"
#: From here on a limit is near: the same line as the check that warns.
NEAR_PERCENT = 80


def mail_head(today: date | None = None) -> bool:
    """Mail the newest signed head of the record to the owners: once a day, and only where something was added.

    Kept in a mailbox it finds what nobody can see inside: a cut end, or an old backup put back.
    """
    newest = LedgerAnchor.objects.order_by("-seq").first()
    last = ClockNotice.objects.filter(object_ref=HEAD).order_by("-due_on").first()
    if newest is None or (last is not None and last.sent_at >= newest.created_at):
        return False
    with transaction.atomic(), _their_language():
        if not _first_time(HEAD, today or timezone.localdate(), 0):
            return False
        head = trust.newest_head()
        lines = [
            _(
                "This is the signed head of your record of what happened. Keep this mail; you need not read it."
            ),
            _(
                "If somebody ever cuts or replaces the record, it no longer fits this head, and the check says so."
            ),
            json.dumps(head, indent=1),
        ]
        _post(_("%(shop)s: the head of your record"), lines)
    return True


def tell_of_break(seq: int, today: date | None = None) -> bool:
    """Mail the owners that the record does not hold, once a day as long as it does not."""
    with transaction.atomic(), _their_language():
        if not _first_time("record:broken", today or timezone.localdate(), 0):
            return False
        lines = [
            _("Your record of what happened is not as it was written, from entry %(seq)s on.") % {"seq": seq},
            _(
                "The AI stops there. Change nothing, keep the mails with the heads, and call who runs the machine."
            ),
            base_url(_organization()) + reverse("admin:governance_ledgerentry_changelist"),
        ]
        _post(_("%(shop)s: the record does not hold"), lines)
    return True


def tell_of_deletion(*, days: int, count: str, begins: date, version: int) -> bool:
    """Mail owners and officers that finished requests go from that day on, once for a version of the rules."""
    ref = f"keeping:{version}"
    if ClockNotice.objects.filter(object_ref=ref).exists():
        return False
    with transaction.atomic(), _their_language():
        if not _first_time(ref, begins, 0):
            return False
        said = _("Your rules say that finished requests are deleted after %(days)s days.") % {"days": days}
        many = _("From %(day)s on this is done by itself. It would be %(count)s requests now.") % {
            "day": date_format(begins),
            "count": count,
        }
        gone = _(
            "Their texts, files and original mails go for good; that there was a request, when, and what was decided "
            "stays. To keep them, change the rule before that day:"
        )
        url = base_url(_organization()) + reverse("admin:governance_ethicspolicy_changelist")
        subject = _("%(shop)s: finished requests will be deleted")
        _post(subject, [said, many, gone, url], roles=(Role.OWNER, Role.OFFICER))
    return True


def deletion_begins(version: int) -> date | None:
    """The day that the mail about this version of the rules named; None where none was sent."""
    return (
        ClockNotice.objects.filter(object_ref=f"keeping:{version}").values_list("due_on", flat=True).first()
    )


def warn_of_budget(now: date | None = None) -> list[str]:
    """Mail owners and officers where a limit of the rules is used to 80 %, once per limit and day or month.

    Returns the limits that were told now. Two queries where nothing is near.
    """
    policy = gate.policy_in_force()
    if policy is None:
        return []
    budget, day = gate.policy_facts(policy).clauses.budget, now or timezone.now().date()
    told: list[str] = []
    with transaction.atomic(), _their_language():
        for key, used, limit in _near(budget, day):
            start = day if key.startswith("daily") else day.replace(day=1)
            if _first_time(f"budget:{key}", start, NEAR_PERCENT):
                told.append(_said(key, used, limit, budget.currency))
        if told:
            end = [
                _("At the limit the built-in assistant takes over; your own answers are never held up."),
                base_url(_organization()) + reverse("admin:governance_ethicspolicy_changelist"),
            ]
            _post(_("%(shop)s: the AI is near its limit"), [*told, *end], roles=(Role.OWNER, Role.OFFICER))
    return told


def _near(budget: Budget, day: date) -> list[tuple[str, int, int]]:
    """Limit, used, allowed, of those that are used to 80 %."""
    month = AISpend.objects.filter(day__gte=day.replace(day=1), day__lte=day)
    sums = month.aggregate(drafts=Sum("drafts"), micro=Sum("cost_micro"))
    today = AISpend.objects.filter(day=day).aggregate(drafts=Sum("drafts"), micro=Sum("cost_micro"))
    used = {
        "daily_drafts": today["drafts"],
        "monthly_drafts": sums["drafts"],
        "daily_micro": today["micro"],
        "monthly_micro": sums["micro"],
    }
    limits = budget.to_dict()
    return [
        (key, value or 0, limits[key])
        for key, value in used.items()
        if limits[key] and (value or 0) * 100 >= limits[key] * NEAR_PERCENT
    ]


def _said(key: str, used: int, limit: int, currency: str) -> str:
    if key.endswith("drafts"):
        words = _("Drafts today: %(used)s of %(limit)s.")
        words = words if key.startswith("daily") else _("Drafts this month: %(used)s of %(limit)s.")
        return words % {"used": used, "limit": limit}
    words = _("Money today: %(used)s of %(limit)s.")
    words = words if key.startswith("daily") else _("Money this month: %(used)s of %(limit)s.")
    return words % {"used": _money(used, currency), "limit": _money(limit, currency)}


def _money(micro: int, currency: str) -> str:
    return f"{micro / 1_000_000:,.2f} {currency}"


def _first_time(ref: str, day: date, step: int) -> bool:
    """Keep that this was mailed; False where it was."""
    _row, new = ClockNotice.objects.get_or_create(object_ref=ref, due_on=day, days_before=step)
    return new


def _organization() -> Organization:
    return Organization.objects.get(pk=current_organization_id())


def _post(subject: str, lines: list[str], *, roles: tuple[Role, ...] = (Role.OWNER,)) -> None:
    organization = _organization()
    people = Membership.objects.filter(is_active=True, role__in=roles).select_related("user")
    for address in sorted({one.user.email for one in people}):
        body = "\n\n".join(lines)
        post_on_commit(EmailMessage(subject=subject % {"shop": organization.name}, body=body, to=[address]))


def _their_language() -> translation.override:
    """Mails are written in the organization's language."""
    return translation.override(_organization().language)
