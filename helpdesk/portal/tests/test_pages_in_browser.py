"""Customers' and sign-in pages in a real browser: accessible, quiet console, strict content policy, any width and scheme."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from django.db import connections

from governance.core.starter import boutique
from governance.services.policies import adopt_starter
from helpdesk.people.models import Membership
from helpdesk.people.tests.factories import PASSWORD, make_organization
from helpdesk.people.tests.support import browser_of
from helpdesk.portal.services import make_link
from helpdesk.portal.tests.support import path_of
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import organization_scope
from tickets.portal_links import why_url
from tickets.tests.test_portal import Asked

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
#: Where screenshots go, for eyes; none are taken without it.
SHOTS = os.environ.get("SHOTS", "")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Visitor:
    """A page of the browser on the shop's host that remembers what it complained about."""

    def __init__(self, page: Any, origin: str) -> None:
        self.page, self.origin, self.problems = page, origin, []  # type: ignore[var-annotated]
        page.on(
            "response",
            lambda got: (
                got.status >= 400
                and "/events/" not in got.url
                and self.problems.append(f"{got.status} {got.url}")
            ),
        )
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _heard(self, said: Any) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.problems.append(said.text)

    def look(self, path: str, name: str) -> None:
        """Open the page at a desk's and a phone's width, light and dark, and hold it to the rules."""
        for width, scheme in ((1280, "light"), (360, "dark")):
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.emulate_media(color_scheme=scheme)
            self.page.goto(self.origin + path)
            if SHOTS:
                shot = Path(SHOTS) / f"{name}-{width}-{scheme}.png"
                self.page.screenshot(path=str(shot), full_page=True)
            too_wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert too_wide <= 0, f"{path} scrolls sideways by {too_wide} at {width}"
            found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": TAGS}})
            wrong = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]]
            assert wrong == [], (path, width, scheme)
        assert self.problems == [], path


@pytest.fixture
def shop() -> Organization:
    organization = make_organization(name="Little Boutique")
    with organization_scope(organization.id):
        from helpdesk.people.tests.factories import make_member

        adopt_starter(starter=boutique(), member=make_member(email="owner@shop.example"))
    return organization


@pytest.fixture
def visitor(browser: Any, live_server: Any, shop: Organization) -> Iterator[Visitor]:
    context = browser.new_context(locale="en-US")
    yield Visitor(context.new_page(), f"http://{shop.slug}.localhost:{live_server.thread.port}")
    context.close()
    # Playwright's loop gives this thread a second set of connections, which the database's renewal does not know.
    connections.close_all()


def test_the_customers_pages(visitor: Visitor, shop: Organization) -> None:
    asked = Asked(shop)
    with organization_scope(shop.id):
        link, why = path_of(make_link(asked.customer)), path_of(why_url(asked.reply))
    visitor.look("/portal/sign-in/", "sign-in")
    visitor.look(link, "enter")
    visitor.look(why, "why-from-mail")
    visitor.page.goto(visitor.origin + link)
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url("**/portal/tickets/")
    for name, path in (
        ("tickets", "/portal/tickets/"),
        ("ticket", asked.path),
        ("touched", f"{asked.path}ai/"),
        ("new", "/portal/tickets/new/"),
        ("choices", "/portal/choices/"),
        ("data", "/portal/my-data/"),
    ):
        visitor.look(path, name)


def test_the_pages_for_anyone(visitor: Visitor) -> None:
    for name in ("trust", "privacy"):
        visitor.look(f"/{name}/", name)


def test_a_language_can_be_chosen_and_stays(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor.origin}/portal/sign-in/")
    visitor.page.get_by_label("Language").select_option("de")
    visitor.page.wait_for_selector("html[lang=de]")
    visitor.page.goto(f"{visitor.origin}/trust/")
    assert visitor.page.get_by_role("heading", name="KI entwirft. Ein Mensch entscheidet.").is_visible()


def test_the_pages_of_sign_in(visitor: Visitor, shop: Organization) -> None:
    visitor.look("/account/login/", "login")
    visitor.look("/account/password/reset/", "reset")
    visitor.page.goto(f"{visitor.origin}/account/login/")
    visitor.page.get_by_label("Email").fill("owner@shop.example")
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    visitor.page.wait_for_url(f"{visitor.origin}/")
    visitor.problems.clear()
    for name, path in (
        ("people", "/people/"),
        ("profile", "/profile/"),
        ("second-factor", "/account/2fa/"),
        ("sessions", "/account/sessions/"),
        ("password", "/account/password/change/"),
        ("reauthenticate", "/account/reauthenticate/"),
    ):
        visitor.look(path, name)
    visitor.page.goto(f"{visitor.origin}/account/reauthenticate/")
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.locator("main form button").first.click()
    visitor.page.wait_for_load_state()
    for name, path in (
        ("totp", "/account/2fa/totp/activate/"),
        ("passkey-add", "/account/2fa/webauthn/add/"),
    ):
        visitor.look(path, name)
    with organization_scope(shop.id):
        assert Membership.objects.count() == 1
    assert browser_of(shop).get("/account/2fa/").status_code == 302


def test_a_passkey_is_made_and_signs_in(visitor: Visitor, shop: Organization) -> None:
    """With the browser's virtual authenticator: the whole ceremony, under the strict content policy."""
    page = visitor.page
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{visitor.origin}/account/login/")
    page.get_by_label("Email").fill("owner@shop.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{visitor.origin}/")
    page.goto(f"{visitor.origin}/account/2fa/webauthn/add/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/webauthn/add/")
    page.locator("input[name=name]").fill("My laptop")
    page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add, main form button").first.click()
    page.wait_for_url("**/recovery-codes/")
    page.context.clear_cookies()
    page.goto(f"{visitor.origin}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{visitor.origin}/")
