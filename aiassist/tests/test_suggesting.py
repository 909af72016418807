"""A draft on demand: the whole way again with every check, once, and only where there is a reason to ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from aiassist import pipeline
from aiassist.models import Draft
from aiassist.services import suggesting
from aiassist.tasks import handle_message
from aiassist.tests.test_pipeline import QUESTION, arrive, organization, outcome  # noqa: F401 - fixture
from governance.models import AIDecision
from governance.services import consents, drafts, policies
from helpdesk.people.permissions import grant_inbox
from helpdesk.people.tests.factories import make_customer, make_member
from helpdesk.people.tests.support import browser_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Article, Message, MessageOutcome
from tickets.portal_touched import lines
from tickets.tests.factories import make_inbound, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


def agent_of(shop: Organization, message_id: int) -> tuple[Any, str]:
    """A browser of an agent in the ticket's inbox, and the address to ask at."""
    with organization_scope(shop.id):
        ticket = Message.objects.select_related("ticket__inbox").get(pk=message_id).ticket
        agent = make_member("agent")
        grant_inbox(agent, ticket.inbox)
    client = browser_of(shop)
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    return client, f"/tickets/{ticket.number}/ai/suggest/"


def test_after_no_draft_a_colleague_asks_and_gets_one(organization: Organization) -> None:  # noqa: F811
    message_id = arrive(organization)
    with organization_scope(organization.id):
        message = Message.objects.get(pk=message_id)
        MessageOutcome.objects.create(message=message, result="no_draft", reason="No source.")
    client, url = agent_of(organization, message_id)
    assert "Suggest a reply" in client.get(url.replace("suggest/", "")).content.decode()
    for _ in range(2):
        assert client.post(url).status_code == 200
    with organization_scope(organization.id):
        assert not MessageOutcome.objects.filter(message_id=message_id).exists()
    pipeline.handle(organization.id, message_id)
    assert outcome(organization, message_id).result == "drafted"
    refused = client.post(url).content.decode()
    assert "There is a draft already." in refused
    with organization_scope(organization.id):
        assert Draft.objects.filter(message_id=message_id).count() == 1


def test_every_check_is_asked_again(organization: Organization) -> None:  # noqa: F811
    message_id = arrive(organization)
    with organization_scope(organization.id):
        consents.answer_without_ai(customer=Message.objects.get(pk=message_id).customer, method="portal")
    pipeline.handle(organization.id, message_id)
    client, url = agent_of(organization, message_id)
    with organization_scope(organization.id):
        before = AIDecision.objects.count()
    client.post(url)
    pipeline.handle(organization.id, message_id)
    with organization_scope(organization.id):
        assert AIDecision.objects.count() == before + 1
    assert outcome(organization, message_id).result == "not_allowed"


def test_a_draft_whose_source_changed_is_old(organization: Organization) -> None:  # noqa: F811
    message_id = arrive(organization)
    pipeline.handle(organization.id, message_id)
    client, url = agent_of(organization, message_id)
    panel = url.replace("suggest/", "")
    assert "A source was changed since" not in client.get(panel).content.decode()
    with organization_scope(organization.id):
        Article.objects.update(updated_at=timezone.now())
    assert "A source was changed since" in client.get(panel).content.decode()
    client.post(url)
    with organization_scope(organization.id):
        assert not Draft.objects.filter(message_id=message_id).exists()


def test_not_for_who_does_not_see_the_ticket(organization: Organization) -> None:  # noqa: F811
    message_id = arrive(organization)
    _client, url = agent_of(organization, message_id)
    with organization_scope(organization.id):
        blind, auditor = make_member("agent"), make_member("auditor")
    for member, status in ((blind, 404), (auditor, 403)):
        client = browser_of(organization)
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(url).status_code == status
    assert QUESTION


def on_demand(shop: Organization, **rules: Any) -> None:
    with organization_scope(shop.id):
        owner = make_member("owner", name="Marta")
        draft = drafts.start_draft(member=owner)
        draft.clauses = {**draft.clauses, **(rules or {"autonomy": "on_demand"})}
        drafts.save_draft(policy=draft, member=owner)
        policies.publish(policy=draft, member=owner)


def test_on_demand_nothing_is_asked_of_the_ai_until_somebody_asks(
    organization: Organization,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_demand(organization)
    message_id = arrive(organization, f"{QUESTION} I am in mourning for my father.")
    with organization_scope(organization.id):
        asker = make_customer("olu@example.com")
        quiet = make_inbound(make_ticket(customer=asker, subject="Return"), text=QUESTION).pk
    for one in (message_id, quiet):
        pipeline.handle(organization.id, one)
        found = outcome(organization, one)
        assert (found.result, found.decision) == ("no_draft", None)
    with organization_scope(organization.id):
        assert not AIDecision.objects.filter(subject_kind="message").exists()
        assert Message.objects.get(pk=message_id).ticket.human_only, "local rules read it all the same"
        assert lines(Message.objects.get(pk=quiet).ticket)[1].text == "None: AI was not asked."
    client, url = agent_of(organization, quiet)
    panel = client.get(url.replace("suggest/", "")).content.decode()
    assert "the AI drafts only when somebody asks" in panel
    assert "Suggest a reply" in panel
    assert "Write the missing article" not in panel
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(suggesting, "enqueue_on_commit", lambda _task, **given: asked.append(given))
    client.post(url)
    handle_message(**{name: str(one) if name == "organization_id" else one for name, one in asked[0].items()})
    assert outcome(organization, quiet).result == "drafted"


def test_about_a_topic_that_waits_nothing_is_asked_of_the_ai(
    organization: Organization,  # noqa: F811
) -> None:
    on_demand(organization, on_demand_topics=["returns"])
    with organization_scope(organization.id):
        about, other = (
            make_inbound(make_ticket(customer=make_customer(address), topic=topic), text=QUESTION).pk
            for topic, address in (("Returns", "olu@example.com"), ("Delivery", "mia@example.com"))
        )
    for one in (about, other):
        pipeline.handle(organization.id, one)
    found = outcome(organization, about)
    assert (found.result, found.decision) == ("no_draft", None)
    assert "only when somebody asks" in found.reason
    assert outcome(organization, other).result == "drafted"
    with organization_scope(organization.id):
        MessageOutcome.objects.filter(message=about).delete()
    pipeline.handle(organization.id, about, asked=True)
    assert outcome(organization, about).result == "drafted"
