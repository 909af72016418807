"""The two organizations with their people, inboxes, tags and rules, made through the product's own services."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

PASSWORD = "bench only, correct horse battery"  # noqa: S105 - of people who do not exist
AGENTS = 12
INBOXES = ("Orders", "Returns", "Bookings", "Hello")
TAGS = 30
AGENT_EMAIL = "agent1@bench.example"


@dataclass(frozen=True, kw_only=True)
class Base:
    """Ids that the tickets refer to."""

    slug: str
    organization: UUID
    inboxes: list[int]
    agents: list[int]
    tags: list[int]
    policy: int
    ledger: tuple[int, str]


def make(slug: str) -> Base:
    """An organization of this slug, or the one that is there."""
    from governance.models import EthicsPolicy, LedgerHead
    from helpdesk.people.models import Membership
    from helpdesk.tenancy.models import Organization
    from helpdesk.tenancy.scope import organization_scope
    from tickets.models import Inbox, Tag

    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        organization = Organization.objects.create(slug=slug, name=f"The {slug} business")
        with organization_scope(organization.id):
            _fill(slug)
    with organization_scope(organization.id):
        head = LedgerHead.objects.get()
        return Base(
            slug=slug,
            organization=organization.id,
            inboxes=list(Inbox.objects.order_by("pk").values_list("pk", flat=True)),
            agents=list(Membership.objects.filter(role="agent").order_by("pk").values_list("pk", flat=True)),
            tags=list(Tag.objects.order_by("pk").values_list("pk", flat=True)),
            policy=EthicsPolicy.objects.get(status="published").pk,
            ledger=(head.seq, head.hash),
        )


def _fill(slug: str) -> None:
    from governance.core.starter import starter
    from governance.services import policies
    from helpdesk.people.models import Membership, Role, User
    from helpdesk.people.permissions import grant_inbox
    from tickets.models import Inbox, Tag, TicketCounter

    def member(name: str, role: str) -> Membership:
        user = User.objects.create_user(f"{name}@{slug}.example", PASSWORD, name=name.title())
        return Membership.objects.create(user=user, role=role)

    owner = member("owner", Role.OWNER)
    inboxes = [Inbox.objects.create(name=one, address=f"{one.lower()}@{slug}.example") for one in INBOXES]
    for number in range(1, AGENTS + 1):
        agent = member(f"agent{number}", Role.AGENT)
        for inbox in inboxes:
            grant_inbox(agent, inbox)
    Tag.objects.bulk_create(Tag(name=f"tag {number:02}") for number in range(TAGS))
    TicketCounter.objects.create(last=0)
    policies.adopt_starter(starter=starter(), member=owner)
