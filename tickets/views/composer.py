"""The composer: what is being written, saved by itself, with files and ready replies; sent, or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from governance import gate
from governance.core.clauses import ClauseError
from governance.core.disclosure import disclosure, language_for
from helpdesk.errors import Conflict, HelpdeskError
from helpdesk.live.slots import composer_help
from helpdesk.people.decorators import member_required
from helpdesk.people.models import Membership
from tickets.conversation import messages_of
from tickets.models import (
    WRITTEN_KINDS,
    AIText,
    CannedReply,
    Message,
    MessageKind,
    MessageState,
    Status,
    Ticket,
)
from tickets.selectors.ticket_page import About, FileRow, Unsent, about, people, waiting_files
from tickets.services import replying, second_look
from tickets.services.involvement import involvement_of
from tickets.services.uploading import attach, remove
from tickets.views.base import member_of, ticket_or_404
from tickets.views.entries import file_of
from tickets.views.skeleton import day_and_time

HTTP_REFUSED = 422
LANGUAGE_WORDS = {"en": "", "de": "(Deutsch)", "fr": "(français)", "es": "(español)"}


def composer_context(
    ticket: Ticket,
    member: Membership,
    *,
    known: About | None = None,
    files: Sequence[FileRow] | None = None,
) -> dict[str, Any]:
    """The context of desk/_composer.html from what is saved. Nothing more is read while it is empty."""
    from tickets.selectors.inboxes import sight_of

    known = known or about(ticket, member, sight_of(member))
    files = waiting_files(ticket, member) if files is None else files
    draft = known.draft or {}
    return {
        "kind": draft.get("kind") or MessageKind.REPLY.value,
        "body": draft.get("text", ""),
        "cc": draft.get("cc", ""),
        "bcc": draft.get("bcc", ""),
        "set_aside": draft.get("set_aside", ""),
        "unsent": _colleagues(ticket, known),
        "to_label": _to(ticket, known),
        "saved_at": datetime.fromisoformat(draft["updated_at"]) if draft.get("text") else None,
        "attachments": [_waiting(ticket, one) for one in files],
        "draft_id": draft.get("used_decision_id"),
        "revision": f"{ticket.customer_messages}-{known.newest_message}",
        "statuses": _then(ticket),
        "replies_url": reverse("desk:replies_picker", args=[ticket.number]),
        "conflict": None,
        "changed": None,
        "blocked": "",
        "errors": [],
        "unsourced": [],
        "focus": False,
        "help": composer_help(ticket),
        "help_now": bool(draft.get("text")),
        **_ai_part(ticket, member, draft.get("text", ""), draft.get("used_decision_id")),
    }


def _colleagues(ticket: Ticket, known: About) -> list[dict[str, Any]]:
    """Colleagues' texts; whether a look is asked for is read only where there is one."""
    asked = {one.look.asked_by_id for one in second_look.waiting(ticket)} if known.unsent else set()
    return [_unsent(ticket, one, asked) for one in known.unsent]


def _unsent(ticket: Ticket, one: Unsent, asked: set[int]) -> dict[str, Any]:
    """A colleague's text that waits here."""
    author = people(ticket.inbox_id).get(one.author_id)
    is_asked = one.author_id in asked
    return {
        "name": author.name if author else _("A former colleague"),
        "at_label": day_and_time(timezone.localtime(one.at)),
        "url": reverse("desk:take_over", args=[ticket.number, one.pk]),
        "look_url": reverse("desk:second_look", args=[ticket.number]) if is_asked else "",
    }


def _to(ticket: Ticket, known: About) -> str:
    address = known.addresses[0] if known.addresses else _("nobody: the address was deleted")
    return f"{ticket.customer.name} <{address}>" if ticket.customer.name else address


def _waiting(ticket: Ticket, file: FileRow) -> dict[str, Any]:
    return {**file_of(file), "remove_url": reverse("desk:detach", args=[ticket.number, file.pk])}


def _then(ticket: Ticket) -> list[dict[str, Any]]:
    words = {
        Status.PENDING: _("wait for an answer"),
        Status.SOLVED: _("solve"),
        Status.OPEN: _("keep open"),
    }
    return [
        {"value": one.value, "label": word, "selected": one == Status.PENDING} for one, word in words.items()
    ]


def _ai_part(ticket: Ticket, member: Membership, text: str, decision_id: int | None) -> dict[str, Any]:
    """Whether the AI had a hand in the text, the line that will say so, and sentences without a source."""
    nothing: dict[str, Any] = {
        "ai_involvement": "none",
        "disclosure": "",
        "language_label": "",
        "unsourced": [],
        "second_look": None,
    }
    if not text.strip():
        return nothing
    found = involvement_of(ticket=ticket, text=text, used_decision_id=decision_id)
    if not found.involved:
        return nothing
    language = ticket.language or ticket.customer.language
    return {
        "ai_involvement": found.degree,
        "disclosure": disclosure(member.display_name, language, _wordings()).text,
        "language_label": LANGUAGE_WORDS.get(language_for(language), ""),
        "unsourced": _unsourced(ticket, text),
        "second_look": _second_look(ticket, member, text),
    }


def _second_look(ticket: Ticket, member: Membership, text: str) -> dict[str, Any] | None:
    """Whether the rules want a second person for this answer, and how far that is; None where they do not."""
    if not second_look.topics_that_need_one(ticket):
        return None
    look = second_look.of_text(ticket, text)
    looked = look.looked_by if look else None
    return {
        "url": reverse("desk:second_look", args=[ticket.number]),
        "name": looked.display_name if looked and looked.pk != member.pk else "",
        "is_fine": bool(look and look.is_fine),
        "is_asked": look is not None,
    }


def _wordings() -> Any:
    policy = gate.policy_in_force()
    try:
        return gate.policy_facts(policy).clauses.wordings() if policy else None
    except ClauseError:
        return None


def _unsourced(ticket: Ticket, text: str) -> list[dict[str, Any]]:
    said = " ".join(text.split()).casefold()
    rows = AIText.objects.filter(ticket=ticket).values_list("unsupported", flat=True)
    found = dict.fromkeys(str(sentence) for one in rows for sentence in one)
    left = [one for one in found if " ".join(one.split()).casefold() in said]
    return [{"text": one} for one in left]


# Requests


def composer_answer(
    request: HttpRequest, ticket: Ticket, *, status: int = 200, extra: str = "", **changed: Any
) -> HttpResponse:
    """The composer as it is saved now, with what must be said; whole pages for browsers without script."""
    member = member_of(request)
    if not request.headers.get("HX-Request"):
        for error in changed.get("errors", []):
            messages.error(request, error)
        return redirect("desk:ticket", ticket.number)
    context = {"ticket": ticket, "composer": {**composer_context(ticket, member), **changed}}
    body = render_to_string("desk/_composer.html", context, request=request) + extra
    response = HttpResponse(body, status=status)
    if status != HTTP_REFUSED:  # what was written meanwhile belongs into the thread
        response["HX-Trigger"] = f"live:ticket-{ticket.pk}"
    return response


def what_was_typed(request: HttpRequest) -> dict[str, Any]:
    """What a request of the composer says, in the words of `replying.save_composer`."""
    decision = request.POST.get("draft_id", "")
    return {
        "kind": MessageKind.NOTE if request.POST.get("kind") == "note" else MessageKind.REPLY,
        "text": request.POST.get("body", "").replace("\r\n", "\n"),
        "cc": request.POST.get("cc", "")[:2000],
        "bcc": request.POST.get("bcc", "")[:2000],
        "used_decision": int(decision) if decision.isdecimal() else None,
    }


@require_POST
@member_required("work")
def draft_save(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what was typed; answers with the word "Saved"."""
    ticket = ticket_or_404(request, number)
    try:
        draft = replying.save_composer(ticket=ticket, member=member_of(request), **what_was_typed(request))
        saved: dict[str, Any] = {"saved_at": draft.updated_at}
    except HelpdeskError as error:
        saved = {"saved_at": None, "save_error": error.message}
    return render(request, "desk/_saved.html", {"composer": saved})


@require_POST
@member_required("work")
def send(request: HttpRequest, number: int) -> HttpResponse:
    """Send the reply or keep the note. Whatever is refused, the text stays where it is."""
    ticket, member, typed = ticket_or_404(request, number), member_of(request), what_was_typed(request)
    if request.FILES:  # chosen in a browser without script
        attach(ticket=ticket, member=member, files=request.FILES.getlist("files"))
    files = [one.pk for one in waiting_files(ticket, member)]
    try:
        if typed["kind"] == MessageKind.NOTE:
            replying.add_note(ticket=ticket, member=member, text=typed["text"], attachment_ids=files)
            return composer_answer(request, ticket)
        message = _send_reply(request, ticket, typed, files)
    except Conflict as error:
        ticket.refresh_from_db()
        return composer_answer(request, ticket, status=409, **_meanwhile(request, ticket, error))
    except HelpdeskError as error:
        replying.save_composer(ticket=ticket, member=member, **typed)
        said = f"{error.message} {error.next_step}".strip()
        return composer_answer(request, ticket, status=HTTP_REFUSED, errors=[said], focus=True)
    ticket.refresh_from_db()
    return composer_answer(request, ticket, extra=_undo_bar(request, ticket, message))


def _send_reply(request: HttpRequest, ticket: Ticket, typed: dict[str, Any], files: list[int]) -> Message:
    revision, newest = _seen(request)
    if request.POST.get("confirm_conflict"):
        newest = messages_of(ticket).order_by("-pk").values_list("pk", flat=True).first() or newest
    return replying.send_reply(
        ticket=ticket,
        member=member_of(request),
        text=typed["text"],
        cc=typed["cc"],
        bcc=typed["bcc"],
        attachment_ids=files,
        status_after=request.POST.get("status") or None,
        seen_revision=revision,
        seen_message_id=newest,
        used_decision_id=typed["used_decision"],
    )


def _seen(request: HttpRequest) -> tuple[int, int]:
    """How far the writer had read when the page was made; a broken value has read nothing."""
    revision, _dash, newest = request.POST.get("revision", "").partition("-")
    return (int(revision) if revision.isdecimal() else -1, int(newest) if newest.isdecimal() else 0)


def _meanwhile(request: HttpRequest, ticket: Ticket, error: Conflict) -> dict[str, Any]:
    """What was written since: by the customer, or by a colleague."""
    revision, newest = _seen(request)
    if ticket.customer_messages != revision:
        return {"changed": {"text": f"{error.message} {error.next_step}".strip()}}
    answers = messages_of(ticket).filter(kind=MessageKind.REPLY, pk__gt=newest)
    other = answers.select_related("author__user").last()
    if other is None:
        return {"errors": [f"{error.message} {error.next_step}".strip()]}
    name = other.author.display_name if other.author else _("A colleague")
    # The writer has still not read it: only "Send mine as well" or reading it moves the mark.
    return {
        "conflict": {"name": name, "at": other.created_at, "entry_id": other.pk},
        "revision": request.POST.get("revision", ""),
    }


def _undo_bar(request: HttpRequest, ticket: Ticket, message: Message) -> str:
    left = (message.send_after - timezone.now()).total_seconds() if message.send_after else 0
    undo = {
        "url": reverse("desk:undo", args=[ticket.number, message.pk]),
        "seconds": max(int(left), 1),
        "name": str(ticket.customer),
    }
    word = render_to_string("desk/_status_word.html", {"ticket": ticket, "oob": True}, request=request)
    return render_to_string("desk/_undo.html", {"undo": undo}, request=request) + word


def written_or_404(ticket: Ticket, pk: int) -> Message:
    """An answer or forward of the conversation that was not taken back."""
    ours = messages_of(ticket).filter(pk=pk, kind__in=WRITTEN_KINDS).exclude(state=MessageState.CANCELLED)
    found: Message | None = ours.select_related("ticket__merged_into", "ticket__customer", "decision").first()
    if found is None:
        raise Http404
    return found


@require_POST
@member_required("work")
def undo(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Take a reply back before it leaves, or a held one to write it anew; its text is in the composer again."""
    ticket = ticket_or_404(request, number)
    message = written_or_404(ticket, pk)
    try:
        replying.take_back(message=message, member=member_of(request))
    except HelpdeskError as error:
        return composer_answer(
            request, ticket, status=409, errors=[f"{error.message} {error.next_step}".strip()]
        )
    return composer_answer(request, ticket, focus=True)


@require_POST
@member_required("work")
def attach_files(request: HttpRequest, number: int) -> HttpResponse:
    """Add files to what is being written."""
    ticket, member = ticket_or_404(request, number), member_of(request)
    error = ""
    try:
        attach(ticket=ticket, member=member, files=request.FILES.getlist("files"))
    except HelpdeskError as refused:
        error = f"{refused.message} {refused.next_step}".strip()
    return _attachments(request, ticket, member, error)


@require_POST
@member_required("work")
def detach(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Take a file out of what is being written."""
    ticket, member = ticket_or_404(request, number), member_of(request)
    remove(ticket=ticket, member=member, pk=pk)
    return _attachments(request, ticket, member)


def _attachments(request: HttpRequest, ticket: Ticket, member: Membership, error: str = "") -> HttpResponse:
    shown = [_waiting(ticket, one) for one in waiting_files(ticket, member)]
    context = {"composer": {"attachments": shown, "attach_error": error}}
    return render(request, "desk/_composer_attachments.html", context)


@require_GET
@member_required("work")
def replies_picker(request: HttpRequest, number: int) -> HttpResponse:
    """Ready replies to put in: those of the ticket's language first."""
    ticket, query = ticket_or_404(request, number), request.GET.get("q", "").replace("\0", "").strip()[:100]
    rows = CannedReply.objects.filter(inbox=None) | CannedReply.objects.filter(inbox=ticket.inbox)
    if query:
        rows = rows.filter(title__icontains=query) | rows.filter(body__icontains=query)
    found = sorted(rows.order_by("title")[:200], key=lambda one: one.language != ticket.language)
    replies = [
        {
            "title": one.title,
            "excerpt": " ".join(one.body.split())[:120],
            "insert_url": reverse("desk:reply_insert", args=[ticket.number, one.pk]),
        }
        for one in found[:30]
    ]
    context = {"replies": replies, "query": query, "picker_url": request.path}
    return render(request, "desk/_replies_picker.html", context)


@require_POST
@member_required("work")
def reply_insert(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Put a ready reply below what was typed."""
    ticket, typed = ticket_or_404(request, number), what_was_typed(request)
    reply = CannedReply.objects.filter(pk=pk).first()
    if reply is None or reply.inbox_id not in (None, ticket.inbox_id):
        raise Http404
    body = reply.body.replace("{name}", ticket.customer.name or "")
    typed["text"] = f"{typed['text'].rstrip()}\n\n{body}".strip()
    replying.save_composer(ticket=ticket, member=member_of(request), **typed)
    return composer_answer(request, ticket, focus=True)
