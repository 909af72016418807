"""Who may do what, since when and by whom: the record says so, by number."""

from __future__ import annotations

import pytest

from governance import ledger
from governance.models import LedgerEntry
from helpdesk.people import services
from helpdesk.people.models import Role
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import delivered
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


def test_coming_another_role_and_leaving_are_on_record() -> None:
    with organization_scope(make_organization().id), delivered():
        owner = make_member(Role.OWNER)
        token = (
            services.invite(email="ada@shop.example", role="agent", member=owner)
            .link.rstrip("/")
            .rsplit("/", 1)[-1]
        )
        ada = services.accept(token=token, name="Ada", password="a long enough phrase")
        services.change_role(target=ada, role=Role.OFFICER, member=owner)
        services.set_active(target=ada, is_active=False, member=owner)
        ledger.append_pending()
        entries = LedgerEntry.objects.filter(event="rights_changed").order_by("seq")
        assert {one.object_ref for one in entries} == {f"membership:{ada.pk}"}
        by = f"membership:{owner.pk}"
        assert [one.actor for one in entries] == ["system", by, by]
        assert ledger.verify().ok
