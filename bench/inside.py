"""The rows that are no pages: mail intake, the AI's work around the service's call, the ledger."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, Self

from bench.base import Base, make
from bench.cpu import Meter
from bench.stack import Stack
from bench.words import Writer

MAILS = 300
DRAFTS = 25
PASSAGES = 10_000
APPENDS = 500
BATCH = 50
Row = dict[str, Any]


class Clock:
    """CPU of this process and of the database, and wall time, over a block."""

    def __init__(self, stack: Stack) -> None:
        self._meter = Meter({"database": stack.postgres_pid})
        self.python = self.database = self.wall = 0.0

    def __enter__(self) -> Self:
        self._meter.start()
        self._begun = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_error: object) -> None:
        self.python = time.process_time() - self._begun[0]
        self.wall = time.perf_counter() - self._begun[1]
        self.database = self._meter.stop()["database"]


def rows(stack: Stack, arguments: argparse.Namespace) -> list[Row]:
    """Those whose name contains the word asked for."""
    import helpdesk.celery  # noqa: F401 - so that what is announced on commit finds the broker, as in workers

    base = make("bench")
    wanted: dict[str, Callable[[Stack, Base], Row]] = {
        "mail intake": mail_intake,
        "AI draft": ai_draft,
        "ledger append": ledger_append,
        "ledger verify": ledger_verify,
    }
    found = []
    for name, measure in wanted.items():
        if arguments.only in name:
            found.append({"name": name, **measure(stack, base)})
            print(f"  {name}: {found[-1]}", flush=True)
    return found


# Mail


def _mails(base: Base, count: int) -> Iterator[bytes]:
    """Half new requests, half answers to tickets that are there, each from its own customer."""
    chance = random.Random(time.time_ns())
    writer = Writer(chance, 500)
    known = _known(base, chance, count // 2)
    for number in range(count):
        mail = EmailMessage()
        sender = f"new{chance.getrandbits(60)}@example.com"
        if number % 2:
            reference, sender = known[number // 2]
            mail["In-Reply-To"] = mail["References"] = f"<{reference}>"
        mail["From"] = f"{writer.name()} <{sender}>"
        mail["To"] = f"orders@{base.slug}.example"
        mail["Subject"] = writer.subject()
        mail["Date"] = datetime.now(UTC)
        mail["Message-ID"] = f"<{chance.getrandbits(90):x}@mail.example>"
        text = writer.text()
        mail.set_content(text)
        mail.add_alternative(
            f"<html><body><p>{text}</p><p>--<br>Sent from a phone</p></body></html>", subtype="html"
        )
        yield mail.as_bytes()


def _known(base: Base, chance: random.Random, count: int) -> list[tuple[str, str]]:
    """First Message-ID and customer's address of some tickets."""
    from helpdesk.people.models import CustomerAddress
    from helpdesk.tenancy.scope import organization_scope
    from tickets.models import MessageReference, Ticket

    with organization_scope(base.organization):
        newest = Ticket.objects.order_by("-number").values_list("number", flat=True)[0]
        every_tenth = range(10, newest // 2, 10)
        numbers = chance.sample(every_tenth, min(count * 3, len(every_tenth)))
        alive = Ticket.objects.filter(number__in=numbers).exclude(status__in=("closed", "spam"))
        found = alive.values_list("pk", "customer_id")[:count]
        return [
            (
                MessageReference.objects.filter(ticket_id=pk).order_by("pk")[0].value,
                CustomerAddress.objects.filter(customer_id=customer)[0].address,
            )
            for pk, customer in found
        ]


def mail_intake(stack: Stack, base: Base) -> Row:
    """`tickets.mail.receive`, one mail after another in one process."""
    from collections import Counter

    from helpdesk.tenancy.scope import organization_scope
    from tickets.mail.receive import receive
    from tickets.models import Inbox

    with organization_scope(base.organization):
        inbox = Inbox.objects.get(pk=base.inboxes[0])
    for raw in list(_mails(base, 20)):
        receive(inbox=inbox, raw=raw)
    mails = list(_mails(base, MAILS))
    with Clock(stack) as clock:
        outcomes = Counter(receive(inbox=inbox, raw=raw).outcome for raw in mails)
    return {
        "mails": MAILS,
        "outcomes": dict(outcomes),
        "mails_per_second": MAILS / clock.wall,
        "mails_per_cpu_second": MAILS / (clock.python + clock.database),
        "python_ms": clock.python / MAILS * 1000,
        "database_ms": clock.database / MAILS * 1000,
        "cpu_ms": (clock.python + clock.database) / MAILS * 1000,
    }


# AI

_ARTICLES = (
    ("Returns and refunds", "You can return any item within 30 days of delivery. Returns are free of charge. We refund"
     " you within 5 working days after the parcel has arrived."),
    ("Delivery times", "Delivery within the country takes 2 to 3 working days. Abroad it takes 5 to 8 working days. You"
     " get a tracking link by mail when the parcel leaves."),
    ("Washing wool", "Wash wool by hand in cold water. Never tumble dry a jumper of wool. Lay it flat to dry."),
)  # fmt: skip
_QUESTION = (
    "Hello,\n\nthis is Marta Oliveira, my number is +351 912 345 678 and my address is {address}. I bought a jacket"
    " two weeks ago and it does not fit. How long do I have to return an item, and is the return free of charge?"
    "\n\nKind regards\nMarta Oliveira"
)


def _knowledge(base: Base) -> None:
    """Three articles that answer, among ten thousand passages that do not."""
    import numpy as np
    from django.utils import timezone

    from aiassist.models import Passage
    from aiassist.services import indexing
    from helpdesk.tenancy.scope import organization_scope
    from tickets.models import Article, ArticleStatus

    with organization_scope(base.organization):
        if Passage.objects.count() >= PASSAGES:
            return
        now = timezone.now()
        published = {"status": ArticleStatus.PUBLISHED, "published_at": now}
        for number, (title, body) in enumerate(_ARTICLES):
            Article.objects.create(title=title, slug=f"real-{number}", body=body, **published)
    indexing.index_organization(base.organization)
    writer, numbers = Writer(random.Random(3), 3_000), np.random.default_rng(3)
    with organization_scope(base.organization):
        for number in range(PASSAGES // 5):
            article = Article.objects.create(
                title=writer.subject(), slug=f"made-{number}", body="-", **published
            )
            vectors = numbers.standard_normal((5, 384)).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            Passage.objects.bulk_create(
                Passage(
                    article=article, position=position, title=article.title, text=writer.text(), language="en",
                    content_hash="-", vector=vector.tolist(), source_updated_at=article.updated_at,
                )
                for position, vector in enumerate(vectors)
            )  # fmt: skip


@contextmanager
def _timed(owner: Any, name: str, spent: dict[str, float]) -> Iterator[None]:
    """Adds the CPU time of each call of `owner.name` to `spent`."""
    original = getattr(owner, name)

    def timed(*arguments: Any, **options: Any) -> Any:
        begun = time.process_time()
        try:
            return original(*arguments, **options)
        finally:
            spent[name] = spent.get(name, 0.0) + time.process_time() - begun

    setattr(owner, name, timed)
    try:
        yield
    finally:
        setattr(owner, name, original)


@contextmanager
def _heard(owner: Any, name: str, letters: list[int]) -> Iterator[None]:
    """Notes how many letters each conversation has that `owner.name` makes for a service."""
    original = getattr(owner, name)

    def hearing(*arguments: Any, **options: Any) -> Any:
        found = original(*arguments, **options)
        letters.append(sum(len(one["content"]) for one in found))
        return found

    setattr(owner, name, hearing)
    try:
        yield
    finally:
        setattr(owner, name, original)


def ai_draft(stack: Stack, base: Base) -> Row:
    """The whole way of one inbound message to its draft, less what the AI service itself computes."""
    from collections import Counter

    from aiassist import pipeline
    from aiassist.core import ground, redact, retrieve
    from aiassist.core.prompts import SYSTEM
    from aiassist.core.providers.answer import LETTERS_PER_TOKEN
    from aiassist.core.providers.builtin import BuiltIn
    from helpdesk.tenancy.scope import organization_scope
    from tickets.models import MessageOutcome

    _knowledge(base)
    stack.settle()
    messages = [_question(base, number) for number in range(DRAFTS + 3)]
    for message in messages[:3]:
        pipeline.handle(base.organization, message)
    spent: dict[str, float] = {}
    told: list[int] = []
    with (
        _heard(pipeline, "messages", told),
        _timed(pipeline, "prepare", spent), _timed(pipeline, "write", spent), _timed(pipeline, "finish", spent),
        _timed(pipeline, "shelf_for_inbox", spent), _timed(retrieve, "make_query", spent),
        _timed(retrieve, "rank", spent), _timed(redact, "mask", spent), _timed(ground, "check", spent),
        _timed(BuiltIn, "draft", spent), Clock(stack) as clock,
    ):  # fmt: skip
        for message in messages[3:]:
            pipeline.handle(base.organization, message)
    with organization_scope(base.organization):
        done = list(MessageOutcome.objects.filter(message_id__in=messages).values_list("result", flat=True))
    service = spent.get("draft", 0.0)
    each = {name: round(seconds / DRAFTS * 1000, 2) for name, seconds in spent.items()}
    return {
        "drafts": DRAFTS,
        "outcomes": dict(Counter(done)),
        "python_ms": (clock.python - service) / DRAFTS * 1000,
        "database_ms": clock.database / DRAFTS * 1000,
        "cpu_ms": (clock.python - service + clock.database) / DRAFTS * 1000,
        "service_ms": service / DRAFTS * 1000,
        # Of a draft by an outside service, at four letters a token; the start is the same for all, so it is cached.
        "tokens_in": round(statistics.median(told) / LETTERS_PER_TOKEN) if told else None,
        "tokens_in_always_the_same": round(len(SYSTEM) / LETTERS_PER_TOKEN),
        "steps_ms": each,
    }


def _question(base: Base, number: int) -> int:
    from helpdesk.people.models import Customer, CustomerAddress
    from helpdesk.tenancy.scope import organization_scope
    from tickets.models import Inbox
    from tickets.services import opening

    with organization_scope(base.organization):
        address = f"marta{time.time_ns()}@example.com"
        customer = Customer.objects.create(name="Marta Oliveira", language="en")
        CustomerAddress.objects.create(customer=customer, address=address)
        _ticket, message = opening.open_request(
            inbox=Inbox.objects.get(pk=base.inboxes[0]), customer=customer, subject=f"Jacket {number}",
            text=_QUESTION.format(address=address), channel="portal",
        )  # fmt: skip
        return int(message.pk)


# Ledger


def ledger_append(stack: Stack, base: Base) -> Row:
    """A scope that notes one event: its transaction with the entry, and of that what the entry adds (`own`).

    The quietest of ten batches is nearest to the machine at rest; `load` says how much else was running.
    """
    from governance import ledger
    from helpdesk.tenancy.scope import organization_scope

    walls, own = [], []
    with Clock(stack) as clock:
        for number in range(APPENDS):
            begun = time.perf_counter()
            with organization_scope(base.organization):
                noting = time.perf_counter()
                ledger.record("bench", actor="system", object_ref=f"bench:{number}", payload={"n": number})
                ledger.append_pending()
                own.append((time.perf_counter() - noting) * 1000)
            walls.append((time.perf_counter() - begun) * 1000)
    batches = [walls[start : start + BATCH] for start in range(0, APPENDS, BATCH)]
    return {
        "appends": APPENDS,
        "wall_median_ms": statistics.median(walls),
        "wall_p95_ms": _p95(walls),
        "wall_p95_quietest_ms": min(_p95(one) for one in batches),
        "own_median_ms": statistics.median(own),
        "own_p95_ms": _p95(own),
        "own_p95_quietest_ms": min(_p95(own[start : start + BATCH]) for start in range(0, APPENDS, BATCH)),
        "load": os.getloadavg()[0],
        "cpu_ms": (clock.python + clock.database) / APPENDS * 1000,
    }


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def ledger_verify(stack: Stack, base: Base) -> Row:
    """The walk over the organization's whole chain."""
    from governance import ledger
    from helpdesk.tenancy.scope import organization_scope

    with Clock(stack) as clock, organization_scope(base.organization):
        result = ledger.verify()
    if not result.ok:
        raise RuntimeError(f"The ledger does not verify: {result.problem} at {result.bad_seq}.")
    return {"entries": result.checked, "wall_s": clock.wall, "cpu_s": clock.python + clock.database}
