"""Pages of the bare host: what this is, the sign-up, the check of an address, and the mailed link."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from helpdesk.errors import HelpdeskError
from helpdesk.people.forms import ProveForm
from helpdesk.people.founding import Shop
from helpdesk.people.models import User
from helpdesk.portal.limits import client_ip, too_often
from helpdesk.signup import services
from helpdesk.signup.forms import SignUpForm
from helpdesk.tenancy import addresses
from helpdesk.tenancy.hosts import bare_url

HOUR = 3600
SIGN_UPS_AN_HOUR = 20  # from one network address: an office, a school
SIGN_UPS_PER_ADDRESS = 5
CHECKS_A_MINUTE = 60
#: The answer to the form is a redirect to the new host, which browsers hold to be part of the form's action.
lead_to_a_desk: Any = csp_update({"form-action": [bare_url().replace("://", "://*.")]})


def _open_only(request: HttpRequest) -> None:
    if not settings.SIGNUP_OPEN:
        raise Http404


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, and the way to a desk of one's own where the installation offers it."""
    return render(request, "public/landing.html", {"signup_open": settings.SIGNUP_OPEN})


@require_GET
@never_cache
def address_check(request: HttpRequest) -> HttpResponse:
    """Whether an address can be had, in words. A host that exists answers anyone, so this tells nothing new."""
    _open_only(request)
    if too_often(None, "signup-check", client_ip(request), most=CHECKS_A_MINUTE, seconds=60):
        return HttpResponse(status=204)
    slug = addresses.normalised(request.GET.get("slug", ""))[:80]
    context = {"slug": slug, "problem": addresses.problem(slug) if slug else ""}
    return render(request, "signup/_slug_says.html", context)


@sensitive_post_parameters("password")
@never_cache
@lead_to_a_desk
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """The form; it opens the shop at once, or mails a link where the installation can send mail."""
    _open_only(request)
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _too_often(request):
        return render(request, "429.html", status=429)
    if form.is_valid() and (answer := _answer(request, form)) is not None:
        return answer
    suffix = bare_url().partition("://")[2]
    context = {"form": form, "suffix": f".{suffix}", "confirm": settings.SIGNUP_CONFIRM}
    return render(request, "signup/sign_up.html", context, status=422 if form.errors else 200)


def _too_often(request: HttpRequest) -> bool:
    email = request.POST.get("email", "").strip().lower()[:320]
    return too_often(None, "signup", client_ip(request), most=SIGN_UPS_AN_HOUR, seconds=HOUR) or too_often(
        None, "signup-address", email, most=SIGN_UPS_PER_ADDRESS, seconds=HOUR
    )


def _shop(data: dict[str, Any]) -> Shop:
    return Shop(slug=data["slug"], name=data["shop"], language=data["language"], timezone=data["timezone"])


def _answer(request: HttpRequest, form: SignUpForm) -> HttpResponse | None:
    data = form.cleaned_data
    person = {"name": data["name"], "email": data["email"]}
    if settings.SIGNUP_CONFIRM:
        if not services.write_letter(shop=_shop(data), password=data["password"], **person):
            form.add_error(None, _("The mail with your link cannot be sent just now. Try again in a minute."))
            return None
        return render(request, "signup/sent.html", {"email": data["email"], "hours": services.LETTER_HOURS})
    known = None
    if User.objects.filter(email=data["email"]).exists():
        known = get_adapter().authenticate_anyone(request, data["email"], data["password"])
        if known is None:
            form.add_error(None, _("Address and password do not go together. Check both, and try once more."))
            return None
    return _opened(
        form, shop=_shop(data), password_hash=make_password(data["password"]), known=known, **person
    )


def _opened(form: Any, **asked: Any) -> HttpResponse | None:
    try:
        return redirect(services.open_for(**asked))
    except HelpdeskError as error:
        form.add_error("slug" if "slug" in form.fields else None, error.message)
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None


@sensitive_post_parameters("password")
@never_cache
@lead_to_a_desk
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, sealed: str) -> HttpResponse:
    """The mailed link: one button opens the shop; who has an account already proves it with its password."""
    _open_only(request)
    letter = services.read_letter(sealed)
    if letter is None:
        return render(request, "signup/gone.html", status=410)
    has_account = User.objects.filter(email=letter.email).exists()
    form = ProveForm(request.POST if request.method == "POST" else None)
    if not has_account:
        del form.fields["password"]
    if form.is_valid() and (answer := _confirmed(request, letter, form, has_account=has_account)) is not None:
        return answer
    context = {"letter": letter, "form": form, "has_account": has_account}
    return render(request, "signup/confirm.html", context, status=422 if form.errors else 200)


def _confirmed(
    request: HttpRequest, letter: services.Letter, form: ProveForm, *, has_account: bool
) -> HttpResponse | None:
    known = None
    if has_account:
        known = get_adapter().authenticate_anyone(request, letter.email, form.cleaned_data["password"])
        if known is None:
            form.add_error("password", _("This is not the password of your account."))
            return None
    return _opened(
        form,
        shop=letter.shop,
        name=letter.name,
        email=letter.email,
        password_hash=letter.password_hash,
        known=known,
    )
