"""The set-up's screens of this room: the mailbox, and something for the AI to know."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from helpdesk.errors import HelpdeskError
from helpdesk.people import first_day
from helpdesk.people.decorators import member_required
from helpdesk.tenancy.middleware import organization_of
from tickets.models import Article, ArticleStatus, Inbox, Mailbox
from tickets.services.mailboxes import save_inbox
from tickets.setup_forms import FirstInboxForm
from tickets.views.base import member_of

MAILBOX, KNOWLEDGE = "mailbox", "knowledge"


@require_http_methods(["GET", "POST"])
@member_required("manage_inboxes")
def mailbox(request: HttpRequest) -> HttpResponse:
    """Screen 2: the address that customers write to."""
    first = Inbox.objects.order_by("pk").first()
    shop = organization_of(request).name
    data = request.POST if request.method == "POST" else None
    form = FirstInboxForm(data, instance=first or Inbox(name=shop[:80], from_name=shop))
    if form.is_valid():
        try:
            saved = save_inbox(inbox=form.save(commit=False), member=member_of(request))
        except HelpdeskError as error:
            form.add_error("address", error.message)
        else:
            return redirect(_connect(saved))
    context = {"form": form, "inbox": first, "connected": first is not None and _is_connected(first)}
    return first_day.render_screen(
        request, MAILBOX, "setup/mailbox.html", context, status=422 if form.errors else 200
    )


def _is_connected(inbox: Inbox) -> bool:
    return Mailbox.objects.filter(inbox=inbox, is_active=True).exists()


def _connect(inbox: Inbox) -> str:
    """The page of the mailbox behind the inbox, which leads back to the next screen; that one if it is connected."""
    after = first_day.next_url(MAILBOX)
    if _is_connected(inbox):
        return after
    return f"{reverse('desk:mailbox', args=[inbox.pk])}?{urlencode({'next': after})}"


@require_http_methods(["GET", "POST"])
@member_required("manage_knowledge")
def knowledge(request: HttpRequest) -> HttpResponse:
    """Screen 4: the two ways to articles, and how many there are."""
    if request.method == "POST":
        return redirect(first_day.next_url(KNOWLEDGE))
    by_state = list(Article.objects.values_list("status", flat=True))
    context = {
        "published": by_state.count(ArticleStatus.PUBLISHED),
        "drafts": by_state.count(ArticleStatus.DRAFT),
        "back_here": reverse("setup-knowledge"),
    }
    return first_day.render_screen(request, KNOWLEDGE, "setup/knowledge.html", context)
