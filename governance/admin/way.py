"""The way of a version until it counts: what is different, comments, who said yes, when it starts, and a trial."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from governance.admin.doors import door, draft_of, show, version_of
from governance.admin.words import action_words
from governance.core.rule_words import RULE_WORDS
from governance.difference import changed_lines, changed_rules, version_before
from governance.models import EthicsPolicy, PolicyApproval, PolicyComment, PolicyStatus
from governance.services import drafts, dry_run, policies, rulings, trials
from helpdesk.admin.base import member_of
from helpdesk.people import subjects
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can

_LABELS = {one.name: one.label for one in RULE_WORDS}
#: Requests that are named one by one.
MOST_NAMED = 100


def urls() -> list[Any]:
    """The addresses, below the rules."""
    acts = {
        "propose": propose,
        "approve": approve,
        "publish": publish,
        "schedule": schedule,
        "take-back": take_back,
    }
    return [
        path("<int:pk>/way/", door(require_safe(way), read=True), name="policy-way"),
        path("<int:pk>/try/", door(require_safe(trial), read=True), name="policy-try"),
        path(
            "<int:pk>/way/answer/<int:comment>/",
            door(require_POST(answer), back="admin:policy-way"),
            name="policy-answer",
        ),
        *(
            path(
                f"<int:pk>/way/{name}/",
                door(require_POST(view), back="admin:policy-way"),
                name=f"policy-{name}",
            )
            for name, view in acts.items()
        ),
    ]


def way(request: HttpRequest, pk: int) -> HttpResponse:
    """Where this version stands, and the next thing to do."""
    policy = version_of(pk)
    before = version_before(policy)
    is_draft = policy.status == PolicyStatus.DRAFT
    large = is_draft and rulings.is_large(policy)
    context = {
        "title": _("Version %(version)s: until it counts") % {"version": policy.version},
        "policy": policy,
        "is_draft": is_draft,
        "large": large,
        "because": [_(_LABELS[name]) for name in rulings.looser(policy)] if is_draft else [],
        "missing": rulings.missing(policy) if is_draft else [],
        "comments": PolicyComment.objects.filter(policy=policy)
        .select_related("member__user", "answered_by__user")
        .order_by("pk"),
        "approvals": _approvals(policy),
        "round_open": policy.round_closes_at is not None and policy.round_closes_at > timezone.now(),
        "may_write": can(member_of(request), "manage_policy"),
        "before": before,
        "changed": changed_rules(before, policy) if before else None,
        "lines": changed_lines(before, policy) if before else [],
        "seen_version": before.version if before else 0,
    }
    return show(request, "way", context)


def _approvals(policy: EthicsPolicy) -> list[dict[str, Any]]:
    hashed = rulings.text_hash(policy)
    rows = PolicyApproval.objects.filter(policy=policy).select_related("member__user").order_by("pk")
    return [
        {"name": one.member, "at": one.created_at, "step": one.step, "counts": one.content_hash == hashed}
        for one in rows
    ]


def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Open it for comments."""
    row = rulings.propose(policy=draft_of(pk), member=member_of(request))
    day = date_format(timezone.localtime(row.round_closes_at), "DATETIME_FORMAT")
    messages.success(request, _("Everybody on the team can comment until %(day)s.") % {"day": day})
    return redirect("admin:policy-way", pk)


def answer(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """Say what becomes of a comment."""
    found = PolicyComment.objects.filter(pk=comment, policy_id=pk).first()
    if found is None:
        raise Http404
    rulings.answer(comment=found, member=member_of(request), text=request.POST.get("text", ""))
    return redirect("admin:policy-way", pk)


def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes to the text as it stands."""
    rulings.approve(policy=draft_of(pk), member=member_of(request))
    messages.success(request, _("Your yes to this text is on record."))
    return redirect("admin:policy-way", pk)


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it in force now."""
    seen = request.POST.get("seen_version", "")
    policy = drafts.publish_draft(
        policy=draft_of(pk), member=member_of(request), seen_version=int(seen) if seen.isdecimal() else 0
    )
    messages.success(request, _("Version %(version)s is in force from now on.") % {"version": policy.version})
    return redirect("admin:governance_ethicspolicy_change", policy.pk)


def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it start at a moment, in the time zone of the organization."""
    begin = _moment(request.POST)
    if begin is None:
        messages.error(request, _("Choose a day and a time from the list of your calendar."))
        return redirect("admin:policy-way", pk)
    policies.schedule(policy=draft_of(pk), member=member_of(request), effective_at=begin)
    messages.success(request, _("It starts by itself. Until then the rules of today count."))
    return redirect("admin:policy-way", pk)


def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft of a version that starts later."""
    policies.take_back(policy=version_of(pk), member=member_of(request))
    messages.success(request, _("It does not start by itself any more."))
    return redirect("admin:policy-way", pk)


def _moment(said: Any) -> datetime | None:
    """What the day-and-time field holds; an hour that the clocks skip or repeat is the one that Django reads."""
    try:
        found: datetime = forms.DateTimeField().clean(said.get("begin", "").replace("T", " "))
    except forms.ValidationError:
        return None
    return found


def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """The last decisions judged as if this version had counted; while that is being done, how far it is."""
    policy = version_of(pk)
    tried = trials.look(policy)
    title = _("Version %(version)s on what has happened") % {"version": policy.version}
    context: dict[str, Any] = {"title": title, "policy": policy, "tried": tried, "found": tried.found}
    if tried.found is not None:
        context |= _result(tried.found, member_of(request))
    response = show(request, "trial", context)
    if tried.found is None:
        response["Refresh"] = "1"  # works without script
    return response


def _result(found: dry_run.DryRun, member: Membership) -> dict[str, Any]:
    groups = [
        (_("Would have been stopped"), "bad", found.stopped),
        (_("Would have been allowed"), "good", found.allowed),
        (_("Nobody can tell"), "", found.unknown),
    ]
    named = [one for _title, _tone, rows in groups for one in rows[:MOST_NAMED]]
    known = subjects.find(member, [_about(one) for one in named])
    return {
        "said": _said(found),
        "groups": [
            {
                "title": title,
                "tone": tone,
                "number": len(rows),
                "rows": [
                    {"one": one, "about": known.get(_about(one)), "asked": action_words(one.action)}
                    for one in rows[:MOST_NAMED]
                ],
                "more": max(0, len(rows) - MOST_NAMED),
            }
            for title, tone, rows in groups
        ],
        "same": found.judged - sum(len(rows) for _title, _tone, rows in groups),
    }


def _about(one: dry_run.Changed) -> tuple[str, int]:
    """The request that a decision was about, by way of its message where the decision names no request."""
    kind, _sep, number = one.subject.partition(":")
    return (kind, int(number)) if number.isdigit() else (one.subject_kind, one.subject_id)


def _said(found: dry_run.DryRun) -> str:
    if not found.judged:
        return _("The AI has not been asked for anything yet, so there is nothing to try this on.")
    if not (found.stopped or found.allowed or found.unknown):
        return _("Nothing would have gone differently.")
    stopped = ngettext(
        "It would have stopped %(n)s step of the AI that was allowed.",
        "It would have stopped %(n)s steps of the AI that were allowed.",
        len(found.stopped),
    ) % {"n": len(found.stopped)}
    allowed = ngettext(
        "It would have allowed %(n)s that was stopped.",
        "It would have allowed %(n)s that were stopped.",
        len(found.allowed),
    ) % {"n": len(found.allowed)}
    said = f"{stopped} {allowed}"
    if found.unknown:
        unknown = ngettext("Of %(n)s nobody can tell.", "Of %(n)s nobody can tell.", len(found.unknown)) % {
            "n": len(found.unknown)
        }
        said = f"{said} {unknown}"
    return said
