"""What every test stands on: a database of its own from the migrated template, no network, a browser.

The services are started by `helpdesk.settings_test` (see `helpdesk/runtime/testing.py`); tests connect as the
app role, so what the database refuses the product, it refuses the tests.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import shutil
import socket
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from helpdesk.runtime import testing
from helpdesk.runtime.live_stack import LiveStack

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The same examples every time and no stop-watch: a busy machine or a lucky dice must not turn a build red.
# HYPOTHESIS_PROFILE=explore looks for new ones; what it finds becomes an @example.
hypothesis_settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile("explore", deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--metrics-recording-only",
)


# Database


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Nothing to rename: settings already point at this worker's database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """This worker's copy of the migrated template, instead of pytest-django's own test database."""
    from django.db import connections

    with django_db_blocker.unblock():
        testing.recreate_database(testing.database_name())
    patch = pytest.MonkeyPatch()
    _recreate_instead_of_flush(patch)
    yield
    patch.undo()
    with django_db_blocker.unblock():
        connections.close_all()
        testing.drop_database(testing.database_name())


def _recreate_instead_of_flush(patch: pytest.MonkeyPatch) -> None:
    """After a test with real transactions: the app role may not TRUNCATE, and a new copy is faster anyway."""
    from django.db import connections
    from django.test.testcases import TransactionTestCase

    def teardown(_case: TransactionTestCase) -> None:
        connections.close_all()
        testing.recreate_database(testing.database_name())

    patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)


@pytest.fixture
def owner_url(django_db_setup: None) -> str:
    """How to reach this worker's database as the role that owns the schema. Few tests need it."""
    return testing.with_database(os.environ[testing.OWNER_URL], testing.database_name())


@pytest.fixture
def superuser_url(django_db_setup: None) -> str:
    """How to reach this worker's database as superuser: to look at catalogs, never to prove a promise."""
    return testing.with_database(os.environ[testing.SUPERUSER_URL], testing.database_name())


@pytest.fixture(autouse=True)
def _clean_valkey(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whoever touched the cache or the queues leaves them empty."""
    yield
    marked = request.node.get_closest_marker("django_db") is not None
    if marked or not {"db", "transactional_db"}.isdisjoint(request.fixturenames):
        import redis

        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            # Celery declares its queues once a process: without these keys its messages go nowhere.
            keys = [key for key in client.scan_iter(count=1000) if b"_kombu.binding" not in key]
            if keys:
                client.delete(*keys)


# The whole product


@pytest.fixture(scope="session")
def live_stack(django_db_setup: None) -> Iterator[LiveStack]:
    """Web, workers and beat on a database of their own, driven from outside: mark such tests `slow`.

    It is not reset between tests: each makes an organization of its own (`live_stack.manage`, `.python`).
    """
    stack = LiveStack()
    stack.start()
    yield stack
    stack.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure in the live stack is explained by its logs."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("live_stack")
    if report.failed and isinstance(stack, LiveStack):
        report.sections.append(("logs of the live stack", stack.log_tails()))
    return report


@pytest.fixture(autouse=True)
def _speak_english() -> Iterator[None]:
    """A page in another language leaves it active in this thread; the next test must not inherit it."""
    yield
    from django.utils import translation

    translation.activate("en")


# No network


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """A test that would talk to the world fails, and says to whom."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(sock: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else address
        if isinstance(address, tuple) and not _is_loopback(str(host)):
            sock.close()
            pytest.fail(f"A test tried to reach {address!r}: tests talk to this machine only.")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(self, address)
        return connect_ex(self, address)

    def guarded_resolve(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not _is_loopback(name) and not _is_number(name):
            raise socket.gaierror(socket.EAI_NONAME, f"tests do not resolve {name}")
        return resolve(host, *arguments, **options)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_resolve)
    yield
    patch.undo()


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1", "0.0.0.0", "::", socket.gethostname()} or host.startswith("127.")  # noqa: S104


# Browser


def chromium_path() -> str | None:
    """The Chromium of this machine, if it has one; `CHROMIUM` names another."""
    named = os.environ.get("CHROMIUM")
    found = (shutil.which(name) for name in ([named] if named else CHROMIUM_NAMES))
    return next((path for path in found if path), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Without one the test is skipped, or fails if REQUIRE_BROWSER=1."""
    path = chromium_path()
    if path is None:
        reason = "There is no Chromium on this machine: install it (Debian: apt-get install chromium)."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def _running_browser(chromium: str) -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        loop = asyncio.get_running_loop()
        # Playwright leaves its event loop running in this thread, where Django then refuses every query:
        # it is hidden from all tests but those that use the browser.
        asyncio._set_running_loop(None)
        yield started, loop
        asyncio._set_running_loop(loop)
        started.close()


@pytest.fixture
def browser(
    _running_browser: tuple[Browser, asyncio.AbstractEventLoop], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Browser]:
    """A headless Chromium, one for this worker; what a test opened in it is closed after the test."""
    started, loop = _running_browser
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    asyncio._set_running_loop(loop)
    yield started
    for context in started.contexts:
        context.close()
    asyncio._set_running_loop(None)
