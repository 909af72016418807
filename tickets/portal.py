"""The customer's ticket pages: own tickets, answers, files, "Why this answer?", and a second look."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance.links import without_ai_url
from governance.models import DataRequest
from governance.selectors import assistant
from governance.services.consents import choices
from helpdesk.portal import limits
from helpdesk.portal.doors import customer_of, customer_required, page
from helpdesk.portal.language import activate_for
from helpdesk.tenancy.middleware import organization_id_of, organization_of
from tickets import portal_reads, portal_survey, portal_touched
from tickets.models import Attachment, Inbox, Message, Status, Ticket
from tickets.portal_files import stored
from tickets.portal_forms import AnswerForm, NewTicketForm
from tickets.portal_links import message_of, sent_replies, ticket_of, touched_path
from tickets.portal_suggest import answers_for
from tickets.services import by_customer, opening
from tickets.services.contesting import ask_again

_UNSETTLED = (Status.NEW, Status.OPEN, Status.PENDING)


@require_GET
@customer_required
def tickets(request: HttpRequest) -> HttpResponse:
    """The customer's own tickets."""
    number = request.GET.get("page", "1")
    current = int(number) if number.isdigit() and 0 < int(number) < 10_000 else 1
    rows, has_more = portal_reads.list_rows(customer_of(request), current)
    context = {
        "tickets": rows,
        "older_url": f"?page={current + 1}" if has_more else "",
        "new_url": reverse("portal-new"),
    }
    return page(request, "portal/tickets.html", context)


def _own(request: HttpRequest, number: int) -> Ticket:
    ticket: Ticket = get_object_or_404(portal_reads.tickets_of(customer_of(request)), number=number)
    return ticket


@require_http_methods(["GET", "POST"])
@customer_required
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    """One ticket: the conversation, and a form to answer unless it is closed. A merged one leads to where it is."""
    elsewhere = portal_reads.lives_on(customer_of(request), number) if request.method == "GET" else None
    if elsewhere is not None:
        return redirect("portal-ticket", number=elsewhere)
    found = _own(request, number)
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and found.status == Status.CLOSED:
        raise Http404
    if request.method == "POST" and form.is_valid() and _may_write(request, form):
        _answer(request, found, form.cleaned_data)
        return redirect("portal-ticket", number=number)
    context = {
        "ticket": found,
        "status": found.status,
        "status_label": portal_reads.status_word(found.status),
        "messages_list": portal_reads.thread(found),
        "form": form,
        "reply_url": request.path,
        "closed": found.status == Status.CLOSED,
        "new_url": reverse("portal-new"),
        "touched_url": reverse("portal-touched", args=[number]),
        "settle_url": reverse("portal-settle", args=[number]) if found.status in _UNSETTLED else "",
        "reopen_url": reverse("portal-reopen", args=[number]) if found.status == Status.SOLVED else "",
        "by_people": portal_touched.says_no(customer_of(request)),
        "survey": portal_survey.asked(found, reverse("portal-survey", args=[number])),
    }
    return page(request, "portal/ticket.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@customer_required
def touched(request: HttpRequest, number: int) -> HttpResponse:
    """How AI touched this request, also when a person wrote the answer; POST says whether that was right."""
    return _touched_page(request, _own(request, number), back_url=reverse("portal-ticket", args=[number]))


@never_cache
@require_http_methods(["GET", "POST"])
def touched_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same page from a mail, without sign-in: the five lines, and the one tap."""
    organization_of(request)
    found = ticket_of(token)
    if found is None:
        raise Http404
    activate_for(request, found.customer)
    return _touched_page(request, found)


def _touched_page(request: HttpRequest, found: Ticket, *, back_url: str = "") -> HttpResponse:
    answered = portal_touched.is_answered(found)
    if request.method == "POST" and answered:
        right = request.POST.get("right", "")
        if right not in {"yes", "no"}:
            raise Http404
        key = str(found.customer.reference)
        if limits.too_often(organization_id_of(request), "portal-right", key, most=30, seconds=3600):
            return page(request, "429.html", {}, status=429)
        by_customer.say(ticket=found, right=right == "yes", words=request.POST.get("words", ""))
        return redirect(f"{request.path}#right")
    context = {
        "ticket": found if back_url else None,
        "back_url": back_url,
        "lines": portal_touched.lines(found),
        "answered": answered,
        "right": portal_touched.was_right(found),
        "humans_url": ""
        if portal_touched.says_no(found.customer)
        else without_ai_url(found.customer, absolute=False),
    }
    return page(request, "portal/touched.html", context)


@require_POST
@customer_required
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """The customer needs no answer any more; writing opens it again."""
    by_customer.settle(ticket=_own(request, number))
    return redirect("portal-ticket", number=number)


@require_POST
@customer_required
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """The customer needs us again."""
    by_customer.reopen(ticket=_own(request, number))
    return redirect("portal-ticket", number=number)


def _may_write(request: HttpRequest, form: AnswerForm) -> bool:
    key = str(customer_of(request).reference)
    if limits.too_often(organization_id_of(request), "portal-write", key, most=30, seconds=3600):
        form.add_error(None, _("That was a lot in one hour. Please wait a little before you write again."))
        return False
    return True


@transaction.atomic
def _answer(request: HttpRequest, found: Ticket, given: dict[str, Any]) -> None:
    opening.add_message(
        ticket=found,
        customer=customer_of(request),
        inbound=opening.Inbound(
            text=given["text"],
            files=stored(organization_id_of(request), given["files"]),
            language=get_language() or "",
        ),
    )


@require_http_methods(["GET", "POST"])
@customer_required
def new(request: HttpRequest) -> HttpResponse:
    """Write to the business from the portal; "Look for an answer first" shows articles and keeps what was written."""
    looking = request.method == "POST" and request.POST.get("then") == "look"
    if looking:
        form = NewTicketForm(initial={name: request.POST.get(name, "") for name in ("subject", "text")})
    else:
        form = NewTicketForm(request.POST or None, request.FILES or None)
    inbox = Inbox.objects.filter(is_active=True).order_by("pk").first()
    if request.method == "POST" and not looking and form.is_valid() and inbox and _may_write(request, form):
        made = _open(request, inbox, form.cleaned_data)
        return redirect("portal-ticket", number=made.number)
    if request.method == "POST" and not looking and inbox is None:
        form.add_error(None, _("Questions cannot be asked here at the moment. Please write us a mail."))
    context = {
        "form": form,
        "looked": looking,
        "answers": answers_for(request) if looking else [],
        "assistant": assistant.state() == assistant.ON and not portal_touched.says_no(customer_of(request)),
        **portal_reads.about_ai(customer_of(request)),
    }
    return page(request, "portal/new.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _open(request: HttpRequest, inbox: Inbox, given: dict[str, Any]) -> Ticket:
    customer, language = customer_of(request), get_language() or ""
    made = opening.open_ticket(
        inbox=inbox, customer=customer, subject=given["subject"], channel="portal", language=language
    )
    opening.add_message(
        ticket=made,
        customer=customer,
        inbound=opening.Inbound(
            text=given["text"],
            subject=given["subject"],
            files=stored(organization_id_of(request), given["files"]),
            language=language,
        ),
    )
    opening.give_number(made)
    return made


@require_GET
@customer_required
def attachment(request: HttpRequest, number: int, pk: int) -> FileResponse:
    """A file of a message the customer can see; always a download, never shown by the browser as a page."""
    found = _own(request, number)
    visible = portal_reads.visible_messages(found).values("pk")
    row = get_object_or_404(Attachment, pk=pk, message__in=visible)
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content, as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )


def _shown(ticket: Ticket) -> Any:
    return portal_reads.visible_messages(ticket).values("pk")


@require_GET
@customer_required
def why(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """ "Why this answer?", reached from the ticket."""
    found = _own(request, number)
    message = get_object_or_404(sent_replies().exclude(ai_involvement="none"), pk=pk, pk__in=_shown(found))
    return _why_page(request, message, ticket=found)


@require_POST
@customer_required
def look_again(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """ "Ask a person to look again", at any answer of ours."""
    message = get_object_or_404(sent_replies(), pk=pk, pk__in=_shown(_own(request, number)))
    ask_again(message=message)
    return redirect("portal-ticket", number=number)


@never_cache
@require_http_methods(["GET", "POST"])
def why_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same page from a mail, without sign-in: this one explanation, and the button for a second look."""
    organization_of(request)
    message = message_of(token)
    if message is None:
        raise Http404
    activate_for(request, message.ticket.customer)
    if request.method == "POST":
        ask_again(message=message)
    return _why_page(request, message)


def _why_page(request: HttpRequest, message: Message, *, ticket: Ticket | None = None) -> HttpResponse:
    asked = DataRequest.objects.filter(kind="human_review", subject_kind="message", subject_id=message.pk)
    customer, place = message.ticket.customer, [ticket.number, message.pk] if ticket else []
    context = {
        **portal_reads.why(message),
        "back_url": reverse("portal-ticket", args=[ticket.number]) if ticket else "",
        "again_url": reverse("portal-look-again", args=place) if ticket else request.path,
        "again_asked": asked.filter(status="open").exists(),
        "humans_url": without_ai_url(customer, absolute=False),
        "humans_on": choices(customer).get("humans_only") == "granted",
        "policy_url": reverse("trust"),
        "touched_url": reverse("portal-touched", args=[ticket.number])
        if ticket
        else touched_path(message.ticket),
    }
    return page(request, "portal/why.html", context)
