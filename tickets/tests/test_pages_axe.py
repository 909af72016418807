"""Every page of the product in a browser, wide and narrow, light and dark: axe finds nothing, the console is quiet, nothing
is wider than a phone; and every key of the desk does what the sheet says. (The admin's pages: helpdesk/admin/tests.)"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest
from axe_core_python.sync_playwright import Axe

from tickets.tests.in_browser import Watched, desk_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from helpdesk.runtime.live_stack import LiveStack

pytestmark = [pytest.mark.slow, pytest.mark.browser]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = {1280: 860, 360: 740}
SLUG = "linden"
#: The demo's boutique, and what it lacks: a letter in HTML with pictures elsewhere, a held answer, a long subject, an invitation.
ARRANGE = """
import json
from aiassist.models import Draft
from helpdesk.people.models import CustomerAddress, Membership
from helpdesk.people.services import invite
from helpdesk.portal.services import make_link
from helpdesk.runtime.management.demo.loading import demo_password
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.models import Article, CannedReply, Inbox, Ticket
from tickets.tests.factories import make_inbound, make_reply, make_ticket
with organization_scope(Organization.objects.get(slug="linden").id):
    owner = Membership.objects.get(role="owner")
    inbox = Inbox.objects.order_by("pk").first()
    held = make_ticket(inbox=inbox, subject="A subject that goes on and on, " * 4, assignee=owner)
    make_inbound(held, quoted="On Monday, Linden wrote:\\n> We have it.")
    make_reply(held, state="held", held_reason="The AI is stopped.", text="Held answer", author=owner)
    failed = make_ticket(inbox=inbox, subject="\\u0645\\u062a\\u0649 \\u064a\\u0635\\u0644 \\u0637\\u0644\\u0628\\u064a\\u061f")
    make_inbound(failed, text="\\u0645\\u0631\\u062d\\u0628\\u0627")
    make_reply(failed, state="failed", held_reason="The address does not exist.", text="Failed answer", author=owner)
    customer = CustomerAddress.objects.get(address="marta.oliveira@mail.example").customer
    invited = invite(email="new@linden.example", role="agent", member=owner)
    drafted, keyed = Draft.objects.filter(state="proposed", ticket__status="new").order_by("-pk")[:2]
    article = Article.objects.filter(language="en").first()
    print("FOUND", json.dumps({
        "password": demo_password(), "held": held.number, "failed": failed.number,
        "drafted": drafted.ticket.number, "keyed": keyed.ticket.number,
        "without_ai": Ticket.objects.get(subject__startswith="Answer me without AI").number,
        "letter": Ticket.objects.get(subject="A letter with pictures").number,
        "asked": Ticket.objects.filter(customer=customer).latest("number").number, "link": make_link(customer),
        "article": article.pk, "slug": article.slug,
        "reply": CannedReply.objects.first().pk, "invitation": invited.link}))
"""


def letter() -> bytes:
    """A mail with a remote picture, a table, a quoted answer and a file."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Priya Nair <priya.nair@mail.example>", "hello@linden.example"
    mail["Subject"], mail["Message-ID"] = "A letter with pictures", "<letter@mail.example>"
    mail.set_content("Hello,\n\nsee the picture.\n\nOn Monday, Linden wrote:\n> We have it.\n")
    mail.add_alternative(
        "<p>Hello, <b>see</b> the picture.</p><img src='http://pictures.example/a.png' alt=''>"
        "<table><tr><td>one</td><td>two</td></tr></table>"
        "<p>On Monday, Linden wrote:</p><blockquote type='cite'><p>We have it.</p></blockquote>",
        subtype="html",
    )
    mail.add_attachment(
        b"%PDF-1.4", maintype="application", subtype="pdf", filename="a long name of a receipt.pdf"
    )
    return mail.as_bytes()


@pytest.fixture(scope="module")
def shop(live_stack: LiveStack) -> dict[str, Any]:
    """The demo's boutique and the numbers of what is in it."""
    live_stack.manage("load_demo")
    live_stack.manage(
        "receive_mail",
        "--organization",
        SLUG,
        "--inbox",
        "hello@linden.example",
        "-",
        standard_input=letter(),
    )
    printed = live_stack.python(ARRANGE)
    found: dict[str, Any] = json.loads(printed[printed.index("FOUND") + 5 :])
    return found


class Inspector:
    """Opens pages in one context at each width, in both schemes, and writes down what is wrong."""

    def __init__(self, context: BrowserContext, stack: LiveStack) -> None:
        self.stack, self.watched = stack, Watched(context.new_page())
        self.page = self.watched.page
        self.wrong: list[str] = []

    def look(self, path: str, act: Callable[[Page], Any] | None = None, *, slug: str = SLUG) -> None:
        """One page, after `act` has brought it into the state to look at."""
        for width, height in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
            self.page.goto(path if path.startswith("http") else self.stack.url(slug, path))
            self.page.wait_for_timeout(250)  # panes that load themselves
            if act is not None:
                act(self.page)
                self.page.wait_for_timeout(300)
            where = f"{path} ({act.__name__ if act else 'as it opens'}) at {width}"
            self._hold_to_the_rules(where)

    def _hold_to_the_rules(self, where: str) -> None:
        self.wrong += [f"{where}: {problem}" for problem in self.watched.problems]
        wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            self.wrong.append(f"{where}: {wider} px too wide")
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": TAGS}})
            for one in found["violations"]:
                nodes = [node["html"][:160] for node in one["nodes"]][:3]
                self.wrong.append(f"{where}, {scheme}: {one['id']} {nodes}")
        self.watched.problems.clear()  # axe itself sets an empty style now and then


# What a person does before looking


def filters(page: Page) -> None:
    page.get_by_text("Filter", exact=True).click()


def pick_three(page: Page) -> None:
    for box in page.locator("input[name=tickets]").all()[:3]:
        box.check(force=True)
    edge = page.locator("#list").bounding_box()
    last = page.locator("#bulk button:visible").last.bounding_box()
    assert edge
    assert last
    assert last["x"] + last["width"] <= edge["x"] + edge["width"], "the bar is wider than the list"


def key_sheet(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()


def menu(page: Page) -> None:
    narrow = page.locator(".topbar button")
    (narrow if narrow.is_visible() else page.locator("summary.me")).click()


def details(page: Page) -> None:
    opener = page.locator(".only-drawer")
    if opener.is_visible():
        opener.click()


def write_with_copy(page: Page) -> None:
    page.locator("#composer-body").fill("Hello")
    page.get_by_role("button", name="CC", exact=True).click()


def note(page: Page) -> None:
    page.keyboard.press("n")


def ready_replies(page: Page) -> None:
    page.locator("#composer-body").fill("Hello")
    page.locator("[data-open-dialog=picker]").click()
    page.locator("#picker-body input").wait_for()


def take_the_draft(page: Page) -> None:
    opener = page.locator(".only-drawer")
    if opener.is_visible():
        opener.click()
    panel = page.locator("#ai-panel")
    edit, again = (panel.get_by_role("button", name=name) for name in ("Edit", "Show the draft again"))
    edit.or_(again).wait_for()
    if again.is_visible():  # taken at the other width
        again.click()
    edit.click()
    page.locator("#composer .disclosure").wait_for()
    page.keyboard.press("Escape")


def unfold(page: Page) -> None:
    page.locator("details.fold summary").first.click()


def show_pictures(page: Page) -> None:
    """In a frame of their own, which loads nothing but pictures (this one is not there)."""
    page.locator("[data-reveal]").first.click()
    page.locator("iframe.message-frame").wait_for()


def wrong_password(page: Page) -> None:
    page.fill("input[name=login]", "owner@linden.example")
    page.fill("input[name=password]", "not this one")
    page.click("form.form button:has-text('Sign in')")
    page.locator(".notice.bad").wait_for()


def prove(page: Page) -> None:
    """A page that asks for the password once more."""
    if "/reauthenticate/" in page.url:
        page.fill("input[name=password]", page.context.storage_password)  # type: ignore[attr-defined]
        page.locator("main form button").first.click()
        page.wait_for_load_state()


# The pages


@pytest.fixture
def owner(live_stack: LiveStack, shop: dict[str, Any], browser: Browser) -> Inspector:
    context = desk_of(browser, live_stack, SLUG, "owner@linden.example", password=shop["password"]).context
    context.storage_password = shop["password"]  # type: ignore[attr-defined]
    return Inspector(context, live_stack)


@pytest.fixture
def stranger(live_stack: LiveStack, shop: dict[str, Any], browser: Browser) -> Inspector:
    return Inspector(browser.new_context(locale="en-GB"), live_stack)


def test_the_desk(owner: Inspector, shop: dict[str, Any]) -> None:
    for act in (None, filters, pick_three, key_sheet, menu):
        owner.look("/", act)
    for path in ("/?q=coat", "/?q=zzqqxx", "/?view=spam", "/?status=new&priority=2", "/?view=open&sort=due"):
        owner.look(path)
    for key, acts in {
        "held": (None, note, unfold),
        "failed": (None, details),
        "letter": (None, show_pictures),
        "without_ai": (None, details),
        "drafted": (None, details, write_with_copy, ready_replies, take_the_draft),
    }.items():
        for act in acts:
            owner.look(f"/tickets/{shop[key]}/", act)
    owner.look("/tickets/99999/")
    assert owner.wrong == []


def test_the_desk_s_single_pages(owner: Inspector, shop: dict[str, Any]) -> None:
    for path in (
        "/tickets/new/",
        "/tickets/write/",
        f"/tickets/{shop['held']}/merge/",
        f"/tickets/{shop['held']}/split/",
        f"/tickets/{shop['held']}/forward/",
        "/settings/blocked/",
        "/articles/",
        "/articles/new/",
        f"/articles/{shop['article']}/",
        "/replies/",
        "/replies/new/",
        f"/replies/{shop['reply']}/",
        "/people/",
        "/profile/",
        "/outbox/",
        "/ai-activity/",
        "/ai-activity/?only=stopped",
    ):
        owner.look(path)
    owner.look("/outbox/", first_mail)
    assert owner.wrong == []


def test_what_the_first_day_needs(owner: Inspector, shop: dict[str, Any]) -> None:
    owner.look(f"/tickets/{shop['letter']}/", snooze_menu)  # open in any order of tests
    owner.look("/?view=open&tag=returns", save_the_view)
    for path in (
        "/how-are-we-doing/",
        "/how-are-we-doing/?since=2026-03-05&until=2026-03-04",
        "/hours/",
        "/training/",
        "/training/ai-basics/",
        "/practice/",
        "/concerns/",
        "/pulse/",
        "/for-you/",
        "/articles/import/",
        "/articles/starters/",
        "/guide/",
        "/guide/how-are-we-doing/",
        "/settings/",
        "/settings/inboxes/",
        "/settings/topics/",
        "/settings/inboxes/new/",
    ):
        owner.look(path)
    owner.look("/settings/inboxes/", first_mailbox)
    assert owner.wrong == []


def snooze_menu(page: Page) -> None:
    wide = page.locator("#snooze summary")
    (wide if wide.is_visible() else page.locator(".actions summary:visible").first).click()
    assert page.locator("button[name=until]:visible").count() == 3


def save_the_view(page: Page) -> None:
    page.get_by_text("Save this view").click()
    page.locator("#view-name").wait_for()


def first_mailbox(page: Page) -> None:
    page.locator("main a[href*='/mailbox/']").first.click()
    page.locator("main form.form").first.wait_for()


def first_mail(page: Page) -> None:
    page.locator("main table a").first.click()
    page.locator(".mail").wait_for()


def test_the_account(owner: Inspector) -> None:
    for path in (
        "/account/password/change/",
        "/account/2fa/",
        "/account/sessions/",
        "/account/logout/",
        "/account/reauthenticate/",
    ):
        owner.look(path)
    for path in (
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/",
        "/account/2fa/webauthn/add/",
        "/account/2fa/recovery-codes/generate/",
    ):
        owner.look(path, prove)
    assert owner.wrong == []


def test_what_anyone_may_see(stranger: Inspector, shop: dict[str, Any]) -> None:
    for path in (
        "/account/login/",
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/password/reset/key/x-y/",
        shop["invitation"],
        "/invitation/nothing/",
        "/nothing/",
        "/trust/",
        "/privacy/",
        "/help/",
        f"/help/{shop['slug']}/",
        "/portal/sign-in/",
        "/portal/enter/nothing/",
        f"http://localhost:{stranger.stack.port}/",
        f"http://nobody.localhost:{stranger.stack.port}/",
    ):
        stranger.look(path)
    stranger.look("/account/login/", wrong_password)
    assert stranger.wrong == []


def test_the_customer_s_pages(stranger: Inspector, shop: dict[str, Any]) -> None:
    stranger.look(shop["link"])
    stranger.page.goto(shop["link"])
    stranger.page.locator("main form button").first.click()
    stranger.page.wait_for_url("**/portal/tickets/")
    asked = f"/portal/tickets/{shop['asked']}/"
    for path in ("/portal/tickets/", asked, f"{asked}ai/", "/portal/tickets/new/"):
        stranger.look(path)
    for path in ("/portal/choices/", "/portal/my-data/", "/portal/tickets/99999/"):
        stranger.look(path)
    assert stranger.wrong == []


# What is easy to break


def test_a_ready_reply_is_searched_for_and_put_in_twice(owner: Inspector, shop: dict[str, Any]) -> None:
    from playwright.sync_api import expect

    page = owner.page
    page.set_viewport_size({"width": 1280, "height": 860})
    page.goto(owner.stack.url(SLUG, f"/tickets/{shop['without_ai']}/"))
    for said in ("order number", "photo"):
        page.locator("#composer-body").press_sequentially(" ")
        page.locator("[data-open-dialog=picker]").click()
        page.locator("#picker-search").press_sequentially(said, delay=60)
        expect(page.locator("#picker-body li")).to_have_count(1)
        expect(page.locator("#picker-search")).to_be_focused()
        page.locator("#picker-body li button").click()
        expect(page.locator("#composer-body")).to_have_value(re.compile(said, re.IGNORECASE))
    expect(page.locator("#composer-body")).to_have_value(re.compile("order number", re.IGNORECASE))
    assert owner.watched.problems == []


# The keyboard


def test_the_keys_do_what_the_sheet_says(
    live_stack: LiveStack, shop: dict[str, Any], browser: Browser
) -> None:
    from playwright.sync_api import expect

    page = desk_of(browser, live_stack, SLUG, "ana@linden.example", password=shop["password"])
    watched = Watched(page)
    links = page.locator("[data-row-link]")
    key = page.keyboard.press

    key("j")
    expect(links.nth(0)).to_be_focused()
    key("j")
    expect(links.nth(1)).to_be_focused()
    key("k")
    expect(links.nth(0)).to_be_focused()
    key("x")
    expect(page.locator("input[name=tickets]").nth(0)).to_be_checked()
    expect(links.nth(0)).to_be_focused()
    key("x")
    key("/")
    expect(page.locator("#list-search")).to_be_focused()
    key("Escape")
    key("?")
    expect(page.locator("#keys")).to_be_visible()
    key("Escape")
    expect(page.locator("#keys")).to_be_hidden()

    page.goto(live_stack.url(SLUG, "/"))
    row = page.locator(f"[data-row-link][href*='/tickets/{shop['keyed']}/']")
    row.focus()
    key("o")
    page.wait_for_url(f"**/tickets/{shop['keyed']}/*")
    page.locator("#composer-body").wait_for()
    key("a")
    expect(page.locator("#p-assignee option:checked")).to_contain_text("Ana Ruiz")
    key("n")
    expect(page.locator("#composer-body")).to_be_focused()
    page.keyboard.type("For the team, by key")
    key("Control+Enter")
    expect(page.locator("#thread")).to_contain_text("For the team, by key")
    expect(page.locator("#composer input[value=reply]")).to_be_checked()
    page.locator("#ticket-title").focus()
    key("r")
    expect(page.locator("#composer-body")).to_be_focused()
    key("Escape")
    page.locator("#ai-panel").get_by_role("button", name="Edit").wait_for()
    key("e")
    expect(page.locator("#composer .disclosure")).to_be_visible()
    expect(page.locator("#composer-body")).to_be_focused()
    page.keyboard.type("\nBy key.")
    key("Control+Enter")
    expect(page.get_by_text("Take it back")).to_be_visible()
    expect(page.locator("#composer-body")).not_to_be_focused()
    key("z")
    expect(page.locator("#composer-body")).to_have_value(re.compile("By key"))
    page.locator("#ticket-title").focus()
    key("s")
    expect(page.locator(".ticket-head .status-solved")).to_be_visible()
    assert watched.problems == []
