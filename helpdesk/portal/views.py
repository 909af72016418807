"""The portal's shell: sign-in by a link in a mail, sign-out, and the way to the first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.portal import limits, services, session
from helpdesk.portal.doors import page
from helpdesk.portal.forms import SignInForm
from helpdesk.portal.menu import items
from helpdesk.portal.tasks import send_link
from helpdesk.privacy.crypto import encrypt
from helpdesk.tenancy.middleware import organization_id_of
from helpdesk.tenancy.tasks import enqueue_on_commit

WINDOW = 15 * 60


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the menu, or the sign-in page."""
    organization_id_of(request)
    first = items()
    return redirect(first[0].url_name if first else "portal-sign-in")


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether the address is known or not."""
    organization_id_of(request)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _ask_for_link(request, form.cleaned_data["email"]):
            form.add_error(None, _("Too many tries from here. Please wait a quarter of an hour."))
            return page(request, "portal/sign_in.html", {"form": form}, status=429)
        return page(request, "portal/sign_in_sent.html", {"minutes": services.MINUTES})
    return page(request, "portal/sign_in.html", {"form": form}, status=422 if form.errors else 200)


def _ask_for_link(request: HttpRequest, address: str) -> bool:
    """Enqueue the mail; False where this place asked too often. One address asked too often is silently not mailed."""
    organization_id, address = organization_id_of(request), address.strip().lower()
    place = limits.client_ip(request)
    if limits.too_often(organization_id, "portal-place", place, most=20, seconds=WINDOW):
        return False
    if not limits.too_often(organization_id, "portal-address", address, most=3, seconds=WINDOW):
        enqueue_on_commit(
            send_link,
            organization_id=organization_id,
            sealed_address=encrypt(address),
            language=get_language() or "",
        )
    return True


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the mail. Opening it shows a button; only the button uses it up, so a mail scanner does not."""
    organization_id_of(request)
    if request.method == "GET":
        if services.is_open(token):
            return page(request, "portal/enter.html", {"token": token})
        return _gone(request)
    link = services.use_link(token)
    if link is None:
        return _gone(request)
    response = redirect("portal")
    session.begin(request, response, link)
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    return page(request, "portal/link_gone.html", {"minutes": services.MINUTES}, status=410)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here."""
    organization_id_of(request)
    response = redirect("portal-sign-in")
    session.end(request, response)
    return response
