"""What members are told: each thing once, never their own doing, only what they see; by mail only when they do not look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from governance.services import stops
from helpdesk.live import events
from helpdesk.people.models import Role
from helpdesk.people.notice_choices import NoticeChoices, choices_of, choose
from helpdesk.people.permissions import grant_inbox, revoke_inbox
from helpdesk.people.tests.factories import make_member
from tickets.models import Notice, NoticeKind
from tickets.services import changing, opening, replying
from tickets.services.notice_mail import mail_due
from tickets.services.noticing import tell
from tickets.tests.desk import HTMX, Desk, make_desk
from tickets.tests.factories import make_inbound, make_notice, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def kinds(member: Any) -> list[str]:
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("kind", flat=True))


def test_a_note_tells_those_it_names_and_nobody_else(desk: Desk) -> None:
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox)
        text = f"@{desk.agent.display_name} and @{desk.auditor.display_name} look, @{desk.owner.display_name}"
        replying.add_note(ticket=ticket, member=desk.owner, text=text)
        assert kinds(desk.agent) == ["mentioned"]
        assert kinds(desk.owner) == []  # nobody is told what they did themselves
        assert kinds(desk.auditor) == []  # an auditor does not work in the inbox


def test_who_does_not_see_the_inbox_is_not_told(desk: Desk) -> None:
    with desk.scope():
        ticket = make_ticket(inbox=desk.other_inbox)
        replying.add_note(ticket=ticket, member=desk.owner, text=f"@{desk.agent.display_name} secret")
        assert kinds(desk.agent) == []


def test_being_given_a_ticket_and_its_customer_writing_again(desk: Desk) -> None:
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox)
        changing.assign(ticket=ticket, assignee=desk.agent, member=desk.owner)
        changing.assign(ticket=ticket, assignee=desk.agent, member=desk.owner)
        ticket.refresh_from_db()
        for _ in range(2):
            opening.add_inbound(ticket=ticket, customer=ticket.customer, text="Any news?")
        assert kinds(desk.agent) == ["assigned", "answered"]  # the second answer waits with the first


def test_taking_a_ticket_oneself_tells_nobody(desk: Desk) -> None:
    with desk.scope():
        changing.assign(ticket=make_ticket(inbox=desk.inbox), assignee=desk.agent, member=desk.agent)
        assert not Notice.objects.exists()


def test_a_stop_tells_everybody_but_who_stopped(desk: Desk) -> None:
    with desk.scope():
        stops.stop_ai(scope="organization", member=desk.agent)
        assert kinds(desk.owner) == ["ai_stopped"]
        assert kinds(desk.auditor) == ["ai_stopped"]
        assert kinds(desk.agent) == []


def test_a_kind_that_is_turned_off_is_not_told(desk: Desk) -> None:
    with desk.scope():
        choose(member=desk.agent, choices=NoticeChoices(muted=frozenset({"mentioned"})))
        ticket = make_ticket(inbox=desk.inbox)
        replying.add_note(ticket=ticket, member=desk.owner, text=f"@{desk.agent.display_name} look")
        assert kinds(desk.agent) == []


def test_opening_the_ticket_is_seeing_it(desk: Desk) -> None:
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox)
        make_notice(member=desk.agent, ticket=ticket, actor=desk.owner)
        other = make_notice(member=desk.agent, ticket=make_ticket(inbox=desk.inbox))
    client = desk.client(desk.agent)
    assert 'data-unseen="2"' in client.get("/for-you/link/", headers=HTMX).content.decode()
    assert 'data-unseen="1"' in client.get(f"/tickets/{ticket.number}/").content.decode()
    with desk.scope():
        assert list(Notice.objects.filter(seen_at=None)) == [other]
    client.post("/for-you/seen/")
    with desk.scope():
        assert not Notice.objects.filter(seen_at=None).exists()


def test_the_page_shows_only_tickets_that_are_still_in_sight(desk: Desk) -> None:
    with desk.scope():
        seen = make_ticket(inbox=desk.inbox, subject="In sight")
        gone = make_ticket(inbox=desk.other_inbox, subject="Out of sight")
        for ticket in (seen, gone):
            make_notice(member=desk.agent, ticket=ticket, actor=desk.owner)
        make_notice(member=desk.owner, ticket=seen)
    page = desk.client(desk.agent).get("/for-you/").content.decode()
    assert "In sight" in page
    assert "Out of sight" not in page
    assert page.count("data-row-link") == 1


@pytest.mark.parametrize("size", [2, 20])
def test_the_page_takes_the_same_queries_at_any_length(
    desk: Desk, size: int, django_assert_max_num_queries: Any
) -> None:
    with desk.scope():
        for _ in range(size):
            make_notice(member=desk.agent, ticket=make_ticket(inbox=desk.inbox), actor=desk.owner)
    client = desk.client(desk.agent)
    client.get("/for-you/")
    with django_assert_max_num_queries(14):
        assert client.get("/for-you/").status_code == 200


def test_the_choices_are_kept_and_nonsense_is_not(desk: Desk) -> None:
    client = desk.client(desk.agent)
    assert "told-mentioned" in client.get("/profile/").content.decode()
    client.post(
        "/for-you/choices/",
        {"told": ["mentioned", "evil"], "by_mail": ["mentioned"], "away_minutes": "7", "sound": "1"},
    )
    with desk.scope():
        desk.agent.refresh_from_db()
        found = choices_of(desk.agent)
    assert found.muted == set(NoticeKind.values) - {"mentioned"}
    assert found.by_mail == {"mentioned"}
    assert (found.away_minutes, found.sound) == (10, True)


def test_names_for_the_picker_are_those_who_work_there(desk: Desk) -> None:
    with desk.scope():
        ticket = make_ticket(inbox=desk.inbox)
        hidden = make_ticket(inbox=desk.other_inbox)
    client = desk.client(desk.agent)
    names = client.get(f"/tickets/{ticket.number}/colleagues/").json()["names"]
    assert names == [desk.owner.display_name]
    assert client.get(f"/tickets/{hidden.number}/colleagues/").status_code == 404


# By mail


def waiting(desk: Desk, minutes: int = 30, **fields: Any) -> Notice:
    ticket = make_ticket(inbox=desk.inbox, subject="My secret disease")
    make_inbound(ticket)
    at = timezone.now() - timedelta(minutes=minutes)
    return make_notice(
        **{"member": desk.agent, "ticket": ticket, "actor": desk.owner, "created_at": at, **fields}
    )


def sent_to(desk: Desk, django_capture_on_commit_callbacks: Any) -> int:
    with desk.scope(), django_capture_on_commit_callbacks(execute=True):
        return mail_due()


def test_what_is_not_looked_at_is_mailed_once_in_one_mail_without_a_customers_word(
    desk: Desk, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    with desk.scope():
        first, second = waiting(desk), waiting(desk, minutes=1, kind="assigned")
        customer = first.ticket.customer  # type: ignore[union-attr]
    assert sent_to(desk, django_capture_on_commit_callbacks) == 1
    (letter,) = mail.outbox
    assert letter.to == [desk.agent.user.email]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    for notice in (first, second):
        assert f"/tickets/{notice.ticket.number}/" in letter.body  # type: ignore[union-attr]
    for secret in ("secret disease", customer.name, *customer_addresses(desk, customer)):
        assert secret
        assert secret not in letter.body + letter.subject
    assert sent_to(desk, django_capture_on_commit_callbacks) == 0


def customer_addresses(desk: Desk, customer: Any) -> list[str]:
    with desk.scope():
        return list(customer.addresses.values_list("address", flat=True))


def test_a_second_mail_waits_for_the_pause(desk: Desk, django_capture_on_commit_callbacks: Any) -> None:
    with desk.scope():
        waiting(desk)
    assert sent_to(desk, django_capture_on_commit_callbacks) == 1
    with desk.scope():
        waiting(desk)
    assert sent_to(desk, django_capture_on_commit_callbacks) == 0
    with desk.scope():
        Notice.objects.filter(mail_done_at__isnull=False).update(
            mail_done_at=timezone.now() - timedelta(hours=1)
        )
    assert sent_to(desk, django_capture_on_commit_callbacks) == 1


@pytest.mark.parametrize(
    "fields", [{"minutes": 2}, {"kind": "answered"}, {"seen_at": timezone.now()}, {"minutes": 60 * 24 * 3}]
)
def test_no_mail(desk: Desk, fields: dict[str, Any], django_capture_on_commit_callbacks: Any) -> None:
    with desk.scope():
        waiting(desk, **fields)
    assert sent_to(desk, django_capture_on_commit_callbacks) == 0


def test_no_mail_to_who_is_at_the_desk(desk: Desk, django_capture_on_commit_callbacks: Any) -> None:
    with desk.scope():
        waiting(desk)
    events.note_active(desk.organization.id, desk.agent.pk)
    assert sent_to(desk, django_capture_on_commit_callbacks) == 0


def test_no_mail_about_an_inbox_that_was_taken_away(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    with desk.scope():
        waiting(desk)
        revoke_inbox(desk.agent, desk.inbox)
    assert sent_to(desk, django_capture_on_commit_callbacks) == 0


def test_who_was_kept_out_is_told_nothing(desk: Desk) -> None:
    with desk.scope():
        gone = make_member(Role.AGENT, is_active=False)
        grant_inbox(gone, desk.inbox)
        ticket = make_ticket(inbox=desk.inbox)
        assert tell(kind=NoticeKind.ASKED, members=[gone], ticket=ticket, actor=desk.owner) == []
