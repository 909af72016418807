"""The owner's settings: the list of pages, and those about shop, sign-in, keys, addresses and the agreement."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people import agreement, dns, installation, selectors
from helpdesk.people.decorators import member_required
from helpdesk.people.forms import AddressForm, KeyForm, ShopForm
from helpdesk.people.middleware import member_of
from helpdesk.people.models import ApiToken
from helpdesk.people.permissions import ROLE_ACTIONS
from helpdesk.people.second_factor import has_factor
from helpdesk.people.settings_pages import pages_for
from helpdesk.tenancy.hosts import base_url, own_host
from helpdesk.tenancy.middleware import organization_of
from helpdesk.tenancy.models import Domain

OWNER = "manage_people"


@require_GET
@member_required("admin")
def hub(request: HttpRequest) -> HttpResponse:
    """Every page of settings that the member may open."""
    may = ROLE_ACTIONS.get(member_of(request).role, frozenset())
    return render(request, "settings/hub.html", {"pages": pages_for(may)})


@require_http_methods(["GET", "POST"])
@member_required(OWNER)
def shop(request: HttpRequest) -> HttpResponse:
    """Name, kind, language and time zone."""
    organization = organization_of(request)
    form = ShopForm(request.POST or None, instance=organization)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("settings-shop")
    context = {"form": form, "address": base_url(organization)}
    return render(request, "settings/shop.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required(OWNER)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Whether everybody who works here needs a second step at sign-in."""
    organization = organization_of(request)
    if request.method == "POST":
        required = request.POST.get("required") == "1"
        installation.require_second_factor(organization=organization, required=required)
        messages.success(request, _("Saved. It is in force at everybody's next click."))
        return redirect("settings-sign-in")
    people = selectors.people()
    context = {
        "required": organization.requires_second_factor,
        "without": [one.member for one in people if one.member.is_active and not one.has_second_factor],
        "has_own": has_factor(member_of(request).user_id),
    }
    return render(request, "settings/sign_in.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@member_required(OWNER)
def keys(request: HttpRequest) -> HttpResponse:
    """Programs' keys; a new one is shown once, on the answer to its form and nowhere again."""
    form = KeyForm(request.POST or None)
    made = ""
    if request.method == "POST" and form.is_valid():
        made = installation.make_token(
            organization=organization_of(request),
            email=member_of(request).user.email,
            name=form.cleaned_data["name"],
        )
        form = KeyForm()
    context = {"form": form, "made": made, "keys": selectors.keys()}
    return render(request, "settings/keys.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(OWNER)
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    """A key stops working."""
    installation.revoke_token(token=get_object_or_404(ApiToken, pk=pk))
    messages.success(request, _("The key no longer works."))
    return redirect("settings-keys")


@require_http_methods(["GET", "POST"])
@member_required(OWNER)
def addresses(request: HttpRequest) -> HttpResponse:
    """Hosts of one's own, with what the name server says about each."""
    organization = organization_of(request)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            installation.add_domain(organization=organization, host=form.cleaned_data["host"])
        except HelpdeskError as error:
            form.add_error("host", error.message)
        else:
            return redirect("settings-addresses")
    context = {
        "form": form,
        "address": own_host(organization),
        "domains": Domain.objects.filter(organization=organization).order_by("pk"),
    }
    return render(request, "settings/addresses.html", context, status=422 if form.errors else 200)


@require_GET
@member_required(OWNER)
def address_state(request: HttpRequest, pk: int) -> HttpResponse:
    """What the name server says about one address; a task asks it, the page looks again until it knows."""
    organization = organization_of(request)
    domain = get_object_or_404(Domain, pk=pk, organization=organization)
    context = {
        "domain": domain,
        "state": dns.state_of(organization, domain.host),
        "address": own_host(organization),
    }
    return render(request, "settings/_address_state.html", context)


@require_POST
@member_required(OWNER)
def remove_address(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk answers at this host no longer."""
    organization = organization_of(request)
    domain = get_object_or_404(Domain, pk=pk, organization=organization)
    installation.remove_domain(organization=organization, domain=domain)
    messages.success(request, _("%(host)s no longer leads to your desk.") % {"host": domain.host})
    return redirect("settings-addresses")


@require_GET
@member_required(OWNER)
def agreement_page(request: HttpRequest) -> HttpResponse:
    """What was accepted, by whom and when; and the text in force where it is another."""
    now, accepted = agreement.current(), agreement.acceptances()
    is_new = bool(accepted) and all(one.version != now.version for one in accepted)
    shown = now.text if is_new or not accepted else accepted[0].text
    context = {
        "accepted": accepted,
        "now": now,
        "is_new": is_new or not accepted,
        "blocks": agreement.blocks(shown),
    }
    return render(request, "settings/agreement.html", context)
