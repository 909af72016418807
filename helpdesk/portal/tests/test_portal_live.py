"""The customer's way in on the running product: real workers, real outbox, real browser."""

from __future__ import annotations

import json
import re
import time
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from helpdesk.runtime.live_stack import LiveStack

pytestmark = [pytest.mark.slow, pytest.mark.browser]

_PREPARE = """
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from helpdesk.people.models import Customer, CustomerAddress
from tickets.models import Inbox
with organization_scope(Organization.objects.get(slug="corner").id):
    Inbox.objects.create(name="Help", address="help@corner.example")
    ada = Customer.objects.create(name="Ada", language="en")
    CustomerAddress.objects.create(customer=ada, address="ada@example.com")
"""


def _mail_to(outbox: Path, address: str) -> str:
    """The text of the newest mail to the address, once a worker has sent it."""
    for _ in range(300):
        for path in sorted(outbox.glob("*"), reverse=True):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if address in str(mail["To"]):
                body = mail.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address} within 30 s")


def test_owner_and_customer_come_in_by_their_links(live_stack: LiveStack, browser: Browser) -> None:
    printed = live_stack.manage(
        "create_organization",
        "--slug",
        "corner",
        "--name",
        "Corner Shop",
        "--owner-email",
        "owner@corner.example",
    )
    live_stack.python(_PREPARE)
    owner = browser.new_context().new_page()
    owner.goto(live_stack.url("corner", "/" + printed.strip().splitlines()[-1].split("/", 3)[3]))
    owner.get_by_label("Your name").fill("Olga")
    owner.get_by_label("Password").fill("a long enough phrase")
    owner.get_by_role("button", name="Join").click()
    owner.get_by_role("button", name="I accept it").click()  # the agreement comes before anything else
    owner.wait_for_url(lambda url: "/agreement/" not in url)

    customer = browser.new_context(locale="en-US").new_page()
    customer.goto(live_stack.url("corner", "/portal/sign-in/"))
    customer.get_by_label("Your e-mail address").fill("Ada@example.com")
    customer.get_by_role("button", name="Send me the link").click()
    customer.get_by_role("heading", name="Look in your mail").wait_for()
    link = re.search(r"https?://\S+", _mail_to(live_stack.outbox, "ada@example.com"))
    assert link
    customer.goto(live_stack.url("corner", "/" + link[0].split("/", 3)[3]))
    customer.get_by_role("button", name="Sign in").click()
    customer.get_by_role("link", name="Ask something").click()
    customer.get_by_label("What is it about?").fill("A bag")
    customer.get_by_label("Your message").fill("Do you have it in red?")
    customer.get_by_role("button", name="Send").click()
    customer.get_by_role("heading", name="A bag").wait_for()
    customer.get_by_role("link", name="Your choices").click()
    customer.locator("#humans_only").get_by_role("button", name="Yes").click()
    customer.locator("#humans_only button[aria-pressed=true]").wait_for()
    customer.get_by_role("link", name="Your data").click()
    with customer.expect_download() as download:
        customer.get_by_role("button", name="Download my data").click()
    data = json.loads(Path(download.value.path()).read_text())
    assert data["data"]["tickets.message"][0]["text"] == "Do you have it in red?"
    assert data["data"]["governance.consent"][0]["purpose"] == "humans_only"
