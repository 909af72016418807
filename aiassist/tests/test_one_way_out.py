"""Promise 3: nothing reaches an AI service but through `egress.call_draft`, and that asks for the decision first."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

from aiassist import egress
from aiassist.core.drafts import DraftRequest, NoDraft
from aiassist.core.providers.builtin import BuiltIn
from aiassist.core.providers.openai_compatible import OpenAICompatible, Prices
from governance.tests.factories import make_decision
from helpdesk.people.tests.factories import make_organization
from helpdesk.tenancy.scope import organization_scope

ROOT = Path(__file__).parents[2]
EGRESS, SERVICE = "aiassist/egress.py", "aiassist/core/providers/openai_compatible.py"
#: What opens connections, and who may: the one service, mail, checked addresses, and the supervisor of our processes.
TALKERS = {
    "openai": {SERVICE},
    "httpx": {SERVICE},
    "httpx2": {SERVICE},
    "smtplib": {"tickets/mail/send.py", "tickets/mailboxes/smtp.py"},
    "imaplib": {"tickets/mailboxes/imap.py"},
    "imap_tools": {"tickets/mailboxes/imap.py"},
    "urllib.request": {"helpdesk/runtime/live_stack.py", "helpdesk/runtime/supervisor.py"},
    "socket": {
        "helpdesk/fetching.py",
        "helpdesk/outward.py",
        "helpdesk/people/dns.py",  # asks the name server, opens no connection
        "helpdesk/runtime/process.py",
        "tickets/mailboxes/network.py",
    },
    "http.client": {"helpdesk/fetching.py"},
    "dns": {"helpdesk/people/dns.py"},  # asks for MX records, two seconds at most
    **{
        name: set()
        for name in (
            "aiohttp",
            "anthropic",
            "ftplib",
            "mistralai",
            "requests",
            "urllib3",
            "websockets",
        )
    },
}
PROVIDERS = ("aiassist.core.providers.builtin", "aiassist.core.providers.openai_compatible")


def _product() -> list[Path]:
    """Every file of the product: not its tests, not the benchmark, which measures from outside."""
    rooms = [ROOT / room for room in ("helpdesk", "governance", "tickets", "aiassist")]
    files = [one for room in rooms for one in room.rglob("*.py")]
    return [one for one in files if not {"tests", "migrations"} & set(one.parts) and one.name != "testing.py"]


@cache
def _nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(path: Path) -> Iterator[str]:
    """Each module and each name imported anywhere in the file, inside functions too."""
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "import_string")):
            yield from (
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )


def _importers(module: str) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in _product()
        if any(name == module or name.startswith(f"{module}.") for name in _imports(path))
    }


def test_the_scan_sees_the_whole_product() -> None:
    assert len(_product()) > 150
    assert EGRESS in _importers("aiassist.core.providers")


@pytest.mark.parametrize("module", PROVIDERS)
def test_only_the_way_out_makes_a_provider(module: str) -> None:
    assert _importers(module) == {EGRESS}


@pytest.mark.parametrize("module", sorted(TALKERS))
def test_nobody_else_opens_a_connection(module: str) -> None:
    assert _importers(module) <= TALKERS[module]


def test_a_service_is_called_in_one_place() -> None:
    calls = {
        str(path.relative_to(ROOT))
        for path in _product()
        for node in _nodes(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("provider.draft", "provider.help"))
    }
    assert calls == {EGRESS}


# The decision


def _call(organization_id: UUID, decision_id: int, provider: BuiltIn | OpenAICompatible) -> object:
    request = DraftRequest(question="How long may I return it?", passages=())
    return egress.call_draft(
        provider, request, organization_id=organization_id, decision_id=decision_id, timeout=1
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "fields",
    [
        {"allowed": False},
        {"kind": "canary"},
        {"action": "approve"},
        {"action": "send"},
        {"system": "other/model"},
    ],
    ids=lambda fields: "-".join(map(str, fields)),
)
def test_a_decision_of_another_kind_allows_nothing(
    fields: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BuiltIn, "draft", lambda *_: pytest.fail("called"))
    organization = make_organization()
    right = {"action": "draft", "allowed": True, "system": f"{BuiltIn.name}/{BuiltIn.model}"}
    with organization_scope(organization.id):
        decision = make_decision(**{**right, **fields})
    with pytest.raises(egress.NotDecidedError):
        _call(organization.id, decision.pk, BuiltIn())


@pytest.mark.django_db(transaction=True)
def test_the_built_in_services_decision_does_not_open_the_network() -> None:
    organization = make_organization()
    with organization_scope(organization.id):
        decision = make_decision(action="draft", allowed=True, system=f"{BuiltIn.name}/{BuiltIn.model}")
    assert isinstance(_call(organization.id, decision.pk, BuiltIn()), NoDraft)
    outside = OpenAICompatible(
        base_url="https://ai.example/v1",
        key="k",
        model="m",
        allowed_hosts=frozenset({"ai.example"}),
        prices=Prices(0, 0),
    )
    with pytest.raises(egress.NotDecidedError):
        _call(organization.id, decision.pk, outside)
