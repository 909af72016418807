"""The law as data: a pack is taken over, changes open one task per clause, the matrix is made from the same checks."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from governance import demands
from governance.core.clauses import Clauses
from governance.law.pack import REGIMES, Pack, PackError, read
from governance.matrix import matrix
from governance.models import LawRule, LawTask, LedgerEntry, RegisterChange
from governance.services import law
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

PACK = read()


@pytest.fixture
def shop() -> Organization:
    return make_organization()


def changed(key: str = "gdpr.5.1.e", **values: object) -> Pack:
    rules = tuple(replace(one, **values) if one.key == key else one for one in PACK.rules)  # type: ignore[arg-type]
    return Pack("next", rules)


def test_every_rule_of_the_pack_says_where_it_stands_and_what_it_touches() -> None:
    assert {one.regime for one in PACK.rules} == set(REGIMES)
    names = {one.name for one in fields(Clauses)}
    for one in PACK.rules:
        assert set(one.clauses) <= names
        assert one.demands
        assert one.only_you
        assert one.in_force_on or one.state != "in_force", one.key
        assert "compl" not in (one.title + one.text + one.only_you).lower(), (
            "the product helps, it does not certify"
        )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version": "1"}',
        '{"version": "1", "rules": [{"key": "x"}]}',
        '{"version": "1", "rules": [{"key": "x", "regime": "gdpr", "title": "t", "source": "s", "state": "in_force",'
        ' "clauses": ["nonsense"], "demands": [1], "only_you": "y"}]}',
        '{"version": "1", "rules": [{"key": "x", "regime": "gdpr", "title": "t", "source": "s", "state": "in_force",'
        ' "demands": [64], "only_you": "y"}]}',
    ],
)
def test_a_pack_that_cannot_be_used_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "pack.json"
    path.write_text(text)
    with pytest.raises(PackError):
        read(path)


@pytest.mark.django_db
def test_the_first_pack_opens_no_task_and_the_same_one_changes_nothing(shop: Organization) -> None:
    with organization_scope(shop.id):
        done = law.update()
        assert (done.new, done.tasks) == (len(PACK.rules), 0)
        assert law.update() == law.Update(0, 0, 0, 0)
        assert LawRule.objects.count() == len(PACK.rules)


@pytest.mark.django_db
def test_a_change_opens_one_task_per_clause(shop: Organization) -> None:
    with organization_scope(shop.id):
        law.update()
        done = law.update(changed(in_force_on=date(2027, 1, 1)))
        assert (done.new, done.changed, done.tasks) == (0, 1, 2)
        assert {one.clause for one in LawTask.objects.all()} == {"ai_log_days", "retention_days"}
        assert RegisterChange.objects.filter(object_ref__startswith="law_task:").count() == 2
        assert law.update(changed(in_force_on=date(2027, 1, 1))).tasks == 0
    with organization_scope(shop.id):
        assert LedgerEntry.objects.filter(event="law_updated").count() == 2
        states = {one.number: one.state.value for one in demands.standing()}
    assert states[37] == "waiting"


@pytest.mark.django_db
def test_a_rule_that_goes_opens_its_tasks_too(shop: Organization) -> None:
    with organization_scope(shop.id):
        law.update()
        without = Pack("next", tuple(one for one in PACK.rules if one.key != "gdpr.9"))
        done = law.update(without)
        assert (done.gone, done.tasks) == (1, 1)
        assert not LawRule.objects.filter(key="gdpr.9").exists()


@pytest.mark.django_db
def test_a_task_is_settled_once_by_who_may(shop: Organization) -> None:
    with organization_scope(shop.id):
        owner, agent = make_member(Role.OWNER), make_member(Role.AGENT)
        law.update()
        law.update(changed(value={"days": 1}))
        first, second = LawTask.objects.order_by("pk")
        with pytest.raises(NotAllowed):
            law.settle(task=first, member=agent, state="done", note="")
        with pytest.raises(InvalidState):
            law.settle(task=first, member=owner, state="dropped", note=" ")
        law.settle(task=first, member=owner, state="done", note="Set to 90 days.")
        assert LawRule.objects.get(key="gdpr.5.1.e").checked_on is None, "one more waits"
        with pytest.raises(InvalidState):
            law.settle(task=first, member=owner, state="done", note="")
        law.settle(task=second, member=owner, state="dropped", note="We keep nothing.")
        assert LawRule.objects.get(key="gdpr.5.1.e").checked_by == owner


@pytest.mark.django_db
def test_the_matrix_stands_as_its_checks_stand(shop: Organization) -> None:
    with organization_scope(shop.id):
        law.update()
        groups = matrix(demands.standing())
    assert [regime for regime, _rows in groups] == list(REGIMES.values())
    rows = {row.law.key: row for _regime, rows in groups for row in rows}
    assert len(rows) == len(PACK.rules)
    for row in rows.values():
        assert row.worst is not None
        assert row.to_dict()["helps_with"]
    assert rows["gdpr.32"].worst is not None
    assert rows["gdpr.32"].worst.state.value == "waiting", "no security check has run"


@pytest.mark.django_db
def test_the_command(shop: Organization, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("update_law", organization=shop.slug)
    assert f"{len(PACK.rules)} new" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("update_law", pack=tmp_path / "none.json")
    with pytest.raises(CommandError, match="no organization"):
        call_command("update_law", organization="nobody")
