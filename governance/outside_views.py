"""Where owner and officer answer what people outside asked or objected to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from governance.services import outside
from helpdesk.errors import HelpdeskError
from helpdesk.people.decorators import member_required
from helpdesk.people.middleware import member_of

PER_PAGE = 25


class AnswerForm(forms.Form):
    """The answer, and how the question stands in public."""

    title = forms.CharField(
        label=gettext_lazy("The question in your words"),
        max_length=160,
        help_text=gettext_lazy("Without names: this line is what everybody reads, never what was written."),
    )
    answer = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    publish = forms.BooleanField(label=gettext_lazy("Show both on the trust page"), required=False)


@require_safe
@member_required("admin")
def questions(request: HttpRequest) -> HttpResponse:
    """All of them, the open ones first, each with its date and a form."""
    return _page(request, None)


def _page(request: HttpRequest, kept: AnswerForm | None, status: int = 200) -> HttpResponse:
    found = Paginator(outside.questions(), PER_PAGE).get_page(request.GET.get("page"))
    rows: list[dict[str, Any]] = []
    for one in found:
        form = kept if kept is not None and kept.prefix == str(one.pk) else AnswerForm(prefix=str(one.pk))
        if not one.data.get("may_publish"):
            del form.fields["publish"]
        rows.append(
            {"record": one, "form": form, "due": outside.due_in_words(one), "late": outside.is_late(one)}
        )
    waiting = sum(1 for one in rows if one["record"].state == "open")
    context = {"rows": rows, "page": found, "waiting": waiting}
    return render(request, "settings/outside.html", context, status=status)


@require_POST
@member_required("manage_policy")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the answer. What is missing or may not be shown is said beside the form, with everything kept."""
    record = get_object_or_404(outside.questions(), pk=pk)
    form = AnswerForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _page(request, form, status=422)
    said = form.cleaned_data
    try:
        outside.answer(
            record=record,
            member=member_of(request),
            title=said["title"],
            text=said["answer"],
            publish=said["publish"],
        )
    except HelpdeskError as error:
        form.add_error(None, f"{error.message} {error.next_step}".strip())
        return _page(request, form, status=422)
    messages.success(request, _("Answered. Who left an address gets it by mail."))
    return redirect("outside")
