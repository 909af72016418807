"""Rules in force for tests, with single clauses of one's own."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from governance.core.clauses import Clauses
from governance.core.starter import starter
from governance.models import EthicsPolicy
from governance.services import policies
from helpdesk.people.models import Membership
from helpdesk.people.tests.factories import make_member


def in_force(member: Membership | None = None, **clauses: Any) -> EthicsPolicy:
    """Publish the starter rules with these clauses; a second time as a new version, which may only tighten them."""
    member = member or make_member()
    before = EthicsPolicy.objects.filter(status="published").first()
    if before is None:
        own = starter()
        return policies.adopt_starter(
            starter=replace(own, clauses=replace(own.clauses, **clauses)), member=member
        )
    draft = policies.draft_from(policy=before, member=member)
    draft.clauses = Clauses(**{**vars_of(Clauses.from_dict(before.clauses)), **clauses}).to_dict()
    draft.save()
    return policies.publish(policy=draft, member=member)


def vars_of(clauses: Clauses) -> dict[str, Any]:
    """The clauses by name."""
    return {one.name: getattr(clauses, one.name) for one in fields(clauses)}
