"""The form of the policy: every rule a typed field, every problem a sentence beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from governance.core.clause_checks import problems, wording_problem
from governance.core.clause_words import (
    BASIS_WORDS,
    CHECK_WORDS,
    CLAUSE_WORDS,
    FIELD_WORDS,
    LANGUAGE_WORDS,
    MICRO,
    TONE_WORDS,
    VALUE_WORDS,
)
from governance.core.clauses import SUPPORTED_LANGUAGES, Basis, Budget, ClauseError, Clauses, Tone
from governance.core.topics import TOPIC_WORDS, topic_key
from governance.models import EthicsPolicy
from helpdesk.admin.base import TenantModelForm

WORDS = {one.name: one for one in CLAUSE_WORDS}
VALUE_FIELDS = tuple(f"value_{place}" for place in range(1, len(VALUE_WORDS) + 1))
DISCLOSURE_FIELDS = tuple(f"disclosure_{language}" for language in SUPPORTED_LANGUAGES)
BUDGET_FIELDS = ("daily_drafts", "monthly_drafts", "daily_money", "monthly_money", "currency")
#: Where the problem with a rule is shown, if its field has another name.
_SHOWN_AT = {"values": VALUE_FIELDS[0], "human_only_topics": "own_topics", "budget": BUDGET_FIELDS[0]}
_TEXT = UnfoldAdminTextInputWidget
_NO_LIMIT = gettext_lazy("Empty: no limit.")


def _choices(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(getattr(key, "value", key)), _(word)) for key, word in words.items()]


def _line() -> forms.CharField:
    return forms.CharField(max_length=200, widget=_TEXT())


def _value() -> forms.ChoiceField:
    return forms.ChoiceField(widget=UnfoldAdminSelectWidget())


def _whole(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, widget=UnfoldAdminIntegerFieldWidget(), help_text=_NO_LIMIT
    )


def _money(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text=_NO_LIMIT,
    )


def _several() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget())


class PolicyForm(TenantModelForm):
    """A draft's title, prose and rules. `cleaned_clauses` holds the rules once it is valid."""

    basis = forms.ChoiceField(widget=UnfoldAdminRadioSelectWidget())
    human_only_topics = _several()
    own_topics = forms.CharField(
        label=gettext_lazy("Topics of your own"),
        required=False,
        widget=_TEXT(),
        help_text=gettext_lazy("Short names with commas between them, such as: wholesale, custom order."),
    )
    disclosure_en, disclosure_de, disclosure_fr, disclosure_es = _line(), _line(), _line(), _line()
    tone = forms.ChoiceField(widget=UnfoldAdminRadioSelectWidget())
    tone_notes = forms.CharField(required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))
    value_1, value_2, value_3 = _value(), _value(), _value()
    value_4, value_5, value_6 = _value(), _value(), _value()
    languages = _several()
    ai_fields = _several()
    daily_drafts = _whole(gettext_lazy("Drafts a day"))
    monthly_drafts = _whole(gettext_lazy("Drafts a month"))
    daily_money = _money(gettext_lazy("Money a day"))
    monthly_money = _money(gettext_lazy("Money a month"))
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        max_length=3,
        widget=_TEXT(),
        help_text=gettext_lazy("Three letters, such as EUR."),
    )
    response_hours = forms.IntegerField(widget=UnfoldAdminIntegerFieldWidget())
    acknowledgement = forms.BooleanField(required=False, widget=UnfoldBooleanSwitchWidget())
    ai_log_days = forms.IntegerField(widget=UnfoldAdminIntegerFieldWidget())
    warn_only = _several()
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = EthicsPolicy
        fields = ("title", "is_major", "prose")
        labels = {
            "title": gettext_lazy("Title"),
            "is_major": gettext_lazy("A change that everybody should read again"),
            "prose": gettext_lazy("The page that customers read"),
        }
        help_texts = {
            "prose": gettext_lazy(
                "Plain words. A blank line starts a paragraph, “- ” an item, “# ” a heading, **two stars** make bold."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cleaned_clauses: Clauses | None = None
        clauses = _stored(self.instance)
        if "prose" in self.fields:
            self.fields["prose"].widget.attrs["rows"] = 24
        self._offer(clauses)
        self._say(clauses)
        in_force = EthicsPolicy.objects.filter(status="published").values_list("version", flat=True).first()
        for name, value in {**_initial(clauses), "seen_version": in_force or 0}.items():
            self.initial.setdefault(name, value)
            if name in self.fields:
                self.fields[name].initial = value

    def _offer(self, clauses: Clauses) -> None:
        """The choices, in the reader's language."""
        offered: dict[str, Mapping[Any, str]] = {
            "basis": BASIS_WORDS,
            "tone": TONE_WORDS,
            "human_only_topics": TOPIC_WORDS,
            "languages": {
                **LANGUAGE_WORDS,
                **{one: one for one in clauses.languages if one not in LANGUAGE_WORDS},
            },
            "ai_fields": FIELD_WORDS,
            "warn_only": CHECK_WORDS,
            **dict.fromkeys(VALUE_FIELDS, VALUE_WORDS),
        }
        for name, words in offered.items():
            if name in self.fields:
                self.fields[name].choices = _choices(words)  # type: ignore[attr-defined]

    def _say(self, clauses: Clauses) -> None:
        """Each rule's name, its help, and the sentence that it makes today."""
        for name, words in WORDS.items():
            if name in self.fields:
                self.fields[name].label = _(words.label)
                self.fields[name].help_text = f"{_(words.help)} {_('As saved:')} {words.sentence(clauses)}"
        for name, language in zip(DISCLOSURE_FIELDS, SUPPORTED_LANGUAGES, strict=True):
            if name in self.fields:
                self.fields[name].label = _(LANGUAGE_WORDS[language])
        for place, name in enumerate(VALUE_FIELDS, start=1):
            if name in self.fields:
                self.fields[name].label = _("%(place)s. place") % {"place": place}

    def clean(self) -> dict[str, Any]:
        """All problems at once: an owner corrects a page, not a line."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return said
        clauses = self._clauses(said)
        for name, problem in problems(clauses).items():
            if name == "disclosure":
                self._say_wordings(clauses)
            else:
                self.add_error(_SHOWN_AT.get(name, name), str(problem))
        self.cleaned_clauses = clauses
        self.instance.clauses = clauses.to_dict()
        return said

    def _say_wordings(self, clauses: Clauses) -> None:
        for language, wording in clauses.disclosure.items():
            if problem := wording_problem(language, wording):
                self.add_error(f"disclosure_{language}", str(problem))

    def _clauses(self, said: Mapping[str, Any]) -> Clauses:
        own = [topic_key(one) for one in said["own_topics"].split(",") if one.strip()]
        return replace(
            _stored(self.instance),
            basis=Basis(said["basis"]),
            human_only_topics=tuple(dict.fromkeys([*said["human_only_topics"], *own])),
            disclosure={one: said[f"disclosure_{one}"] for one in SUPPORTED_LANGUAGES},
            tone=Tone(said["tone"]),
            tone_notes=said["tone_notes"],
            values=tuple(said[name] for name in VALUE_FIELDS),
            languages=tuple(said["languages"]),
            ai_fields=frozenset(said["ai_fields"]),
            budget=_budget(said),
            ai_log_days=said["ai_log_days"],
            response_hours=said["response_hours"],
            acknowledgement=said["acknowledgement"],
            warn_only=frozenset(said["warn_only"]),
        )


def _stored(policy: EthicsPolicy) -> Clauses:
    """The rules as stored; where they cannot be read, the defaults, so that the page still opens."""
    try:
        return Clauses.from_dict(policy.clauses or {})
    except ClauseError:
        return Clauses()


def _budget(said: Mapping[str, Any]) -> Budget:
    return Budget(
        daily_drafts=said["daily_drafts"],
        monthly_drafts=said["monthly_drafts"],
        daily_micro=_micro(said["daily_money"]),
        monthly_micro=_micro(said["monthly_money"]),
        currency=said["currency"].upper(),
    )


def _micro(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * MICRO)


def _amount(micro: int | None) -> Decimal | None:
    return None if micro is None else (Decimal(micro) / MICRO).quantize(Decimal("0.01"))


def _initial(clauses: Clauses) -> dict[str, Any]:
    budget = clauses.budget
    own = [one.replace("_", " ") for one in clauses.human_only_topics if one not in TOPIC_WORDS]
    return {
        "basis": clauses.basis.value,
        "human_only_topics": [one for one in clauses.human_only_topics if one in TOPIC_WORDS],
        "own_topics": ", ".join(own),
        **{
            f"disclosure_{language}": clauses.disclosure.get(language, "") for language in SUPPORTED_LANGUAGES
        },
        "tone": clauses.tone.value,
        "tone_notes": clauses.tone_notes,
        **dict(zip(VALUE_FIELDS, clauses.values, strict=False)),
        "languages": list(clauses.languages),
        "ai_fields": sorted(clauses.ai_fields),
        "daily_drafts": budget.daily_drafts,
        "monthly_drafts": budget.monthly_drafts,
        "daily_money": _amount(budget.daily_micro),
        "monthly_money": _amount(budget.monthly_micro),
        "currency": budget.currency,
        "response_hours": clauses.response_hours,
        "acknowledgement": clauses.acknowledgement,
        "ai_log_days": clauses.ai_log_days,
        "warn_only": sorted(clauses.warn_only),
    }
