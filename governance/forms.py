"""The form of the policy: every rule a typed field, every problem a sentence beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.clause_fields import (
    BUDGET_FIELDS,
    DISCLOSURE_FIELDS,
    ELSEWHERE_FIELDS,
    PARTS,
    PURPOSE_FIELDS,
    VALUE_FIELDS,
    Part,
)
from governance.core.clause_checks import problems, wording_problem
from governance.core.clause_words import CHANNEL_WORDS, LANGUAGE_WORDS
from governance.core.clauses import SUPPORTED_LANGUAGES, ClauseError, Clauses
from governance.core.rule_words import PURPOSE_WORDS, RULE_WORDS
from governance.models import Course, EthicsPolicy
from governance.services import keeping, rulings
from helpdesk.admin.base import TenantModelForm

__all__ = [
    "BUDGET_FIELDS",
    "DISCLOSURE_FIELDS",
    "ELSEWHERE_FIELDS",
    "PURPOSE_FIELDS",
    "VALUE_FIELDS",
    "AskedRules",
    "PolicyForm",
]

WORDS = {one.name: one for one in RULE_WORDS}


class AskedRules:
    """Asks some rules in any form: fills their fields, says what each does now, reads them with every problem."""

    fields: dict[str, forms.Field]
    asked: tuple[Part, ...] = ()

    def show_rules(self, clauses: Clauses) -> None:
        """Fill the fields with these rules, and say each in words."""
        for part in self.asked:
            self._offer(part, clauses)
            for name, value in part.show(getattr(clauses, part.clause)).items():
                self.initial.setdefault(name, value)  # type: ignore[attr-defined]
                if name in self.fields:
                    self.fields[name].initial = value
            self._say(part, clauses)

    def _offer(self, part: Part, clauses: Clauses) -> None:
        """Choices that differ by organization."""
        if part.clause == "training_courses" and part.clause in self.fields:
            known = dict(Course.objects.filter(state="live").values_list("key", "title"))
            kept = {key: known.get(key, key) for key in clauses.training_courses}
            self.fields[part.clause].choices = list({**known, **kept}.items())  # type: ignore[attr-defined]
        if part.clause == "languages" and part.clause in self.fields:
            others = [(one, one) for one in clauses.languages if one not in LANGUAGE_WORDS]
            self.fields[part.clause].choices += others  # type: ignore[attr-defined]

    def _say(self, part: Part, clauses: Clauses) -> None:
        """The rule's name and help, and the sentence that it makes today, at its first field."""
        words, names = WORDS[part.clause], part.names()
        if names[0] not in self.fields:
            return
        said = f"{_(words.help)} {_('As saved:')} {words.sentence(clauses)}"
        if part.clause == "retention_days":
            said = f"{said} {keeping.said_today(clauses.retention_days)}".strip()
        self.fields[names[0]].help_text = said
        if len(names) == 1 or part.clause == "human_only_topics":
            self.fields[names[0]].label = _(words.label)
        for name, label in _OWN_LABELS.items():
            if name in names:
                self.fields[name].label = label()

    def read_rules(self, said: Mapping[str, Any], stored: Clauses) -> Clauses:
        """`stored` with what was answered; each problem becomes an error beside its field."""
        clauses = replace(stored, **{part.clause: part.read(said) for part in self.asked})
        found = problems(clauses)
        for part in self.asked:
            if part.clause in {"disclosure", "disclosure_elsewhere"} and part.clause in found:
                self._say_wordings(clauses, part.clause)
            elif part.clause in found:
                self.add_error(part.problem_at, str(found[part.clause]))  # type: ignore[attr-defined]
        return clauses

    def _say_wordings(self, clauses: Clauses, clause: str) -> None:
        lines = {f"disclosure_{language}": (language, line) for language, line in clauses.disclosure.items()}
        if clause == "disclosure_elsewhere":
            own = clauses.disclosure_elsewhere
            lines = {
                name: (language, own.get(channel, {}).get(language, ""))
                for name, (channel, language) in ELSEWHERE_FIELDS.items()
            }
        for name, (language, line) in lines.items():
            if (line or clause == "disclosure") and (problem := wording_problem(language, line)):
                self.add_error(name, str(problem))  # type: ignore[attr-defined]


def _in_a_place(channel: str, language: str) -> str:
    return f"{_(CHANNEL_WORDS[channel])}: {_(LANGUAGE_WORDS[language])}"


_OWN_LABELS: dict[str, Callable[[], Any]] = {
    **{
        name: (lambda word=LANGUAGE_WORDS[language]: _(word))  # type: ignore[misc]
        for name, language in zip(DISCLOSURE_FIELDS, SUPPORTED_LANGUAGES, strict=True)
    },
    **{
        name: partial(_in_a_place, channel, language)
        for name, (channel, language) in ELSEWHERE_FIELDS.items()
    },
    **{
        name: (lambda place=place: _("%(place)s. place") % {"place": place})  # type: ignore[misc]
        for place, name in enumerate(VALUE_FIELDS, start=1)
    },
    **{
        name: (lambda word=word: _("With a yes to: %(use)s") % {"use": _(word)})  # type: ignore[misc]
        for name, word in zip(PURPOSE_FIELDS, PURPOSE_WORDS.values(), strict=True)
    },
}


def fields_of(clauses: Iterable[str]) -> dict[str, forms.Field]:
    """New fields for these rules."""
    return {name: make() for clause in clauses for name, make in PARTS[clause].fields.items()}


class PolicyForm(AskedRules, TenantModelForm):
    """A draft's title, prose and rules. `cleaned_clauses` holds the rules once it is valid."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen_text = forms.CharField(widget=forms.HiddenInput, required=False)
    asked = tuple(PARTS.values())

    class Meta:
        model = EthicsPolicy
        fields = ("title", "is_major", "summary", "prose")
        labels = {
            "title": gettext_lazy("Title"),
            "is_major": gettext_lazy("A change that everybody should read again"),
            "summary": gettext_lazy("What changes and why"),
            "prose": gettext_lazy("The page that customers read"),
        }
        help_texts = {
            "summary": gettext_lazy("One or two sentences for those who read or comment on it."),
            "prose": gettext_lazy(
                "Plain words. A blank line starts a paragraph, “- ” an item, “# ” a heading, **two stars** make bold."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cleaned_clauses: Clauses | None = None
        for name, rows in (("prose", 24), ("summary", 3)):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = rows
        in_force = EthicsPolicy.objects.filter(status="published").values_list("version", flat=True).first()
        seen = {
            "seen_version": in_force or 0,
            "seen_text": rulings.text_hash(self.instance) if self.instance.pk else "",
        }
        for name, value in seen.items():
            self.initial.setdefault(name, value)
        self.show_rules(stored(self.instance))

    def clean(self) -> dict[str, Any]:
        """All problems at once: an owner corrects a page, not a line."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return said
        self.cleaned_clauses = self.read_rules(said, stored(self.instance))
        self.instance.clauses = self.cleaned_clauses.to_dict()
        return said


# Declared here and not in the class: the rules are many, and their fields are made in one place.
for _name, _field in fields_of(PARTS).items():
    PolicyForm.declared_fields[_name] = _field
    PolicyForm.base_fields[_name] = _field


def stored(policy: EthicsPolicy) -> Clauses:
    """The rules as stored; where they cannot be read, the defaults, so that the page still opens."""
    try:
        return Clauses.from_dict(policy.clauses or {})
    except ClauseError:
        return Clauses()
