"""The live stack serves pages to a real browser."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from helpdesk.runtime.live_stack import LiveStack

pytestmark = pytest.mark.slow


@pytest.mark.browser
def test_a_browser_reaches_an_organizations_host(live_stack: LiveStack, browser: Browser) -> None:
    page = browser.new_page()
    response = page.goto(live_stack.url("nobody", "/health"))
    assert response is not None
    assert json.loads(page.inner_text("body")) == {"database": "ok", "broker": "ok"}


def test_commands_work_on_the_stacks_own_database(live_stack: LiveStack) -> None:
    code = "from django.db import connection as c; c.ensure_connection(); print(c.settings_dict['NAME'])"
    assert live_stack.python(code).strip() == live_stack.database


def test_pages_answer_while_the_broker_is_down(live_stack: LiveStack) -> None:
    address = f"http://127.0.0.1:{live_stack.port}/health"
    live_stack.valkey.stop()
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert json.load(answer) == {"database": "ok", "broker": "unavailable"}
    finally:
        live_stack.valkey.start()
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert json.load(answer) == {"database": "ok", "broker": "ok"}
