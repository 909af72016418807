"""An owner sets the rules in a browser, and from the next mail on the AI keeps to them; axe on each of these pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from governance.core.questions import PAGES
from helpdesk.admin.tests.test_admin_browser import look
from helpdesk.people.tests.factories import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from helpdesk.runtime.live_stack import LiveStack

pytestmark = [pytest.mark.slow, pytest.mark.browser]
_SHOP = """
from helpdesk.people.tests.factories import make_member, make_organization
from helpdesk.tenancy.scope import organization_scope
shop = make_organization(slug="new-rules", name="Marta's Frames")
with organization_scope(shop.id):
    make_member("owner", email="marta@rules.example", name="Marta Lind")
"""
#: A customer who said nothing asks for a draft, about an order and about a diagnosis.
_ASK = """
import json
from governance import gate, shipped
from governance.core.facts import GateRequest, SystemRef
from governance.core.vocabulary import Action
from helpdesk.people.models import Customer
from helpdesk.people.tests.factories import make_customer
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
shop, one, said = Organization.objects.get(slug="new-rules"), shipped.systems()[0], {}
with organization_scope(shop.id):
    customer = Customer.objects.first() or make_customer()
    for topic in ("delivery", "wholesale"):
        answer = gate.check(GateRequest(action=Action.DRAFT, topic=topic, subject="ticket:1", language="en",
            fields=frozenset({"message"}), system=SystemRef(provider=one.provider, model=one.model,
            prompt_hash=one.prompts[0], external=False)), subject_kind="message", subject_id=1, customer=customer)
        said[topic] = answer.allowed
print("SAID", json.dumps(said))
"""


def drafts_allowed(stack: LiveStack) -> dict[str, bool]:
    import json

    found: dict[str, bool] = json.loads(stack.python(_ASK).split("SAID", 1)[1])
    return found


def signed_in(browser: Browser, stack: LiveStack, **options: Any) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(stack.url("new-rules", "/account/login/?next=/admin/governance/ethicspolicy/"))
    page.fill("input[name=login]", "marta@rules.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/ethicspolicy/")
    return page


def test_the_questions_make_rules_that_the_ai_keeps_to(live_stack: LiveStack, browser: Browser) -> None:
    live_stack.python(_SHOP)
    assert drafts_allowed(live_stack) == {"delivery": False, "wholesale": False}, "no rules yet"
    page = signed_in(browser, live_stack, viewport={"width": 390, "height": 844})
    found = look(page, "list")
    page.click("text=Answer the questions")
    found += look(page, "begin")
    page.check("input[name=kind][value=shop]")
    page.click("form.hd-questions button")
    for one in PAGES:
        page.wait_for_url(f"**/questions/{one.key}/")
        found += look(page, one.key)
        if one.key == "topics":
            page.fill("input[name=own_topics]", "wholesale, custom order, complaint")
        # By keyboard alone: from the last field on to the button.
        page.locator("form.hd-questions .hd-foot button").first.focus()
        page.keyboard.press("Enter")
    page.wait_for_url("**/questions/read/")
    found += look(page, "read")
    page.click("button:has-text('Put in force now')")
    page.wait_for_selector("text=Version 1 is in force from now on.")
    assert drafts_allowed(live_stack) == {"delivery": True, "wholesale": False}

    # A stricter rule needs no round: it counts with the next mail.
    wide = signed_in(browser, live_stack, viewport={"width": 1280, "height": 900}, color_scheme="dark")
    wide.click("text=Change the rules by questions")
    wide.click("form.hd-questions button")
    wide.wait_for_url("**/questions/customers/")
    wide.check("input[name=basis][value=ask_first]")
    wide.click("text=Keep and go on")
    wide.wait_for_url("**/questions/topics/")
    wide.click("nav.hd-steps >> text=Read and put in force")
    wide.click("text=Try them on what has happened")
    wide.wait_for_selector("text=would have stopped 1 step")
    found += look(wide, "trial")
    wide.click("text=Go on with this version")
    found += look(wide, "way")
    wide.click("button:has-text('Put in force now')")
    wide.wait_for_selector("text=Version 2 is in force from now on.")
    assert drafts_allowed(live_stack) == {"delivery": False, "wholesale": False}
    for path in (
        "/admin/governance/ethicspolicy/exceptions/",
        "/admin/governance/ethicspolicy/appointments/",
        "/rules/",
    ):
        wide.goto(live_stack.url("new-rules", path))
        found += look(wide, path)
    assert not found, "\n".join(sorted(set(found)))
