"""Pages on which an owner sets the rules by answering questions: begin, six pages, read and put in force."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance.admin.doors import door, draft_of, refused, show
from governance.clause_fields import PARTS
from governance.core.clause_checks import problems
from governance.core.clauses import ClauseError, Clauses
from governance.core.kinds import KINDS
from governance.core.questions import HOW_MANY, PAGES, Page
from governance.difference import changed_rules, rules_in_words, version_before
from governance.forms import WORDS, AskedRules, fields_of, stored
from governance.models import EthicsPolicy, PolicyStatus
from governance.public import paragraphs
from governance.services import drafts, questions, rulings
from helpdesk.admin.base import member_of
from helpdesk.errors import HelpdeskError
from helpdesk.tenancy.kinds import Kind
from helpdesk.tenancy.middleware import organization_of


class PageForm(AskedRules, forms.Form):
    """The questions of one page."""

    def __init__(self, page: Page, clauses: Clauses, data: Any = None) -> None:
        super().__init__(data)
        self.asked = tuple(PARTS[one.clause] for one in page.questions)
        self.fields.update(fields_of(one.clause for one in page.questions))
        self.stored = clauses
        self.cleaned_clauses: Clauses | None = None
        self.show_rules(clauses)

    def clean(self) -> dict[str, Any]:
        """All problems of the page at once."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            self.cleaned_clauses = self.read_rules(said, self.stored)
        return said

    def rules(self) -> dict[str, Any]:
        """The answers as plain values by rule; only once valid."""
        plain = self.cleaned_clauses.to_dict() if self.cleaned_clauses else {}
        return {part.clause: plain[part.clause] for part in self.asked}


def urls() -> list[Any]:
    """The addresses, below the rules."""
    get_post = require_http_methods(["GET", "POST"])
    return [
        path("questions/", door(get_post(begin)), name="questions"),
        path("<int:pk>/questions/read/", door(require_safe(read)), name="questions-read"),
        path("<int:pk>/questions/write-page/", door(require_POST(write_page)), name="questions-write"),
        path("<int:pk>/questions/publish/", door(require_POST(publish)), name="questions-publish"),
        path("<int:pk>/questions/<slug:key>/", door(get_post(page)), name="questions-page"),
    ]


def begin(request: HttpRequest) -> HttpResponse:
    """Choose a kind of business, or go on where somebody left."""
    if request.method == "POST":
        draft = questions.begin(member=member_of(request), kind=request.POST.get("kind", ""))
        return redirect("admin:questions-page", draft.pk, PAGES[0].key)
    open_draft = questions.open_draft()
    context = {
        "title": _("Set the rules"),
        "how_many": HOW_MANY,
        "kinds": [
            {"key": one.key, "label": Kind(one.key).label, "why": _(one.why)} for one in KINDS.values()
        ],
        "chosen": organization_of(request).kind or next(iter(KINDS)),
        "in_force": _in_force(),
        "open_draft": open_draft,
        "go_on": _go_on(open_draft),
    }
    return show(request, "questions/begin", context)


def page(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A few questions; saving goes on to the next page, or leaves."""
    draft, number = draft_of(pk), _number(key)
    asked = PAGES[number]
    form = PageForm(asked, stored(draft), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        questions.answer(policy=draft, member=member_of(request), page=key, rules=form.rules())
        if "leave" in request.POST:
            messages.success(request, _("Your answers are kept. Go on whenever you like."))
            return redirect("admin:governance_ethicspolicy_changelist")
        return redirect(_next_url(draft, number))
    context = {
        "title": _(asked.title),
        "page": asked,
        "asked": [_shown(form, one, place) for place, one in enumerate(asked.questions, _before(number))],
        "form": form,
        "steps": _steps(draft, key),
        "how_many": HOW_MANY,
        "back": _page_url(draft, number - 1) if number else "",
        "draft": draft,
    }
    return show(request, "questions/page", context, status=422 if form.errors else 200)


def read(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of the answers: customers' page, rules in words, what is different, and the button."""
    draft = draft_of(pk)
    before = version_before(draft)
    context = {
        "title": _("Read it once, then put it in force"),
        "draft": draft,
        "blocks": paragraphs(draft.prose),
        "rules": rules_in_words(draft),
        "changed": changed_rules(before, draft) if before else None,
        "by_hand": questions.is_written_by_hand(draft),
        "steps": _steps(draft, "read"),
        "wrong": _wrong(draft),
        "missing": rulings.missing(draft),
        "seen_version": before.version if before else 0,
    }
    return show(request, "questions/read", context)


def write_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the customers' page from the answers."""
    questions.write_page(policy=draft_of(pk), member=member_of(request))
    return redirect("admin:questions-read", pk)


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the answers in force."""
    seen, draft = request.POST.get("seen_version", ""), draft_of(pk)
    try:
        policy = drafts.publish_draft(
            policy=draft, member=member_of(request), seen_version=int(seen) if seen.isdecimal() else 0
        )
    except (HelpdeskError, ClauseError) as error:
        return refused(request, error, reverse("admin:questions-read", args=[pk]))
    messages.success(request, _("Version %(version)s is in force from now on.") % {"version": policy.version})
    return redirect("admin:governance_ethicspolicy_change", policy.pk)


def _shown(form: PageForm, question: Any, place: int) -> dict[str, Any]:
    part = PARTS[question.clause]
    fields = [form[name] for name in part.names()]
    fields[0].help_text = ""
    return {
        "place": place,
        "ask": _(question.ask),
        "changes": _(question.changes),
        "now": str(WORDS[question.clause].sentence(form.stored)),
        "fields": fields,
        "group": len(fields) > 1 or fields[0].use_fieldset,
        "alone": len(fields) == 1,
    }


def _steps(draft: EthicsPolicy, current: str) -> list[dict[str, Any]]:
    done = set(draft.questions.get("pages", []))
    steps = [
        {
            "title": _(one.title),
            "url": _page_url(draft, place),
            "done": one.key in done,
            "current": one.key == current,
        }
        for place, one in enumerate(PAGES)
    ]
    last = {
        "title": _("Read and put in force"),
        "url": reverse("admin:questions-read", args=[draft.pk]),
        "done": False,
        "current": current == "read",
    }
    return [*steps, last]


def _before(number: int) -> int:
    """The number of a page's first question; the first of all is the kind of business."""
    return 2 + sum(len(one.questions) for one in PAGES[:number])


def _number(key: str) -> int:
    for number, one in enumerate(PAGES):
        if one.key == key:
            return number
    raise Http404


def _page_url(draft: EthicsPolicy, number: int) -> str:
    return reverse("admin:questions-page", args=[draft.pk, PAGES[number].key])


def _next_url(draft: EthicsPolicy, number: int) -> str:
    if number + 1 < len(PAGES):
        return _page_url(draft, number + 1)
    return reverse("admin:questions-read", args=[draft.pk])


def _go_on(draft: EthicsPolicy | None) -> str:
    """Where the first unanswered page is."""
    if draft is None:
        return ""
    done = set(draft.questions.get("pages", []))
    number = next((place for place, one in enumerate(PAGES) if one.key not in done), len(PAGES))
    return (
        _page_url(draft, number) if number < len(PAGES) else reverse("admin:questions-read", args=[draft.pk])
    )


def _wrong(draft: EthicsPolicy) -> list[str]:
    """Rules that cannot be published as they are, from a form or an older release."""
    return [str(problem) for problem in problems(stored(draft)).values()]


def _in_force() -> EthicsPolicy | None:
    return EthicsPolicy.objects.filter(status=PolicyStatus.PUBLISHED).first()
