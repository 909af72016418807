"""A colleague who signed things has left and is forgotten: their data goes, what they signed holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from governance import ledger
from governance.models import LedgerEntry, Override
from governance.services import overrides
from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people import forgetting, services
from helpdesk.people.models import ApiToken, Membership, Role, User
from helpdesk.people.permissions import grant_inbox
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Approval, ComposerDraft, Message, Notice
from tickets.services.replying import save_composer
from tickets.tests.at_work import Desk, desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(name="at")
def _at() -> Desk:
    return desk()


@pytest.fixture
def owner(at: Desk) -> Membership:
    with at.scope():
        return make_member(Role.OWNER, name="Olu")


def signed(at: Desk, owner: Membership) -> User:
    """Nora approved an answer that left, made an exception, typed something, and has left herself."""
    at.send(at.draft_reply())
    with at.scope():
        until = timezone.now() + timedelta(days=1)
        overrides.give_way(code="G04", member=at.member, why="Busy.", value_given_way="care", until=until)
        save_composer(ticket=at.ticket, member=at.member, kind="reply", text="Not sent.")
        ApiToken.objects.create(membership=at.member, name="Her script", token_hash="0" * 64)
        EmailAddress.objects.create(
            user=at.member.user, email=at.member.user.email, verified=True, primary=True
        )
        services.set_active(target=at.member, is_active=False, member=owner)
    return at.member.user


def test_what_was_signed_holds_and_the_person_is_gone(at: Desk, owner: Membership) -> None:
    nora = signed(at, owner)
    browser = browser_of(at.organization, owner)
    assert "Forget Nora for good" in browser.get("/people/").content.decode()
    assert browser.post(f"/people/{at.member.pk}/forget/").status_code == 302
    page = browser.get("/people/").content.decode()
    assert "Nora" not in page
    assert "former.invalid" not in page
    assert not User.objects.filter(pk=nora.pk).exists()
    assert not EmailAddress.objects.filter(email=nora.email).exists()
    with at.scope():
        row = Membership.objects.select_related("user").get(pk=at.member.pk)
        assert (str(row), row.is_forgotten, row.work_name) == ("A former colleague", True, "")
        assert Approval.objects.get().approver == row
        assert Override.objects.get().member == row
        assert Message.objects.get(kind="reply").author == row
        assert not ComposerDraft.objects.exists()
        assert not Notice.objects.filter(member=row).exists()
        assert ApiToken.objects.get().revoked_at is not None
        assert LedgerEntry.objects.get(event="colleague_forgotten").object_ref == f"membership:{row.pk}"
        assert ledger.verify().ok
        forgetting.forget(target=row, member=owner)
        with pytest.raises(InvalidState, match="Nobody is behind"):
            services.set_active(target=row, is_active=True, member=owner)
    assert "A former colleague" in browser.get(f"/tickets/{at.ticket.number}/").content.decode()
    assert len(mail.outbox) == 1


def test_who_also_works_elsewhere_keeps_the_account_there(at: Desk, owner: Membership) -> None:
    nora = signed(at, owner)
    other = make_organization()
    with organization_scope(other.id):
        there = Membership.objects.create(user=nora, role=Role.AGENT)
    with at.scope():
        forgetting.forget(target=at.member, member=owner)
        assert Membership.objects.get(pk=at.member.pk).user_id != nora.pk
    with organization_scope(other.id):
        assert Membership.objects.get(pk=there.pk).user == nora
    assert EmailAddress.objects.filter(user=nora).exists()


def test_only_an_owner_and_only_who_was_kept_out(at: Desk, owner: Membership) -> None:
    with at.scope():
        with pytest.raises(InvalidState, match="still works here"):
            forgetting.forget(target=at.member, member=owner)
        agent = make_member(Role.AGENT)
        grant_inbox(agent, at.inbox)
        with pytest.raises(NotAllowed):
            forgetting.forget(target=at.member, member=agent)
    assert browser_of(at.organization, agent).post(f"/people/{at.member.pk}/forget/").status_code == 403
    assert User.objects.filter(pk=at.member.user_id).exists()
