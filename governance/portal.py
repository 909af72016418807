"""The customer's pages about their data: choices, requests, download, and the links that work without sign-in."""

from __future__ import annotations

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance import gate, links
from governance.core.clauses import Basis
from governance.models import DataRequest, DataRequestKind, Purpose
from governance.portal_words import PURPOSES, rows, state_for
from governance.services import consents, requests
from helpdesk.people.models import Customer
from helpdesk.portal.doors import customer_of, customer_required, page
from helpdesk.portal.language import activate_for
from helpdesk.privacy import export
from helpdesk.tenancy.middleware import organization_of

#: What a customer may ask for on the page "My data"; a second look belongs to an answer.
ASKABLE = (
    DataRequestKind.ERASE,
    DataRequestKind.CORRECT,
    DataRequestKind.RESTRICT,
)


def basis_in_force() -> Basis | None:
    """On what ground AI helps here; None without rules in force."""
    policy = gate.policy_in_force()
    return gate.policy_facts(policy).clauses.basis if policy else None


@require_GET
@customer_required
def choices(request: HttpRequest) -> HttpResponse:
    """Every purpose with its state; yes and no are the same click."""
    in_force = consents.choices(customer_of(request))
    context = {"choices": rows(in_force, basis_in_force()), "saved": request.GET.get("saved") == "1"}
    return page(request, "portal/choices.html", context)


@require_POST
@customer_required
def choose(request: HttpRequest) -> HttpResponse:
    """Record one choice; in force at once, also for a draft that is being written."""
    purpose, answer = request.POST.get("purpose", ""), request.POST.get("answer", "")
    if purpose not in PURPOSES or answer not in {"yes", "no"}:
        raise Http404
    _record(customer_of(request), purpose, says_yes=answer == "yes", method="portal")
    return redirect("portal-choices")


def _record(customer: Customer, purpose: str, *, says_yes: bool, method: str) -> None:
    words = PURPOSES[purpose]
    consents.record_choice(
        customer=customer,
        purpose=purpose,
        state=state_for(purpose=purpose, says_yes=says_yes, basis=basis_in_force()),
        method=method,
        language=get_language() or "",
        notice=f"{words.label}\n{words.about}",
    )


@never_cache
@require_http_methods(["GET", "POST"])
def no_ai(request: HttpRequest, token: str) -> HttpResponse:
    """ "Answer me without AI" from a mail: opening it changes nothing (mail scanners open links), the button does."""
    customer = _from_link(request, token, links.WITHOUT_AI)
    if request.method == "POST":
        wants = request.POST.get("answer") != "undo"
        _record(customer, Purpose.HUMANS_ONLY, says_yes=wants, method="mail_link")
    is_on = consents.choices(customer).get(Purpose.HUMANS_ONLY) == "granted"
    context = {"token": token, "is_on": is_on, "done": request.method == "POST"}
    return page(request, "portal/no_ai.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def yes_ai(request: HttpRequest, token: str) -> HttpResponse:
    """ "Yes, AI may help" from a mail of a business that asks first; can be taken back on the same page."""
    customer = _from_link(request, token, links.AGREE)
    if request.method == "POST":
        wants = request.POST.get("answer") != "undo"
        _record(customer, Purpose.AI_ASSIST, says_yes=wants, method="mail_link")
        if wants and consents.choices(customer).get(Purpose.HUMANS_ONLY) == "granted":
            _record(customer, Purpose.HUMANS_ONLY, says_yes=False, method="mail_link")
    is_on = consents.choices(customer).get(Purpose.AI_ASSIST) == "granted"
    context = {"token": token, "is_on": is_on, "done": request.method == "POST"}
    return page(request, "portal/yes_ai.html", context)


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
    mine = DataRequest.objects.filter(customer=customer_of(request)).order_by("-pk")
    opened = {one.kind for one in mine if one.status == "open"}
    context = {
        "holdings": export.holdings(customer_of(request)),
        "requests": mine,
        "askable": [(kind.value, kind.label) for kind in ASKABLE if kind not in opened],
        "now": timezone.now(),
    }
    return page(request, "portal/my_data.html", context)


@require_GET
@customer_required
def download(request: HttpRequest) -> HttpResponse:
    """Everything declared for export, as one JSON file; the download itself is on record."""
    customer = customer_of(request)
    content = export.export_customer(customer)
    with transaction.atomic():
        asked = requests.open_request(customer=customer, kind=DataRequestKind.ACCESS)
        requests.close_request(
            request=asked, status="fulfilled", answer=_("Downloaded on the page “My data”.")
        )
    body = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_POST
@customer_required
def ask(request: HttpRequest) -> HttpResponse:
    """Open a data request; its clock starts now."""
    kind = request.POST.get("kind", "")
    if kind not in {one.value for one in ASKABLE}:
        raise Http404
    requests.open_request(customer=customer_of(request), kind=kind)
    return redirect("portal-my-data")


@require_POST
@customer_required
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an open request of one's own back."""
    mine = get_object_or_404(DataRequest, pk=pk, customer=customer_of(request))
    requests.close_request(request=mine, status="revoked")
    return redirect("portal-my-data")
