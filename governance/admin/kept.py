"""What the page of every register has: what its entries do to the AI, who changed what, the export, and its buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import TextField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from governance import effects, exports, gate
from governance.core.clauses import Clauses
from governance.services import registers
from helpdesk.admin.base import TenantModelAdmin, badge, member_of
from helpdesk.errors import HelpdeskError
from helpdesk.people.models import Membership
from helpdesk.tenancy.scope import current_organization_id

#: Entries that are read to say what holds the AI back; more would not be read by anybody either.
MOST_SAID = 200
#: Changes on the page of one entry.
MOST_CHANGES = 200


@dataclass(frozen=True)
class Step:
    """One button. `name` is what `take` is asked for."""

    name: str
    label: str
    primary: bool = False
    about: str = ""


def rules_in_force() -> Clauses:
    """The rules as they stand; the defaults where there are none. One query."""
    policy = gate.policy_in_force()
    return Clauses.from_dict(policy.clauses) if policy else Clauses()


def due_in_words(due: Any, *, now: Any = None) -> SafeString:
    """A date with what it means today."""
    today = (now or timezone.localtime()).date()
    days = (due - today).days
    if days < 0:
        said = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
        return format_html("{} {}", date_format(due), badge(said, "bad"))
    said = (
        _("today") if not days else ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    )
    return format_html("{} {}", date_format(due), badge(said, "warn" if days <= 7 else ""))


class RegisterAdmin(TenantModelAdmin):
    """Rows with history; each save is noted in the ledger.

    A subclass says what its entries are for (`about`), which of them can hold the AI back (`that_count`), and its
    buttons (`steps`, `list_steps`, `take`).
    """

    add_right: str | None = "manage_policy"
    change_right: str | None = "manage_policy"
    delete_right: str | None = "manage_policy"
    list_before_template = "admin/governance/register.html"
    change_form_outer_before_template = "admin/governance/entry.html"
    about: Any = ""
    #: Shown above the table; a template's name.
    list_picture = ""
    #: Shown above an entry's form; a template's name.
    entry_picture = ""

    # What a register says

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service."""
        registers.save_row(row=obj, member=member)

    def remove(self, *, obj: Any, member: Membership) -> None:
        """Through the service."""
        registers.remove_row(row=obj, member=member)

    def that_count(self) -> Any:
        """Entries that may hold the AI back, as a queryset."""
        return self.model._default_manager.all()

    def steps(self, obj: Any) -> Sequence[Step]:
        """Buttons of one entry."""
        return ()

    def list_steps(self) -> Sequence[Step]:
        """Buttons of the register."""
        return ()

    def take(self, name: str, obj: Any, member: Membership, data: Any) -> str:
        """Do what a button says and return what to tell. `obj` is None for the register's own. Raises Http404."""
        raise Http404

    @admin.display(description=gettext_lazy("Who answers for it"), ordering="accountable")
    def who(self, obj: Any) -> str:
        """By name."""
        return str(obj.accountable) if obj.accountable is not None else _("nobody yet")

    @admin.display(description=gettext_lazy("Look again"), ordering="review_due")
    def look_again(self, obj: Any) -> SafeString | str:
        """When, and whether that is past."""
        return due_in_words(obj.review_due) if obj.review_due else _("no date")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Texts are a few sentences."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, TextField) and field is not None:
            field.widget.attrs["rows"] = 3
        return field

    # Pages

    def get_urls(self) -> list[Any]:
        """Also: the export, and the buttons by POST."""
        wrap, name = self.admin_site.admin_view, self.opts.model_name
        return [
            path("export.<str:kind>", wrap(require_safe(self.export_view)), name=f"{name}_export"),
            path("history.<str:kind>", wrap(require_safe(self.changes_view)), name=f"{name}_changes"),
            path("step/<slug:step>/", wrap(require_POST(self.step_view)), name=f"{name}_list_step"),
            path("<int:pk>/step/<slug:step>/", wrap(require_POST(self.step_view)), name=f"{name}_step"),
            *super().get_urls(),
        ]

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The register, whole, as CSV or JSON."""
        self._require_reader(request, kind)
        return exports.response(self.model, kind, current_organization_id())

    def changes_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """Who changed what in the register, whole."""
        self._require_reader(request, kind)
        return exports.history(current_organization_id(), registers.kind_of(self.model), kind)

    def _require_reader(self, request: HttpRequest, kind: str) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in {"csv", "json"}:
            raise Http404

    def step_view(self, request: HttpRequest, step: str, pk: int | None = None) -> HttpResponse:
        """A button was pressed. A refusal is a message, never half a change."""
        obj = None
        if pk is not None:
            obj = self.model._default_manager.filter(pk=pk).first()
            if obj is None:
                raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        try:
            messages.success(request, self.take(step, obj, member_of(request), request.POST))
        except HelpdeskError as error:
            messages.error(request, f"{error.message} {error.next_step}".strip())
        return redirect(self.list_url() if obj is None else self.page_url(pk))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what, when, from what to what."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who changed what: %(name)s") % {"name": obj},
            "opts": self.opts,
            "object": obj,
            "changes": [self._said(one) for one in registers.history(obj)[:MOST_CHANGES]],
            "back": self.page_url(obj.pk),
        }
        return TemplateResponse(request, "admin/governance/history.html", context)

    def _said(self, change: Any) -> dict[str, Any]:
        labels = {one.name: str(one.verbose_name) for one in self.opts.concrete_fields}
        values = [(labels.get(name, name), old, new) for name, (old, new) in change.values.items()]
        actions = {
            "created": _("written down"),
            "changed": _("changed"),
            "renewed": _("still right"),
            "removed": _("removed"),
        }
        return {
            "at": change.created_at,
            "who": change.member or _("by itself"),
            "action": actions.get(change.action, change.action),
            "values": [] if change.action == "created" else values,
        }

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list under what it does to the AI."""
        context = {"register": self._register(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def _register(self, request: HttpRequest) -> dict[str, Any]:
        rules, today = rules_in_force(), timezone.localdate()
        rows = list(self.that_count()[:MOST_SAID])
        may = self.has_change_permission(request)
        name = self.opts.model_name
        return {
            "about": self.about,
            "effects": effects.holding_back(rows, rules, today),
            "steps": [self._button(one, None) for one in self.list_steps()] if may else [],
            "picture": self.list_picture,
            "data": self.picture(),
            "exports": [
                (kind.upper(), reverse(f"admin:{name}_export", args=[kind])) for kind in ("csv", "json")
            ],
            "changes": reverse(f"admin:{name}_changes", args=["csv"]),
        }

    def picture(self) -> Any:
        """What `list_picture` shows."""
        return None

    def entry(self, obj: Any) -> Any:
        """What `entry_picture` shows."""
        return None

    def _button(self, step: Step, obj: Any) -> dict[str, Any]:
        name = self.opts.model_name
        url = (
            reverse(f"admin:{name}_list_step", args=[step.name])
            if obj is None
            else reverse(f"admin:{name}_step", args=[obj.pk, step.name])
        )
        return {"url": url, "label": step.label, "primary": step.primary, "about": step.about}

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The entry under what it does to the AI, with its buttons for who may press them."""
        obj = kwargs.get("obj")
        if obj is not None and obj.pk:
            may = self.has_change_permission(request, obj)
            context["entry"] = {
                "effect": effects.effect(obj, rules_in_force(), timezone.localdate()),
                "steps": [self._button(one, obj) for one in self.steps(obj)] if may else [],
                "picture": self.entry_picture,
                "data": self.entry(obj),
            }
        return super().render_change_form(request, context, *args, **kwargs)
