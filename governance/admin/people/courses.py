"""The courses that are offered, with their lessons as plain text."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, IntegerField, Value, When
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from governance.admin.kept import RegisterAdmin, rules_in_force
from governance.core import lessons
from governance.models import Course
from governance.selectors import training
from helpdesk.admin.base import TenantModelForm, badge
from helpdesk.admin.site import site

SKILLS = {
    "empathy": gettext_lazy("feeling with people"),
    "emotional_intelligence": gettext_lazy("reading feelings, one's own too"),
    "hand_over": gettext_lazy("handing over"),
    "critical_thinking": gettext_lazy("looking twice"),
    "complex_problems": gettext_lazy("hard problems"),
    "tool_use": gettext_lazy("working with the AI"),
    "literacy": gettext_lazy("how AI works"),
    "data": gettext_lazy("what data is for"),
    "ethics": gettext_lazy("what is right"),
}


class CourseForm(TenantModelForm):
    """A course; its lessons as text with marks."""

    skills = forms.MultipleChoiceField(
        label=gettext_lazy("What it teaches"),
        choices=list(SKILLS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(
        label=gettext_lazy("Lessons"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 24}),
        help_text=gettext_lazy(
            "“# ” begins a lesson, “? ” a question, “~ ” its story, “- ” a choice, “+ ” the right one, “= ” says why."
        ),
    )

    class Meta:
        model = Course
        fields = (
            "title",
            "key",
            "about",
            "state",
            "is_outside",
            "minutes",
            "pass_percent",
            "valid_days",
            "accountable",
            "review_due",
        )
        labels = {
            "title": gettext_lazy("Title"),
            "key": gettext_lazy("Short name"),
            "about": gettext_lazy("What it is about"),
            "state": gettext_lazy("State"),
            "minutes": gettext_lazy("Minutes"),
            "pass_percent": gettext_lazy("Passed from (percent right)"),
            "valid_days": gettext_lazy("Counts for (days)"),
        }
        help_texts = {
            "key": gettext_lazy(
                "The rules name the course by it. Small letters and hyphens, such as our-returns."
            ),
            "is_outside": gettext_lazy("No lessons here: certificates are written down with their proof."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "text" in self.fields:
            self.fields["text"].initial = lessons.written(self.instance.lessons)
            self.fields["skills"].initial = [str(one).replace("-", "_") for one in self.instance.skills]

    def clean_text(self) -> list[dict[str, Any]]:
        """The lessons."""
        try:
            return lessons.read(self.cleaned_data["text"])
        except lessons.LessonError as error:
            raise forms.ValidationError(str(error.sentence)) from error

    def clean(self) -> dict[str, Any]:
        """A course of this house that is offered has something to read."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        empty = "text" in cleaned and not cleaned["text"]
        if cleaned.get("state") == "live" and not cleaned.get("is_outside") and empty:
            self.add_error("text", _("A course that is offered needs a lesson."))
        self.instance.lessons = cleaned.get("text", self.instance.lessons)
        self.instance.skills = cleaned.get("skills", self.instance.skills)
        return cleaned


class CourseAdmin(RegisterAdmin):
    """Courses; who is due stands on the desk's page."""

    form = CourseForm
    fields = (*CourseForm.Meta.fields[:5], "skills", "text", *CourseForm.Meta.fields[5:])
    list_display = ("title", "asked", "state_word", "minutes", "who_is_due", "look_again")
    list_filter = ("state",)
    search_fields = ("title",)
    ordering = ("pk",)
    about = gettext_lazy("Whoever approves drafts has done the courses that your rules ask for.")

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """Readers see the lessons as they stand."""
        if self.has_change_permission(request, obj):
            return super().get_fields(request, obj)
        return ("title", "key", "about", "state", "skills", "minutes", "pass_percent", "valid_days")

    def that_count(self) -> Any:
        """None by itself: a missing certificate holds back the person's approval, not the AI."""
        return Course.objects.none()

    @admin.display(description=gettext_lazy("Asked for"))
    def asked(self, obj: Course) -> str:
        """Whether the rules in force name it."""
        return _("by your rules") if obj.is_asked else _("no")  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_word(self, obj: Course) -> SafeString:
        """In words."""
        return badge(obj.get_state_display(), "good" if obj.state == "live" else "")  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("Still to take it"))
    def who_is_due(self, obj: Course) -> str:
        """How many, without names."""
        return str(obj.still_due) if obj.is_asked else "–"  # type: ignore[attr-defined]

    def get_queryset(self, request: Any) -> Any:
        """With whether the rules in force name it and how many people have yet to take it."""
        asked, waiting = rules_in_force().training_courses, Counter(one.course.pk for one in training.due())
        cases = [When(pk=course, then=Value(number)) for course, number in waiting.items()]
        return (
            super()
            .get_queryset(request)
            .annotate(
                is_asked=Case(When(key__in=asked, then=Value(value=True)), default=Value(value=False)),
                still_due=Case(*cases, default=Value(0), output_field=IntegerField()),
            )
        )


site.register(Course, CourseAdmin)
