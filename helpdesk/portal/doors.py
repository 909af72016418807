"""Doors of the portal's pages: customers only, in their language, and what every page of it shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from helpdesk.people.models import Customer
from helpdesk.portal import session
from helpdesk.portal.language import activate_for
from helpdesk.portal.menu import menu
from helpdesk.tenancy.middleware import organization_of

View = Callable[..., HttpResponseBase]


def customer_required(view: View) -> View:
    """Only customers signed in on this host; others go to the sign-in page."""

    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        organization_of(request)
        customer = session.customer_of(request)
        if customer is None:
            return redirect("portal-sign-in")
        request.customer = customer  # type: ignore[attr-defined]
        activate_for(request, customer)
        return view(request, *args, **kwargs)

    return inner


def customer_of(request: HttpRequest) -> Customer:
    """The customer let in by `customer_required`."""
    customer: Customer = request.customer  # type: ignore[attr-defined]
    return customer


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page of the portal with its menu and, where one is signed in, the customer."""
    customer = getattr(request, "customer", None)
    shell = {
        "customer": customer,
        "menu": menu(request) if customer else [],
    }
    return render(request, template, {**shell, **context}, status=status)
