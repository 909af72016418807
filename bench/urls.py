"""The product's URLs and `/bench/empty/`: session, organization, member, and no content."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from helpdesk.people.decorators import member_required
from helpdesk.urls import urlpatterns as product

EMPTY = "<!doctype html><html lang=en><title>Empty</title><body></body></html>"


@member_required()
def empty(request: HttpRequest) -> HttpResponse:
    """What every signed-in page pays before it shows anything: no query of its own, no template."""
    return HttpResponse(EMPTY)


urlpatterns = [path("bench/empty/", empty), *product]
