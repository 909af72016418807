"""The team's page about the rules: read them, say "I have read it", comment on what shall change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.core.clauses import Clauses
from governance.difference import changed_lines, changed_rules, rules_in_words, version_before
from governance.models import Attestation, EthicsPolicy, PolicyComment, PolicyStatus
from governance.public import paragraphs
from governance.services import policies, rulings
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of
from helpdesk.people.models import Membership


@require_safe
@member_required()
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, whether one has read them, and the versions that are open for comments."""
    policy = (
        EthicsPolicy.objects.select_related("approver__user").filter(status=PolicyStatus.PUBLISHED).first()
    )
    member = member_of(request)
    context = {
        "policy": policy,
        "blocks": paragraphs(policy.prose) if policy else [],
        "rules": rules_in_words(policy) if policy else [],
        "reading": _reading(policy, member),
        "open_rounds": [_round(one) for one in _open_rounds()],
    }
    return render(request, "governance/rules.html", context)


@require_POST
@member_required()
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """ "I have read it": of the version that was on the screen, if it still counts."""
    policy = EthicsPolicy.objects.filter(pk=pk).first()
    if policy is None:
        raise Http404
    if policy.status == PolicyStatus.PUBLISHED:
        policies.attest(policy=policy, member=member_of(request))
        messages.success(request, _("Thank you. It is on record that you have read it."))
    else:
        messages.error(request, _("Newer rules are in force by now. Read those, please."))
    return redirect("rules")


@require_POST
@member_required()
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something about a version that is open for comments."""
    policy = EthicsPolicy.objects.filter(pk=pk).first()
    if policy is None or policy.round_opened_at is None:
        raise Http404
    try:
        rulings.comment(policy=policy, member=member_of(request), text=request.POST.get("text", ""))
    except HelpdeskError as error:
        messages.error(request, f"{error.message} {error.next_step}".strip())
    else:
        messages.success(request, _("Thank you. Each comment gets an answer before the version counts."))
    return redirect("rules")


def _reading(policy: EthicsPolicy | None, member: Membership) -> dict[str, Any]:
    """Since when it is read; else by when it should be: only a large change asks for it again."""
    if policy is None:
        return {}
    read_at = (
        Attestation.objects.filter(policy=policy, member=member).values_list("created_at", flat=True).first()
    )
    known = EthicsPolicy.objects.filter(is_major=True, status__in=("published", "replaced"))
    major = known.order_by("-version").first()
    owed = (
        major is not None
        and not Attestation.objects.filter(member=member, policy__version__gte=major.version).exists()
    )
    begin = max(major.published_at, member.created_at) if owed and major and major.published_at else None
    grace = timedelta(days=Clauses.from_dict(policy.clauses).reading_grace_days)
    return {"read_at": read_at, "owed": owed, "by": begin + grace if begin else None}


def _open_rounds() -> list[EthicsPolicy]:
    rows = EthicsPolicy.objects.filter(status=PolicyStatus.DRAFT, round_closes_at__gt=timezone.now())
    return list(rows.order_by("version"))


def _round(policy: EthicsPolicy) -> dict[str, Any]:
    before = version_before(policy)
    return {
        "policy": policy,
        "changed": changed_rules(before, policy) if before else [],
        "lines": changed_lines(before, policy) if before else [],
        "comments": PolicyComment.objects.filter(policy=policy)
        .select_related("member__user", "answered_by__user")
        .order_by("pk"),
    }
