"""Every rule an owner sets is read by something that acts: a rule that only describes itself is no rule."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from governance.core.clauses import Budget, Clauses

ROOT = Path(__file__).parents[3]
ROOMS = ("governance", "tickets", "aiassist", "helpdesk")
#: Where rules are written down, asked, said in words, compared or reported. None of it makes anything happen.
DESCRIBES = (
    "governance/core/clauses.py",
    "governance/core/clause_checks.py",
    "governance/core/clause_words.py",
    "governance/core/rule_words.py",
    "governance/core/kinds.py",
    "governance/core/loosening.py",
    "governance/core/prose.py",
    "governance/core/questions.py",
    "governance/core/starter.py",
    "governance/clause_fields.py",
    "governance/difference.py",
    "governance/forms.py",
    "governance/portal_words.py",
    "governance/public.py",
    "governance/setup_views.py",
    "governance/admin/",
    "governance/demands/",
    "governance/papers/",
    "helpdesk/runtime/management/",
)
#: What rules are called where they are read. A word that means anything (`tone`, `values`) counts on these alone.
_HOLDER = re.compile(
    r"(?:^|\.|\b)(?:clauses|rules|_rules\(\)|rules\(\)|Clauses\.from_dict\(.*\)|budget|limits)$", re.DOTALL
)


def _files() -> Iterator[Path]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            place = path.relative_to(ROOT).as_posix()
            if "/tests/" not in place and "/migrations/" not in place and not place.startswith(DESCRIBES):
                yield path


@cache
def _read() -> dict[str, set[str]]:
    """By rule: the files that read it from the rules."""
    names = {one.name for one in (*fields(Clauses), *fields(Budget))} | {"wordings"}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in _files():
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Attribute) and node.attr in names and _HOLDER.search(_holder(node)):
                found[node.attr].add(path.relative_to(ROOT).as_posix())
    found["disclosure"] |= found[
        "wordings"
    ]  # the line of a channel is the mail's where it has none of its own
    return found


def _holder(node: ast.Attribute) -> str:
    """What the rule is read from, as it is written; of a condition the side that is a holder."""
    value = node.value
    if isinstance(value, ast.IfExp):
        value = value.body
    return ast.unparse(value)


@pytest.mark.parametrize("name", [one.name for one in fields(Clauses)])
def test_something_that_acts_reads_this_rule(name: str) -> None:
    assert _read()[name], f"no code outside forms and words reads “{name}”"


@pytest.mark.parametrize("name", [one.name for one in fields(Budget) if one.name != "currency"])
def test_something_that_acts_reads_this_limit(name: str) -> None:
    assert _read()[name]


def test_a_rule_that_only_describes_itself_is_noticed() -> None:
    known = {one.name for one in fields(Clauses)}
    assert set(_read()) >= known
    assert not _read()["no_such_rule"]
    assert "governance/core/gates/g14_budget.py" in _read()["budget"]
    assert all(not one.startswith(DESCRIBES) for files in _read().values() for one in files)
