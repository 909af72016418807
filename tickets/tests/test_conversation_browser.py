"""By keyboard and on a phone: undo, forward, take over, merge, take out, and nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tickets.tests.in_browser import PASSWORD, Watched, desk_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from helpdesk.runtime.live_stack import LiveStack

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SET_UP = f"""
from helpdesk.people.models import Membership, User
from helpdesk.people.permissions import grant_inbox
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Inbox
from tickets.tests.factories import make_inbound, make_ticket
o = Organization.objects.create(slug="talk", name="Talk & Co")
with organization_scope(o.id):
    inbox = Inbox.objects.create(name="Hello", address="hello@talk.example", from_name="Talk & Co")
    for name in ("Ana Ruiz", "Ben Adler"):
        email = name.split()[0].lower() + "@talk.example"
        member = Membership.objects.create(user=User.objects.create_user(email, {PASSWORD!r}, name=name), role="agent")
        grant_inbox(member, inbox)
    first = make_inbound(make_ticket(inbox=inbox)).ticket
    make_inbound(first, text="And an invoice, please")
    make_inbound(make_ticket(inbox=inbox, customer=first.customer), text="The laces")
    make_inbound(make_ticket(inbox=inbox))
"""


@pytest.fixture(scope="module")
def talk(live_stack: LiveStack) -> LiveStack:
    live_stack.python(SET_UP)
    return live_stack


def at_ticket(stack: LiveStack, page: Page, number: int) -> None:
    page.goto(stack.url("talk", f"/tickets/{number}/"))
    page.locator("#composer-body").wait_for()


def test_what_was_done_is_taken_back_with_one_key(talk: LiveStack, browser: Browser) -> None:
    page = desk_of(browser, talk, "talk", "ana@talk.example")
    heard = Watched(page)
    at_ticket(talk, page, 3)
    page.keyboard.press("s")
    page.locator("#toasts").get_by_text("Solved.").wait_for()
    page.keyboard.press("z")
    page.get_by_text("Undone.").wait_for()
    assert page.locator("#p-status option:checked").inner_text() == "New"
    assert heard.problems == []


def test_what_is_typed_after_sending_outlives_taking_it_back(talk: LiveStack, browser: Browser) -> None:
    page = desk_of(browser, talk, "talk", "ana@talk.example")
    at_ticket(talk, page, 3)
    page.locator("#composer-body").fill("The first answer")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Take it back").wait_for()
    with page.expect_response("**/draft/"):
        page.locator("#composer-body").fill("A second thought")
    page.get_by_text("Take it back").click()
    page.get_by_text("Another version is kept").wait_for()
    assert page.locator("#composer-body").input_value() == "The first answer"
    assert page.locator(".set-aside").inner_text() == "A second thought"


def test_forward_merge_and_take_out_by_keyboard_and_on_a_phone(talk: LiveStack, browser: Browser) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = desk_of(browser, talk, "talk", "ben@talk.example", **phone)
    heard = Watched(page)
    at_ticket(talk, page, 1)
    page.keyboard.press("f")
    page.get_by_label("To", exact=True).fill("workshop@partner.example")
    page.get_by_role("button", name="Forward").click()
    page.get_by_text("On its way to workshop@partner.example").wait_for()
    page.keyboard.press("z")
    page.get_by_text("Undone.").wait_for()
    page.keyboard.press("t")
    page.get_by_label("And an invoice, please").check()
    page.get_by_role("button", name="Take them out").click()
    page.get_by_text("Taken out of #1.").wait_for()
    page.keyboard.press("z")
    page.wait_for_url(talk.url("talk", "/tickets/1/"))
    page.keyboard.press("m")
    page.get_by_role("button", name="#2").click()
    page.wait_for_url(talk.url("talk", "/tickets/2/"))
    page.locator("#thread").get_by_text("And an invoice, please").wait_for()
    page.keyboard.press("z")
    page.wait_for_url(talk.url("talk", "/tickets/1/"))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    assert heard.problems == []
