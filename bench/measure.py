"""Drives every row a number of times over HTTP and reads what the processes spent meanwhile."""

from __future__ import annotations

import argparse
import statistics
from typing import Any

from bench.base import PASSWORD, Base, make
from bench.browser import Browser
from bench.cpu import Meter
from bench.pages import Page, pages
from bench.stack import HOST, Stack

WARM = 12
Row = dict[str, Any]


def meter_of(stack: Stack) -> Meter:
    """Web, database and this process itself."""
    return Meter({"web": stack.web_pid, "database": stack.postgres_pid})


def http_rows(stack: Stack, arguments: argparse.Namespace) -> list[Row]:
    """One row per page that was asked for."""
    from helpdesk.tenancy.scope import organization_scope

    base = make("bench")
    with organization_scope(base.organization):
        wanted = [
            one for one in pages(base, arguments.tickets) if arguments.only in one.name or "empty" in one.name
        ]
    browsers: dict[str, Browser] = {}
    rows = []
    for page in wanted:
        if page.person not in browsers:
            browsers[page.person] = _browser(stack, base, page.person)
        try:
            rows.append(_row(stack, base, browsers[page.person], page, arguments.runs))
        except RuntimeError as error:
            print(f"  {page.name}: NOT MEASURED, {error}", flush=True)
            continue
        print(f"  {page.name}: {rows[-1]['cpu_ms']:.1f} ms", flush=True)
    return rows


def _browser(stack: Stack, base: Base, person: str) -> Browser:
    browser = Browser(HOST, stack.port, f"{base.slug}.localhost:{stack.port}")
    browser.sign_in(f"{person}@{base.slug}.example", PASSWORD)
    return browser


def _row(stack: Stack, base: Base, browser: Browser, page: Page, runs: int) -> Row:
    for request in range(WARM):
        _ask(base, browser, page, request)
    meter = meter_of(stack)
    meter.start()
    answers = [_ask(base, browser, page, WARM + request) for request in range(runs)]
    spent = meter.stop()
    walls = sorted(seconds * 1000 for seconds, _size in answers)
    return {
        "name": page.name,
        "queries": _queries(base, page, WARM + runs),
        "bytes": int(statistics.mean(size for _seconds, size in answers)),
        "wall_median_ms": statistics.median(walls),
        "wall_p95_ms": walls[int(len(walls) * 0.95)],
        "web_ms": spent["web"] / runs * 1000,
        "database_ms": spent["database"] / runs * 1000,
        "cpu_ms": (spent["web"] + spent["database"]) / runs * 1000,
        "rival": page.rival,
        "within": page.within,
        "steady": page.steady,
    }


def _ask(base: Base, browser: Browser, page: Page, request: int) -> tuple[float, int]:
    path = page.path(request)
    if page.changed:
        _let_a_ticket_change(base)
    if page.form is None:
        answer = browser.get(path, page.headers)
    else:
        answer = browser.post(path, page.form, page.headers)
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status} {answer.location}")
    return answer.seconds, len(answer.body)


def _let_a_ticket_change(base: Base) -> None:
    """What every change of a ticket does to whatever is remembered."""
    from helpdesk.live import events

    events.client().incr(events.number_key(base.organization, "tickets"))


_NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def _queries(base: Base, page: Page, request: int) -> int:
    """How many queries the same request makes, asked in this process; transaction marks are not counted."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from helpdesk.people.models import User

    client = Client(headers={"host": f"{base.slug}.localhost"})
    client.force_login(
        User.objects.get(email=f"{page.person}@{base.slug}.example"),
        "django.contrib.auth.backends.ModelBackend",
    )
    path = page.path(request)
    if page.form is None:
        client.get(path, headers=page.headers)
    if page.changed:
        _let_a_ticket_change(base)
    with CaptureQueriesContext(connection) as seen:
        if page.form is None:
            answer = client.get(path, headers=page.headers)
        else:
            answer = client.post(path, page.form, headers=page.headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code} in this process.")
    return sum(not one["sql"].startswith(_NOT_COUNTED) for one in seen.captured_queries)


def run(stack: Stack, arguments: argparse.Namespace) -> None:
    """All rows; prints the table and writes the JSON."""
    from bench import inside, report

    print(f"Driving each page {arguments.runs} times ...", flush=True)
    rows = http_rows(stack, arguments)
    more = inside.rows(stack, arguments)
    report.show(report.written(stack, arguments, rows, more))
