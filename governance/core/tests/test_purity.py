"""The law needs no database, no clock and no network; what it does not know counts as not recorded."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from governance.core.facts import Facts, GateRequest, SystemRef
from governance.core.vocabulary import Action, ActorKind, Purpose

CORE = Path(__file__).parents[1]
FILES = sorted(path for path in CORE.rglob("*.py") if "tests" not in path.parts)
ALLOWED = {
    "__future__", "abc", "collections", "cryptography", "dataclasses", "datetime", "enum", "functools",
    "governance", "hashlib", "hmac", "html", "importlib", "inspect", "itertools", "json", "pkgutil", "re", "secrets",
    "string", "typing", "unicodedata",
}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_imports_nothing_that_reaches_out(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            if name.startswith("django"):
                assert name == "django.utils.translation"
            elif name.startswith("governance"):
                assert name.startswith("governance.core")
            else:
                assert name.partition(".")[0] in ALLOWED, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_never_looks_at_the_clock(path: Path) -> None:
    calls = {
        ast.unparse(one.func)
        for one in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(one, ast.Call)
    }
    assert not calls & {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}


def test_judges_without_settings() -> None:
    program = (
        "from governance.core.judge import judge; from governance.core.vocabulary import Action;"
        "from governance.core.facts import Facts, GateRequest;"
        "print(judge(GateRequest(action=Action('draft')), Facts()).stopped_by[0].reason.english)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CORE.parents[1],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("Your rules for the AI are not published yet")


def test_what_an_older_version_did_not_store_is_not_recorded() -> None:
    request = GateRequest.from_dict({"action": "send"})
    assert request == GateRequest(action=Action.SEND, purpose=Purpose.AI_ASSIST, actor_kind=ActorKind.WORKER)
    assert request.involves_ai
    assert Facts.from_dict({}) == Facts()
    assert SystemRef.from_dict({"provider": "x"}).external


@pytest.mark.parametrize(
    "stored",
    [{}, {"action": "fly"}, {"action": "send", "purpose": "fun"}, {"action": "send", "ai_involvement": "x"}],
)
def test_what_cannot_be_read_is_an_error_and_not_a_guess(stored: dict[str, str]) -> None:
    with pytest.raises((KeyError, ValueError)):
        GateRequest.from_dict(stored)


def test_a_request_names_nobody() -> None:
    assert not {"customer", "customer_id", "email", "name", "text", "body"} & set(GateRequest.__slots__)
