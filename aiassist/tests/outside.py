"""A shop whose drafts come from an outside service: a real OpenAI-compatible server on loopback, approved and in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from aiassist.core.prompts import VERSION
from aiassist.core.tests.fake_service import KEY, Service
from aiassist.models import AIService, Draft
from aiassist.services import indexing
from aiassist.tests.factories import make_service
from governance.core.starter import starter
from governance.models import AIDecision, AISpend
from governance.services import audits, policies
from governance.tests.factories import make_system, make_vendor, make_version
from helpdesk.people.models import Customer, Membership
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message, MessageOutcome
from tickets.tests.factories import make_article, make_inbound, make_ticket

RETURNS = "You can return any item within 30 days of delivery. Returns are free of charge. We refund you within 5 working days."
QUESTION = "Hello, this is Marta Oliveira, marta@example.com. How long do I have to return an item, and is the return free?"
DRAFT = {
    "sentences": [
        {"text": "Hello [PERSON_1],", "sources": []},
        {"text": "You can return any item within 30 days of delivery.", "sources": ["S1"]},
        {"text": "Returns are free of charge.", "sources": ["S1"]},
    ],
    "language": "en",
    "unanswered": [],
    "no_answer": False,
}


@dataclass
class Shop:
    """What a test needs at hand."""

    organization: Organization
    owner: Membership
    service: AIService

    def scope(self) -> Any:
        return organization_scope(self.organization.id)

    def arrive(self, text: str = QUESTION, address: str = "marta@example.com") -> Message:
        """A customer's question."""
        with self.scope():
            known = Customer.objects.filter(addresses__address=address).first()
            customer = known or make_customer(address, name="Marta Oliveira")
            return make_inbound(make_ticket(customer=customer, subject="Return"), text=text)

    def outcome(self, message: Message) -> MessageOutcome:
        with self.scope():
            return MessageOutcome.objects.get(message=message)

    def draft(self, message: Message) -> Draft:
        with self.scope():
            return Draft.objects.select_related("decision").get(message=message)

    def spent(self) -> AISpend:
        with self.scope():
            return AISpend.objects.get()

    def decisions(self, **fields: Any) -> list[AIDecision]:
        with self.scope():
            return list(AIDecision.objects.filter(**fields).order_by("pk"))


def shop(outside: Service, **fields: Any) -> Shop:
    """Rules, articles, and the service in use, assessed, tested and approved. Asks nobody."""
    organization = make_organization(name="Linden & Vale")
    with organization_scope(organization.id):
        owner = make_member()
        policies.adopt_starter(starter=starter(), member=owner)
        make_article(title="Returns and refunds", body=RETURNS)
        now = timezone.now()
        make_vendor(
            provider="127.0.0.1", state="approved", region="eu", contract="Folder 7", approved_at=now,
            expires_on=timezone.localdate() + timedelta(days=300),
        )  # fmt: skip
        system = make_system(provider="127.0.0.1", name="Ours")
        make_version(system=system, model="tiny-1", prompt_hash=VERSION, state="approved", approved_at=now)
        checked = {"verdict": "pass", "n": 72}
        audits.keep_pairs(system="127.0.0.1/tiny-1", prompt_hash=VERSION, name="Ours", figures=checked)
        values = {
            "base_url": outside.url,
            "api_key": KEY,
            "model": "tiny-1",
            "timeout_seconds": 5,
            "is_active": True,
        }
        prices = {"price_in_micro": 100, "price_out_micro": 300}
        service = make_service(**{**values, **prices, **fields})
    indexing.index_organization(organization.id)
    return Shop(organization, owner, service)
