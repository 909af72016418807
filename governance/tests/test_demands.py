"""The 63 demands: each number once, honest on a fresh organization, and moved by what breaks it."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from governance import demands
from governance.core.starter import starter
from governance.demands import base
from governance.models import AISystem
from governance.services.policies import adopt_starter
from governance.tests.demand_breaks import BREAKS, in_order
from governance.tests.factories import make_decision, make_incident, make_record
from helpdesk.people.models import Membership, Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Organization:
    return make_organization()


@pytest.fixture
def owner(shop: Organization) -> Membership:
    with organization_scope(shop.id):
        return make_member(Role.OWNER, name="Marta")


def test_the_command_lists_all_of_them(shop: Organization) -> None:
    out = StringIO()
    call_command("ethics_status", organization=shop.slug, json=True, stdout=out)
    found = json.loads(out.getvalue())
    assert [one["number"] for one in found] == list(range(1, 64))
    for one in found:
        assert one["state"] in {"working", "waiting", "too_little_data", "failing"}, one
        assert one["check"], one
        assert one["evidence"][:4].isdigit(), one
        assert "could not be run" not in one["evidence"], one
    with pytest.raises(CommandError):
        call_command("ethics_status", organization="nobody")


def test_a_fresh_organization_is_honest(shop: Organization, owner: Membership) -> None:
    with organization_scope(shop.id):
        before = {one.number: one.state for one in demands.standing()}
        adopt_starter(starter=starter(), member=owner)
        after = demands.standing()
    assert sum(state == "working" for state in before.values()) < 20
    assert not [one for one in after if one.state == "failing"]
    assert 15 < sum(one.state == "working" for one in after) < 50


def test_texts_alone_meet_no_demand(shop: Organization, owner: Membership) -> None:
    """Writing something down is not doing it: a record of each kind with its text, and nothing decided."""
    from governance.models import Change, Incident, RecordKind, Risk

    with organization_scope(shop.id):
        adopt_starter(starter=starter(), member=owner)
        before = {one.number: one.state for one in demands.standing()}
        for kind in RecordKind.values:
            make_record(kind=kind, title="We are fair", text="We take this very seriously. " * 20)
        Change.objects.create(said="Be fair", changed="We are fair")
        AISystem.objects.update(purpose="Only good", limits="None", known_failures="None", data="Nothing")
        Risk.objects.update(description="All is well.", treatment="We look after it.")
        Incident.objects.create(title="None", noticed_at=timezone.now(), public_text="Nothing happened.")
        after = {one.number: (one.state, one.said) for one in demands.standing()}
    met = {n: said for n, (state, said) in after.items() if state == "working" and before[n] != "working"}
    assert met == {}


class Undo(Exception):
    """Takes back what broke the demand."""


def test_what_breaks_a_demand_shows(
    shop: Organization, owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every case in one organization, each taken back: the state is another one, and so is the sentence."""
    with organization_scope(shop.id):
        in_order(owner)
    wrong = []
    with organization_scope(shop.id):
        for number, (name, becomes, broken) in [(n, case) for n in sorted(BREAKS) for case in BREAKS[n]]:
            before = demands.standing_of(number)
            with pytest.raises(Undo), transaction.atomic(), monkeypatch.context() as patch:
                broken(patch)
                after = demands.standing_of(number)
                raise Undo
            same = before.state == after.state and number not in UNCHANGED
            if after.state.value != becomes or same or after.said == before.said:
                wrong.append((number, name, before.state.value, before.said, after.state.value, after.said))
    assert not wrong


#: Too little data before and after, because no room above has rows here: there the sentence is what changes.
UNCHANGED = {53}


def test_every_demand_is_broken_on_purpose() -> None:
    assert sorted(BREAKS) == list(range(1, 64))


def test_a_check_that_breaks_is_failing(shop: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(book: object) -> None:
        raise RuntimeError("secret text of a customer")

    base.also(36)(broken)  # type: ignore[arg-type]
    try:
        with organization_scope(shop.id):
            found = demands.standing_of(36)
    finally:
        base._more[36].remove(broken)  # type: ignore[arg-type]
    assert found.state.value == "failing"
    assert "RuntimeError" in found.said
    assert "secret" not in found.said


def test_as_many_queries_for_many_rows_as_for_few(
    shop: Organization, owner: Membership, django_assert_max_num_queries: Any
) -> None:
    with organization_scope(shop.id):
        in_order(owner)
        for _ in range(30):
            make_decision(allowed=False)
    with organization_scope(shop.id), django_assert_max_num_queries(260) as asked:
        demands.standing()
    first = len(asked)
    with organization_scope(shop.id):
        for _ in range(30):
            make_decision(allowed=False)
            make_incident()
            make_record()
    with organization_scope(shop.id), django_assert_max_num_queries(first):
        demands.standing()
