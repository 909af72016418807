"""How people come in and what owners may do with them."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people import services
from helpdesk.people.mail import seal, unseal
from helpdesk.people.models import Invitation, Membership, User
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.people.tests.support import delivered
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope

pytestmark = pytest.mark.django_db


def _create(**options: str) -> str:
    out = StringIO()
    given = {"slug": "bakery", "name": "The Bakery", "owner_email": "Owner@Bakery.example", **options}
    call_command("create_organization", stdout=out, **given)
    return out.getvalue().strip().splitlines()[-1]


def test_the_command_prints_a_link_that_makes_the_owner() -> None:
    link = _create(language="de", timezone="Europe/Berlin")
    assert link.startswith("http://bakery.localhost")
    organization = Organization.objects.get(slug="bakery")
    assert (organization.language, organization.timezone) == ("de", "Europe/Berlin")
    token = link.rstrip("/").rsplit("/", 1)[-1]
    with organization_scope(organization.id):
        assert token not in str(Invitation.objects.values().get()), "only the hash is kept"
        member = services.accept(token=token, name="Ada", password="a long enough phrase")
        assert (member.role, member.user.email, member.user.name) == ("owner", "owner@bakery.example", "Ada")
        with pytest.raises(InvalidState):
            services.accept(token=token, name="Eve", password="a long enough phrase")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"slug": "Not A Host"}, "lower-case"),
        ({"owner_email": "nobody"}, "email"),
        ({"timezone": "Moon/Sea"}, "no time zone"),
    ],
)
def test_the_command_refuses_in_plain_words(options: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        _create(**options)
    assert not Organization.objects.filter(name="The Bakery").exists()


def test_a_slug_is_taken_once() -> None:
    _create()
    with pytest.raises(CommandError, match="is taken"):
        _create()


def test_an_invitation_is_mailed_expires_and_is_replaced() -> None:
    organization = make_organization()
    with organization_scope(organization.id):
        owner = make_member()
        with delivered():
            first = services.invite(email="New@shop.example", role="agent", member=owner)
            second = services.invite(email="new@shop.example", role="agent", member=owner)
        assert [one.to for one in mail.outbox] == [["new@shop.example"]] * 2
        assert second.link in mail.outbox[1].body
        assert services.open_invitation(first.link.rstrip("/").rsplit("/", 1)[-1]) is None
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(InvalidState):
            services.accept(token=second.link.rstrip("/").rsplit("/", 1)[-1], name="N", password="x")


def test_who_works_here_is_not_invited_again_and_agents_invite_nobody() -> None:
    organization = make_organization()
    with organization_scope(organization.id):
        owner, agent = make_member(), make_member("agent")
        with pytest.raises(Conflict):
            services.invite(email=agent.user.email, role="agent", member=owner)
        with pytest.raises(NotAllowed):
            services.invite(email="x@shop.example", role="owner", member=agent)
        with pytest.raises(NotAllowed):
            services.change_role(target=agent, role="owner", member=agent)


def test_an_account_that_exists_is_joined_only_by_who_owns_it() -> None:
    here, there = make_organization(), make_organization()
    with organization_scope(there.id):
        known = make_member("owner", email="both@shop.example")
    with organization_scope(here.id):
        owner = make_member()
        link = services.invite(email="both@shop.example", role="agent", member=owner).link
        token = link.rstrip("/").rsplit("/", 1)[-1]
        with pytest.raises(NotAllowed):
            services.accept(token=token, name="Thief", password="a new password here")
        with pytest.raises(NotAllowed):
            services.accept(token=token, user=owner.user)
        assert services.accept(token=token, user=known.user).user == known.user
    assert User.objects.get(email="both@shop.example").check_password("correct horse battery staple")


def test_one_owner_stays() -> None:
    organization = make_organization()
    with organization_scope(organization.id):
        owner, other = make_member(), make_member("agent")
        for attempt in (
            lambda: services.change_role(target=owner, role="agent", member=owner),
            lambda: services.set_active(target=owner, is_active=False, member=owner),
        ):
            with pytest.raises(InvalidState):
                attempt()
        services.change_role(target=other, role="owner", member=owner)
        other.refresh_from_db()
        services.set_active(target=owner, is_active=False, member=other)
        assert not Membership.objects.get(pk=owner.pk).is_active


def test_inboxes_are_granted_exactly_as_ticked() -> None:
    from helpdesk.people.permissions import can
    from tickets.tests.factories import make_inbox

    organization = make_organization()
    with organization_scope(organization.id):
        owner, agent, first, second = make_member(), make_member("agent"), make_inbox(), make_inbox()
        both = [first, second]
        services.set_inboxes(target=agent, inboxes=both, chosen=[first.pk], member=owner)
        assert [can(agent, "work", one) for one in both] == [True, False]
        services.set_inboxes(target=agent, inboxes=both, chosen=[second.pk], member=owner)
        assert [can(agent, "work", one) for one in both] == [False, True]


def test_a_mail_waits_in_the_broker_unreadable() -> None:
    from django.core.mail import EmailMultiAlternatives

    message = EmailMultiAlternatives("Secret subject", "https://x/token", to=["a@shop.example"])
    message.attach_alternative("<p>token</p>", "text/html")
    sealed = seal(message)
    assert "token" not in sealed
    assert "shop.example" not in sealed
    again = unseal(sealed)
    assert (again.subject, again.body, again.to) == (message.subject, message.body, message.to)
    assert again.alternatives[0][0] == "<p>token</p>"
