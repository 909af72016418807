"""How each rule is asked in a form: its fields, and both ways between them and its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
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

from governance.core.clause_words import (
    BASIS_WORDS,
    CHANNEL_WORDS,
    CHECK_WORDS,
    FIELD_WORDS,
    LANGUAGE_WORDS,
    MICRO,
    TONE_WORDS,
    VALUE_WORDS,
)
from governance.core.clauses import (
    MAY_GIVE_WAY,
    NEVER_SOFTENED,
    SUPPORTED_LANGUAGES,
    Autonomy,
    Basis,
    Budget,
    Sorting,
    Tone,
)
from governance.core.rule_words import PURPOSE_WORDS, REGION_WORDS
from governance.core.sentence import gettext_noop
from governance.core.topics import TOPIC_WORDS, topic_key

VALUE_FIELDS = tuple(f"value_{place}" for place in range(1, len(VALUE_WORDS) + 1))
DISCLOSURE_FIELDS = tuple(f"disclosure_{language}" for language in SUPPORTED_LANGUAGES)
ELSEWHERE_FIELDS = {
    f"disclosure_{channel}_{language}": (channel, language)
    for channel in CHANNEL_WORDS
    for language in SUPPORTED_LANGUAGES
}
BUDGET_FIELDS = ("daily_drafts", "monthly_drafts", "daily_money", "monthly_money", "currency")
PURPOSE_FIELDS = tuple(f"seen_for_{purpose}" for purpose in PURPOSE_WORDS)
AUTONOMY_WORDS = {
    Autonomy.DRAFTS_ONLY: gettext_noop("The AI drafts an answer to each message; a person reads and sends"),
    Autonomy.ON_DEMAND: gettext_noop("The AI drafts only when somebody asks; a person reads and sends"),
}
SORTING_WORDS = {
    Sorting.OFF: gettext_noop("People sort every message"),
    Sorting.SUGGEST: gettext_noop("The AI suggests topic and urgency; a person decides"),
    Sorting.APPLY: gettext_noop("The AI sets them where it is sure; one click undoes it"),
}
_TEXT = UnfoldAdminTextInputWidget
_NO_LIMIT = gettext_lazy("Empty: no limit.")
_COMMAS = gettext_lazy("Short names with commas between them, such as: wholesale, custom order.")


@dataclass(frozen=True)
class Part:
    """One rule: makes its fields, reads its value from what was said, shows a value in its fields."""

    clause: str
    fields: Mapping[str, Callable[[], forms.Field]]
    read: Callable[[Mapping[str, Any]], Any]
    show: Callable[[Any], Mapping[str, Any]]
    problem_at: str

    def names(self) -> tuple[str, ...]:
        """Its fields in their order."""
        return tuple(self.fields)


def choices(words: Mapping[Any, str]) -> list[tuple[str, Any]]:
    """Values with their words, in the reader's language when they are shown."""
    return [(str(getattr(key, "value", key)), gettext_lazy(word)) for key, word in words.items()]


def _one(clause: str, make: Callable[[], forms.Field], read: Any = None, show: Any = None) -> Part:
    """A rule with a field of its own name."""
    to_value, to_field = read or (lambda value: value), show or (lambda value: value)
    return Part(
        clause,
        {clause: make},
        lambda said: to_value(said[clause]),
        lambda value: {clause: to_field(value)},
        clause,
    )


def _radio(clause: str, words: Mapping[Any, str], kind: Any) -> Part:
    def make() -> forms.Field:
        return forms.ChoiceField(choices=choices(words), widget=UnfoldAdminRadioSelectWidget())

    return _one(clause, make, kind, lambda value: value.value)


def _whole(clause: str) -> Part:
    return _one(clause, lambda: forms.IntegerField(widget=UnfoldAdminIntegerFieldWidget()))


def _switch(clause: str) -> Part:
    return _one(clause, lambda: forms.BooleanField(required=False, widget=UnfoldBooleanSwitchWidget()))


def several(words: Mapping[Any, str]) -> forms.MultipleChoiceField:
    """Any number of these, none too."""
    return forms.MultipleChoiceField(
        required=False, choices=choices(words), widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )


def _some(clause: str, words: Mapping[Any, str], kind: Any = tuple) -> Part:
    return _one(clause, lambda: several(words), kind, list)


def _line() -> forms.CharField:
    return forms.CharField(max_length=200, widget=_TEXT())


def _commas(label: Any = None) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=_TEXT(), help_text=_COMMAS)


def _limit(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, widget=UnfoldAdminIntegerFieldWidget(), help_text=_NO_LIMIT
    )


def _money(label: Any = None, *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=required,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text="" if required else _NO_LIMIT,
    )


def _micro(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * MICRO)


def _amount(micro: int | None) -> Decimal | None:
    return None if micro is None else (Decimal(micro) / MICRO).quantize(Decimal("0.01"))


def _keys(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(topic_key(one) for one in text.split(",") if one.strip()))


def _spelled(keys: Any) -> str:
    return ", ".join(one.replace("_", " ") for one in keys)


_TOPICS = Part(
    "human_only_topics",
    {
        "human_only_topics": lambda: several(TOPIC_WORDS),
        "own_topics": lambda: _commas(gettext_lazy("Topics of your own")),
    },
    lambda said: tuple(dict.fromkeys([*said["human_only_topics"], *_keys(said["own_topics"])])),
    lambda value: {
        "human_only_topics": [one for one in value if one in TOPIC_WORDS],
        "own_topics": _spelled(one for one in value if one not in TOPIC_WORDS),
    },
    "own_topics",
)
_DISCLOSURE = Part(
    "disclosure",
    dict.fromkeys(DISCLOSURE_FIELDS, _line),
    lambda said: {one: said[f"disclosure_{one}"] for one in SUPPORTED_LANGUAGES},
    lambda value: {f"disclosure_{one}": value.get(one, "") for one in SUPPORTED_LANGUAGES},
    DISCLOSURE_FIELDS[0],
)
_ELSEWHERE = Part(
    "disclosure_elsewhere",
    dict.fromkeys(ELSEWHERE_FIELDS, lambda: forms.CharField(required=False, max_length=200, widget=_TEXT())),
    lambda said: {
        channel: lines
        for channel in CHANNEL_WORDS
        if (
            lines := {
                language: said[name]
                for name, (place, language) in ELSEWHERE_FIELDS.items()
                if place == channel and said[name]
            }
        )
    },
    lambda value: {
        name: value.get(channel, {}).get(language, "")
        for name, (channel, language) in ELSEWHERE_FIELDS.items()
    },
    next(iter(ELSEWHERE_FIELDS)),
)
_VALUES = Part(
    "values",
    dict.fromkeys(
        VALUE_FIELDS,
        lambda: forms.ChoiceField(choices=choices(VALUE_WORDS), widget=UnfoldAdminSelectWidget()),
    ),
    lambda said: tuple(said[name] for name in VALUE_FIELDS),
    lambda value: dict(zip(VALUE_FIELDS, value, strict=False)),
    VALUE_FIELDS[0],
)
_BUDGET = Part(
    "budget",
    {
        "daily_drafts": lambda: _limit(gettext_lazy("Drafts a day")),
        "monthly_drafts": lambda: _limit(gettext_lazy("Drafts a month")),
        "daily_money": lambda: _money(gettext_lazy("Money a day")),
        "monthly_money": lambda: _money(gettext_lazy("Money a month")),
        "currency": lambda: forms.CharField(
            label=gettext_lazy("Currency"),
            max_length=3,
            widget=_TEXT(),
            help_text=gettext_lazy("Three letters, such as EUR."),
        ),
    },
    lambda said: Budget(
        daily_drafts=said["daily_drafts"],
        monthly_drafts=said["monthly_drafts"],
        daily_micro=_micro(said["daily_money"]),
        monthly_micro=_micro(said["monthly_money"]),
        currency=said["currency"].upper(),
    ),
    lambda value: {
        "daily_drafts": value.daily_drafts,
        "monthly_drafts": value.monthly_drafts,
        "daily_money": _amount(value.daily_micro),
        "monthly_money": _amount(value.monthly_micro),
        "currency": value.currency,
    },
    BUDGET_FIELDS[0],
)
_PURPOSES = Part(
    "purpose_fields",
    dict.fromkeys(PURPOSE_FIELDS, lambda: several(FIELD_WORDS)),
    lambda said: {one: tuple(said[f"seen_for_{one}"]) for one in PURPOSE_WORDS},
    lambda value: {f"seen_for_{one}": list(value.get(one, ())) for one in PURPOSE_WORDS},
    PURPOSE_FIELDS[0],
)
_SOFT = {code: word for code, word in CHECK_WORDS.items() if code not in NEVER_SOFTENED}
_MAY_GIVE_WAY = {code: word for code, word in CHECK_WORDS.items() if code in MAY_GIVE_WAY}

PARTS: dict[str, Part] = {
    one.clause: one
    for one in (
        _radio("autonomy", AUTONOMY_WORDS, Autonomy),
        _radio("sorting", SORTING_WORDS, Sorting),
        _radio("basis", BASIS_WORDS, Basis),
        _TOPICS,
        _DISCLOSURE,
        _ELSEWHERE,
        _radio("tone", TONE_WORDS, Tone),
        _one(
            "tone_notes",
            lambda: forms.CharField(required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})),
        ),
        _VALUES,
        _some("languages", LANGUAGE_WORDS),
        _some("ai_fields", FIELD_WORDS, frozenset),
        _BUDGET,
        _whole("ai_log_days"),
        _whole("response_hours"),
        _switch("acknowledgement"),
        _some("warn_only", _SOFT, frozenset),
        _some("overridable", _MAY_GIVE_WAY, frozenset),
        _some("regions", REGION_WORDS),
        _PURPOSES,
        _one("goodwill_micro", lambda: _money(required=True), _micro, _amount),
        _one(
            "retention_days",
            lambda: forms.IntegerField(required=False, widget=UnfoldAdminIntegerFieldWidget()),
        ),
        _whole("risk_appetite"),
        _whole("audit_days"),
        _whole("audit_ratio_percent"),
        _whole("audit_least_group"),
        _some("training_courses", {}),
        _whole("training_grace_days"),
        _whole("reading_grace_days"),
        _whole("review_days"),
        _whole("review_grace_days"),
        _whole("round_days"),
        _whole("person_wish_percent"),
        _one("second_look_topics", _commas, _keys, _spelled),
        _one("on_demand_topics", _commas, _keys, _spelled),
        _switch("self_service"),
        _switch("upsell"),
        _switch("survey_by_mail"),
    )
}
