"""What is different between two versions of the policy: rule by rule in words, the prose line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from governance.core.clauses import ClauseError, Clauses
from governance.core.rule_words import RULE_WORDS
from governance.models import EthicsPolicy


@dataclass(frozen=True)
class ChangedRule:
    """One rule that is not as it was."""

    label: str
    before: str
    after: str


def version_before(policy: EthicsPolicy) -> EthicsPolicy | None:
    """What this version replaces: for a draft the rules in force, else the published version before it."""
    known = EthicsPolicy.objects.exclude(status="draft").exclude(pk=policy.pk)
    if policy.status in ("draft", "scheduled"):
        return known.filter(status="published").first()
    return known.filter(published_at__lt=policy.published_at).order_by("-published_at").first()


def rules_in_words(policy: EthicsPolicy) -> list[dict[str, str]]:
    """Every rule as the sentence it makes, in the reader's language."""
    clauses = _readable(policy)
    return [{"label": _(words.label), "text": str(words.sentence(clauses))} for words in RULE_WORDS]


def changed_rules(before: EthicsPolicy, after: EthicsPolicy) -> list[ChangedRule]:
    """Rules whose values differ. The wordings in other languages count too, though one is shown."""
    old, new = _readable(before), _readable(after)
    return [
        ChangedRule(_(words.label), str(words.sentence(old)), str(words.sentence(new)))
        for words in RULE_WORDS
        if getattr(old, words.name) != getattr(new, words.name)
    ]


def changed_lines(before: EthicsPolicy, after: EthicsPolicy) -> list[dict[str, Any]]:
    """The prose: lines that went (`removed`) and came (`added`), none where nothing changed."""
    signs = {"- ": "removed", "+ ": "added"}
    lines = difflib.ndiff(_lines(before), _lines(after))
    return [
        {"kind": signs[line[:2]], "text": line[2:]}
        for line in lines
        if line[:2] in signs and line[2:].strip()
    ]


def _lines(policy: EthicsPolicy) -> list[str]:
    return policy.prose.replace("\r\n", "\n").splitlines()


def _readable(policy: EthicsPolicy) -> Clauses:
    try:
        return Clauses.from_dict(policy.clauses)
    except ClauseError:
        return Clauses()
