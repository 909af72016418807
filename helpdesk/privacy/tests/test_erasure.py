"""Deleted is deleted: nothing of the customer is left but the proof, and nothing of anybody else is gone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from aiassist.models import Draft
from aiassist.tests.factories import make_draft
from governance import ledger
from governance.models import Consent, DataRequest, LedgerEntry, LedgerSalt
from governance.services import consents
from governance.services.requests import close_request, fulfil_erasure, open_request
from helpdesk.errors import Conflict, InvalidState
from helpdesk.people.models import Customer, CustomerAddress, CustomerLink, Membership
from helpdesk.people.tests.factories import make_customer
from helpdesk.people.tests.support import browser_of, delivered
from helpdesk.portal.services import make_link
from helpdesk.privacy import erasure, registry
from helpdesk.privacy.erasure import erase
from helpdesk.privacy.export import export_customer
from helpdesk.privacy.registry import Category, D, Erase
from helpdesk.tenancy.tests.catalog import tenant_tables
from tickets.mail.customers import customer_for
from tickets.mail.receive import receive
from tickets.models import (
    AIText,
    Approval,
    Attachment,
    ComposerDraft,
    Message,
    MessageReference,
    RawMail,
    Ticket,
)
from tickets.services.opening import add_event
from tickets.services.replying import add_note, save_composer
from tickets.tests.at_work import Desk, desk
from tickets.tests.factories import (
    make_ai_text,
    make_attachment,
    make_inbound,
    make_raw_mail,
    make_reply,
    make_ticket,
)
from tickets.tests.mails import arrive
from tickets.tests.mails import mail as make_mail

pytestmark = pytest.mark.django_db

ADDRESS = "ana@customer.example"
#: Words that only this customer wrote, and those who answered.
TRACES = ("quillfeather", "customer.example", "boots back", "hello ana", "turquoise", "passport")

_COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'bytea', 'tsvector')
"""


@dataclass
class World:
    """One customer with everything that we can hold of a person."""

    at: Desk
    customer: Customer
    sent: Message
    waiting: Message
    files: list[str]
    asked: DataRequest

    def fulfil(self, capture: Any, member: Membership | None = None) -> dict[str, int]:
        """A person says Done, and the transaction commits."""
        with capture(execute=True), self.at.scope():
            return fulfil_erasure(request=self.asked, member=member or self.at.member)


@pytest.fixture
def world() -> World:
    at = desk()
    sent = at.draft_reply()
    at.send(sent)
    files = _files(at)
    with at.scope():
        customer = Customer.objects.get()
        Customer.objects.filter(pk=customer.pk).update(name="Ana Quillfeather")
        Ticket.objects.update(subject="Boots of Quillfeather")
        _by_colleagues(at)
        _by_machines(at)
        consents.record_choice(customer=customer, purpose="humans_only", state="granted", method="portal")
        make_link(customer)
        asked = open_request(customer=customer, kind="correct")
        close_request(request=asked, status="fulfilled", answer="Your name is Quillfeather now.")
        asked = open_request(customer=customer, kind="erase")
    waiting = at.reply("Hello Ana, it left on Monday.", seen_revision=2)
    with at.scope():
        save_composer(ticket=at.ticket, member=at.member, kind="reply", text="Hello Ana", cc=ADDRESS)
    return World(at, customer, sent, waiting, files, asked)


def _files(at: Desk) -> list[str]:
    """A mail with a file, and a file that waits in the composer."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Ana <{ADDRESS}>", "help@shop.example"
    mail["Subject"], mail["Message-ID"] = "Re: Boots", "<q2@customer.example>"
    mail["In-Reply-To"] = "<q1@customer.example>"
    mail.set_content("They are turquoise.")
    mail.add_attachment(b"turquoise", maintype="image", subtype="jpeg", filename="passport.jpg")
    assert receive(inbox=at.inbox, raw=mail.as_bytes()).outcome == "appended"
    with at.scope():
        path = default_storage.save(f"{at.organization.id}/attachments/w", ContentFile(b"waits"))
        waits = make_attachment(Message.objects.latest("pk"), name="passport 2.jpg", file=path)
        Attachment.objects.filter(pk=waits.pk).update(message=None)
        return list(Attachment.objects.values_list("file", flat=True))


def _by_colleagues(at: Desk) -> None:
    at.ticket.refresh_from_db()
    make_draft(
        Message.objects.filter(kind="inbound").earliest("pk"), text="Hello Ana", masked_request="boots back"
    )
    make_ai_text(at.ticket, "Hello Ana, turquoise again.")
    add_note(ticket=at.ticket, member=at.member, text="Quillfeather called.")


def _by_machines(at: Desk) -> None:
    add_event(at.ticket, "bounced", data={"reason": "x", "recipients": ADDRESS})
    bounce = f"From: mailer-daemon@shop.example\n\nNo such user: {ADDRESS.upper()}".encode()
    make_raw_mail(inbox=at.inbox, outcome="bounce", source=bounce)
    make_raw_mail(inbox=at.inbox, outcome="quarantined", source=f"From: {ADDRESS}\n\nturquoise".encode())


def traces() -> list[str]:
    """Where one of the words stands: every text column of every tenant table, in the organization in force."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        columns = [row for row in cursor.fetchall() if row[0] in tenant_tables()]
        return [
            f"{table}.{column}: {word}"
            for table, column, kind in columns
            for word in _words_in(table, column, kind)
        ]


def _words_in(table: str, column: str, kind: str) -> list[str]:
    text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(string_agg(lower({text}), ' '), '') FROM \"{table}\"")
        found = cursor.fetchone()[0]
    return [word for word in TRACES if word in found]


# Nothing is left


def test_the_scan_would_find_every_trace(world: World) -> None:
    """A scan that finds nothing before would prove nothing after."""
    with world.at.scope():
        found = traces()
    assert {word for line in found for word in TRACES if line.endswith(word)} == set(TRACES)
    tables = {line.split(".")[0] for line in found}
    assert {
        "aiassist_draft",
        "governance_datarequest",
        "people_customer",
        "people_customeraddress",
        "tickets_aitext",
        "tickets_attachment",
        "tickets_composerdraft",
        "tickets_message",
        "tickets_messagereference",
        "tickets_rawmail",
        "tickets_ticket",
        "tickets_ticketevent",
    } <= tables


def test_not_one_word_is_left_in_any_table(world: World, django_capture_on_commit_callbacks: Any) -> None:
    world.fulfil(django_capture_on_commit_callbacks)
    with world.at.scope():
        assert traces() == []
        for model in (
            AIText,
            Attachment,
            ComposerDraft,
            CustomerAddress,
            CustomerLink,
            Draft,
            MessageReference,
            RawMail,
        ):
            assert not model.objects.exists(), model
        assert not LedgerSalt.objects.filter(customer=world.customer).exists()


def test_the_files_are_gone_once_it_is_committed(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    assert len(world.files) == 2
    with django_capture_on_commit_callbacks() as hooks, world.at.scope():
        fulfil_erasure(request=world.asked, member=world.at.member)
        assert all(default_storage.exists(path) for path in world.files), "a rollback must find them"
    for hook in hooks:
        hook()
    assert not any(default_storage.exists(path) for path in world.files)


def test_a_file_that_another_row_names_stays(world: World, django_capture_on_commit_callbacks: Any) -> None:
    with world.at.scope():
        make_attachment(make_inbound(make_ticket(customer=make_customer())), file=world.files[0])
    world.fulfil(django_capture_on_commit_callbacks)
    assert [default_storage.exists(path) for path in world.files] == [True, False]


def test_every_table_of_which_something_goes_is_reached() -> None:
    """A table that nothing ties to a customer would keep what it is said to lose."""
    lost = [
        model._meta.label
        for model, path, _fields in erasure.tables()
        if not path and model._meta.label_lower not in erasure._reached
    ]
    assert lost == []


def test_every_field_to_be_emptied_has_an_empty_value(monkeypatch: pytest.MonkeyPatch) -> None:
    for model, _path, fields in erasure.tables():
        if not erasure.deletes(fields):
            assert erasure.emptied(model, fields), model
    known = registry._declared["people.customer"]
    wrong = {**known, "created_at": D(Category.BEHAVIOUR, erase=Erase.BLANK)}
    monkeypatch.setitem(registry._declared, "people.customer", wrong)
    with pytest.raises(TypeError, match="created_at"):
        erasure.emptied(Customer, registry.declared_models()[Customer])


# The proof stays


def test_the_record_holds_and_says_what_was_done(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    counts = world.fulfil(django_capture_on_commit_callbacks)
    with world.at.scope():
        assert ledger.verify().ok
        events = LedgerEntry.objects.filter(object_ref=f"request:{world.asked.pk}")
        said = dict(events.values_list("event", "actor"))
        member = f"membership:{world.at.member.pk}"
        assert said["data_deleted"] == said["request_fulfilled"] == member
        assert LedgerSalt.objects.filter(seq__in=events.filter(actor=member).values("seq")).count() == 2
        answered = DataRequest.objects.get(pk=world.asked.pk)
        assert (answered.status, answered.closed_by) == ("fulfilled", world.at.member)
        assert f"messages: {counts['tickets.message']}" in answered.answer
        assert "ledger" not in answered.answer
        assert Consent.objects.filter(customer=world.customer).count() == 1


def test_a_sent_reply_stays_as_an_empty_record_with_its_approval(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    world.fulfil(django_capture_on_commit_callbacks)
    with world.at.scope():
        sent = Message.objects.get(pk=world.sent.pk)
        assert (sent.state, sent.ai_involvement, sent.author) == ("sent", "verbatim", world.at.member)
        assert (sent.text, sent.html, sent.recipients_to, sent.content_salt) == ("", "", "", "")
        assert Approval.objects.get(message=sent).revoked_at is None
        ticket = Ticket.objects.get(pk=world.at.ticket.pk)
        assert (ticket.status, ticket.number, ticket.subject, ticket.snippet) == ("closed", 1, "", "")
        assert str(ticket.customer.reference) == str(world.customer.reference)


# Afterwards


def test_a_queued_reply_does_not_leave(world: World, django_capture_on_commit_callbacks: Any) -> None:
    outbox.outbox.clear()
    world.fulfil(django_capture_on_commit_callbacks)
    world.at.send(world.waiting)
    assert world.at.state(world.waiting) == "cancelled"
    assert outbox.outbox == []


def test_while_an_answer_is_leaving_nothing_is_deleted(world: World) -> None:
    with world.at.scope():
        Message.objects.filter(pk=world.waiting.pk).update(state="sending")
    with world.at.scope(), pytest.raises(Conflict, match="leaving right now"):
        fulfil_erasure(request=world.asked, member=world.at.member)
    with world.at.scope():
        assert DataRequest.objects.get(pk=world.asked.pk).status == "open"
        assert Customer.objects.get(pk=world.customer.pk).erased_at is None
        assert CustomerAddress.objects.filter(address=ADDRESS).exists()


def test_the_old_address_is_unknown_at_the_door(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    world.fulfil(django_capture_on_commit_callbacks)
    outbox.outbox.clear()
    browser = browser_of(world.at.organization)
    with delivered():
        old = browser.post("/portal/sign-in/", {"email": ADDRESS})
        unknown = browser.post("/portal/sign-in/", {"email": "nobody@example.com"})
    assert old.status_code == unknown.status_code == 200
    assert ADDRESS not in old.content.decode()
    assert len(old.content) == len(unknown.content)
    assert outbox.outbox == []


def test_a_new_mail_makes_a_new_customer(world: World, django_capture_on_commit_callbacks: Any) -> None:
    token = outbox.outbox[0].extra_headers.get("Reply-To") or outbox.outbox[0].reply_to[0]
    world.fulfil(django_capture_on_commit_callbacks)
    # It answers what we sent, to the address that joins the old ticket by itself.
    received = arrive(world.at.inbox, "Me again", in_reply_to="<q1@customer.example>", to=token)
    assert (received.outcome, received.ticket_number) == ("created", 2)
    with world.at.scope():
        new = Ticket.objects.get(number=2).customer
        assert (new.pk != world.customer.pk, new.erased_at) == (True, None)
        assert new.reference != world.customer.reference
        assert not Ticket.objects.get(number=2).events.filter(kind="follows").exists()


def test_twice_is_harmless(world: World, django_capture_on_commit_callbacks: Any) -> None:
    first = world.fulfil(django_capture_on_commit_callbacks)
    assert first
    with world.at.scope():
        before = DataRequest.objects.get(pk=world.asked.pk)
        assert erase(world.customer) == {}
        assert fulfil_erasure(request=world.asked, member=world.at.member) == {}
        assert DataRequest.objects.get(pk=world.asked.pk).answer == before.answer != ""
        assert world.customer.erased_at == Customer.objects.get(pk=world.customer.pk).erased_at
    with world.at.scope():
        assert LedgerEntry.objects.filter(event="data_deleted").count() == 1
        assert ledger.verify().ok


def test_done_is_never_said_without_it(world: World) -> None:
    with world.at.scope():
        with pytest.raises(InvalidState):
            close_request(request=world.asked, status="fulfilled", answer="Deleted.", member=world.at.member)
        other = open_request(customer=world.customer, kind="access")
        with pytest.raises(InvalidState):
            fulfil_erasure(request=other, member=world.at.member)
        assert CustomerAddress.objects.filter(address=ADDRESS).exists()
        close_request(request=world.asked, status="denied", answer="We may keep it.", member=world.at.member)
        assert CustomerAddress.objects.filter(address=ADDRESS).exists()


# Everybody else


def _picture(table_rows: dict[str, Any]) -> str:
    return repr(sorted(table_rows.items()))


def test_another_customer_keeps_every_word(world: World, django_capture_on_commit_callbacks: Any) -> None:
    with world.at.scope():
        bob = make_customer("bob@example.com", name="Bob")
        ticket = make_ticket(customer=bob, subject="Blue shoes", snippet="Where are they?")
        make_inbound(ticket, text="Where are they?", raw_mail=make_raw_mail(ticket=ticket))
        make_attachment(make_inbound(ticket), name="photo.jpg")
        make_ai_text(ticket, "Hello Bob")
        # Kept aside, names Ana, and is Bob's.
        kept = make_raw_mail(outcome="quarantined", source=f"From: bob@example.com\n\nCc {ADDRESS}".encode())
        before = _picture(export_customer(bob)["data"])
    world.fulfil(django_capture_on_commit_callbacks)
    with world.at.scope():
        assert _picture(export_customer(bob)["data"]) == before
        assert AIText.objects.filter(ticket=ticket).count() == 1
        assert Ticket.objects.get(pk=ticket.pk).status == "new"
        assert RawMail.objects.filter(pk=kept.pk).exists()


def test_what_the_customer_said_in_anothers_ticket_goes_and_no_more(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    with world.at.scope():
        ticket = make_ticket(
            customer=make_customer("bob@example.com"), subject="Blue shoes", snippet="turquoise"
        )
        bobs = make_inbound(ticket, text="Where are they?")
        source = make_raw_mail(ticket=ticket, source=b"From: ana\n\nturquoise")
        anas = make_inbound(ticket, text="turquoise", customer=world.customer, raw_mail=source)
        make_attachment(anas, name="passport 3.jpg")
        make_draft(anas, text="turquoise")
    world.fulfil(django_capture_on_commit_callbacks)
    with world.at.scope():
        assert traces() == []
        assert Message.objects.get(pk=bobs.pk).text == "Where are they?"
        kept = Ticket.objects.get(pk=ticket.pk)
        assert (kept.subject, kept.status, kept.snippet) == ("Blue shoes", "new", "")


def test_as_a_reader_of_anothers_mail_the_customer_is_forgotten(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    copies = f"carl@example.com\n{ADDRESS}"
    with world.at.scope():
        ticket = make_ticket(customer=make_customer("bob@example.com"), subject="Blue shoes")
        source = make_raw_mail(ticket=ticket, source=f"From: bob\nCc: {ADDRESS}\n\nWhere?".encode())
        asked = make_inbound(ticket, text="Where?", recipients_cc=copies.title(), raw_mail=source)
        sent = make_reply(ticket, recipients_cc=copies, recipients_bcc=ADDRESS)
        for state in ("queued", "sending", "sent"):
            Message.objects.filter(pk=sent.pk).update(state=state)
        waits = make_reply(ticket, recipients_to=copies)
        Message.objects.filter(pk=waits.pk).update(state="queued")
        unsent = ComposerDraft.objects.create(
            ticket=ticket, author=world.at.member, cc=f"carl@example.com, {ADDRESS}"
        )
        add_event(ticket, "bounced", data={"reason": "x", "recipients": ADDRESS})
    world.fulfil(django_capture_on_commit_callbacks)
    with world.at.scope():
        assert traces() == []
        for message in (asked, sent, waits):
            message.refresh_from_db()
        assert (asked.text, asked.recipients_cc.lower()) == ("Where?", "carl@example.com")
        assert (sent.state, sent.recipients_cc, sent.recipients_bcc) == ("sent", "carl@example.com", "")
        assert (waits.state, waits.recipients_to) == ("queued", "carl@example.com")
        unsent.refresh_from_db()
        assert unsent.cc == "carl@example.com"


@pytest.mark.parametrize("after", ["", "dora@example.com", f"{ADDRESS}\ncarl@example.com"])
def test_no_other_reader_can_be_taken_out_of_a_message_that_left(world: World, after: str) -> None:
    """The guard lets go of an erased customer's address and of nothing else."""
    with world.at.scope():
        ticket = make_ticket(customer=make_customer("bob@example.com"))
        sent = make_reply(ticket, state="queued", recipients_cc=f"carl@example.com\n{ADDRESS}")
        for value in (after, "carl@example.com"):  # nobody is erased yet: not even this one
            with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
                Message.objects.filter(pk=sent.pk).update(recipients_cc=value)
        Customer.objects.filter(pk=world.customer.pk).update(erased_at=timezone.now())
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            Message.objects.filter(pk=sent.pk).update(recipients_cc=after)
        assert Message.objects.filter(pk=sent.pk).update(recipients_cc="carl@example.com") == 1


def test_the_same_person_at_another_organization_keeps_every_word(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    elsewhere = desk()
    with elsewhere.scope():
        twin = Customer.objects.get()
        before = _picture(export_customer(twin)["data"])
    world.fulfil(django_capture_on_commit_callbacks)
    with elsewhere.scope():
        assert _picture(export_customer(twin)["data"]) == before
        assert AIText.objects.exists()
        assert Customer.objects.get().erased_at is None
        with pytest.raises(Customer.DoesNotExist):
            erase(world.customer)


def test_a_mail_that_is_not_filed_yet_is_filed_as_a_new_customers(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    raw = make_mail("Wait, turquoise!", message_id="<q9@customer.example>")
    with world.at.scope():
        make_raw_mail(inbox=world.at.inbox, source=raw, content_key="<q9@customer.example>")
    world.fulfil(django_capture_on_commit_callbacks)
    assert receive(inbox=world.at.inbox, raw=raw).outcome == "created"
    with world.at.scope():
        assert Ticket.objects.latest("pk").customer_id != world.customer.pk


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_is_being_filed_is_waited_for() -> None:
    at = desk()
    filing, go_on = threading.Event(), threading.Event()

    def file() -> None:
        with at.scope():
            customer = customer_for(address=ADDRESS)
            filing.set()
            assert go_on.wait(20)
            make_inbound(make_ticket(customer=customer, subject="Quillfeather"), text="turquoise")
        connection.close()

    def delete() -> None:
        assert filing.wait(20)
        with at.scope():
            erase(Customer.objects.get())
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        filed, deleted = pool.submit(file), pool.submit(delete)
        assert filing.wait(20)
        with pytest.raises(TimeoutError):
            deleted.result(timeout=0.7)
        go_on.set()
        filed.result(20)
        deleted.result(20)
    with at.scope():
        assert traces() == []
        assert Ticket.objects.count() == 2
