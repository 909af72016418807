"""Settings of inboxes and the mailboxes behind them. Nothing here waits for a mail server: tasks do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from tickets.mailboxes import looking, problems
from tickets.mailboxes.forms import HistoryForm, InboxForm, MailboxForm, StartForm
from tickets.models import Inbox, Mailbox, MailboxRun
from tickets.selectors import mailboxes as reads
from tickets.services import mailboxes
from tickets.views.base import member_of, toasts

_SETTINGS = "manage_inboxes"


@require_GET
@member_required(_SETTINGS)
def inboxes(request: HttpRequest) -> HttpResponse:
    """Every inbox with the state of its mailbox."""
    return render(request, "settings/inboxes.html", {"rows": reads.inbox_rows()})


@require_http_methods(["GET", "POST"])
@member_required(_SETTINGS)
def inbox(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add an inbox (then its mailbox is next), or change one."""
    found = get_object_or_404(Inbox, pk=pk) if pk else Inbox()
    form = InboxForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        saved = mailboxes.save_inbox(inbox=form.save(commit=False), member=member_of(request))
        messages.success(request, _("Saved."))
        return redirect("desk:inboxes") if pk else redirect("desk:mailbox", pk=saved.pk)
    context = {"form": form, "inbox": found if pk else None}
    return render(request, "settings/inbox_edit.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password", "imap_password", "smtp_password")
@require_http_methods(["GET", "POST"])
@member_required(_SETTINGS)
def mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    """The mailbox of an inbox: address and password first, then the guess to look over, then its state."""
    found = get_object_or_404(Inbox, pk=pk)
    known = reads.mailbox_of(found)
    if request.method == "POST":
        return _entered(request, found, known)
    return _page(request, found, known)


def _entered(request: HttpRequest, found: Inbox, known: Mailbox | None) -> HttpResponse:
    if known is None:
        start = StartForm(request.POST)
        if not start.is_valid():
            return _page(request, found, None, start=start)
        return _begun(request, found, start)
    form = MailboxForm(request.POST, mailbox=known)
    if not form.is_valid():
        return _page(request, found, known, form=form)
    saved = mailboxes.save(mailbox=known, member=member_of(request), values=form.values())
    mailboxes.start_test(mailbox=saved, member=member_of(request))
    return _back(request, pk=found.pk)


def _begun(request: HttpRequest, found: Inbox, start: StartForm) -> HttpResponse:
    """Keep the guess; where nothing is missing and the service is known, the test mail goes at once."""
    member, values = member_of(request), start.cleaned_data
    guessed = looking.best_guess(values["address"])
    if guessed.imap is None:
        start.add_error("address", problems.hint(guessed.hint, guessed.service))
        return _page(request, found, None, start=start)
    saved = mailboxes.begin(inbox=found, member=member, found=guessed, password=values["password"])
    if not guessed.is_known:
        looking.start(saved)
    if guessed.is_known and not guessed.hint:
        mailboxes.start_test(mailbox=saved, member=member)
    return _back(request, pk=found.pk)


def _page(
    request: HttpRequest,
    found: Inbox,
    known: Mailbox | None,
    *,
    start: StartForm | None = None,
    form: MailboxForm | None = None,
) -> HttpResponse:
    failed = bool((start and start.errors) or (form and form.errors))
    context: dict[str, Any] = {"inbox": found, "mailbox": known, "next": _next(request)}
    if known is None:
        context["start_form"] = start or StartForm(initial={"address": found.address})
    else:
        guessed = looking.best_guess(known.imap_user if "@" in known.imap_user else found.address)
        context |= {
            "mailbox_form": form or MailboxForm(mailbox=known),
            "hint": problems.hint(guessed.hint, guessed.service),
            "help_url": guessed.help_url,
            "history_form": HistoryForm(),
            "service": guessed.service,
            "is_looking": looking.is_under_way(known),
            **_state(request, found, known),
        }
    return render(request, "settings/mailbox.html", context, status=422 if failed else 200)


def _state(request: HttpRequest, found: Inbox, known: Mailbox) -> dict[str, Any]:
    return {"inbox": found, "mailbox": known, "next": _next(request), **reads.state_of(known)}


@require_GET
@member_required(_SETTINGS)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while a test mail or older mail is on its way. Two queries and the row."""
    found = get_object_or_404(Inbox, pk=pk)
    known = get_object_or_404(Mailbox.objects.defer("imap_password", "smtp_password"), inbox=found)
    response = render(request, "settings/_mailbox_state.html", _state(request, found, known))
    response.content += toasts(request).encode()
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@member_required(_SETTINGS)
def servers(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked again and again while the name server is: then the page is loaded anew with what it said."""
    known = get_object_or_404(Mailbox.objects.defer("imap_password", "smtp_password"), inbox=pk)
    if looking.is_under_way(known):
        return render(request, "settings/_mailbox_looking.html", {"inbox": known.inbox, "is_looking": True})
    return HttpResponse(headers={"HX-Refresh": "true"})


def _action(service: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """A button of the page: one service on the inbox's mailbox, and back to the page."""

    @require_POST
    @member_required(_SETTINGS)
    def view(request: HttpRequest, pk: int, **extra: Any) -> HttpResponse:
        found = get_object_or_404(Mailbox.objects.defer("imap_password", "smtp_password"), inbox=pk)
        try:
            service(request, found, **extra)
        except HelpdeskError as error:
            messages.error(request, f"{error.message} {error.next_step}".strip())
        return _back(request, pk=pk)

    return view  # type: ignore[return-value]


def _test(request: HttpRequest, found: Mailbox) -> None:
    mailboxes.start_test(mailbox=found, member=member_of(request))


def _certificate(request: HttpRequest, found: Mailbox) -> None:
    shown = request.POST.get("fingerprint", "")
    mailboxes.accept_certificate(mailbox=found, member=member_of(request), fingerprint=shown)


def _anyway(request: HttpRequest, found: Mailbox) -> None:
    mailboxes.use_anyway(mailbox=found, member=member_of(request))
    messages.success(request, _("Connected. New mail becomes tickets from now on."))


def _disconnect(request: HttpRequest, found: Mailbox) -> None:
    mailboxes.disconnect(mailbox=found, member=member_of(request))
    messages.success(request, _("Disconnected. A test mail connects it again."))


def _forget(request: HttpRequest, found: Mailbox) -> None:
    mailboxes.forget(mailbox=found, member=member_of(request))
    messages.success(request, _("Settings and password are deleted. The tickets stay."))


def _history(request: HttpRequest, found: Mailbox) -> None:
    form = HistoryForm(request.POST)
    if form.is_valid():
        mailboxes.start_history(mailbox=found, member=member_of(request), **form.cleaned_data)
    else:
        messages.error(request, _("Choose how far back, and a folder."))


def _history_stop(request: HttpRequest, found: Mailbox, run: int) -> None:
    mailboxes.stop_history(run=_run(found, run), member=member_of(request))


def _history_resume(request: HttpRequest, found: Mailbox, run: int) -> None:
    mailboxes.resume_history(run=_run(found, run), member=member_of(request))


def _run(found: Mailbox, pk: int) -> MailboxRun:
    return get_object_or_404(MailboxRun, pk=pk, mailbox=found, kind="history")


test = _action(_test)
certificate = _action(_certificate)
anyway = _action(_anyway)
disconnect = _action(_disconnect)
forget = _action(_forget)
history = _action(_history)
history_stop = _action(_history_stop)
history_resume = _action(_history_resume)


def _next(request: HttpRequest) -> str:
    """Where the set-up wants its reader back, if that is a page of this host."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""


def _back(request: HttpRequest, *, pk: int) -> HttpResponse:
    wanted = _next(request)
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return redirect(f"{reverse('desk:mailbox', args=[pk])}{query}")
