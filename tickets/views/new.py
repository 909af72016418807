"""A ticket that an agent opens: the customer called, or stood in the shop."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from helpdesk.people.decorators import member_required
from tickets.forms import NewTicketForm
from tickets.mail.customers import customer_for
from tickets.services import opening
from tickets.views.frame import frame_of


@require_http_methods(["GET", "POST"])
@member_required("work")
def ticket_new(request: HttpRequest) -> HttpResponse:
    """The form, and the new ticket."""
    ids = frame_of(request).sight.ids
    form = NewTicketForm(request.POST or None, inboxes=None if ids is None else list(ids))
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        customer = customer_for(address=asked["address"].strip().lower(), name=asked["name"].strip())
        ticket, _message = opening.open_request(
            inbox=asked["inbox"],
            customer=customer,
            subject=asked["subject"],
            text=asked["text"],
            channel="agent",
        )
        return redirect("desk:ticket", ticket.number)
    return render(request, "desk/ticket_new.html", {"form": form}, status=422 if form.errors else 200)
