"""What the browser tests of the desk share: an organization with people, somebody signed in, and a page that hears everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

    from helpdesk.runtime.live_stack import LiveStack

PASSWORD = "correct horse battery staple"
#: Rendering a page's own 404 is no problem; anything that a page fetches and does not get is.
QUIET = "Failed to load resource"


class Watched:
    """A page that remembers what went wrong in it: console, content policy, script, and what it could not fetch."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.text.startswith("Loading the font") and "/images/" in str(message.location.get("url")):
            return  # the box of a letter's pictures loads nothing else, and shows the system's letters
        if message.type in ("error", "warning") and QUIET not in message.text:
            self.problems.append(f"console: {message.text[:300]}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.problems.append(f"{response.status} {response.url}")


def sign_in(page: Page, stack: LiveStack, slug: str, email: str, password: str = PASSWORD) -> None:
    """Through the form, as a person does."""
    page.goto(stack.url(slug, "/account/login/"))
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("form.form button:has-text('Sign in')")
    page.wait_for_url(stack.url(slug, "/"))


def desk_of(
    browser: Browser, stack: LiveStack, slug: str, email: str, *, password: str = PASSWORD, **options: Any
) -> Page:
    """A window of their own, signed in: `options` go to the browser context."""
    given = {
        "viewport": {"width": 1280, "height": 860},
        "locale": "en-GB",
        "reduced_motion": "reduce",
        **options,
    }
    page = browser.new_context(**given).new_page()
    sign_in(page, stack, slug, email, password)
    return page
