"""The rows over HTTP: which page, as whom, and with which row of django-helpdesk it is compared."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from bench.base import Base
from bench.words import ABSENT, COMMON, PERCENT, PERMILLE, RARE

FRAGMENT = {"HX-Request": "true", "HX-Target": "ticket"}


@dataclass(frozen=True, kw_only=True)
class Page:
    """One row. `path` gets the number of the request: a ticket page is another ticket each time."""

    name: str
    path: Callable[[int], str]
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None
    person: str = "agent1"
    rival: str = ""
    within: float | None = None  # times the empty page
    steady: bool = True  # must cost the same at any size
    changed: bool = False  # a ticket changes before each request: nothing is remembered


def _always(path: str) -> Callable[[int], str]:
    return lambda _request: path


def pages(base: Base, tickets: int) -> list[Page]:
    """All rows for this organization. Call inside its scope."""
    numbers = random.Random(7).sample(range(1, tickets + 1), min(tickets, 4000))

    def ticket(ending: str = "") -> Callable[[int], str]:
        return lambda request: f"/tickets/{numbers[request % len(numbers)]}/{ending}"

    def search(name: str, word: str) -> Page:
        return Page(name=f"search: {name}", path=_always(f"/?q={quote(word)}"), rival="search")

    address, name = _a_customer()
    return [
        Page(name="empty page, signed in", path=_always("/bench/empty/")),
        Page(name="profile", path=_always("/profile/")),
        Page(name="home (= open list)", path=_always("/"), rival="dashboard", within=4),
        Page(name="open list", path=_always("/?view=open"), rival="open list", within=4),
        Page(
            name="open list, a ticket changed",
            path=_always("/?view=open"),
            rival="open list",
            within=4,
            changed=True,
        ),
        Page(name="all tickets", path=_always("/?view=all"), rival="all tickets", within=4),
        Page(
            name="all tickets, a page in the middle of history",
            path=_always(_deep()),
            rival="all tickets",
            within=4,
        ),
        Page(name="solved", path=_always("/?view=solved"), within=4),
        Page(
            name="one inbox",
            path=_always(f"/?view=open&inbox={base.inboxes[2]}"),
            rival="one queue",
            within=4,
        ),
        search("a word in half of the messages", COMMON),
        search("a word in 1 %", PERCENT),
        search("a word in 0.1 %", PERMILLE),
        search("a word in 5 tickets", RARE),
        search("a word in none", ABSENT),
        search("two words", f"{COMMON} {PERCENT}"),
        search("#number", f"#{tickets // 2}"),
        search("a customer's name", name),
        search("a customer's address", address),
        Page(name="ticket page, whole", path=ticket(), rival="ticket page", within=4),
        Page(
            name="ticket page, whole, a ticket changed",
            path=ticket(),
            rival="ticket page",
            within=4,
            changed=True,
        ),
        Page(name="ticket page, its pane only", path=ticket(), headers=FRAGMENT, within=4),
        Page(name="ticket page, AI panel", path=ticket("ai/"), headers={"HX-Request": "true"}),
        Page(name="counts of the menu", path=_always("/counts/"), headers={"HX-Request": "true"}),
        Page(
            name="post a note",
            path=ticket("send/"),
            headers={"HX-Request": "true", "HX-Target": "composer"},
            form={"kind": "note", "body": "They called, and will send the receipt tomorrow."},
            rival="post a follow-up",
        ),
        Page(name="AI activity", path=_always("/ai-activity/")),
        Page(name="rules and records, home", path=_always("/admin/"), person="owner"),
    ]


def _deep() -> str:
    """The page that begins in the middle of the organization's time."""
    from django.utils import timezone

    from tickets.models import Ticket

    oldest = Ticket.objects.order_by("updated_at").values_list("updated_at", flat=True)[0]
    middle = oldest + (timezone.now() - oldest) / 2
    at, pk = (
        Ticket.objects.filter(updated_at__lte=middle)
        .order_by("-updated_at", "-pk")
        .values_list("updated_at", "pk")[0]
    )
    return f"/?view=all&after={quote(f'{at.isoformat()}_{pk}')}"


def _a_customer() -> tuple[str, str]:
    """Address and name of somebody who wrote."""
    from helpdesk.people.models import CustomerAddress
    from tickets.models import Ticket

    customer = (
        Ticket.objects.exclude(customer__name="").select_related("customer").order_by("pk")[100].customer
    )
    return CustomerAddress.objects.filter(customer=customer)[0].address, customer.name
