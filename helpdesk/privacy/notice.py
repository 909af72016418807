"""The privacy notice, generated from the registry: what is held about customers, why, and what an AI may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.privacy.export import path_to_customer
from helpdesk.privacy.registry import CATEGORY_LABELS, Category, D, Erase, declared_models

PURPOSE_WORDS: dict[str, Promise] = {
    "service": gettext_lazy("to answer you"),
    "triage": gettext_lazy("to sort requests by topic and urgency"),
    "earlier_answers": gettext_lazy("to find what our team answered before, without names and numbers"),
    "ai_record": gettext_lazy("to show what the AI did and who checked it"),
    "consent": gettext_lazy("to keep to your choices"),
    "data_request": gettext_lazy("to answer requests about your data in time"),
    "fairness": gettext_lazy("to check that everybody is treated alike"),
    "sign_in": gettext_lazy("to let only you see your page"),
    "proof": gettext_lazy("to prove what was done"),
    "staff": gettext_lazy("to know who of us answered"),
    "rules": gettext_lazy("to follow our own rules"),
    "ai_service": gettext_lazy("to reach the AI service"),
}
#: In the order in which a customer wants them; a category that holds nothing is not shown.
ORDER = (
    Category.CONTACT,
    Category.CONTENT,
    Category.BEHAVIOUR,
    Category.CHOICE,
    Category.STAFF,
    Category.SECRET,
    Category.BUSINESS,
    Category.TECHNICAL,
)


@dataclass(frozen=True)
class NoticeEntry:
    """One kind of data, in words, with the exact fields for who wants to know."""

    category: str
    label: str
    purposes: list[str]
    kept: list[str]
    ai_may_see: str
    in_download: bool
    fields: list[str]


def entries(ai_days: int | None) -> list[NoticeEntry]:
    """The notice's rows. `ai_days`: how long the record of the AI's work is kept, where rules are in force."""
    found: dict[Category, list[tuple[str, D]]] = defaultdict(list)
    for name, declared in held_about_customers():
        found[declared.category].append((name, declared))
    return [_entry(category, found[category], ai_days) for category in ORDER if found[category]]


def held_about_customers() -> list[tuple[str, D]]:
    """`app.model.field` and declaration of every field of every table that leads to a customer."""
    rows = []
    for model, fields in declared_models().items():
        if path_to_customer(model) is not None:
            rows += [(_name(model, field), declared) for field, declared in fields.items() if _says(field)]
    return sorted(rows, key=lambda row: row[0])


def _name(model: type[models.Model], field: str) -> str:
    return f"{model._meta.label_lower}.{field}"


def _says(field: str) -> bool:
    return field not in ("id", "organization")


def _entry(category: Category, rows: list[tuple[str, D]], ai_days: int | None) -> NoticeEntry:
    declared = [one for _field, one in rows]
    purposes = dict.fromkeys(one.purpose for one in declared)
    return NoticeEntry(
        category=category.value,
        label=str(CATEGORY_LABELS[category]),
        purposes=[str(PURPOSE_WORDS.get(purpose, purpose)) for purpose in purposes],
        kept=_kept(declared, ai_days),
        ai_may_see=_ai(declared),
        in_download=any(one.export for one in declared),
        fields=[name for name, _declared in rows],
    )


def _kept(declared: list[D], ai_days: int | None) -> list[str]:
    said = []
    if any(one.erase is not Erase.KEEP for one in declared):
        said.append(_("Until you ask us to delete it."))
    if ai_days and any(one.purpose == "ai_record" for one in declared):
        said.append(_("What the AI wrote or read: %(days)s days.") % {"days": ai_days})
    kept = [one for one in declared if one.erase is Erase.KEEP]
    if any(one.purpose in {"proof", "consent", "data_request"} for one in kept):
        said.append(_("Proof of choices and requests stays, under a pseudonym, without your name."))
    elif kept and not said:
        said.append(_("As long as we have the request it belongs to."))
    return said


def _ai(declared: list[D]) -> str:
    seen = [one.ai_may_see for one in declared]
    if all(seen):
        return _("Yes, after names, addresses and numbers are replaced")
    if any(seen):
        return _("In part, after names, addresses and numbers are replaced")
    return _("Never")
