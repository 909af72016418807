"""The customer's pages about their data: choices, requests, download, and the links that work without sign-in."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance import gate, links
from governance.core.clauses import Basis
from governance.models import Consent, ConsentState, DataRequest, DataRequestKind, Purpose
from governance.portal_words import PURPOSES, rows, state_for
from governance.services import consents, requests
from helpdesk.people.models import Customer
from helpdesk.portal import limits
from helpdesk.portal.doors import customer_of, customer_required, page
from helpdesk.portal.language import activate_for
from helpdesk.privacy import export
from helpdesk.tenancy.middleware import organization_id_of, organization_of

#: What a customer may ask for on the page "Your data"; a second look belongs to an answer.
ASKABLE = (DataRequestKind.ERASE, DataRequestKind.CORRECT, DataRequestKind.RESTRICT)


def basis_in_force() -> Basis | None:
    """On what ground AI helps here; None without rules in force."""
    policy = gate.policy_in_force()
    return gate.policy_facts(policy).clauses.basis if policy else None


@require_GET
@customer_required
def choices(request: HttpRequest) -> HttpResponse:
    """Every purpose with its state; yes and no are the same click."""
    newest = Consent.objects.filter(customer=customer_of(request)).order_by("purpose", "-pk")
    in_force = {one.purpose: one for one in newest.distinct("purpose")}
    context = {"purposes": rows(in_force, basis_in_force()), "notice_url": reverse("privacy")}
    return page(request, "portal/choices.html", context)


@require_POST
@customer_required
def choose(request: HttpRequest, purpose: str) -> HttpResponse:
    """Record one choice; in force at once, also for a draft that is being written."""
    answer = request.POST.get("choice", "")
    if purpose not in PURPOSES or answer not in {"yes", "no"}:
        raise Http404
    if not _record(request, customer_of(request), purpose, says_yes=answer == "yes", method="portal"):
        return _too_often(request)
    return redirect(f"{reverse('portal-choices')}#{purpose}")


def _record(request: HttpRequest, customer: Customer, purpose: str, *, says_yes: bool, method: str) -> bool:
    """Record a choice; the same again is none. False where somebody clicks all day: records are kept for ever.

    A no to AI is never too often.
    """
    words, state = PURPOSES[purpose], state_for(purpose=purpose, says_yes=says_yes, basis=basis_in_force())
    if consents.choices(customer).get(purpose) == state:
        return True
    is_no = says_yes == (purpose == Purpose.HUMANS_ONLY)
    if not is_no and _asks_too_often(request, customer):
        return False
    consents.record_choice(
        customer=customer,
        purpose=purpose,
        state=state,
        method=method,
        language=get_language() or "",
        notice=f"{words.label}\n{words.about}",
    )
    return True


def _asks_too_often(request: HttpRequest, customer: Customer) -> bool:
    key = str(customer.reference)
    return limits.too_often(organization_id_of(request), "portal-data", key, most=30, seconds=3600)


def _too_often(request: HttpRequest) -> HttpResponse:
    return page(request, "429.html", {}, status=429)


@never_cache
@require_http_methods(["GET", "POST"])
def no_ai(request: HttpRequest, token: str) -> HttpResponse:
    """ "Answer me without AI" from a mail: opening it changes nothing (mail scanners open links), the button does."""
    customer = _from_link(request, token, links.WITHOUT_AI)
    if request.method == "POST":
        wants = "undo" not in request.GET
        if not _record(request, customer, Purpose.HUMANS_ONLY, says_yes=wants, method="mail_link"):
            return _too_often(request)
    if consents.choices(customer).get(Purpose.HUMANS_ONLY) == ConsentState.GRANTED:
        return _done(
            request,
            title=_("You are answered without AI"),
            text=_("People write every answer to you from now on. You wait no longer for it."),
            undo_label=_("Let AI help again"),
        )
    return _confirm(
        request,
        title=_("Answer me without AI"),
        text=_(
            "People write every answer to you, without AI. You wait no longer for it, and give no reason."
        ),
        button_label=_("Answer me without AI"),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def yes_ai(request: HttpRequest, token: str) -> HttpResponse:
    """ "Yes, AI may help" from a mail of a business that asks first; can be taken back on the same page."""
    customer = _from_link(request, token, links.AGREE)
    if request.method == "POST":
        wants = "undo" not in request.GET
        if not _record(request, customer, Purpose.AI_ASSIST, says_yes=wants, method="mail_link"):
            return _too_often(request)
        if wants and consents.choices(customer).get(Purpose.HUMANS_ONLY) == ConsentState.GRANTED:
            _record(request, customer, Purpose.HUMANS_ONLY, says_yes=False, method="mail_link")
    if consents.choices(customer).get(Purpose.AI_ASSIST) == ConsentState.GRANTED:
        return _done(
            request,
            title=_("AI may help with answers to you"),
            text=_("It writes drafts. A person reads, corrects and sends every answer."),
            undo_label=_("No, take it back"),
        )
    return _confirm(
        request,
        title=_("May AI help with answers to you?"),
        text=_("It would write drafts. A person reads, corrects and sends every answer, either way."),
        button_label=_("Yes, AI may help"),
    )


def _done(request: HttpRequest, *, title: str, text: str, undo_label: str) -> HttpResponse:
    context = {
        "title": title,
        "text": text,
        "undo_url": f"{request.path}?undo=1",
        "undo_label": undo_label,
        "more_url": reverse("portal-choices"),
        "more_label": _("All your choices"),
    }
    return page(request, "portal/link_done.html", context)


def _confirm(request: HttpRequest, *, title: str, text: str, button_label: str) -> HttpResponse:
    context = {"title": title, "text": text, "button_label": button_label, "token_url": request.path}
    return page(request, "portal/link_confirm.html", context)


def _from_link(request: HttpRequest, token: str, use: str) -> Customer:
    organization_of(request)
    customer = links.customer_of(token, use)
    if customer is None:
        raise Http404
    activate_for(request, customer)
    return customer


@require_GET
@customer_required
def my_data(request: HttpRequest) -> HttpResponse:
    """What we hold, the download, and requests with their clocks."""
    mine = list(DataRequest.objects.filter(customer=customer_of(request)).order_by("-pk")[:100])
    opened = {one.kind for one in mine if one.status == "open"}
    now = timezone.now()
    context = {
        "summary": [
            {"label": one.label, "count_label": _entries_label(one.count)}
            for one in export.holdings(customer_of(request))
        ],
        "download_url": reverse("portal-download"),
        "requests": [_request_row(one) for one in mine],
        "delete_url": reverse("portal-ask", args=[DataRequestKind.ERASE.value]),
        "delete_open": DataRequestKind.ERASE in opened,
        "others": [
            {"label": kind.label, "url": reverse("portal-ask", args=[kind.value])}
            for kind in ASKABLE
            if kind not in opened and kind != DataRequestKind.ERASE
        ],
        "days": (requests.due(now) - now).days,
    }
    return page(request, "portal/data.html", context)


def _entries_label(count: int) -> str:
    return ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}


def _request_row(one: DataRequest) -> dict[str, Any]:
    can_take_back = one.status == "open"
    return {
        "kind_label": one.get_kind_display(),
        "status_label": one.get_status_display(),
        "at": one.created_at,
        "due_at": one.due_at,
        "answer": one.answer,
        "take_back_url": reverse("portal-take-back", args=[one.pk]) if can_take_back else "",
    }


@require_POST
@customer_required
def download(request: HttpRequest) -> HttpResponse:
    """Everything declared for export, as one JSON file; the download itself is on record."""
    customer = customer_of(request)
    if _asks_too_often(request, customer):
        return _too_often(request)
    content = export.export_customer(customer)
    with transaction.atomic():
        asked = requests.open_request(customer=customer, kind=DataRequestKind.ACCESS)
        requests.close_request(
            request=asked, status="fulfilled", answer=_("Downloaded on the page “Your data”.")
        )
    body = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_POST
@customer_required
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """Open a data request; its clock starts now."""
    if kind not in {one.value for one in ASKABLE}:
        raise Http404
    if _asks_too_often(request, customer_of(request)):
        return _too_often(request)
    requests.open_request(customer=customer_of(request), kind=kind)
    return redirect("portal-my-data")


@require_POST
@customer_required
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an open request of one's own back."""
    mine = get_object_or_404(DataRequest, pk=pk, customer=customer_of(request))
    requests.close_request(request=mine, status="revoked")
    return redirect("portal-my-data")
