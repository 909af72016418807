"""Two agents at two desks: what one does, the other sees within a second, and nobody answers over a colleague."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from tickets.tests.in_browser import PASSWORD, Watched, desk_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

    from helpdesk.runtime.live_stack import LiveStack

pytestmark = [pytest.mark.slow, pytest.mark.browser]
#: What is promised, in milliseconds; a machine that is busy with other things gets longer.
SOON = 1_000 if os.getloadavg()[0] < 1.5 * (os.cpu_count() or 1) else 6_000
SET_UP = f"""
from helpdesk.people.models import Membership, User
from helpdesk.people.permissions import grant_inbox
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Inbox
from tickets.tests.factories import make_inbound, make_ticket
o = Organization.objects.create(slug="pair", name="Pair & Co")
with organization_scope(o.id):
    inbox = Inbox.objects.create(name="Hello", address="hello@pair.example", from_name="Pair & Co")
    for name in ("Ana Ruiz", "Ben Adler"):
        email = name.split()[0].lower() + "@pair.example"
        member = Membership.objects.create(user=User.objects.create_user(email, {PASSWORD!r}, name=name), role="agent")
        grant_inbox(member, inbox)
    for number in range(1, 8):
        make_inbound(make_ticket(inbox=inbox))
"""


@pytest.fixture(scope="module")
def pair(live_stack: LiveStack) -> LiveStack:
    live_stack.python(SET_UP)
    return live_stack


@pytest.fixture
def ana(pair: LiveStack, browser: Browser) -> Page:
    return desk_of(browser, pair, "pair", "ana@pair.example")


@pytest.fixture
def ben(pair: LiveStack, browser: Browser) -> Page:
    return desk_of(browser, pair, "pair", "ben@pair.example")


def open_ticket(stack: LiveStack, number: int, *pages: Page) -> None:
    """Open it. Nobody waits for the event stream: what happens before it is there is told afterwards."""
    for page in pages:
        page.goto(stack.url("pair", f"/tickets/{number}/"))
        page.locator("#composer-body").wait_for()


def write(stack: LiveStack, number: int, text: str) -> None:
    """The customer writes again: through the real intake, with its event."""
    stack.python(
        f"""
from helpdesk.live.events import publish_on_commit
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Ticket
from tickets.tests.factories import make_inbound
with organization_scope(Organization.objects.get(slug="pair").id):
    ticket = Ticket.objects.get(number={number})
    make_inbound(ticket, text={text!r})
    publish_on_commit("ticket", ticket=ticket.pk)
"""
    )


def test_one_sees_that_the_other_types(pair: LiveStack, ana: Page, ben: Page) -> None:
    heard = Watched(ana)
    open_ticket(pair, 1, ana, ben)
    ana.locator("#presence").get_by_text("Ben Adler is reading too").wait_for(timeout=SOON)
    ben.locator("#composer-body").press_sequentially("Dear")
    ana.locator("#presence").get_by_text("Ben Adler is typing").wait_for(timeout=SOON)
    ben.goto(pair.url("pair", "/"))
    ana.locator("#presence .presence").wait_for(state="detached", timeout=SOON)
    assert heard.problems == []


def test_a_new_message_appears_without_a_reload(pair: LiveStack, ana: Page) -> None:
    open_ticket(pair, 2, ana)
    ana.evaluate("window.stayed = true")
    ana.locator("#composer-body").fill("I am in the middle of this")
    write(pair, 2, "One more thing: it is blue.")
    ana.locator("#thread").get_by_text("One more thing: it is blue.").wait_for(timeout=SOON)
    assert ana.evaluate("window.stayed")
    assert ana.locator("#composer-body").input_value() == "I am in the middle of this"


def test_a_note_and_an_assignment_appear_at_the_other_desk(pair: LiveStack, ana: Page, ben: Page) -> None:
    from playwright.sync_api import expect

    open_ticket(pair, 3, ana, ben)
    ben.keyboard.press("a")
    expect(ana.locator("#p-assignee option:checked")).to_contain_text("Ben Adler", timeout=SOON)
    ana.locator("#thread").get_by_text("Ben Adler took the ticket.").wait_for(timeout=SOON)
    ben.keyboard.press("n")
    ben.locator("#composer-body").fill("I called them.")
    ben.keyboard.press("Control+Enter")
    ana.locator("#thread").get_by_text("I called them.").wait_for(timeout=SOON)


def test_the_second_answer_is_stopped_until_its_writer_says_so(pair: LiveStack, ana: Page, ben: Page) -> None:
    open_ticket(pair, 4, ana, ben)
    ana.locator("#composer-body").fill("It left yesterday. Ana")
    ben.locator("#composer-body").fill("It leaves today. Ben")
    ana.keyboard.press("Control+Enter")
    ana.get_by_text("Take it back").wait_for()
    ben.keyboard.press("Control+Enter")
    ben.locator("#composer").get_by_text("Ana Ruiz answered at").wait_for(timeout=5_000)
    assert ben.locator("#composer-body").input_value() == "It leaves today. Ben"
    assert ben.locator("#thread").get_by_text("It leaves today. Ben").count() == 0
    ben.get_by_role("button", name="Send mine as well").click()
    ben.locator("#thread").get_by_text("It leaves today. Ben").wait_for(timeout=5_000)


def test_a_send_is_taken_back_and_the_text_is_there_again(pair: LiveStack, ana: Page) -> None:
    from playwright.sync_api import expect

    open_ticket(pair, 5, ana)
    ana.locator("#composer-body").fill("Too early")
    ana.keyboard.press("Control+Enter")
    ana.locator("[data-undo]").wait_for()
    ana.locator("#ticket-title").focus()
    ana.keyboard.press("z")
    expect(ana.locator("#composer-body")).to_have_value("Too early", timeout=3_000)
    ana.locator("[data-undo]").wait_for(state="detached", timeout=3_000)
    time.sleep(5)  # longer than it can be taken back: had it gone out, the thread would say so
    ana.reload()
    assert ana.locator("#thread").get_by_text("Too early").count() == 0
    assert ana.locator("#composer-body").input_value() == "Too early"


def test_the_list_changes_in_place_and_says_what_is_new(pair: LiveStack, ana: Page, ben: Page) -> None:
    open_ticket(pair, 6, ben)
    ana.goto(pair.url("pair", "/"))
    order = ana.locator("[data-row-link]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    ben.keyboard.press("a")
    row = ana.locator(".ticket-row", has=ana.locator("a[href*='/tickets/6/']"))
    row.get_by_text("Ben Adler").wait_for(timeout=SOON)
    assert (
        ana.locator("[data-row-link]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        == order
    )
    pair.python(
        """
from helpdesk.live.events import publish_on_commit
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from helpdesk.people.tests.factories import make_customer
from tickets.models import Inbox
from tickets.tests.factories import make_inbound, make_ticket
with organization_scope(Organization.objects.get(slug="pair").id):
    customer = make_customer(address="new@pair.example")
    ticket = make_ticket(inbox=Inbox.objects.get(), customer=customer, subject="Fresh from the mail")
    make_inbound(ticket)
    publish_on_commit("tickets", ticket=ticket.pk)
"""
    )
    fresh = ana.locator("[data-list-fresh]")
    fresh.wait_for(timeout=SOON)
    assert fresh.inner_text() == "1 ticket is new or changed. Show"
    assert ana.get_by_text("Fresh from the mail").count() == 0
    fresh.click()
    ana.get_by_text("Fresh from the mail").first.wait_for(timeout=3_000)


def test_what_was_missed_while_offline_is_there_afterwards(pair: LiveStack, ana: Page) -> None:
    open_ticket(pair, 7, ana)
    ana.context.set_offline(True)
    ana.get_by_text("You are offline.").wait_for(timeout=SOON)
    ana.locator("#composer-body").fill("Written on the train")
    ana.context.set_offline(False)
    ana.get_by_text("You are offline.").wait_for(state="hidden", timeout=SOON)
    ana.locator("#composer-body").press_sequentially(".")
    ana.locator("#composer-saved").get_by_text("Saved").wait_for(timeout=5_000)
    ana.reload()
    assert ana.locator("#composer-body").input_value() == "Written on the train."


def test_what_is_pressed_in_a_fragment_is_answered_before_it_is_replaced(pair: LiveStack, ana: Page) -> None:
    from playwright.sync_api import expect

    heard = Watched(ana)
    open_ticket(pair, 7, ana)
    ana.evaluate("document.getElementById('properties').stayed = true")
    held: list[Route] = []
    ana.route(
        "**/tickets/7/properties/",
        lambda one: held.append(one) if one.request.method == "POST" else one.continue_(),
    )
    ana.locator("#p-assignee").select_option(label="Ana Ruiz")
    ana.wait_for_function("document.querySelector('#properties .htmx-request') !== null")
    ana.evaluate(
        """() => {
            const ticket = document.querySelector("[data-ticket-id]").dataset.ticketId;
            document.body.dispatchEvent(new CustomEvent(`live:ticket-${ticket}`));
        }"""
    )
    ana.wait_for_timeout(700)
    assert ana.evaluate("document.getElementById('properties').stayed") is True
    for one in held:
        one.continue_()
    ana.locator("#thread").get_by_text("Ana Ruiz took the ticket.").wait_for()
    expect(ana.locator("#p-assignee option:checked")).to_contain_text("Ana Ruiz")
    assert heard.problems == []
