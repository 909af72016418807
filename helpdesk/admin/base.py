"""What every page of the admin does alike: rights by role, the organization checked, writes through services."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin import display
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db.models import BooleanField, ForeignKey, Model
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from helpdesk.errors import HelpdeskError
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from helpdesk.tenancy.scope import current_organization_id

#: Lists count no further: a page deeper than this is found by a filter.
MOST_COUNTED = 10_000


class TenantModelForm(ModelForm):  # type: ignore[type-arg]
    """Sees the uniques that start with the organization, which Django's form would leave out."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"organization"}  # type: ignore[misc, no-any-return]

    def _post_clean(self) -> None:
        self.instance.organization_id = self.instance.organization_id or current_organization_id()
        super()._post_clean()  # type: ignore[misc]


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts to MOST_COUNTED and no further."""

    @cached_property
    def count(self) -> int:
        """How many rows, at most MOST_COUNTED."""
        rows: Any = self.object_list
        return int(rows[:MOST_COUNTED].count())


class HonestChangeList(ChangeList):  # type: ignore[misc]
    """Offers "show all" only where something is filtered out."""

    def get_results(self, request: HttpRequest) -> None:
        """Django's; without a filter all is what was found."""
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count


def badge(word: Any, tone: str = "") -> SafeString:
    """A state as a word with a sign; `tone` is good, warn, bad, or nothing."""
    return format_html('<span class="hd-state {}">{}</span>', tone, word)


def shown(field: str, title: Any, *, boolean: bool = False) -> Any:
    """A column or line with the value of a field under the word that owners know; sorts by the field."""
    options: dict[str, Any] = {"boolean": True} if boolean else {"empty_value": "–"}

    @display(description=title, ordering=field, **options)
    def value(_admin: Any, obj: Any) -> Any:
        choice = getattr(obj, f"get_{field}_display", None)
        found = choice() if choice is not None else getattr(obj, field)
        if isinstance(found, datetime):
            return date_format(localtime(found), "DATETIME_FORMAT")
        if isinstance(found, date):
            return date_format(found)
        return found if found not in (None, "") else None

    return value


def member_of(request: HttpRequest) -> Membership:
    """Who asks; the site let in nobody without a membership."""
    member: Membership = request.member  # type: ignore[attr-defined]
    return member


class TenantModelAdmin(ModelAdmin):  # type: ignore[misc]
    """Closed unless opened: a right is the name of an action of `people.permissions`, None is nobody.

    A subclass that opens writing overrides `store` (and `remove`) to call its service; a service's refusal
    becomes a message. Another organization's row does not exist: every address of it is a 404.
    """

    form = TenantModelForm
    paginator = CappedPaginator
    list_per_page = 50
    show_full_result_count = False
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = True
    actions = ()
    #: What an empty list says: what will be here, and how it comes.
    nothing: Any = gettext_lazy("Nothing is here yet.")
    add_words: Any = gettext_lazy("Write one down")
    view_rights: tuple[str, ...] = ("admin", "admin_read")
    add_right: str | None = None
    change_right: str | None = None
    delete_right: str | None = None

    def __init__(self, model: type[Model], admin_site: Any) -> None:
        super().__init__(model, admin_site)
        columns: Any = self.list_display  # type: ignore[has-type]
        first, *others = columns
        self.list_display = (first, *(self._in_words(one) for one in others))

    def _in_words(self, name: Any) -> Any:
        """A bare field as a column: its name with a capital, as the first column's and those of our own have."""
        try:
            field = self.opts.get_field(name)
        except FieldDoesNotExist:
            return name
        title = capfirst(field.verbose_name)
        column = shown(name, title, boolean=isinstance(field, BooleanField)).__get__(self)
        setattr(self, f"{name}_said", column)
        return f"{name}_said"

    # Rights

    def _may(self, request: HttpRequest, right: str | None) -> bool:
        return right is not None and can(getattr(request, "member", None), right)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Owner, officer, auditor."""
        return any(self._may(request, right) for right in self.view_rights)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As for seeing a list."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By role."""
        return self._may(request, self.add_right)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By role."""
        return self._may(request, self.change_right)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By role."""
        return self._may(request, self.delete_right)

    # Writes

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Save what the form checked, through the room's service."""
        raise NotImplementedError

    def remove(self, *, obj: Any, member: Membership) -> None:
        """Delete it, through the room's service."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Hand over to the service."""
        self.store(obj=obj, member=member_of(request), form=form, change=bool(change))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Hand over to the service."""
        self.remove(obj=obj, member=member_of(request))

    def refused(self, request: HttpRequest, error: HelpdeskError) -> HttpResponse:
        """Say why and what next, and show the page as it stands now."""
        messages.error(request, f"{error.message} {error.next_step}".strip())
        return redirect(request.get_full_path())

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Django's; its transaction is rolled back where a service refuses."""
        self._require_row(request, object_id)
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except HelpdeskError as error:
            return self.refused(request, error)

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """The same."""
        self._require_row(request, object_id)
        try:
            return super().delete_view(request, object_id, *args, **kwargs)
        except HelpdeskError as error:
            return self.refused(request, error)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """One button to save, one to go on; "and add another" is for data entry."""
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    # Rows

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Ours."""
        return HonestChangeList

    def _require_row(self, request: HttpRequest, object_id: str | None) -> None:
        """First whether it exists, then whether one may: "forbidden" would tell that it does."""
        if object_id is not None and self.get_object(request, unquote(object_id)) is None:
            raise Http404

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: Any) -> Any:
        raise Http404

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """People are chosen among those who work here, with their names read at once."""
        if db_field.related_model is Membership:
            people = Membership.objects.select_related("user").filter(is_active=True)
            kwargs.setdefault("queryset", people.order_by("user__name"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def list_url(self) -> str:
        """The address of the list."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def page_url(self, pk: Any) -> str:
        """The address of one row."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
