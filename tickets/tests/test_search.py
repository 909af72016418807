"""Search: finds by words, number, address, name; never across organizations or outside the scope; by its index."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from helpdesk.people.tests.factories import make_customer, make_organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import MessageCode
from tickets.selectors.search import search
from tickets.tests.factories import make_inbound, make_inbox, make_reply, make_ticket

pytestmark = pytest.mark.django_db


def _rows(sql: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def test_words_are_found_in_messages_and_subjects_whatever_their_case() -> None:
    with organization_scope(make_organization().id):
        first = make_inbound(text="My Parcel never arrived", subject="Delivery")
        second = make_inbound(text="Something else")
        reply = make_reply(second.ticket, text="The parcel left on Monday")
        assert set(search("parcel", None).ids) == {first.ticket_id, reply.ticket_id}
        assert search("PARCEL arrived", None).ids == [first.ticket_id]
        assert search("delivery", None).ids == [first.ticket_id]
        assert search("parcel -monday", None).ids == [first.ticket_id]
        assert search("nothing like it", None).ids == []
        assert search("", None).ids == []


def test_a_number_an_address_and_a_name_find_the_ticket() -> None:
    with organization_scope(make_organization().id):
        customer = make_customer("marta@example.org", name="Marta Oliveira")
        ticket = make_ticket(customer=customer)
        make_ticket()
        for query in (f"#{ticket.number}", str(ticket.number), "Marta@example.org", "marta", "MARTA OLI"):
            assert search(query, None).ids == [ticket.pk], query
        for query in ("arta", "marta@example.com", "#99999", "%", "_arta"):
            assert search(query, None).ids == [], query


@pytest.mark.parametrize(
    "query", ["'", '"', "a & | !", "((", "\\", "a:*", "'; DROP TABLE x; --", "x" * 5000, "\x00"]
)
def test_odd_text_is_only_text(query: str) -> None:
    with organization_scope(make_organization().id):
        make_inbound()
        assert search(query.replace("\x00", ""), None).ids == []


def test_only_the_given_inboxes_are_searched_before_the_limit() -> None:
    with organization_scope(make_organization().id):
        mine, other = make_inbox(), make_inbox()
        wanted = make_inbound(make_ticket(inbox=mine), text="needle")
        for _ in range(3):
            make_inbound(make_ticket(inbox=other), text="needle")
        found = _rows("SELECT ticket_id FROM tickets_search('needle', %s, 1)", [mine.pk])
        assert found == [(wanted.ticket_id,)]
        assert _rows("SELECT ticket_id FROM tickets_search('needle', %s, 1)", []) == []


def test_another_organizations_messages_are_never_found() -> None:
    ours, theirs = make_organization(), make_organization()
    with organization_scope(theirs.id):
        make_inbound(
            text="secret plan", ticket=make_ticket(customer=make_customer("boss@rival.example", name="Boss"))
        )
    with organization_scope(ours.id):
        for query in ("secret plan", "#1", "boss@rival.example", "boss"):
            assert search(query, None).ids == []
        assert _rows("SELECT * FROM tickets_search('secret', NULL, 1000000)") == []


def test_without_a_scope_the_function_refuses() -> None:
    with organization_scope(make_organization().id):
        make_inbound(text="needle")
    with pytest.raises(DatabaseError, match="needs an organization"), transaction.atomic():
        _rows("SELECT * FROM tickets_search('needle', NULL, 10)")


def test_only_the_app_may_call_it_and_nobody_can_become_its_owner() -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        _rows("SET ROLE helpdesk_search")
    grants = _rows("SELECT proacl::text, proconfig FROM pg_proc WHERE proname = 'tickets_search'")
    ((acl, config),) = grants
    assert acl == "{helpdesk_search=X/helpdesk_search,helpdesk_app=X/helpdesk_search}"
    assert "search_path=pg_catalog, pg_temp" in config
    with organization_scope(make_organization().id), pytest.raises(DatabaseError), transaction.atomic():
        _rows("ALTER FUNCTION tickets_search(text, bigint[], integer) SET search_path = public")


def test_a_table_of_the_callers_own_making_cannot_take_the_place_of_messages() -> None:
    with organization_scope(make_organization().id):
        message = make_inbound(text="needle")
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "CREATE TEMP TABLE tickets_ticket (id bigint, organization_id uuid, inbox_id bigint)"
                )
            assert _rows("SELECT ticket_id FROM tickets_search('needle', NULL, 9)") == [(message.ticket_id,)]
            transaction.set_rollback(True)


def test_the_owner_reads_no_other_organization_through_its_role(owner_url: str) -> None:
    with psycopg.connect(owner_url) as owner:
        owner.execute("SET ROLE helpdesk_search")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("SELECT text FROM tickets_message")


def test_an_erased_message_is_no_longer_found() -> None:
    with organization_scope(make_organization().id):
        message = make_inbound(text="needle", subject="")
        type(message).objects.filter(pk=message.pk).update(
            text="", subject="", html="", recipients_to="", recipients_cc="", content_salt=""
        )
        assert search("needle", None).ids == []


@pytest.fixture
def many_messages() -> Any:
    """20,000 messages of 2,000 tickets; "common" in half of them, "some" in 250, "rare" in one old one."""
    organization = make_organization()
    with organization_scope(organization.id):
        inbox, customer = make_inbox(), make_customer()
        _seed(inbox.pk, customer.pk)
        yield organization


def _seed(inbox: int, customer: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_ticket (number, inbox_id, customer_id, subject, status, priority, channel, snippet,"
            " language, topic, human_only, customer_messages, is_unread, created_at, updated_at)"
            " SELECT n, %s, %s, 'Order ' || n, 'open', 2, 'mail', '', '', '', false, 1, false, now(), now()"
            " FROM generate_series(1, 2000) n",
            [inbox, customer],
        )
        cursor.execute(
            "INSERT INTO tickets_message (ticket_id, kind, state, subject, text, quoted, html, recipients_to,"
            " recipients_cc, message_id, in_reply_to, language, ai_involvement, content_salt, disclosure, held_reason,"
            " remote_images, created_at, status_after, attempts)"
            " SELECT t.id, 'inbound', 'done', '', CASE WHEN mod(n, 2) = 0 THEN 'common ' ELSE '' END || 'word' || n"
            " || CASE WHEN t.number = 7 AND n = 1 THEN ' rare' ELSE '' END"
            " || CASE WHEN mod(t.number * 7 + n * 13, 80) = 0 THEN ' some' ELSE '' END, '', '', '', '', '', '', 'en', 'none', 's',"
            " '', '', 0, now(), '', 0 FROM tickets_ticket t, generate_series(1, 10) n ORDER BY n, t.id"
        )


def test_rare_absent_and_common_words_among_many(many_messages: Any) -> None:
    ((ticket,),) = _rows("SELECT id FROM tickets_ticket WHERE number = 7")
    assert search("rare", None).ids == [ticket]
    assert search("absent", None).ids == []
    found = search("common", None)
    assert len(found.ids) == 100
    assert found.truncated


def test_a_word_of_some_messages_is_found_newest_first_without_reading_them_all(many_messages: Any) -> None:
    newest = _rows(
        "SELECT ticket_id FROM tickets_message WHERE text LIKE '%%some%%' GROUP BY ticket_id"
        " ORDER BY max(id) DESC LIMIT 100"
    )
    found = search("some", None)
    assert found.ids == [ticket for (ticket,) in newest]
    assert found.truncated
    ((whole,),) = _rows("SELECT bool_or(looked_at_all) FROM tickets_search('some', NULL, 100)")
    assert whole is False, "not the index, which has every message with the word"


def test_the_function_can_use_the_index_of_words_where_the_app_cannot(owner_url: str) -> None:
    sql = "EXPLAIN SELECT ticket_id FROM tickets_message WHERE tsv @@ 'a'::tsquery"
    with psycopg.connect(owner_url) as owner:
        owner.execute("SET LOCAL ROLE helpdesk_search")
        owner.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(line for (line,) in owner.execute(sql).fetchall())
    assert "Bitmap Index Scan on message_words" in plan
    with transaction.atomic():
        _explain("SET LOCAL enable_seqscan = off")
        assert "Index Cond: (tsv" not in _explain(sql), "a barrier: with it, every message would be read"


def _explain(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return "\n".join(line for (line,) in cursor.fetchall()) if cursor.description else ""


@pytest.mark.parametrize(
    "query", ["ABC-12345", "abc-12345", "abc12345", "ABC 12345", "#abc-12345", "  abc_12345 ", "ABC/12345"]
)
def test_an_order_number_is_found_however_it_is_written(query: str) -> None:
    with organization_scope(make_organization().id):
        wanted = make_inbound(text="Where is my order ABC-12345? Thanks", subject="")
        make_inbound(text="Mine is ABC-123456 and XABC-12345, from ABC-99999")
        found = search(query, None)
        assert found.ids[0] == wanted.ticket_id
        assert found.why[wanted.ticket_id] == "code"
        assert [pk for pk in found.ids if found.why[pk] == "code"] == [wanted.ticket_id], "whole codes only"


def test_codes_are_numbers_words_with_numbers_and_in_subjects_but_no_prices() -> None:
    with organization_scope(make_organization().id):
        plain = make_inbound(text="order #4711 please")
        spaced = make_inbound(text="Rechnung RE 20240815 ist da", subject="")
        subject = make_inbound(text="hello", subject="Order 2026/0815-A")
        make_inbound(text="It cost 47.11 and came at 04:71")
        for query, wanted in (
            ("#4711", plain),
            ("re20240815", spaced),
            ("20260815a", subject),
            ("20240815", spaced),
        ):
            found = search(query, None)
            assert [pk for pk in found.ids if found.why[pk] == "code"] == [wanted.ticket_id], query


def test_a_code_goes_with_its_words_and_is_never_found_elsewhere() -> None:
    ours, theirs = make_organization(), make_organization()
    with organization_scope(ours.id):
        message = make_inbound(text="ABC-12345", subject="")
        message.ticket.customer.erased_at = timezone.now()
        message.ticket.customer.save()
        message.text = message.content_salt = ""
        message.save(update_fields=["text", "content_salt"])
        assert not MessageCode.objects.exists()
        make_inbound(text="ZZZ-777", subject="")
    with organization_scope(theirs.id):
        assert search("ZZZ-777", None).ids == []


def test_what_found_a_ticket_is_told() -> None:
    with organization_scope(make_organization().id):
        ticket = make_ticket(customer=make_customer("ana@example.org", name="Ana Costa"))
        make_inbound(ticket, text="the parcel")
        for query, why in (
            (f"#{ticket.number}", "number"),
            ("ana@example.org", "address"),
            ("ana c", "name"),
            ("parcel", "words"),
        ):
            assert search(query, None).why == {ticket.pk: why}
