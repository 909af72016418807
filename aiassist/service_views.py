"""The page of the AI service: choose one, say what is known about it, try it on own tickets, then use it or not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aiassist import tasks
from aiassist.models import AIService, ServiceTry
from aiassist.service_forms import MICRO, CompanyForm, ServiceForm, known
from aiassist.services import services, trying
from governance import known_services
from governance.services import vendors
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of
from helpdesk.tenancy.tasks import enqueue_on_commit

RIGHT = "manage_ai_service"


@never_cache
@require_http_methods(["GET", "POST"])
@member_required(RIGHT)
def page(request: HttpRequest) -> HttpResponse:
    """Everything about the one service that the organization uses or thinks about using."""
    service = _newest()
    if request.method == "POST":
        form = ServiceForm(request.POST, instance=service)
        if form.is_valid():
            return _saved(request, form)
    else:
        form = ServiceForm(instance=service, initial=known(request.GET.get("known", "")))
    return render(request, "settings/ai_service.html", _context(form), status=422 if form.errors else 200)


def _newest() -> AIService | None:
    return AIService.objects.order_by("-is_active", "-pk").first()


def _saved(request: HttpRequest, form: ServiceForm) -> HttpResponse:
    changed = [name for name in form.changed_data if name != "key"]
    try:
        services.save(
            service=form.filled(), key=form.cleaned_data["key"], member=member_of(request), changed=changed
        )
    except HelpdeskError as error:
        _tell(request, error)
    else:
        messages.success(request, _("Saved. Nothing was switched on."))
    return redirect("settings-ai-service")


def _context(form: ServiceForm) -> dict[str, Any]:
    service = _newest()
    context: dict[str, Any] = {"form": form, "service": service, "known": services.KNOWN}
    if service is None:
        return context
    vendor, version = services.vendor_of(service), services.version_of(service)
    key = tasks.checking_key(str(service.organization_id), service.pk)
    return {
        **context,
        "company": _company_form(service),
        "said": vendors.said(known_services.find(services.provider_name(service.base_url))),
        "vendor": vendor,
        "version": version,
        "tries": _tries(service),
        "checking": bool(cache.get(key)),
        "not_checked": cache.get(f"{key}:said") or "",
        "spent": services.spent_this_month() / MICRO,
    }


def _tries(service: AIService) -> list[ServiceTry]:
    rows = ServiceTry.objects.filter(service=service).select_related("message__ticket").order_by("pk")
    return list(rows)


def _company_form(service: AIService) -> CompanyForm:
    vendor = services.vendor_of(service)
    if vendor is None:
        return CompanyForm()
    facts = {f"fact_{name}": (vendor.facts.get(name) or {}).get("answer") for name in vendors.FACTS}
    return CompanyForm(initial={"region": vendor.region, "contract": vendor.contract, **facts})


@require_POST
@member_required(RIGHT)
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the five facts, and approve the company where they are enough."""
    service, form = get_object_or_404(AIService, pk=pk), CompanyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Answer each fact with yes, no or “don't know”."))
        return redirect("settings-ai-service")
    member = member_of(request)
    try:
        vendor = services.confirm_company(
            service=service,
            answers=form.answers(),
            region=form.cleaned_data["region"],
            contract=form.cleaned_data["contract"],
            member=member,
        )
        vendors.approve(vendor=vendor, member=member)
    except HelpdeskError as error:
        _tell(request, error)
    else:
        messages.success(request, _("Approved for a year."))
    return redirect("settings-ai-service")


@require_POST
@member_required(RIGHT)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What would leave, on three own tickets."""
    try:
        trying.show(service=get_object_or_404(AIService, pk=pk), member=member_of(request))
    except HelpdeskError as error:
        _tell(request, error)
    return redirect("settings-ai-service")


@require_POST
@member_required(RIGHT)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what was shown."""
    service = get_object_or_404(AIService, pk=pk)
    keys = trying.leave(service=service, member=member_of(request))
    enqueue_on_commit(tasks.try_service, organization_id=service.organization_id, try_ids=keys)
    return redirect("settings-ai-service")


@never_cache
@require_GET
@member_required(RIGHT)
def tries(request: HttpRequest, pk: int) -> HttpResponse:
    """The three trials; asks for itself until none waits."""
    found = _tries(get_object_or_404(AIService, pk=pk))
    return render(request, "settings/_ai_tries.html", {"tries": found, "service_id": pk})


@require_POST
@member_required(RIGHT)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Run its tests on invented customers."""
    service = get_object_or_404(AIService, pk=pk)
    enqueue_on_commit(tasks.check_service, organization_id=service.organization_id, service_id=pk)
    messages.success(request, _("The tests run. They take some minutes; you can close this page."))
    return redirect("settings-ai-service")


@require_POST
@member_required(RIGHT)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the tested version, for trying it on own tickets."""
    try:
        services.approve(
            service=get_object_or_404(AIService, pk=pk),
            member=member_of(request),
            despite=request.POST.get("despite", ""),
        )
    except HelpdeskError as error:
        _tell(request, error)
    else:
        messages.success(request, _("Approved. It is not in use yet: try it first."))
    return redirect("settings-ai-service")


@require_POST
@member_required(RIGHT)
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Use this service, or the built-in assistant again."""
    service, member = get_object_or_404(AIService, pk=pk), member_of(request)
    try:
        if request.POST.get("wanted") == "0":
            services.stop_using(service=service, member=member)
            messages.success(request, _("The built-in assistant drafts again."))
        else:
            services.use(service=service, member=member)
            messages.success(request, _("%(name)s drafts from now on.") % {"name": service.name})
    except HelpdeskError as error:
        _tell(request, error)
    return redirect("settings-ai-service")


def _tell(request: HttpRequest, error: HelpdeskError) -> None:
    messages.error(request, f"{error.message} {error.next_step}".strip())
