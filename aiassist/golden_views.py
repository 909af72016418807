"""Test questions: the list with the newest results, one to write or to make from a solved ticket, and a run."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aiassist.golden_words import criterion, question_of, system_words
from aiassist.learning_tasks import run_golden, running_key
from aiassist.models import GoldenRun, GoldenTicket
from aiassist.services import golden
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of
from helpdesk.tenancy.scope import current_organization_id
from helpdesk.tenancy.tasks import enqueue_on_commit
from tickets.forms import ARTICLE_LANGUAGES
from tickets.models import Ticket
from tickets.views.base import ticket_or_404

RIGHT = "manage_policy"
MOST_LINES, LINE = 20, 200


class Lines(forms.CharField):
    """A list, one entry a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """As lines."""
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> list[str]:
        """Without empty lines."""
        lines = [one.strip() for one in str(super().clean(value) or "").splitlines() if one.strip()]
        if len(lines) > MOST_LINES or any(len(one) > LINE for one in lines):
            raise forms.ValidationError(_("At most 20 lines of 200 letters."))
        return lines


class GoldenForm(forms.ModelForm):  # type: ignore[type-arg]
    """One test question and what a good draft does with it."""

    language = forms.ChoiceField(label=gettext_lazy("Language of the answer"), choices=ARTICLE_LANGUAGES)
    must_say = Lines(
        label=gettext_lazy("A good draft says"),
        required=False,
        help_text=gettext_lazy("One thing a line. Other wordings after a bar: 30 days | thirty days"),
    )
    must_not_say = Lines(
        label=gettext_lazy("It does not say"), required=False, help_text=gettext_lazy("One thing a line.")
    )
    sources = Lines(
        label=gettext_lazy("It names one of these sources"),
        required=False,
        help_text=gettext_lazy("Titles of articles or ready replies, one a line."),
    )

    class Meta:
        model = GoldenTicket
        fields = (
            "title",
            "question",
            "subject",
            "language",
            "answer",
            "must_say",
            "must_not_say",
            "sources",
            "still_open",
        )
        labels = {
            "title": gettext_lazy("Name"),
            "question": gettext_lazy("The customer asks"),
            "subject": gettext_lazy("Subject of the mail"),
            "answer": gettext_lazy("Your articles answer it"),
            "still_open": gettext_lazy("It says that this part is not known"),
        }
        help_texts = {
            "answer": gettext_lazy("Without the tick: a good AI says that it does not know."),
            "still_open": gettext_lazy("A word of the part that no article answers; empty if there is none."),
            "question": gettext_lazy("No names, addresses or numbers of customers."),
        }
        widgets = {"question": forms.Textarea(attrs={"rows": 5})}


@never_cache
@require_GET
@member_required(RIGHT)
def page(request: HttpRequest) -> HttpResponse:
    """The organization's questions and what each AI last made of them."""
    rows = list(GoldenTicket.objects.filter(removed_at=None).order_by("-pk"))
    runs = list(GoldenRun.objects.order_by("-pk")[:10])
    key = running_key(str(current_organization_id()))
    newest = runs[0].figures if runs else {}
    missed = newest.get("missed", {})
    return render(
        request,
        "settings/ai_tests.html",
        {
            "questions": [
                (row, f"own-{row.pk}" in newest.get("rows", {}), missed.get(f"own-{row.pk}")) for row in rows
            ],
            "runs": [_run(one) for one in runs],
            "running": bool(cache.get(key)),
            "not_run": cache.get(f"{key}:said") or "",
        },
    )


def _run(run: GoldenRun) -> dict[str, Any]:
    figures = run.figures
    return {
        "run": run,
        "system": system_words(run.system),
        "n": figures.get("n", 0),
        "passed": figures.get("passed", 0),
        "criteria": [
            (criterion(name), *pair) for name, pair in figures.get("criteria", {}).items() if pair[1]
        ],
        "worse": [question_of(one) for one in run.worse],
        "missed": [
            (question_of(f"question:{key}"), [criterion(one) for one in names])
            for key, names in figures.get("missed", {}).items()
        ],
    }


@require_http_methods(["GET", "POST"])
@member_required(RIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """A new one, empty or begun from a ticket."""
    number = request.GET.get("ticket", "")
    ticket = ticket_or_404(request, int(number)) if number.isdigit() else None
    if request.method == "POST":
        form = GoldenForm(request.POST)
        from_words = ticket if ticket is not None and request.POST.get("words") else None
        if form.is_valid() and _saved(request, form, from_words):
            return redirect("ai-tests")
        return _form(request, form, ticket=ticket, words=bool(from_words), status=422)
    if ticket is None:
        return _form(request, GoldenForm())
    begun = golden.begin(ticket=ticket)
    initial = {
        "title": ticket.topic,
        "question": begun.question,
        "subject": begun.subject,
        "language": begun.language,
        "sources": begun.sources,
    }
    return _form(request, GoldenForm(initial=initial), ticket=ticket, words=begun.words)


@require_http_methods(["GET", "POST"])
@member_required(RIGHT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """An existing one."""
    row = get_object_or_404(GoldenTicket, pk=pk, removed_at=None)
    form = GoldenForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid() and _saved(request, form, None):
        return redirect("ai-tests")
    return _form(request, form, row=row, status=422 if request.method == "POST" else 200)


def _form(request: HttpRequest, form: GoldenForm, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "settings/ai_test_edit.html", {"form": form, **context}, status=status)


def _saved(request: HttpRequest, form: GoldenForm, ticket: Ticket | None) -> bool:
    try:
        golden.save(row=form.save(commit=False), member=member_of(request), ticket=ticket)
    except HelpdeskError as error:
        form.add_error(None, f"{error.message} {error.next_step}".strip())
        return False
    messages.success(request, _("Saved. It is asked at the next run."))
    return True


@require_POST
@member_required(RIGHT)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it out, or put it back."""
    row = get_object_or_404(GoldenTicket, pk=pk)
    if request.POST.get("back"):
        golden.put_back(row=row, member=member_of(request))
        messages.success(request, _("It is asked again."))
        return redirect("ai-tests")
    golden.remove(row=row, member=member_of(request))
    return render(request, "settings/ai_test_removed.html", {"row": row})


@require_POST
@member_required(RIGHT)
def run(request: HttpRequest) -> HttpResponse:
    """Let the AI that drafts answer them all."""
    version = request.POST.get("version", "")
    enqueue_on_commit(run_golden, organization_id=current_organization_id(), version=version)
    messages.success(request, _("The questions are asked. It takes a minute; you can close this page."))
    return redirect("ai-told" if version else "ai-tests")
