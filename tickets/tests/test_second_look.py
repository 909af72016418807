"""Two people for a risky topic: asked for with a button, given by somebody else, and the answer leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core import mail

from governance import ledger
from governance.models import SecondLook
from governance.services import drafts, policies
from helpdesk.errors import Conflict, InvalidState, NotAllowed
from helpdesk.people.models import Membership, Role
from helpdesk.people.permissions import grant_inbox
from helpdesk.people.tests.factories import make_member
from helpdesk.people.tests.support import browser_of
from tickets.models import ComposerDraft, Notice, Ticket
from tickets.services import second_look
from tickets.services.replying import save_composer
from tickets.tests.at_work import DRAFT, Desk, desk

pytestmark = pytest.mark.django_db


@pytest.fixture(name="at")
def _at() -> Desk:
    """A shop that wants two people for returns; `member` is an agent who has used the draft."""
    at = desk()
    with at.scope():
        owner = at.member
        rules = drafts.start_draft(member=owner)
        rules.clauses["second_look_topics"] = ["returns"]
        drafts.save_draft(policy=rules, member=owner)
        policies.publish(policy=rules, member=owner)
        Ticket.objects.update(topic="returns")
        agent = make_member(Role.AGENT, name="Ada")
        grant_inbox(agent, at.inbox)
        ticket = Ticket.objects.select_related("customer", "inbox").get()
        save_composer(
            ticket=ticket, member=agent, kind="reply", text=f"{DRAFT}\n", used_decision=at.ai_text.decision_id
        )
    return replace(at, member=agent, ticket=ticket)


@pytest.fixture
def colleague(at: Desk) -> Membership:
    with at.scope():
        found = make_member(Role.AGENT, name="Bea")
        grant_inbox(found, at.inbox)
    return found


def test_the_answer_leaves_once_somebody_else_has_looked(at: Desk, colleague: Membership) -> None:
    mine, theirs = browser_of(at.organization, at.member), browser_of(at.organization, colleague)
    path = f"/tickets/{at.ticket.number}/"
    with pytest.raises(NotAllowed, match="second person"):
        at.draft_reply()
    assert "Your rules ask a second person to look at it" in mine.get(path).content.decode()
    mine.post(f"{path}second-look/")
    assert "A colleague has to look at it first" in mine.get(path).content.decode()
    with at.scope():
        assert Notice.objects.get(member=colleague).kind == "asked"
        look = SecondLook.objects.get()
    assert "Look at it for them" in theirs.get(path).content.decode()
    page = theirs.get(f"{path}second-look/").content.decode()
    assert "Ada asks you to look at this" in page
    assert "Please put the return slip into the parcel" in page
    theirs.post(f"{path}second-look/", {"look": look.pk, "verdict": "fine", "note": "Good."})
    assert "Bea has looked at it" in mine.get(path).content.decode()
    assert "Good." in mine.get(f"{path}second-look/").content.decode()
    assert at.send(at.draft_reply()) == "sent"
    assert len(mail.outbox) == 1
    with at.scope():
        ledger.append_pending()
        assert ledger.verify().ok


def test_another_text_and_the_one_who_looked_need_another_look(at: Desk, colleague: Membership) -> None:
    with at.scope():
        look = second_look.ask(ticket=at.ticket, member=at.member)
        second_look.give(ticket=at.ticket, look_id=look.pk, member=colleague, is_fine=True)
    with pytest.raises(NotAllowed, match="second person"):
        at.draft_reply(DRAFT.replace("thirty", "ninety"))
    with pytest.raises(NotAllowed, match="second person"):
        replace(at, member=colleague).draft_reply()


def test_not_like_this_holds_it_back_and_asking_again_needs_another_text(
    at: Desk, colleague: Membership
) -> None:
    with at.scope():
        look = second_look.ask(ticket=at.ticket, member=at.member)
        second_look.give(ticket=at.ticket, look_id=look.pk, member=colleague, is_fine=False, note="Too long.")
        assert second_look.ask(ticket=at.ticket, member=at.member) == look, (
            "the same text is not asked for twice"
        )
        with pytest.raises(Conflict):
            second_look.give(ticket=at.ticket, look_id=look.pk, member=colleague, is_fine=True)
    with pytest.raises(NotAllowed, match="second person"):
        at.draft_reply()


def test_nobody_looks_at_their_own_nor_at_what_has_changed(at: Desk, colleague: Membership) -> None:
    with at.scope():
        look = second_look.ask(ticket=at.ticket, member=at.member)
        with pytest.raises(NotAllowed):
            second_look.give(ticket=at.ticket, look_id=look.pk, member=at.member, is_fine=True)
        ComposerDraft.objects.update(text="Something else.")
        with pytest.raises(Conflict, match="changed"):
            second_look.give(ticket=at.ticket, look_id=look.pk, member=colleague, is_fine=True)
        ComposerDraft.objects.all().delete()
        with pytest.raises(InvalidState, match="no unsent answer"):
            second_look.ask(ticket=at.ticket, member=at.member)


def test_of_another_inbox_there_is_nothing_to_look_at(at: Desk) -> None:
    with at.scope():
        stranger = make_member(Role.AGENT)
        look = second_look.ask(ticket=at.ticket, member=at.member)
        with pytest.raises(NotAllowed):
            second_look.give(ticket=at.ticket, look_id=look.pk, member=stranger, is_fine=True)
        assert not Notice.objects.filter(member=stranger).exists()
    path = f"/tickets/{at.ticket.number}/second-look/"
    browser = browser_of(at.organization, stranger)
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"look": look.pk, "verdict": "fine"}).status_code == 404
    for bad in ("", "0", "x", "9" * 30):
        browser_of(at.organization, at.member).post(path, {"look": bad, "verdict": "fine"})
    with at.scope():
        assert SecondLook.objects.get().looked_by is None
