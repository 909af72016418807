"""Three articles for what a customer is about to ask: shown while they write, or when they ask for them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from governance.services.consents import choices
from helpdesk.portal import limits
from helpdesk.portal.doors import customer_of, customer_required
from helpdesk.tenancy.middleware import organization_id_of
from tickets.finding import Answer, find_answers

SUGGESTED = 3
#: Asked again whenever the writer pauses.
MOST_A_MINUTE = 30


@require_POST
@customer_required
def suggestions(request: HttpRequest) -> HttpResponse:
    """The part of the page with the articles; empty where nothing fits. What was written goes into no address."""
    return render(request, "public/_suggestions.html", {"answers": answers_for(request)})


def answers_for(request: HttpRequest) -> list[Answer]:
    """Articles for the subject and text of a request; a customer who said no to AI is answered by words alone."""
    customer = customer_of(request)
    key = str(customer.reference)
    if limits.too_often(organization_id_of(request), "suggest", key, most=MOST_A_MINUTE, seconds=60):
        return []
    asked = f"{request.POST.get('subject', '')} {request.POST.get('text', '')}"
    words_only = choices(customer).get("humans_only") == "granted"
    return find_answers(asked, language=get_language() or "en", limit=SUGGESTED, words_only=words_only)
