"""What an agent does with a conversation: forward, merge, take messages out, block, write first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from tickets.conversation import messages_of
from tickets.conversation_forms import ForwardForm, MergeForm, SplitForm, WriteForm
from tickets.models import Message, Status, Ticket
from tickets.selectors.ticket_page import find_ticket
from tickets.services import blocking, forwarding, merging, undoing, writing
from tickets.views import drawing, panes
from tickets.views.base import is_fragment, member_of, ticket_or_404, toasts, varying
from tickets.views.frame import frame_of
from tickets.views.skeleton import day_and_time


def said(error: HelpdeskError) -> str:
    """A refusal with its next step, as one sentence after the other."""
    return f"{error.message} {error.next_step}".strip()


def _given(request: HttpRequest) -> Any:
    """What was sent; a form without anything in it was sent as well."""
    return request.POST if request.method == "POST" else None


def _page(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


@require_GET
@member_required("work")
def forward_newest(request: HttpRequest, number: int) -> HttpResponse:
    """To the page that forwards the newest message that can be."""
    ticket = ticket_or_404(request, number)
    rows = messages_of(ticket).filter(kind__in=forwarding.FORWARDABLE, state__in=("done", "sent"))
    newest = rows.values_list("pk", flat=True).last()
    if newest is None:
        messages.error(request, _("There is nothing to forward yet."))
        return redirect("desk:ticket", ticket.number)
    return redirect("desk:forward", ticket.number, newest)


@require_http_methods(["GET", "POST"])
@member_required("work")
def forward(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Pass one message on. A refusal by the rules is on record, and shown with its next step."""
    ticket = ticket_or_404(request, number)
    message = _message_or_404(ticket, pk)
    form = ForwardForm(_given(request), message=message)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        files = [one.pk for one in given.pop("files", None) or ()]
        try:
            sent = forwarding.forward(
                message=message, member=member_of(request), attachment_ids=files, **given
            )
        except HelpdeskError as error:
            form.add_error(None, said(error))
        else:
            return _on_its_way(request, sent)
    return _page(request, "desk/forward.html", form, ticket=ticket, message=message)


def _message_or_404(ticket: Ticket, pk: int) -> Message:
    rows = messages_of(ticket).filter(kind__in=forwarding.FORWARDABLE, state__in=("done", "sent"))
    joined = (
        "ticket__customer",
        "ticket__merged_into",
        "ticket__inbox",
        "author__user",
        "customer",
        "decision",
    )
    found: Message | None = rows.select_related(*joined).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _on_its_way(request: HttpRequest, sent: Message) -> HttpResponse:
    """Back at the ticket, with the time to take it back."""
    to = sent.recipients_to.split()[0]
    note = undoing.note("message", member=member_of(request), message=sent.pk)
    messages.success(request, _("On its way to %(to)s.") % {"to": to}, extra_tags=note)
    return redirect("desk:ticket", sent.ticket.number)


@require_http_methods(["GET", "POST"])
@member_required("work")
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """Let the ticket live on in another one of the same customer."""
    ticket, member = ticket_or_404(request, number), member_of(request)
    others = _others(request, ticket)
    form = MergeForm(_given(request))
    if request.method == "POST" and form.is_valid():
        target = find_ticket(form.cleaned_data["number"], frame_of(request).sight)
        if target is None:
            form.add_error("number", _("There is no such ticket."))
            return _page(request, "desk/merge.html", form, ticket=ticket, others=others)
        try:
            merging.merge(source=ticket, target=target, member=member)
        except HelpdeskError as error:
            form.add_error(None, said(error))
        else:
            words = {"one": ticket.number, "other": target.number}
            note = undoing.note("merge", member=member, ticket=ticket.pk)
            messages.success(request, _("#%(one)s lives on in #%(other)s.") % words, extra_tags=note)
            return redirect("desk:ticket", target.number)
    return _page(request, "desk/merge.html", form, ticket=ticket, others=others)


def _others(request: HttpRequest, ticket: Ticket) -> list[Ticket]:
    rows = Ticket.objects.visible_to(member_of(request)).filter(customer=ticket.customer_id)
    rows = rows.exclude(pk=ticket.pk).exclude(status__in=(Status.MERGED, Status.SPAM))
    return list(rows.order_by("-updated_at")[:20])


@require_http_methods(["GET", "POST"])
@member_required("work")
def split(request: HttpRequest, number: int) -> HttpResponse:
    """Take messages out into a ticket of their own."""
    ticket, member = ticket_or_404(request, number), member_of(request)
    form = SplitForm(_given(request), messages=_movable(ticket), ticket=ticket)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            new = merging.split(
                ticket=ticket,
                message_ids=[int(one) for one in given["messages"]],
                member=member,
                address=given["address"],
                subject=given["subject"],
            )
        except HelpdeskError as error:
            form.add_error(None, said(error))
        else:
            note = undoing.note("split", member=member, ticket=new.pk)
            messages.success(request, _("Taken out of #%(number)s.") % {"number": number}, extra_tags=note)
            return redirect("desk:ticket", new.number)
    return _page(request, "desk/split.html", form, ticket=ticket)


def _movable(ticket: Ticket) -> list[tuple[str, str]]:
    rows = messages_of(ticket).filter(kind__in=merging.MOVABLE).select_related("customer")[:200]
    return [(str(one.pk), _line(one)) for one in rows]


def _line(message: Message) -> str:
    at = day_and_time(timezone.localtime(message.created_at))
    who = str(message.customer) if message.customer else message.get_kind_display()
    return f"{at} · {who}: {Truncator(' '.join(message.text.split())).chars(100)}"


@require_POST
@member_required("work")
def block(request: HttpRequest, number: int) -> HttpResponse:
    """Mark as spam, keep further mail of the sender aside."""
    ticket, member = ticket_or_404(request, number), member_of(request)
    before = undoing.state_of([ticket.pk])
    try:
        with transaction.atomic():
            blocked = blocking.block_sender(ticket=ticket, member=member)
        note = undoing.note_of_changes(before, member=member, blocked=blocked)
        words = _("Spam. Mail of %(address)s is kept aside from now on.") % {"address": blocked.address}
        messages.success(request, words, extra_tags=note)
    except HelpdeskError as error:
        messages.error(request, said(error))
    return ticket_answer(request, number)


def ticket_answer(request: HttpRequest, number: int) -> HttpResponse:
    """The ticket's pane as it is now with what must be said, or a way back to its page."""
    if not is_fragment(request):
        return redirect("desk:ticket", number)
    context = panes.ticket_pane(request, ticket_or_404(request, number))
    return varying(HttpResponse(drawing.ticket_html(request, context) + toasts(request)))


@require_http_methods(["GET", "POST"])
@member_required("work")
def write(request: HttpRequest) -> HttpResponse:
    """A first mail to a customer."""
    ids = frame_of(request).sight.ids
    start = {"to": request.GET.get("to", "")[:320]}
    form = WriteForm(
        _given(request), request.FILES or None, initial=start, inboxes=None if ids is None else list(ids)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        fields = {
            name: given[name] for name in ("inbox", "to", "name", "cc", "bcc", "subject", "text", "files")
        }
        try:
            sent = writing.write_first(member=member_of(request), status_after=given["status"], **fields)
        except HelpdeskError as error:
            form.add_error(None, said(error))
        else:
            return _on_its_way(request, sent)
    return _page(request, "desk/ticket_write.html", form, note_url=reverse("desk:ticket_new"))
