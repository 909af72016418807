"""The assistant in a real browser against the running product: asked, answered by the worker, handed over to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_core_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from helpdesk.runtime.live_stack import LiveStack

pytestmark = [pytest.mark.slow, pytest.mark.browser]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SET_UP = """
from dataclasses import replace
from aiassist.services.indexing import index_organization
from governance.core.starter import starter
from governance.services.policies import adopt_starter
from helpdesk.people.models import Membership, User
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Article, Inbox
from django.utils import timezone
o = Organization.objects.create(slug="asked", name="Asked & Co")
with organization_scope(o.id):
    owner = Membership.objects.create(user=User.objects.create_user("ana@asked.example", "x", name="Ana"), role="owner")
    base = starter()
    adopt_starter(starter=replace(base, clauses=replace(base.clauses, self_service=True)), member=owner)
    Inbox.objects.create(name="Hello", address="hello@asked.example", from_name="Asked & Co")
    Article.objects.create(title="Returns", slug="returns", status="published", published_at=timezone.now(),
        body="You can return any item within 30 days of delivery. Returns are free of charge.")
index_organization(o.id)
"""
HANDED_OVER = """
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Message, Ticket
with organization_scope(Organization.objects.get(slug="asked").id):
    ticket = Ticket.objects.get()
    print("FOUND", ticket.human_only, Message.objects.filter(ticket=ticket, kind="inbound").get().text.count("> "))
"""


def check(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the page."""
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, options=options)["violations"]
    assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_asked_answered_and_handed_over(live_stack: LiveStack, browser: Browser) -> None:
    live_stack.python(SET_UP)
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page, problems = context.new_page(), list[str]()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)

    page.goto(live_stack.url("asked", "/help/"))
    page.get_by_role("link", name="Ask our assistant").click()
    check(page)
    page.get_by_label("Your question").first.fill("How long do I have to return an item?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#newest .letter-body").wait_for(timeout=40_000)
    said = page.locator("#newest").inner_text()
    assert said.index("an AI, not a person") < said.index("30 days")
    check(page)

    page.locator("#newest button[value=no]").click()
    assert "A person can help" in page.locator("#newest").inner_text()
    page.get_by_label("Your e-mail address").fill("vera@visitor.example")
    page.get_by_role("button", name="Hand over to a person").click()
    page.get_by_role("heading", name="A person has it now").wait_for()
    check(page)
    assert "FOUND True 2" in live_stack.python(HANDED_OVER)
    assert problems == []

    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(live_stack.url("asked", "/portal/assistant/"))
    plain.get_by_label("Your question").first.fill("Do you sell bicycle pumps for tandems?")
    plain.get_by_role("button", name="Ask the assistant").click()
    for _try in range(40):
        if plain.get_by_text("I do not know").count():
            break
        plain.wait_for_timeout(500)
        if (again := plain.get_by_role("link", name="Look again")).count():
            again.click()
    assert plain.get_by_text("I do not know").count() == 1
