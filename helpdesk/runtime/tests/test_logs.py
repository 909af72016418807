"""What goes wrong is logged without what customers wrote and without links that let somebody in."""

from __future__ import annotations

import io
import logging

import pytest
from django.db import IntegrityError, connection
from django.urls import URLPattern, URLResolver, get_resolver
from structlog.stdlib import ProcessorFormatter

from helpdesk.runtime import logs


def list_routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> list[str]:
    """Every path of the product as it is written."""
    found = []
    for one in get_resolver("helpdesk.urls").url_patterns if patterns is None else patterns:
        here = before + str(one.pattern)
        found += list_routes(one.url_patterns, here) if isinstance(one, URLResolver) else [here]
    return found


SECRET, MORE = "Marta Oliveira, marta@example.com", "and more of it"


@pytest.fixture
def lines() -> io.StringIO:
    """What the product's logging writes."""
    stream = io.StringIO()
    found = (one.formatter for one in logging.getLogger().handlers)
    formatter = next(one for one in found if isinstance(one, ProcessorFormatter))
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger("hd.test")
    logger.handlers, logger.propagate = [handler], False
    return stream


def _fail() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (word text NOT NULL, n int CHECK (n > 0))")
        cursor.execute("INSERT INTO t VALUES (%s, 0)", [f"{SECRET}\n\n{MORE}"])


def _fail_while_saving() -> None:
    try:
        _fail()
    except IntegrityError as error:
        assert SECRET in str(error)
        raise RuntimeError("while saving") from error


@pytest.mark.django_db
def test_a_row_that_the_database_refused_is_not_quoted(lines: io.StringIO) -> None:
    try:
        _fail_while_saving()
    except RuntimeError as error:
        logging.getLogger("hd.test").exception("Task failed: %s", error.__cause__)
    said = lines.getvalue()
    assert SECRET not in said
    assert MORE not in said
    assert said.count("violates check constraint") == 3, "in words, in the driver's error and in Django's"
    assert "RuntimeError: while saving" in said, "the rest of the chain is still there"


@pytest.mark.parametrize(
    "path",
    [
        "/portal/enter/",
        "/guest/",
        "/welcome/",
        "/weekly/off/",
        "/portal/ai/",
        "/invitation/",
        "/portal/no-ai/",
    ],
)
def test_links_that_let_somebody_in_are_not_in_the_log(lines: io.StringIO, path: str) -> None:
    token = "_DhaUwO5Vpj6-BJf-awBjtKo3vlgxDkR81NeasTg18o"
    logging.getLogger("hd.test").error("Internal Server Error: %s", f"{path}{token}/")
    assert f"Internal Server Error: {path}.../" in lines.getvalue()
    assert "_DhaUwO5" not in lines.getvalue()


def test_every_link_with_a_token_is_among_them() -> None:
    """A page that is added later with a token in its path has to be named in the pattern."""
    named = set()
    for one in list_routes():
        if "<str:token>" in one:
            named.add(one.split("<str:token>")[0].rstrip("/").rsplit("/", 1)[-1])
    assert named, "there are such pages"
    assert named <= set(logs.NAMES), named - set(logs.NAMES)
