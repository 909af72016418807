"""Pages of the people room: the list of people, invitations, and everybody's own profile."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people import forgetting, selectors, services
from helpdesk.people.decorators import member_required
from helpdesk.people.forms import InviteForm, JoinForm, ProfileForm, ProveForm, RoleForm
from helpdesk.people.middleware import member_of
from helpdesk.people.models import Invitation, Membership, Role, User
from helpdesk.people.roles import ROLES
from helpdesk.tenancy.middleware import organization_of


def _told(request: HttpRequest, error: HelpdeskError) -> None:
    messages.error(request, f"{error.message} {error.next_step}".strip())


@require_GET
@member_required("read")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who works here; who may manage people sees the forms."""
    return _people_page(request, InviteForm())


def ticked(request: HttpRequest) -> list[int]:
    """The inboxes that were ticked."""
    return [int(value) for value in request.POST.getlist("inboxes") if value.isdecimal() and len(value) < 18]


def _people_page(request: HttpRequest, form: Form, *, status: int = 200) -> HttpResponse:
    context = {
        "people": selectors.people(),
        "inboxes": selectors.inboxes(),
        "invitations": selectors.invitations(),
        "roles": Role.choices,
        "role_words": ROLES,
        "form": form,
        "invite_form": form,
    }
    return render(request, "people/people.html", context, status=status)


@require_POST
@member_required("manage_people")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite by mail; the link is shown once, for whose mail is slow."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _people_page(request, form, status=422)
    try:
        invited = services.invite(member=member_of(request), **form.cleaned_data, inbox_ids=ticked(request))
    except HelpdeskError as error:
        form.add_error(None, f"{error.message} {error.next_step}".strip())
        return _people_page(request, form, status=error.status)
    messages.success(
        request, _("The invitation is on its way to %(email)s.") % {"email": invited.invitation.email}
    )
    return redirect("people")


@require_POST
@member_required("manage_people")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an open invitation."""
    services.withdraw(invitation=get_object_or_404(Invitation, pk=pk), member=member_of(request))
    messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    return redirect("people")


@require_POST
@member_required("manage_people")
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    form = RoleForm(request.POST)
    target = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    if form.is_valid():
        _try(request, services.change_role, target=target, role=form.cleaned_data["role"])
    return redirect("people")


@require_POST
@member_required("manage_people")
def active(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a member out (`is_active=0`), or let them in again (`is_active=1`)."""
    target = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    _try(request, services.set_active, target=target, is_active=request.POST.get("is_active") == "1")
    return redirect("people")


@require_POST
@member_required("manage_people")
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a member who was kept out, for good."""
    target = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    _try(request, forgetting.forget, target=target)
    return redirect("people")


@require_POST
@member_required("manage_people")
def inbox_grants(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant exactly the ticked inboxes."""
    target = get_object_or_404(Membership.objects.select_related("user"), pk=pk)
    chosen = [int(value) for value in request.POST.getlist("inboxes") if value.isdigit()]
    _try(request, services.set_inboxes, target=target, inboxes=selectors.inboxes(), chosen=chosen)
    return redirect("people")


def _try(request: HttpRequest, service: Any, **arguments: Any) -> None:
    try:
        service(member=member_of(request), **arguments)
    except HelpdeskError as error:
        _told(request, error)
    else:
        messages.success(request, _("Saved."))


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: a new person gives name and password, a known one proves the password."""
    organization_of(request)
    found = services.open_invitation(token)
    if found is None:
        return render(request, "people/invitation_gone.html", status=410)
    known = User.objects.filter(email=found.email).exists()
    data = request.POST if request.method == "POST" else None
    form: Form = ProveForm(data) if known else JoinForm(data, email=found.email)
    if form.is_valid() and (user := _accept(request, found, token, form, known=known)):
        return perform_login(request, Login(user=user))
    context = {"invitation": found, "form": form, "known": known, "role": found.get_role_display()}
    return render(request, "people/invitation.html", context, status=422 if form.errors else 200)


def _accept(request: HttpRequest, found: Invitation, token: str, form: Form, *, known: bool) -> User | None:
    try:
        if known:
            user = get_adapter().authenticate_anyone(request, found.email, form.cleaned_data["password"])
            return services.accept(token=token, user=user).user
        return services.accept(token=token, **form.cleaned_data).user
    except HelpdeskError as error:
        form.add_error(None, f"{error.message} {error.next_step}".strip())
    except ValidationError as error:
        form.add_error(None, error)
    return None


@require_http_methods(["GET", "POST"])
@member_required("read")
def profile(request: HttpRequest) -> HttpResponse:
    """Everybody's own names, second factor and sessions."""
    member = member_of(request)
    initial = {"name": member.user.name, "work_name": member.work_name}
    form = ProfileForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.change_profile(member=member, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    context = {
        "form": form,
        "has_second_factor": has_second_factor(member),
        "host": request.get_host().split(":")[0],
    }
    return render(request, "people/profile.html", context, status=422 if form.errors else 200)


def has_second_factor(member: Membership) -> bool:
    """Whether the member set up an app or a passkey."""
    from helpdesk.people.second_factor import has_factor

    return has_factor(member.user_id)
