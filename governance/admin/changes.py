"""You said, we changed: what people said, what changed, and the change of the settings that proves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from governance.admin.kept import RegisterAdmin, Step
from governance.admin.words import event_words
from governance.models import Change, LedgerEntry
from governance.services import registers
from helpdesk.admin.base import TenantModelForm, badge, shown
from helpdesk.admin.site import site
from helpdesk.people.models import Membership

#: What changes how the desk works: only these can prove that something was changed.
PROOFS = (
    *("policy_published", "version_approved", "version_retired", "vendor_approved", "vendor_changed"),
    *("system_changed", "ai_stop_started", "ai_stop_lifted", "ai_service_saved", "ai_service_removed"),
    *("course_created", "course_changed", "risk_changed"),
)
#: The newest that can be chosen.
MOST_OFFERED = 60


def proofs() -> list[tuple[str, str]]:
    """Changes of the settings on record, newest first, as choices. One query."""
    rows = LedgerEntry.objects.filter(event__in=PROOFS).order_by("-seq")[:MOST_OFFERED]
    found: dict[str, str] = {}
    for one in rows:
        day = date_format(timezone.localtime(one.created_at), "SHORT_DATETIME_FORMAT")
        found.setdefault(one.object_ref, f"{day}: {event_words(one.event)} ({one.object_ref})")
    return list(found.items())


class ChangeForm(TenantModelForm):
    """The change is chosen from what really happened, never typed."""

    change_ref = forms.ChoiceField(
        label=gettext_lazy("The change that proves it"),
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy("From what happened: without such a change there is nothing to tell."),
    )

    class Meta:
        model = Change
        fields = ("said", "changed", "change_ref", "source_ref", "accountable", "review_due")
        labels = {"source_ref": gettext_lazy("Where it was said, such as record:3")}
        help_texts = {"said": gettext_lazy("In your words, without names: everybody reads it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = proofs()
        kept = self.instance.change_ref
        if kept and kept not in dict(offered):
            offered.append((kept, kept))
        self.fields["change_ref"].choices = offered  # type: ignore[attr-defined]

    def clean_said(self) -> str:
        """Nobody's address in public."""
        said: str = self.cleaned_data["said"]
        if "@" in said:
            raise ValidationError(_("An address stands in it; everybody reads this."))
        return said


class ChangeAdmin(RegisterAdmin):
    """The register of changes after feedback."""

    form = ChangeForm
    about = gettext_lazy(
        "What people said and what you changed because of it. Published, it stands on your trust page, tied to "
        "the change it names; what people told you counts as mended only with one."
    )
    list_display = ("changed", "said_short", "proof", "state")
    proof = shown("change_ref", gettext_lazy("The change that proves it"))
    list_filter = (("published_at", admin.EmptyFieldListFilter),)
    search_fields = ("said", "changed")
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("What you said"))
    def said_short(self, obj: Change) -> str:
        """Its beginning."""
        return obj.said[:80]

    @admin.display(description=gettext_lazy("State"), ordering="published_at")
    def state(self, obj: Change) -> SafeString:
        """On the trust page or not."""
        return badge(_("on the trust page"), "good") if obj.published_at else badge(_("not published"))

    def store(self, *, obj: Change, member: Membership, form: Any, change: bool) -> None:
        """With the fingerprint of the entry that it names."""
        entry = (
            LedgerEntry.objects.filter(object_ref=obj.change_ref, event__in=PROOFS).order_by("-seq").first()
        )
        obj.change_hash = entry.hash if entry else obj.change_hash
        obj.author = obj.author or member
        super().store(obj=obj, member=member, form=form, change=change)

    def that_count(self) -> Any:
        """None of them holds the AI back."""
        return Change.objects.none()

    def steps(self, obj: Change) -> Sequence[Step]:
        """Publish, or take it back."""
        if obj.published_at is None:
            return (Step("publish", _("Show on the trust page"), primary=True),)
        return (Step("withdraw", _("Take off the trust page")),)

    def take(self, name: str, obj: Any, member: Membership, data: Any) -> str:
        """Publish or take back."""
        if name not in {"publish", "withdraw"} or obj is None:
            raise Http404
        at = timezone.now() if name == "publish" else None
        registers.change(row=obj, member=member, published_at=at)
        return _("It stands on the trust page.") if at else _("It is off the trust page.")


site.register(Change, ChangeAdmin)
