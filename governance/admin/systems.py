"""The AI systems in use: card, stage with what the next one needs, versions with their results and one click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.kept import RegisterAdmin, Step
from governance.models import AISystem, Stage, SystemVersion, VersionState
from governance.selectors import systems as selectors
from governance.services import registers, stages, systems
from helpdesk.admin.base import TenantModelForm, badge, shown
from helpdesk.admin.site import site
from helpdesk.people.models import Membership

NEXT_WORDS = {
    Stage.PLAN: gettext_lazy("Move on: set it up"),
    Stage.BUILD: gettext_lazy("Move on: try it out"),
    Stage.PILOT: gettext_lazy("Move on: use it"),
    Stage.RETIRED: gettext_lazy("Set it up again"),
}


FIGURE_WORDS = {
    "passed": gettext_lazy("Its tests passed"),
    "source": gettext_lazy("Where the figures come from"),
}


class SystemForm(TenantModelForm):
    """The card."""

    class Meta:
        model = AISystem
        fields = (
            "name",
            "provider",
            "is_external",
            "purpose",
            "limits",
            "bounds",
            "data",
            "known_failures",
            "follows_release",
            "is_published",
            "accountable",
            "review_due",
        )
        labels = {"provider": gettext_lazy("Name of the AI service, as it is called")}
        help_texts = {
            "provider": gettext_lazy("Such as built-in, or the host of its address: api.example.com."),
            "bounds": gettext_lazy(
                "Changes inside these bounds are the same AI; anything else is a new version."
            ),
        }


class SystemAdmin(RegisterAdmin):
    """What each AI is for, where it ends, how it was tested."""

    form = SystemForm
    about = gettext_lazy(
        "Every AI in use, with what it is for and what it gets wrong. One that is not on this list cannot be called."
    )
    entry_picture = "admin/governance/system_card.html"
    list_display = (
        "name",
        "stage_badge",
        "may_be_called",
        "outside",
        "public",
        "who",
        "look_again",
    )
    outside = shown("is_external", gettext_lazy("Texts leave"), boolean=True)
    public = shown("is_published", gettext_lazy("On the trust page"), boolean=True)
    list_filter = ("stage",)
    list_select_related = ("accountable__user",)
    search_fields = ("name",)
    search_help_text = gettext_lazy("Words of the name")
    ordering = ("-pk",)
    delete_right = None  # a card stays; a system is retired
    fieldsets = (
        (None, {"fields": ("name", "provider", "is_external", "accountable", "review_due")}),
        (
            gettext_lazy("The card"),
            {"fields": ("purpose", "limits", "data", "known_failures", "bounds", "is_published")},
        ),
        (gettext_lazy("Versions"), {"fields": ("follows_release",)}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """With whether it may be called."""
        return selectors.cards(super().get_queryset(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What an AI is called is fixed: checks and records name it so."""
        return ("provider", "is_external") if obj is not None else ()

    def that_count(self) -> Any:
        """All that are not retired."""
        return selectors.cards().exclude(stage=Stage.RETIRED).order_by("pk")

    def store(self, *, obj: Any, member: Membership, form: Any, change: bool) -> None:
        """Through the service."""
        if not change:
            obj.accountable = obj.accountable or member
        registers.save_row(row=obj, member=member)

    def steps(self, obj: AISystem) -> Sequence[Step]:
        """On to the next stage, out of use, and what each version can do."""
        found = []
        if Stage(obj.stage) in NEXT_WORDS:
            found.append(Step("on", str(NEXT_WORDS[Stage(obj.stage)]), primary=True))
        for one in selectors.versions(obj):
            if one.state != VersionState.APPROVED:
                found.append(Step(f"use-{one.pk}", _("Use %(version)s") % {"version": one}))
            if one.state != VersionState.RETIRED:
                found.append(Step(f"drop-{one.pk}", _("Stop using %(version)s") % {"version": one}))
        if obj.stage != Stage.RETIRED:
            found.append(Step("retire", _("Stop using this AI")))
        return found

    def take(self, name: str, obj: Any, member: Membership, data: Any) -> str:
        """The buttons."""
        if obj is None:
            raise Http404
        if name == "on":
            moved = stages.move_on(system=obj, member=member)
            return _("Now: %(stage)s.") % {"stage": moved.get_stage_display()}
        if name == "retire":
            stages.retire(system=obj, member=member)
            return _("It is not called any more.")
        verb, _sep, number = name.partition("-")
        version = SystemVersion.objects.filter(system=obj, pk=int(number) if number.isdigit() else 0).first()
        if version is None or verb not in {"use", "drop"}:
            raise Http404
        if verb == "use":
            systems.approve(version=version, member=member)
            return _("From now on this version is used.")
        systems.retire(version=version, member=member)
        return _("This version is not called any more.")

    def entry(self, obj: AISystem) -> Any:
        """Checklist, versions, figures."""
        checked = selectors.pairs(obj)
        return {
            "stage": obj.get_stage_display(),
            "checklist": stages.checklist(obj),
            "versions": [_in_words(one, checked.get(one.model)) for one in selectors.versions(obj)],
            "figures": [
                (str(FIGURE_WORDS.get(name, name)), _("yes") if value is True else value)
                for name, value in (obj.figures or {}).items()
                if name != "pairs"
            ],
        }

    @admin.display(description=gettext_lazy("Stage"), ordering="stage")
    def stage_badge(self, obj: AISystem) -> SafeString:
        """In words."""
        return badge(obj.get_stage_display(), {"live": "good", "pilot": "good"}.get(obj.stage, ""))

    @admin.display(description=gettext_lazy("May be called"), boolean=True)
    def may_be_called(self, obj: Any) -> bool:
        """Whether the checks let it be called."""
        return bool(obj.has_approved) and obj.stage in {Stage.PILOT, Stage.LIVE}


def _in_words(version: SystemVersion, checked: dict[str, Any] | None) -> dict[str, Any]:
    results = version.results or {}
    passed = results.get("passed")
    pairs = results.get("pairs") or checked or {}
    return {
        "name": str(version),
        "release": version.release,
        "state": version.get_state_display(),
        "tone": {"approved": "good", "shadow": "warn"}.get(version.state, ""),
        "tested": _("passed") if passed is True else _("not passed") if passed is False else _("not tested"),
        "pairs": _("%(n)s pairs") % {"n": pairs["n"]} if "n" in pairs else "",
        "by": version.approved_by,
        "at": version.approved_at,
    }


site.register(AISystem, SystemAdmin)
