"""What goes wrong is logged without what customers wrote and without links that let somebody in."""

from __future__ import annotations

import io
import logging

import pytest
from django.db import IntegrityError, connection
from structlog.stdlib import ProcessorFormatter

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


def test_links_that_let_somebody_in_are_not_in_the_log(lines: io.StringIO) -> None:
    logging.getLogger("hd.test").error(
        "Internal Server Error: %s", "/portal/enter/_DhaUwO5Vpj6-BJf-awBjtKo3vlgxDkR81NeasTg18o/"
    )
    assert "Internal Server Error: /portal/enter/.../" in lines.getvalue()
    assert "_DhaUwO5" not in lines.getvalue()
