"""The whole circle, as people do it: in a browser, against the real web server, workers, database and broker."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from helpdesk.runtime.live_stack import LiveStack

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PASSWORD = "correct horse battery staple"
CUSTOMER = "marta@customer.example"
SET_UP = f"""
from aiassist.services.indexing import index_organization
from governance.core.starter import starter
from governance.services.policies import adopt_starter
from helpdesk.people.models import Membership, User
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Article, Inbox
from django.utils import timezone
o = Organization.objects.create(slug="circle", name="Circle & Co")
with organization_scope(o.id):
    owner = Membership.objects.create(user=User.objects.create_user("ana@circle.example", {PASSWORD!r}, name="Ana Ruiz"), role="owner")
    adopt_starter(starter=starter(), member=owner)
    Inbox.objects.create(name="Hello", address="hello@circle.example", from_name="Circle & Co")
    Article.objects.create(title="Returns", slug="returns", status="published", published_at=timezone.now(),
        body="You can return any item within 30 days of delivery. Returns are free of charge. We refund you within 5 working days.")
index_organization(o.id)
"""


def mail_in(stack: LiveStack, subject: str, text: str) -> str:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        f"Marta Oliveira <{CUSTOMER}>",
        "hello@circle.example",
        subject,
    )
    message["Message-ID"] = f"<{time.monotonic_ns()}@customer.example>"
    message.set_content(text)
    return stack.manage(
        "receive_mail",
        "--organization",
        "circle",
        "--inbox",
        "hello@circle.example",
        "-",
        standard_input=message.as_bytes(),
    )


def sent_mails(stack: LiveStack) -> list[EmailMessage]:
    found = []
    for path in sorted(Path(stack.outbox).rglob("*.*")):
        parts = re.split(rb"\n-{79}\n", path.read_bytes())
        found += [message_from_bytes(raw, policy=policy.default) for raw in parts if raw.strip()]
    return [mail for mail in found if isinstance(mail, EmailMessage)]


def wait_for(find: Callable[[], EmailMessage | None], seconds: float = 40) -> EmailMessage:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (found := find()) is not None:
            return found
        time.sleep(0.3)
    pytest.fail("the mail did not come")


def mail_to_customer(
    stack: LiveStack, *, header: str = "", body: str = ""
) -> Callable[[], EmailMessage | None]:
    def find() -> EmailMessage | None:
        for mail in reversed(sent_mails(stack)):
            plain = mail.get_body(("plain",))
            text = plain.get_content() if plain else ""
            if CUSTOMER in str(mail["To"]) and (not header or mail[header]) and body in text:
                return mail
        return None

    return find


def text_of(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content())


def sign_in(page: Page, stack: LiveStack) -> None:
    page.goto(stack.url("circle", "/account/login/"))
    page.fill("input[name=login]", "ana@circle.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("form.form button:has-text('Sign in')")
    page.wait_for_url(stack.url("circle", "/"))


def test_from_the_customers_mail_to_their_choice(live_stack: LiveStack, browser: Browser) -> None:
    from playwright.sync_api import expect

    live_stack.python(SET_UP)
    desk = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    problems: list[str] = []
    desk.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(desk, live_stack)

    # A mail arrives, is acknowledged, and a draft with its source lies beside it.
    assert '"created"' in mail_in(
        live_stack, "Return", "Hello, how long do I have to return an item, and is it free?\n\nMarta"
    )
    acknowledgement = wait_for(mail_to_customer(live_stack, body="has the number 1"))
    assert "AI" in text_of(acknowledgement)
    desk.get_by_text(
        "new or changed"
    ).first.click()  # it says so without a reload, and moves nothing by itself
    desk.get_by_text("Return", exact=True).first.wait_for()
    desk.goto(live_stack.url("circle", "/tickets/1/"))
    panel = desk.locator("#ai-panel")
    panel.get_by_text("30 days").first.wait_for(timeout=40_000)
    panel.get_by_text("Returns").first.wait_for()

    # A person edits, sees what will go out with it, and sends.
    panel.get_by_role("button", name="Edit").click()
    body = desk.locator("#composer-body")
    body.wait_for()
    expect(body).to_have_value(re.compile("30 days"))
    body.fill(body.input_value() + "\n\nJust write again if anything is unclear.")
    desk.locator("#composer").get_by_text("Written with AI assistance").wait_for()
    desk.get_by_role("button", name="Approve and send").click()
    desk.get_by_text("Take it back").wait_for()
    answer = wait_for(mail_to_customer(live_stack, header="AI-Involvement", body="30 days"))
    assert answer["AI-Involvement"] == "edited"
    assert "Written with AI assistance, checked and sent by Ana Ruiz." in text_of(answer)
    assert "Just write again" in text_of(answer)

    # The customer signs in by mail, reads it, and asks why.
    portal = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    portal.goto(live_stack.url("circle", "/portal/"))
    portal.fill("input[type=email]", CUSTOMER)
    portal.locator("main form button").first.click()
    letter = wait_for(mail_to_customer(live_stack, body="/portal/enter/"))
    link = re.search(r"http://\S+/portal/enter/\S+", text_of(letter))
    assert link is not None
    portal.goto(link.group())
    portal.locator("main form button").first.click()
    portal.get_by_text("Return", exact=True).first.click()
    portal.get_by_text("checked and sent by Ana Ruiz").first.wait_for()
    portal.get_by_role("link", name=re.compile("Why this answer")).first.click()
    portal.get_by_text("Returns").first.wait_for()
    assert "Ana Ruiz" in portal.inner_text("main")

    # They choose people; the next mail is not drafted for, and the agent is told why.
    portal.goto(live_stack.url("circle", "/portal/choices/"))
    portal.locator("#humans_only").get_by_role("button", name="Yes").click()
    portal.wait_for_load_state()
    mail_in(live_stack, "Another question", "Is the return of a second item free as well?")
    desk.goto(live_stack.url("circle", "/tickets/2/"))
    desk.locator("#ai-panel").get_by_text("Not allowed here.").wait_for(timeout=40_000)
    assert "asked to be answered without AI" in desk.inner_text("#ai-panel")
    assert not problems
    assert "entries are as they were written" in live_stack.manage(
        "verify_ledger", "--organization", "circle"
    )
