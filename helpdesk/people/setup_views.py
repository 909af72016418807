"""The first day's pages that belong to people: the way in, the agreement, shop and colleague, the list on the desk."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people import agreement, checklist, first_day, founding, selectors, services
from helpdesk.people.decorators import member_required
from helpdesk.people.forms import InviteForm, ShopForm
from helpdesk.people.middleware import member_of
from helpdesk.people.models import Role
from helpdesk.people.roles import ROLES
from helpdesk.people.views import ticked
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.kinds import HINTS, Kind
from helpdesk.tenancy.middleware import organization_of

OWNER = "manage_people"


@require_GET
@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """The end of the sign-up: signs the new owner in on the desk's own host, once."""
    organization_of(request)
    member = founding.take_over(token)
    if member is None:
        return render(request, "signup/welcome_gone.html", status=410)
    return perform_login(request, Login(user=member.user, redirect_url=reverse("setup")))


@never_cache
@require_http_methods(["GET", "POST"])
@member_required(OWNER)
def agree(request: HttpRequest) -> HttpResponse:
    """The processing agreement, before anything else; once accepted, the set-up begins."""
    if request.method == "POST":
        try:
            agreement.accept(member=member_of(request), version=request.POST.get("version", ""))
        except HelpdeskError as error:
            messages.error(request, f"{error.message} {error.next_step}")
            return redirect("agreement")
        return redirect("settings-agreement" if request.POST.get("after") == "settings" else "setup")
    now = agreement.current()
    return render(request, "setup/agreement.html", {"agreement": now, "blocks": agreement.blocks(now.text)})


@require_GET
@member_required(OWNER)
def setup(request: HttpRequest) -> HttpResponse:
    """The screen where the owner left off."""
    return redirect(first_day.resume_url())


@require_http_methods(["GET", "POST"])
@member_required(OWNER)
def setup_shop(request: HttpRequest) -> HttpResponse:
    """Screen 1: name and kind of business; the address stands there to be read."""
    organization = organization_of(request)
    form = ShopForm(request.POST or None, instance=organization)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(first_day.next_url("shop"))
    context = {
        "form": form,
        "kinds": [{"value": kind.value, "label": kind.label, "hint": HINTS[kind]} for kind in Kind],
        "kind": form["kind"].value(),
        "address": base_url(organization),
    }
    return first_day.render_screen(
        request, "shop", "setup/shop.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@member_required(OWNER)
def setup_colleague(request: HttpRequest) -> HttpResponse:
    """Screen 3: invite the first colleague, or several."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _invited(request, form):
        again = request.POST.get("again") == "1"
        return redirect("setup-colleague" if again else first_day.next_url("colleague"))
    context = {
        "form": form,
        "roles": ROLES,
        "role": form["role"].value() or Role.AGENT,
        "inboxes": selectors.inboxes(),
        "invitations": selectors.invitations(),
    }
    return first_day.render_screen(
        request, "colleague", "setup/colleague.html", context, status=422 if form.errors else 200
    )


def _invited(request: HttpRequest, form: InviteForm) -> bool:
    try:
        invited = services.invite(member=member_of(request), **form.cleaned_data, inbox_ids=ticked(request))
    except HelpdeskError as error:
        form.add_error(None, f"{error.message} {error.next_step}".strip())
        return False
    messages.success(
        request, _("The invitation is on its way to %(email)s.") % {"email": invited.invitation.email}
    )
    return True


@require_POST
@member_required(OWNER)
def setup_skip(request: HttpRequest, key: str) -> HttpResponse:
    """Leave a screen for later."""
    if not first_day.known(key):
        raise Http404
    return redirect(first_day.skip(key))


@require_GET
@member_required(OWNER)
def setup_finish(request: HttpRequest) -> HttpResponse:
    """The end of the set-up: what is done, and what waits on the desk."""
    first_day.finish()
    return render(request, "setup/finish.html", {"steps": checklist.states()})


@require_GET
@member_required(OWNER)
def checklist_strip(request: HttpRequest) -> HttpResponse:
    """The list as the desk loads it; it goes by itself when everything is done."""
    return render(request, "desk/_checklist.html", _checklist(request))


def _checklist(request: HttpRequest) -> dict[str, Any]:
    steps = checklist.states()
    open_ones = [step for step in steps if not step.done]
    if not open_ones and organization_of(request).checklist_shown:
        first_day.show_checklist(shown=False)
    return {"steps": steps, "open": open_ones, "done_count": len(steps) - len(open_ones)}


@require_POST
@member_required(OWNER)
def checklist_show(request: HttpRequest) -> HttpResponse:
    """Hide the list (`shown=0`), or bring it back (`shown=1`)."""
    shown = request.POST.get("shown") == "1"
    first_day.show_checklist(shown=shown)
    if request.headers.get("HX-Request"):
        return HttpResponse("")
    if not shown:
        messages.success(request, _("Hidden. You find the list under Settings."))
    return redirect("/" if shown else "settings")
