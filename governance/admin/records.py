"""Records that nobody writes here: what the AI was asked, stops of the AI, and what happened."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance import ledger
from governance.admin.words import ACTIONS, SUBJECTS, action_words, event_words, stop_words
from governance.core.verdict import Verdict
from governance.models import AIDecision, AIStop, LedgerEntry
from governance.services import stops
from helpdesk.admin.base import HonestChangeList, TenantModelAdmin, badge, member_of, shown
from helpdesk.admin.site import site
from helpdesk.errors import HelpdeskError
from helpdesk.people import subjects
from helpdesk.people.permissions import can


def verdicts(decision: AIDecision) -> list[Verdict]:
    """What the checks said; older shapes that cannot be read are left out."""
    found = []
    for one in decision.reasons:
        try:
            found.append(Verdict.from_dict(one))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return found


def reason_of(decision: AIDecision) -> str:
    """Why it was stopped, in the words it was stopped with; empty where it was allowed."""
    against = [one for one in verdicts(decision) if one.outcome.value not in ("passed", "warned")]
    return str(against[0].reason) if against and not decision.allowed else ""


class StepFilter(admin.SimpleListFilter):
    """The steps that exist, not those found by reading the whole table."""

    title = gettext_lazy("what for")
    parameter_name = "step"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """In words."""
        return list(ACTIONS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Rows of the step."""
        return queryset.filter(action=self.value()) if self.value() in ACTIONS else queryset


def name_subjects(request: HttpRequest, rows: list[Any]) -> None:
    """Put what the asker may see of it beside each row. One query a kind, whatever their number."""
    known = subjects.find(member_of(request), [(one.subject_kind, one.subject_id) for one in rows])
    for one in rows:
        one.about = known.get((one.subject_kind, one.subject_id))


class StepList(HonestChangeList):
    """A page of steps, each with what it was about."""

    def get_results(self, request: HttpRequest) -> None:
        """Ours, and the names."""
        super().get_results(request)
        rows: list[Any] = list(self.result_list)  # type: ignore[has-type]
        name_subjects(request, rows)
        self.result_list = rows


class DecisionAdmin(TenantModelAdmin):
    """What the AI was asked, allowed or stopped, and why."""

    nothing = gettext_lazy(
        "The AI has not been asked for anything yet. Each step it takes stands here, allowed or not, with the reason."
    )
    list_display = ("when", "asked", "answer", "reason", "subject", "who", "service", "cost")
    when = shown("created_at", gettext_lazy("When"))
    who = shown("actor", gettext_lazy("Who"))
    service = shown("system", gettext_lazy("AI"))
    rules = shown("policy", gettext_lazy("Under which rules"))
    list_filter = ("allowed", StepFilter)
    list_select_related = ("actor__user",)
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("What for"), ordering="action")
    def asked(self, obj: AIDecision) -> str:
        """The step, in words."""
        return action_words(obj.action)

    @admin.display(description=gettext_lazy("Answer"), ordering="allowed")
    def answer(self, obj: AIDecision) -> SafeString:
        """Allowed or stopped."""
        return badge(_("allowed"), "good") if obj.allowed else badge(_("stopped"), "bad")

    @admin.display(description=gettext_lazy("Why"))
    def reason(self, obj: AIDecision) -> str:
        """The first reason against it."""
        return reason_of(obj) or _("nothing spoke against it")

    @admin.display(description=gettext_lazy("About"))
    def subject(self, obj: Any) -> str:
        """What it was about: with its page, for who may see it."""
        found = getattr(obj, "about", None)
        if found is not None:
            return format_html('<a href="{}">{}</a>', found.url, found.label)
        words = str(SUBJECTS.get(obj.subject_kind, obj.subject_kind))
        return f"{words} {obj.subject_id}" if obj.subject_id else words

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[HonestChangeList]:
        """With what each was about."""
        return StepList

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The same for one."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            name_subjects(request, [found])
        return found

    @admin.display(description=gettext_lazy("Cost"), ordering="cost_micro")
    def cost(self, obj: AIDecision) -> str:
        """Words in and out as the service counts them, and money."""
        if not (obj.tokens_in or obj.tokens_out):
            return _("none")
        return f"{obj.tokens_in:,} + {obj.tokens_out:,} · {obj.cost_micro / 1_000_000:.4f}"

    @admin.display(description=gettext_lazy("Every check, for auditors"))
    def checks_with_codes(self, obj: AIDecision) -> SafeString:
        """Code, outcome, reason and next step of each check that spoke."""
        rows = [
            (one.code, one.outcome.value, str(one.reason), str(one.next_step or ""), one.detail)
            for one in verdicts(obj)
        ]
        body = format_html_join(
            "", "<tr><th scope=row>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", rows
        )
        head = [_("Code"), _("Outcome"), _("Reason"), _("Next step"), _("Detail")]
        heads = format_html_join("", "<th scope=col>{}</th>", ([one] for one in head))
        return format_html(
            '<table class="hd-table hd-cards"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
            heads,
            body,
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """First in words, then for auditors."""
        return (
            (
                None,
                {"fields": ("when", "asked", "answer", "reason", "subject", "who", "rules", "cost")},
            ),
            (
                gettext_lazy("For auditors"),
                {
                    "fields": (
                        "checks_with_codes",
                        "kind",
                        "purpose",
                        "system",
                        "prompt_hash",
                        "request",
                        "facts",
                    )
                },
            ),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All."""
        return [name for _title, one in self.get_fieldsets(request, obj) for name in one["fields"]]


class StopAdmin(TenantModelAdmin):
    """Stops of the AI: who, why, and whether it runs again."""

    nothing = gettext_lazy(
        "Nobody has stopped the AI. Each stop stands here: who, when, why, and since when it runs again."
    )
    list_display = ("what", "why", "who", "since", "state", "starter", "again")
    why = shown("reason", gettext_lazy("Why"))
    who = shown("started_by", gettext_lazy("Who"))
    since = shown("started_at", gettext_lazy("Since"))
    starter = shown("lifted_by", gettext_lazy("Started again by"))
    list_filter = ("scope",)
    list_select_related = ("started_by__user", "lifted_by__user")
    ordering = ("-pk",)
    fields = ("what", "why", "who", "since", "state", "starter", "again")
    readonly_fields = fields
    list_before_template = "admin/governance/stop_switch.html"

    @admin.display(description=gettext_lazy("What"))
    def what(self, obj: AIStop) -> str:
        """How far it reaches."""
        return stop_words(obj)

    @admin.display(description=gettext_lazy("State"))
    def state(self, obj: AIStop) -> SafeString:
        """Stopped, or running again."""
        return badge(_("stopped"), "bad") if obj.lifted_at is None else badge(_("runs again"), "good")

    @admin.display(description=gettext_lazy("Runs again since"), ordering="lifted_at")
    def again(self, obj: AIStop) -> Any:
        """When it was lifted."""
        return obj.lifted_at

    def get_urls(self) -> list[Any]:
        """Also: stop everything, start one or everything again. By POST only."""
        wrap = self.admin_site.admin_view
        return [
            path("stop/", wrap(require_POST(self.stop_view)), name="ai-stop"),
            path("start/", wrap(require_POST(self.start_view)), name="ai-start"),
            path("<int:pk>/start/", wrap(require_POST(self.start_view)), name="ai-start-one"),
            *super().get_urls(),
        ]

    def stop_view(self, request: HttpRequest) -> HttpResponse:
        """Stop the AI for everything; twice is once."""
        try:
            if not AIStop.objects.filter(scope="organization", lifted_at=None).exists():
                stops.stop_ai(
                    scope="organization",
                    member=member_of(request),
                    reason=request.POST.get("reason", "").strip(),
                )
        except HelpdeskError as error:
            raise PermissionDenied from error
        messages.success(request, _("The AI is stopped. Nothing with AI text goes out."))
        return redirect("admin:index")

    def start_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Start again: one stop, or everything that was stopped for all."""
        if not can(member_of(request), "start_ai"):
            raise PermissionDenied
        rows = AIStop.objects.filter(lifted_at=None)
        rows = rows.filter(scope="organization") if pk is None else rows.filter(pk=pk)
        if pk is not None and not AIStop.objects.filter(pk=pk).exists():
            raise Http404
        for one in rows:
            stops.lift(stop=one, member=member_of(request))
        messages.success(request, _("The AI runs again, within your rules."))
        return redirect("admin:index" if pk is None else self.page_url(pk))

    change_form_outer_before_template = "admin/governance/start_again.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list under the switch."""
        return super().changelist_view(request, {**(extra_context or {}), "stop_switch": switch(request)})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The page of one stop, with its button for who may press it."""
        context["may_start"] = can(member_of(request), "start_ai")
        return super().render_change_form(request, context, *args, **kwargs)


def switch(request: HttpRequest) -> dict[str, Any]:
    """The stop switch as the admin shows it."""
    found = [one for one in stops.stops_in_force() if one.scope == "organization"]
    member = getattr(request, "member", None)
    return {
        "stop": found[0] if found else None,
        "may_stop": can(member, "stop_ai"),
        "may_start": can(member, "start_ai"),
    }


class EntryAdmin(TenantModelAdmin):
    """What happened, entry by entry, each chained to the one before."""

    nothing = gettext_lazy("Nothing has happened yet. Each act stands here and is tied to the one before it.")
    list_display = ("number", "when", "what", "who", "about", "rules")
    number = shown("seq", gettext_lazy("No."))
    when = shown("created_at", gettext_lazy("When"))
    who = shown("actor", gettext_lazy("Who"))
    about = shown("object_ref", gettext_lazy("About"))
    rules = shown("policy_version", gettext_lazy("Version of the rules"))
    list_filter = ()
    search_fields = ("object_ref__exact",)
    search_help_text = gettext_lazy("Exactly, such as decision:12")
    ordering = ("-seq",)
    fields = (
        "number",
        "when",
        "what",
        "event",
        "who",
        "about",
        "rules",
        "commitment",
        "prev",
        "hash",
    )
    readonly_fields = fields
    list_before_template = "admin/governance/check_record.html"

    @admin.display(description=gettext_lazy("What"))
    def what(self, obj: LedgerEntry) -> str:
        """The event in words."""
        return event_words(obj.event)

    def get_urls(self) -> list[Any]:
        """Also: check the record now."""
        wrap = self.admin_site.admin_view
        return [path("check/", wrap(require_POST(self.check_view)), name="check-record"), *super().get_urls()]

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """Walk the whole chain and say how it stands. Reads only, so auditors may."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = ledger.verify()
        if found.ok:
            said = _("%(checked)s entries read: each is as it was, in order, none is missing.")
            messages.success(request, said % {"checked": found.checked})
        else:
            said = _(
                "Entry %(seq)s is not as it was: %(problem)s Keep everything as it is and call your auditor."
            )
            messages.error(request, said % {"seq": found.bad_seq, "problem": found.problem})
        return redirect(self.list_url())


site.register(AIDecision, DecisionAdmin)
site.register(AIStop, StopAdmin)
site.register(LedgerEntry, EntryAdmin)
