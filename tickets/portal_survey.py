"""The customer's opinion on a page that they opened: on the ticket's own page, or on one that a mail leads to."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from governance.services import survey
from helpdesk.portal import limits
from helpdesk.portal.doors import customer_of, customer_required, page
from helpdesk.portal.language import activate_for
from helpdesk.tenancy.middleware import organization_id_of, organization_of
from helpdesk.tenancy.scope import current_organization_id
from tickets import portal_reads
from tickets.models import Status, Ticket
from tickets.portal_links import sent_replies
from tickets.portal_touched import is_answered

SALT = "portal-survey"
#: A link in a mail is good for so long.
GOOD_FOR = 60 * 24 * 3600
#: From most to least; what is tapped, and how it is said.
SCALE = ((5, _("Fully")), (4, _("Mostly")), (3, _("Partly")), (2, _("Little")), (1, _("Not at all")))


def asked(ticket: Ticket, url: str) -> dict[str, Any] | None:
    """What the block on a page shows; None where there is no answer of ours to have an opinion on."""
    if not is_answered(ticket):
        return None
    said = survey.said(customer=ticket.customer, ticket_id=ticket.pk)
    words = dict(SCALE)
    return {
        "url": url,
        "scale": [
            {"score": score, "words": words, "said": said is not None and said.score == score}
            for score, words in SCALE
        ],
        "said": words.get(said.score) if said is not None and said.score else "",
        "text": said.text if said is not None else "",
    }


def path_for(ticket: Ticket) -> str:
    """The page of a mail: this question and nothing of the ticket."""
    token = signing.dumps([str(ticket.organization_id), ticket.pk], salt=SALT)
    return reverse("portal-survey-link", args=[token], urlconf="helpdesk.urls")


def _ticket_of(token: str) -> Ticket:
    """The ticket of a link. Raises Http404 for old ones and those of other organizations, uses or hands."""
    try:
        organization_id, pk = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error
    if organization_id != str(current_organization_id()):
        raise Http404
    rows = Ticket.objects.select_related("customer").filter(pk=pk, customer__erased_at=None)
    found: Ticket = get_object_or_404(rows.exclude(status=Status.SPAM))
    return found


@require_POST
@customer_required
def said(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what the customer tapped on their own ticket's page."""
    found: Ticket = get_object_or_404(portal_reads.tickets_of(customer_of(request)), number=number)
    return _keep(request, found) or redirect(f"{reverse('portal-ticket', args=[number])}#opinion")


@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The same question from a mail, without sign-in; "Do not ask me again" holds from then on."""
    organization_of(request)
    found = _ticket_of(token)
    activate_for(request, found.customer)
    if request.method == "POST" and request.POST.get("never"):
        survey.refuse(customer=found.customer, ticket_id=found.pk)
        return redirect(request.path)
    if request.method == "POST":
        return _keep(request, found) or redirect(f"{request.path}#opinion")
    context = {
        "survey": asked(found, request.path),
        "refused": survey.refuses(customer=found.customer),
        "never_url": request.path,
    }
    return page(request, "portal/survey.html", context)


def _keep(request: HttpRequest, found: Ticket) -> HttpResponse | None:
    """None once it is kept, or where nothing was tapped; a page of its own where it was too often.

    Raises Http404 where there is no answer of ours.
    """
    if not is_answered(found):
        raise Http404
    score = request.POST.get("score", "")
    if score not in {str(one) for one, _words in SCALE}:
        return None
    key = str(found.customer.reference)
    if limits.too_often(organization_id_of(request), "portal-survey", key, most=30, seconds=3600):
        return page(request, "429.html", {}, status=429)
    newest = sent_replies().filter(ticket=found).order_by("-pk").first()
    survey.say(
        customer=found.customer,
        ticket_id=found.pk,
        score=int(score),
        text=request.POST.get("words", ""),
        involvement=newest.ai_involvement if newest else "",
        language=get_language() or "",
    )
    return None
