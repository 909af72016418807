"""The assistant's page for customers and visitors: ask, look, say whether it was right, go to a person, forget."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aiassist.assistant import asking, handing_over, reads
from aiassist.assistant.forms import PersonForm, QuestionForm
from aiassist.assistant.models import Conversation
from aiassist.reading import rules
from governance.selectors import assistant
from governance.services.consents import choices
from helpdesk.errors import HelpdeskError
from helpdesk.people.models import Customer
from helpdesk.portal import limits, session
from helpdesk.portal.doors import page
from helpdesk.portal.language import activate_for
from helpdesk.tenancy.middleware import organization_id_of, organization_of

COOKIE, PATH = "assistant", "/portal/assistant/"
#: A conversation is for now: the next day a new one begins.
MAX_AGE = 24 * 60 * 60
HOUR = 60 * 60
#: Questions of one address in ten minutes, and of everybody in an hour.
MOST_OF_ONE, MOST_OF_ALL = 12, 600
#: Requests handed over: of one place, to one address, and of everybody, in an hour.
MOST_HANDED_OVER, MOST_TO_ONE, MOST_HANDED_OVER_BY_ALL = 5, 3, 120


def door(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Customers who are signed in and anybody else, each in their language, with their open conversation."""

    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        organization_of(request)
        customer = session.customer_of(request)
        request.customer = customer  # type: ignore[attr-defined]
        activate_for(request, customer)
        request.talk = asking.find(request.COOKIES.get(COOKIE, ""), customer)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return inner


def _customer(request: HttpRequest) -> Customer | None:
    found: Customer | None = request.customer  # type: ignore[attr-defined]
    return found


def _talk(request: HttpRequest) -> Conversation | None:
    found: Conversation | None = request.talk  # type: ignore[attr-defined]
    return found


@require_http_methods(["GET", "POST"])
@door
def talk(request: HttpRequest) -> HttpResponse:
    """The conversation, and a question more. Where the rules do not turn it on, the help pages only search."""
    state = assistant.state()
    if state == assistant.OFF and _talk(request) is None:
        return redirect("help")
    may_ask = state == assistant.ON and not _says_no(_customer(request))
    if request.method != "POST":
        return _page(request, QuestionForm(initial={"question": request.GET.get("q", "")[:300]}), may_ask)
    form = QuestionForm(request.POST)
    if not may_ask:
        return redirect("assistant")
    if not form.is_valid():
        return _page(request, form, may_ask, status=422)
    if _asks_too_often(request):
        form.add_error(None, _("That was a lot of questions. Please wait a little, or talk to a person."))
        return _page(request, form, may_ask, status=429)
    return _ask(request, form)


def _says_no(customer: Customer | None) -> bool:
    said = choices(customer) if customer else {}
    return said.get("humans_only") == "granted" or said.get("ai_assist") in {"refused", "objected"}


def _ask(request: HttpRequest, form: QuestionForm) -> HttpResponse:
    found, token = _talk(request), ""
    if found is None:
        found, token = asking.begin(customer=_customer(request), language=get_language() or "")
    try:
        asking.ask(talk=found, text=form.cleaned_data["question"])
    except HelpdeskError as refused:
        form.add_error(None, refused.message)
        return _page(request, form, may_ask=True, status=refused.status)
    response = redirect(f"{reverse('assistant')}#newest")
    if token:
        _keep(request, response, token)
    return response


def _keep(request: HttpRequest, response: HttpResponse, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=MAX_AGE,
        path=PATH,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _page(
    request: HttpRequest,
    form: QuestionForm,
    may_ask: bool,  # noqa: FBT001 - of one page, beside its form
    *,
    person: PersonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = reads.told(_talk(request))
    context = {
        "form": form,
        "may_ask": may_ask,
        "says_no": _says_no(_customer(request)),
        "rows": rows,
        "waiting": reads.is_waiting(rows),
        "person": person or _person_form(request),
        "days": rules().ai_log_days,
    }
    return page(request, "portal/assistant.html", context, status=status)


def _person_form(request: HttpRequest, data: Any = None) -> PersonForm:
    return PersonForm(data, is_known=_customer(request) is not None, has_talk=_talk(request) is not None)


def _asks_too_often(request: HttpRequest) -> bool:
    organization_id, place = organization_id_of(request), limits.client_ip(request)
    if limits.too_often(organization_id, "assistant", place, most=MOST_OF_ONE, seconds=600):
        return True
    return limits.too_often(organization_id, "assistant-all", "", most=MOST_OF_ALL, seconds=HOUR)


@require_GET
@door
def newest(request: HttpRequest) -> HttpResponse:
    """The newest question alone, for the page that waits; nothing (204) as long as it does."""
    rows = reads.told(_talk(request))
    if not rows or reads.is_waiting(rows):
        return HttpResponse(status=204)
    return render(request, "portal/_assistant_turn.html", {"t": rows[-1], "is_newest": True})


@require_POST
@door
def right(request: HttpRequest) -> HttpResponse:
    """Whether an answer of this conversation was right."""
    found, key, said = _talk(request), request.POST.get("answer", ""), request.POST.get("right", "")
    if found is None or said not in {"yes", "no"} or not (key.isascii() and key.isdigit() and len(key) < 16):
        raise Http404
    if not asking.say(talk=found, question_id=int(key), right=said == "yes"):
        raise Http404
    return redirect(f"{reverse('assistant')}#answer-{int(key)}")


@require_POST
@door
def person(request: HttpRequest) -> HttpResponse:
    """To a person, with the whole conversation. A program that fills the trap is thanked, and nothing is kept."""
    form = _person_form(request, request.POST)
    if not form.is_valid():
        return _refuse(request, form, 422)
    said = form.cleaned_data
    if said["website"]:
        return page(request, "portal/assistant_done.html", {"address": said.get("address", "")})
    if _hands_over_too_often(request, said.get("address", "")):
        form.add_error(None, _("That was a lot in one hour. Please wait a little, or write us a mail."))
        return _refuse(request, form, 429)
    return _hand_over(request, form)


def _refuse(request: HttpRequest, form: PersonForm, status: int) -> HttpResponse:
    may_ask = assistant.state() == assistant.ON and not _says_no(_customer(request))
    return _page(request, QuestionForm(), may_ask, person=form, status=status)


def _hand_over(request: HttpRequest, form: PersonForm) -> HttpResponse:
    said, customer = form.cleaned_data, _customer(request)
    wish = handing_over.Wish(
        words=said["words"], address=said.get("address", ""), language=get_language() or ""
    )
    try:
        ticket = handing_over.hand_over(talk=_talk(request), customer=customer, wish=wish)
    except HelpdeskError as refused:
        form.add_error(None, refused.message)
        return _refuse(request, form, refused.status)
    if customer is not None:
        response: HttpResponse = redirect("portal-ticket", number=ticket.number)
    else:
        response = page(request, "portal/assistant_done.html", {"address": wish.address})
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def _hands_over_too_often(request: HttpRequest, address: str) -> bool:
    organization_id, place = organization_id_of(request), limits.client_ip(request)
    asked = [
        ("assistant-person", place, MOST_HANDED_OVER),
        ("assistant-person-all", "", MOST_HANDED_OVER_BY_ALL),
    ]
    if address:
        asked.append(("assistant-person-address", address.strip().lower(), MOST_TO_ONE))
    return any(
        limits.too_often(organization_id, what, key, most=most, seconds=HOUR) for what, key, most in asked
    )


@require_POST
@door
def forget(request: HttpRequest) -> HttpResponse:
    """Delete the conversation and begin anew."""
    found = _talk(request)
    if found is not None:
        asking.forget(talk=found)
    response = redirect("assistant")
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response
