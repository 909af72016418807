"""Tickets in bulk: what three years of a busy business leave behind, by COPY and without a trigger per row.

The rows are those that the product's services would have written, counters and ledger included; `check` asks the
product itself, as the app role, whether they hold.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench.base import Base
from bench.loading import Connection, Table, escaped, set_sequences, without_indexes
from bench.words import RARE, Writer
from governance.core import ledger_hash

PORTION = 10_000
YEARS = 3
START_ROWS = {
    "people_customer": "id organization_id name language reference created_at acknowledged_at",
    "people_customeraddress": "id organization_id customer_id address created_at",
    "tickets_ticket": "id organization_id number inbox_id customer_id subject status priority assignee_id channel"
    " snippet language customer_messages is_unread created_at updated_at first_reply_at solved_at",
    "tickets_rawmail": "id organization_id inbox_id content_key source size received_at outcome ticket_id",
    "tickets_message": "id organization_id ticket_id kind state author_id customer_id raw_mail_id subject text html"
    " recipients_to message_id content_salt sent_at created_at ai_involvement",
    "tickets_messagereference": "id organization_id ticket_id value",
    "tickets_messageoutcome": "id organization_id message_id result created_at",
    "tickets_ticketevent": "id organization_id ticket_id kind actor_id data created_at",
    "tickets_tickettag": "id organization_id ticket_id tag_id",
    "governance_outcomefact": "id organization_id subject_id event value groups created_at",
    "governance_aidecision": "id organization_id kind action purpose subject_kind subject_id customer_id"
    " policy_id allowed reasons created_at",
    "governance_ledgerentry": "id organization_id seq created_at event actor object_ref policy_version commitment"
    " prev hash",
    "governance_ledgersalt": "id organization_id seq salt customer_id",
}


@dataclass
class Seeder:
    """Fills organizations one after another; ids go on across them."""

    connection: Connection
    chance: random.Random = field(default_factory=lambda: random.Random(20260611))
    tables: dict[str, Table] = field(default_factory=dict)
    next_id: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.writer = Writer(self.chance)
        self.now = datetime.now(UTC).replace(microsecond=0)

    def begin(self) -> list[str]:
        """Prepare the tables; returns the indexes to make again at the end."""
        # No trigger and no key is checked row by row: these rows are right, and a million would take an hour.
        self.connection.execute("SET session_replication_role = replica")
        self.connection.execute("SET maintenance_work_mem = '1GB'")
        for name, columns in START_ROWS.items():
            self.tables[name] = Table(self.connection, name, columns)
            found = self.connection.execute(f"SELECT COALESCE(max(id), 0) FROM {name}".encode()).fetchone()
            self.next_id[name] = int(found[0] if found else 0)
        return without_indexes(self.connection, START_ROWS)

    def end(self, indexes: list[str]) -> None:
        """Indexes, sequences, and row-by-row checks again."""
        for statement in indexes:
            self.connection.execute(statement.encode())
        set_sequences(self.connection, START_ROWS)
        self.connection.execute("SET session_replication_role = origin")

    def add(self, table: str, *values: object) -> int:
        """One row with the next id."""
        self.next_id[table] += 1
        self.tables[table].add(self.next_id[table], *values)
        return self.next_id[table]

    def flush(self) -> None:
        """Send what was collected."""
        for table in self.tables.values():
            table.flush()

    def organization(self, base: Base, tickets: int) -> None:
        """This many tickets, a quarter as many customers, half as many decisions, as many ledger entries."""
        first = self.next_id["people_customer"] + 1
        customers = max(tickets // 4, 10)
        for number in range(customers):
            self._customer(base, number)
            if number % PORTION == 0:
                self.flush()
        self.flush()
        story = Story(self, base, range(first, first + customers), tickets)
        for number in range(1, tickets + 1):
            story.ticket(number)
            if number % PORTION == 0:
                self.flush()
                print(f"\r  {base.slug}: {number:,} tickets", end="", flush=True)
        print(f"\r  {base.slug}: {tickets:,} tickets")
        story.close()
        self.flush()

    def _customer(self, base: Base, number: int) -> None:
        at = self.now - timedelta(days=365 * YEARS)
        name = self.writer.name() if number % 10 else ""
        reference = uuid.UUID(int=self.chance.getrandbits(128), version=4)
        key = self.add("people_customer", base.organization, name, "en", reference, at, at)
        self.add(
            "people_customeraddress", base.organization, key, f"c{number}@{base.slug}-customers.example", at
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """One ticket on its way to the tables."""

    pk: int
    number: int
    customer: int
    agent: int
    inbox: int
    assignee: int | None
    subject: str
    status: str
    created: datetime


class Story:
    """The tickets of one organization, oldest first."""

    def __init__(self, seeder: Seeder, base: Base, customers: range, tickets: int) -> None:
        self.seeder, self.base, self.customers, self.tickets = seeder, base, customers, tickets
        self.organization = str(base.organization)
        self.step = timedelta(days=365 * YEARS) / tickets
        self.rare = {max(1, tickets * part // 5) for part in range(1, 6)}
        seq, digest = base.ledger
        self.head = ledger_hash.Head(organization=self.organization, seq=seq, hash=digest)
        self.spend: dict[Any, int] = {}

    def ticket(self, number: int) -> None:
        """One ticket with its messages, events, tags, facts, decisions and ledger entries."""
        seeder, chance, base = self.seeder, self.seeder.chance, self.base
        created = seeder.now - timedelta(days=365 * YEARS) + self.step * (number - 1)
        customer = chance.choice(self.customers)
        inbox, agent = chance.choices(base.inboxes, (5, 3, 2, 1))[0], chance.choice(base.agents)
        status = chance.choices(
            ("new", "open", "pending", "solved", "closed", "spam"), (0.5, 1.5, 1.0, 46, 50, 1.0)
        )[0]
        assignee = agent if chance.random() < (0.6 if status in ("new", "open") else 0.95) else None
        facts = Facts(
            pk=seeder.next_id["tickets_ticket"] + 1, number=number, customer=customer, agent=agent, inbox=inbox,
            assignee=assignee, subject=seeder.writer.subject(), status=status, created=created,
        )  # fmt: skip
        messages = list(self._messages(facts))
        updated = messages[-1]
        if status in ("solved", "closed"):
            updated = min(updated + timedelta(hours=chance.random() * 48), seeder.now)
        replied = messages[1] if len(messages) > 1 else None
        seeder.add(
            "tickets_ticket", base.organization, number, inbox, customer, facts.subject, status,
            chance.choices((1, 2, 3, 4), (1, 8, 2, 1))[0], assignee, "mail", facts.subject, "en",
            (len(messages) + 1) // 2,
            status in ("new", "open") and chance.random() < 0.4, created, updated, replied,
            updated if status in ("solved", "closed") else None,
        )  # fmt: skip
        self._around(facts, updated, replied)

    def _messages(self, facts: Facts) -> Iterator[datetime]:
        """Customer and agent in turn, three on average."""
        seeder, base, chance = self.seeder, self.base, self.seeder.chance
        pk, subject, customer, at = facts.pk, facts.subject, facts.customer, facts.created
        most = chance.choices((1, 2, 3, 4, 6, 9), (10, 35, 20, 20, 10, 5))[0]
        most = 1 if facts.status in ("new", "spam") else most
        for turn in range(most):
            extra = f"The {RARE} again." if turn == 0 and facts.number in self.rare else ""
            text = escaped(seeder.writer.text(extra))
            inbound, mail = turn % 2 == 0, f"{facts.number}.{turn}@{base.slug}.example"
            raw = None
            if inbound and turn == 0:
                source = escaped(subject).encode().hex()
                raw = seeder.add(
                    "tickets_rawmail", base.organization, facts.inbox, mail, f"\\\\x{source}", 2000, at,
                    "created", pk,
                )  # fmt: skip
            html = "" if inbound else f"<p>{text.replace(chr(92) + 'n' + chr(92) + 'n', '</p><p>')}</p>"
            salt = f"{chance.getrandbits(128):032x}"
            key = seeder.add(
                "tickets_message", base.organization, pk, "inbound" if inbound else "reply",
                "done" if inbound else "sent", None if inbound else facts.agent,
                customer if inbound else None, raw, subject, text, html,
                f"c{customer}@{base.slug}-customers.example", mail, salt, None if inbound else at, at, "none",
            )  # fmt: skip
            seeder.add("tickets_messagereference", base.organization, pk, mail)
            if inbound:
                seeder.add("tickets_messageoutcome", base.organization, key, "no_draft", at)
            yield at
            at = min(at + timedelta(hours=chance.expovariate(1 / 9)), seeder.now)

    def _around(self, facts: Facts, updated: datetime, replied: datetime | None) -> None:
        pk, status, created = facts.pk, facts.status, facts.created
        seeder, base, chance = self.seeder, self.base, self.seeder.chance
        seeder.add("tickets_ticketevent", base.organization, pk, "created", None, "{}", created)
        if status not in ("new", "open"):
            said = f'{{"from": "open", "to": "{status}"}}'
            seeder.add("tickets_ticketevent", base.organization, pk, "status", facts.assignee, said, updated)
        for tag in chance.sample(base.tags, chance.choices((0, 1, 2), (5, 3, 2))[0]):
            seeder.add("tickets_tickettag", base.organization, pk, tag)
        groups = '{"channel": "mail", "language": "en", "said_no_to_ai": false}'
        for event, at in (("opened", created), ("first_reply", replied), ("solved", updated)):
            if at is not None and (event != "solved" or status in ("solved", "closed")):
                value = (at - created).total_seconds() if event != "opened" else None
                seeder.add("governance_outcomefact", base.organization, pk, event, value, groups, at)
        self._law(pk, facts.customer, created)

    def _law(self, pk: int, customer: int, at: datetime) -> None:
        """Every second ticket had a decision with its entry; the others an entry of another kind."""
        seeder, base = self.seeder, self.base
        ref, event = f"ticket:{pk}", "request_noted"
        if pk % 2:
            decision = seeder.add(
                "governance_aidecision", base.organization, "real", "draft", "ai_assist", "ticket", pk, customer,
                base.policy, "t", "[]", at,
            )  # fmt: skip
            ref, event = f"decision:{decision}", "ai_decided"  # the row has no reasons to be held against it
        salt = seeder.chance.getrandbits(256).to_bytes(32, "big")
        entry = ledger_hash.seal(
            self.head, at=at, event=event, actor="system", object_ref=ref, policy_version="1",
            commitment=ledger_hash.commit({"n": pk}, salt),
        )  # fmt: skip
        self.head = ledger_hash.head_of(entry)
        seeder.add(
            "governance_ledgerentry", base.organization, entry.seq, at, event, "system", ref, "1", entry.commitment,
            entry.prev, entry.hash,
        )  # fmt: skip
        seeder.add("governance_ledgersalt", base.organization, entry.seq, salt.hex(), customer)

    def close(self) -> None:
        """Counter and ledger head stand where the last rows are."""
        execute, org = self.seeder.connection.execute, self.base.organization
        execute("UPDATE tickets_ticketcounter SET last = %s WHERE organization_id = %s", [self.tickets, org])
        execute(
            "UPDATE governance_ledgerhead SET seq = %s, hash = %s WHERE organization_id = %s",
            [self.head.seq, self.head.hash, org],
        )


def seed(url: str, sizes: list[tuple[Base, int]]) -> None:
    """Fill the organizations with so many tickets each. `url` is a superuser's: triggers are off meanwhile."""
    with psycopg.connect(url, autocommit=True) as connection:
        seeder = Seeder(connection)
        indexes = seeder.begin()
        for base, tickets in sizes:
            seeder.organization(base, tickets)
        print("  indexes ...", flush=True)
        seeder.end(indexes)


_ORPHANS = (
    "SELECT count(*) FROM tickets_ticket t LEFT JOIN people_customer c ON c.id = t.customer_id WHERE c.id IS NULL",
    "SELECT count(*) FROM tickets_message m LEFT JOIN tickets_ticket t ON t.id = m.ticket_id WHERE t.id IS NULL",
    "SELECT count(*) FROM tickets_ticket WHERE number IS NULL",
    "SELECT count(*) FROM tickets_message m WHERE m.kind = 'inbound'"
    " AND NOT EXISTS (SELECT FROM tickets_messageoutcome o WHERE o.message_id = m.id)",
)


def check(base: Base, tickets: int) -> None:
    """What the triggers and keys would have held, asked as the app role. Raises RuntimeError."""
    from django.db import connection

    from helpdesk.tenancy.scope import organization_scope

    with organization_scope(base.organization), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(number) FROM tickets_ticket")
        if tuple(cursor.fetchone()) != (tickets, tickets):
            raise RuntimeError("The tickets are not all there.")
        for question in _ORPHANS:
            cursor.execute(question)
            if cursor.fetchone()[0]:
                raise RuntimeError(f"The seeded rows do not hold: {question}")
