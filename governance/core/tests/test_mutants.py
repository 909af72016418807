"""Change any condition of any check and its table notices: every mutant below must be caught."""

from __future__ import annotations

import ast
import copy
import inspect
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from governance.core.gates import GATES, Gate
from governance.core.tests.register_cases import CASES

OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Eq: ast.NotEq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.NotEq: ast.Eq,
}


def variants(node: ast.expr) -> Iterator[ast.expr]:
    """What a slip or an attacker might turn this condition into."""
    if isinstance(node, ast.Compare):
        flipped = copy.deepcopy(node)
        flipped.ops = [OPPOSITE[type(op)]() for op in node.ops]
        yield flipped
    if isinstance(node, ast.BoolOp):
        swapped = copy.deepcopy(node)
        swapped.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        yield swapped
        for place in range(len(node.values)):
            rest = [value for other, value in enumerate(node.values) if other != place]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
        yield node.left
        yield node.right


def mutants(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Each changed module with a description; only what is run when a check is asked is changed."""
    for target, owner, name, place in _expressions(tree):
        replacements = list(variants(target))
        if name == "test":
            replacements += [ast.Constant(value=True), ast.Constant(value=False)]
        for replacement in replacements:
            _put(owner, name, place, replacement)
            changed = ast.fix_missing_locations(copy.deepcopy(tree))
            _put(owner, name, place, target)
            yield f"{ast.unparse(target)} -> {ast.unparse(replacement)}", changed


def _expressions(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.AST, str, int | None]]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        for owner in ast.walk(ast.Module(body=list(function.body), type_ignores=[])):
            for name, value in ast.iter_fields(owner):
                for place, one in enumerate(value) if isinstance(value, list) else [(None, value)]:
                    if isinstance(one, ast.expr):
                        yield one, owner, name, place


def _put(owner: ast.AST, name: str, place: int | None, value: ast.expr) -> None:
    if place is None:
        setattr(owner, name, value)
    else:
        getattr(owner, name)[place] = value


def survives(gate: Gate, tree: ast.Module) -> bool:
    """Whether the whole table still holds; a crash is a difference too."""
    original = sys.modules[type(gate).__module__]
    module = ModuleType(original.__name__)
    exec(compile(tree, str(original.__file__), "exec"), module.__dict__)  # noqa: S102 - our own source, changed
    changed: Gate = getattr(module, type(gate).__name__)()
    try:
        return all(
            changed.judge(case.request, case.facts) == gate.judge(case.request, case.facts)
            for case in CASES[gate.code]
        )
    except Exception:  # noqa: BLE001 - the judge would have turned this into a denial that the table does not expect
        return False


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.code)
def test_every_mutant_is_caught(gate: Gate) -> None:
    source = inspect.getsource(sys.modules[type(gate).__module__])
    found = list(mutants(ast.parse(source)))
    alive = [f"{gate.code}: {about}" for about, tree in found if survives(gate, tree)]
    print(f"{gate.code}: {len(found)} mutants, {len(alive)} alive")  # noqa: T201 - shown with -s
    assert len(found) >= 4
    assert not alive


def test_the_hunt_would_notice_a_loose_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checker is checked: with one case taken away, a mutant lives."""
    gate = next(one for one in GATES if one.code == "G07")
    monkeypatch.setitem(CASES, "G07", tuple(case for case in CASES["G07"] if "asked" not in case.about))
    tree = ast.parse(inspect.getsource(sys.modules[type(gate).__module__]))
    assert any(survives(gate, changed) for _, changed in mutants(tree))
