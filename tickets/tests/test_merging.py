"""Merge and split: what moves, what stays valid, what comes late, and both undone; with several at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connections, transaction

from governance import ledger
from governance.services import stops
from helpdesk.errors import Conflict, HelpdeskError, InvalidState, NotAllowed
from helpdesk.people.tests.factories import make_member
from tickets.conversation import messages_of
from tickets.models import ComposerDraft, Message, MessageKind, Status, Ticket
from tickets.services.drafts import save_composer
from tickets.services.merging import merge, split, unmerge, unsplit
from tickets.tests.at_work import DRAFT, Desk, desk
from tickets.tests.factories import make_attachment
from tickets.tests.mails import arrive

pytestmark = pytest.mark.django_db


@pytest.fixture(name="at")
def _at() -> Desk:
    return desk()


def second(at: Desk, **headers: str) -> Ticket:
    """Another ticket of the same customer, by mail."""
    number = arrive(at.inbox, "And the laces?", message_id="<q2@customer.example>", **headers).ticket_number
    with at.scope():
        return Ticket.objects.select_related("customer", "inbox").get(number=number)


def second_again(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("customer", "inbox").get(pk=ticket.pk)


def first(at: Desk) -> Ticket:
    return Ticket.objects.select_related("customer", "inbox").get(pk=at.ticket.pk)


def texts(ticket: Ticket) -> list[str]:
    return [one.text.strip() for one in messages_of(ticket)]


def test_a_merge_moves_nothing_and_late_answers_follow(at: Desk) -> None:
    other = second(at)
    with at.scope():
        merge(source=other, target=first(at), member=at.member)
        kept = Message.objects.get(message_id="q2@customer.example")
        assert kept.ticket_id == other.pk
        assert texts(first(at)) == ["Can I send my boots back?", "And the laces?"]
        assert first(at).customer_messages == 2
        other.refresh_from_db()
        assert (other.status, other.merged_into_id) == (Status.MERGED, at.ticket.pk)
    late = arrive(at.inbox, "Hello?", in_reply_to="<q2@customer.example>")
    assert (late.outcome, late.ticket_number) == ("appended", at.ticket.number)
    with at.scope():
        assert not Message.objects.filter(text__contains="Hello?", ticket=other).exists()


def test_the_customer_waits_since_they_first_wrote_in_either(at: Desk) -> None:
    other = second(at)
    with at.scope():
        since = first(at).waiting_since
        assert since is not None
        target = merge(source=first(at), target=other, member=at.member)
        assert Ticket.objects.get(pk=target.pk).waiting_since == since
        assert first(at).due_at is None


@pytest.mark.parametrize("by", ["member", "customer"])
def test_where_the_ai_was_stopped_it_stays_stopped(at: Desk, by: str) -> None:
    other = second(at)
    with at.scope():
        Ticket.objects.filter(pk=other.pk).update(human_only=True)
        if by == "member":
            stops.stop_ai(scope="ticket", member=at.member, ticket_id=other.pk, reason="Sad news")
        else:
            stops.stop_for_customer(customer=other.customer, ticket_id=other.pk, reason="Sad news")
        other.refresh_from_db()
        target = merge(source=other, target=first(at), member=at.member)
        assert Ticket.objects.get(pk=target.pk).human_only
        (stop,) = stops.stops_in_force(target.pk)
        assert (stop.reason, stop.started_by is None) == ("Sad news", by == "customer")
        unmerge(source=second_again(other), member=at.member)
        assert len(stops.stops_in_force(target.pk)) == 1  # never loosened by itself


def test_an_answer_in_the_merged_conversation_threads_with_both(at: Desk) -> None:
    other = second(at)
    with at.scope():
        merge(source=other, target=first(at), member=at.member)
    at.send(at.reply("Yes, and the laces are free."))
    (sent,) = mail.outbox
    assert sent.extra_headers["In-Reply-To"] == "<q2@customer.example>"
    assert sent.extra_headers["References"] == "<q1@customer.example> <q2@customer.example>"


def test_an_ais_text_of_the_merged_ticket_is_still_the_ais(at: Desk) -> None:
    other = second(at)
    with at.scope():
        target = merge(source=first(at), target=other, member=at.member)
    reply = at.reply(DRAFT, ticket=target, seen_revision=2)
    assert reply.ai_involvement == "verbatim"
    with at.scope():
        raw = Message.objects.create(
            ticket=target, kind="reply", state="prepared", text=DRAFT, recipients_to="x@x"
        )
        with pytest.raises(DatabaseError, match="text of the AI"), transaction.atomic():
            Message.objects.filter(pk=raw.pk).update(state="queued")


def test_a_merge_waits_for_an_answer_that_is_leaving(at: Desk) -> None:
    other = second(at)
    reply = at.draft_reply()
    for source, target in ((other, at.ticket), (at.ticket, other)):
        with at.scope(), pytest.raises(Conflict, match="just leaving"):
            merge(source=source, target=target, member=at.member)
    assert at.send(reply) == "sent"
    with at.scope():
        merge(source=at.ticket, target=other, member=at.member)
        assert ledger.verify().ok


def test_an_approval_of_before_the_merge_has_not_seen_the_other_ticket(at: Desk) -> None:
    other = second(at)
    with pytest.raises(Conflict, match="wrote again"):
        with at.scope():
            merge(source=other, target=first(at), member=at.member)
        at.draft_reply(seen_revision=1)


def test_two_customers_are_never_merged(at: Desk) -> None:
    number = arrive(at.inbox, **{"from": "Bo <bo@customer.example>"}).ticket_number
    with at.scope():
        other = Ticket.objects.select_related("customer").get(number=number)
        with pytest.raises(InvalidState, match="Bo would read what Ana wrote"):
            merge(source=other, target=first(at), member=at.member)


def test_what_cannot_be_merged(at: Desk) -> None:
    other = second(at)
    with at.scope():
        with pytest.raises(InvalidState, match="same ticket"):
            merge(source=other, target=other, member=at.member)
        with pytest.raises(NotAllowed):
            merge(source=other, target=first(at), member=make_member("auditor"))
        merge(source=other, target=first(at), member=at.member)
        other.refresh_from_db()
        with pytest.raises(Conflict, match="already"):
            merge(source=other, target=first(at), member=at.member)


def test_a_merge_is_undone_with_everything_as_it_was(at: Desk) -> None:
    other = second(at)
    with at.scope():
        Ticket.objects.filter(pk=other.pk).update(status=Status.PENDING)
        merge(source=other, target=first(at), member=at.member)
        other.refresh_from_db()
        unmerge(source=other, member=at.member)
        assert (other.pk, Ticket.objects.get(pk=other.pk).status) == (other.pk, Status.PENDING)
        assert texts(first(at)) == ["Can I send my boots back?"]
        with pytest.raises(Conflict):
            unmerge(source=Ticket.objects.get(pk=other.pk), member=at.member)
    late = arrive(at.inbox, "Hello?", in_reply_to="<q2@customer.example>")
    assert late.ticket_number == other.number


def test_a_chain_of_merges_comes_apart_as_it_was_put_together(at: Desk) -> None:
    b, number = second(at), arrive(at.inbox, "third").ticket_number
    with at.scope():
        c = Ticket.objects.get(number=number)
        merge(source=c, target=b, member=at.member)
        merge(source=Ticket.objects.get(pk=b.pk), target=first(at), member=at.member)
        assert len(texts(first(at))) == 3
        unmerge(source=Ticket.objects.get(pk=b.pk), member=at.member)
        assert texts(first(at)) == ["Can I send my boots back?"]
        assert len(texts(b)) == 2


def test_unsent_texts_of_both_tickets_are_kept(at: Desk) -> None:
    other = second(at)
    with at.scope():
        tom = make_member(name="Tom")
        for member, ticket, text in (
            (at.member, at.ticket, "here"),
            (at.member, other, "there"),
            (tom, other, "mine"),
        ):
            save_composer(ticket=ticket, member=member, kind="reply", text=text)
        merge(source=other, target=first(at), member=at.member)
        mine = ComposerDraft.objects.get(author=at.member)
        assert (mine.ticket_id, mine.text, mine.set_aside) == (at.ticket.pk, "here", "there")
        assert ComposerDraft.objects.get(author=tom).ticket_id == at.ticket.pk


def two_questions(at: Desk) -> Message:
    """A second message in the same ticket, with a file."""
    arrive(
        at.inbox,
        "Another thing: an invoice, please",
        in_reply_to="<q1@customer.example>",
        message_id="<q3@x>",
    )
    with at.scope():
        message: Message = Message.objects.get(message_id="q3@x")
        make_attachment(message)
        return message


def test_a_split_takes_messages_files_and_later_answers_along(at: Desk) -> None:
    message = two_questions(at)
    with at.scope():
        new = split(ticket=at.ticket, message_ids=[message.pk], member=at.member, subject="Invoice")
        assert (new.subject, new.customer_messages, new.customer_id) == ("Invoice", 1, at.ticket.customer_id)
        assert texts(new) == ["Another thing: an invoice, please"]
        assert texts(first(at)) == ["Can I send my boots back?"]
        assert message.attachments.get().ticket_id == new.pk
        assert first(at).snippet == "Can I send my boots back?"
    assert arrive(at.inbox, "Thanks", in_reply_to="<q3@x>").ticket_number == new.number
    assert arrive(at.inbox, "Boots!", in_reply_to="<q1@customer.example>").ticket_number == at.ticket.number


def test_an_ais_text_is_the_ais_in_the_new_ticket_too(at: Desk) -> None:
    message = two_questions(at)
    with at.scope():
        new = split(ticket=at.ticket, message_ids=[message.pk], member=at.member)
    assert at.reply(DRAFT, ticket=new, seen_revision=1).ai_involvement == "verbatim"


def test_a_split_for_somebody_else(at: Desk) -> None:
    message = two_questions(at)
    with at.scope():
        new = split(
            ticket=at.ticket, message_ids=[message.pk], member=at.member, address="Bo@Customer.example"
        )
        assert str(new.customer.addresses.get().address) == "bo@customer.example"
        assert Message.objects.get(pk=message.pk).customer_id == at.ticket.customer_id, "who wrote it stays"


def test_what_we_wrote_stays_where_it_was_approved(at: Desk) -> None:
    message = two_questions(at)
    at.send(at.draft_reply(seen_revision=2))
    with at.scope():
        answer = Message.objects.get(kind=MessageKind.REPLY)
        with pytest.raises(InvalidState, match="of the customer"):
            split(ticket=at.ticket, message_ids=[message.pk, answer.pk], member=at.member)
        new = split(ticket=at.ticket, message_ids=[message.pk], member=at.member)
        with pytest.raises(DatabaseError, match="keeps its kind and its ticket"), transaction.atomic():
            Message.objects.filter(pk=answer.pk).update(ticket=new)


@pytest.mark.parametrize("which", ["none", "all", "foreign"])
def test_what_cannot_be_split(at: Desk, which: str) -> None:
    two_questions(at)
    number = arrive(at.inbox, **{"from": "bo@customer.example"}).ticket_number
    with at.scope():
        ids = {
            "none": [],
            "all": list(Message.objects.filter(ticket=at.ticket).values_list("pk", flat=True)),
            "foreign": list(Message.objects.filter(ticket__number=number).values_list("pk", flat=True)),
        }[which]
        with pytest.raises(InvalidState):
            split(ticket=at.ticket, message_ids=ids, member=at.member)
        assert Ticket.objects.count() == 2


def test_a_split_is_undone_and_its_number_leads_back(at: Desk) -> None:
    message = two_questions(at)
    with at.scope():
        new = split(ticket=at.ticket, message_ids=[message.pk], member=at.member)
        unsplit(ticket=Ticket.objects.get(pk=new.pk), member=at.member)
        assert texts(first(at)) == ["Can I send my boots back?", "Another thing: an invoice, please"]
        assert Message.objects.get(pk=message.pk).ticket_id == at.ticket.pk
        assert Ticket.objects.get(pk=new.pk).merged_into_id == at.ticket.pk
    assert arrive(at.inbox, "Thanks", in_reply_to="<q3@x>").ticket_number == at.ticket.number


def test_a_split_in_which_somebody_wrote_is_not_undone(at: Desk) -> None:
    message = two_questions(at)
    with at.scope():
        new = split(ticket=at.ticket, message_ids=[message.pk], member=at.member)
    arrive(at.inbox, "Thanks", in_reply_to="<q3@x>")
    with at.scope(), pytest.raises(Conflict, match="since"):
        unsplit(ticket=Ticket.objects.get(pk=new.pk), member=at.member)


# Several at once, each with a connection of its own


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run them at the same moment; what each returned, or the refusal it met."""
    found: list[Any] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            gate.wait(20)
            found[place] = work()
        except HelpdeskError as error:
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_arrives_while_its_ticket_is_merged_is_never_lost() -> None:
    at = desk()
    other = second(at)

    def join() -> None:
        with at.scope():
            merge(source=other, target=first(at), member=at.member)

    arriving = [
        lambda n=n: arrive(at.inbox, f"late {n}", in_reply_to="<q2@customer.example>").outcome
        for n in range(4)
    ]
    found = at_once(join, *arriving)
    assert found[1:] == ["appended"] * 4
    with at.scope():
        assert {one for one in texts(first(at)) if one.startswith("late")} == {f"late {n}" for n in range(4)}
        inbound = messages_of(first(at)).filter(kind=MessageKind.INBOUND).count()
        assert first(at).customer_messages == inbound == 6


@pytest.mark.django_db(transaction=True)
def test_two_merge_each_into_the_other() -> None:
    at = desk()
    other = second(at)

    def join(source: int, target: int) -> None:
        with at.scope():
            rows = {one.pk: one for one in Ticket.objects.select_related("customer", "inbox")}
            merge(source=rows[source], target=rows[target], member=at.member)

    found = at_once(lambda: join(other.pk, at.ticket.pk), lambda: join(at.ticket.pk, other.pk))
    assert sorted(isinstance(one, Conflict) for one in found) == [False, True]
    with at.scope():
        assert Ticket.objects.filter(status=Status.MERGED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_one_answer() -> None:
    at = desk()
    with at.scope():
        tom = make_member(name="Tom")
        newest = Message.objects.get().pk
    found = at_once(
        lambda: at.reply("From Nora", seen_message_id=newest),
        lambda: at.reply("From Tom", member=tom, seen_message_id=newest),
    )
    assert sorted(isinstance(one, Conflict) for one in found) == [False, True]
    with at.scope():
        assert Message.objects.filter(kind=MessageKind.REPLY).count() == 1
        assert ComposerDraft.objects.count() == 1, "the one who came second keeps the text"


@pytest.mark.django_db(transaction=True)
def test_a_split_and_an_answer_at_once() -> None:
    at = desk()
    message = two_questions(at)

    def take_out() -> Ticket:
        with at.scope():
            return split(ticket=first(at), message_ids=[message.pk], member=at.member)

    found = at_once(take_out, lambda: at.draft_reply(seen_revision=2))
    with at.scope():
        reply = Message.objects.filter(kind=MessageKind.REPLY).first()
        assert reply is not None
        parted = Ticket.objects.filter(split_from=at.ticket).exists()
        assert parted != isinstance(found[0], Conflict)
    assert at.send(reply) == "sent"
    with at.scope():
        assert ledger.verify().ok
