"""What only this room can look at for the demands: messages as they left, their approvals and their lines."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext as _

from governance.demands.base import Evidence, also, failing, none_of, working
from governance.demands.book import Book
from tickets import keeping

_LEFT = """
SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM tickets_approval a
        WHERE a.message_id = m.id AND a.revoked_at IS NULL)),
    count(*) FILTER (WHERE disclosure = ''), count(*) FILTER (WHERE author_id IS NULL)
FROM tickets_message m WHERE kind = 'reply' AND state = 'sent' AND ai_involvement <> 'none' AND created_at >= %s
"""


def _left(book: Book) -> tuple[int, int, int, int]:
    """AI-assisted answers that left: all, without approval, without the line, without a person. One query."""
    kept: dict[str, tuple[int, int, int, int]] = book.__dict__.setdefault("rooms", {})
    if "left" not in kept:
        with connection.cursor() as cursor:
            cursor.execute(_LEFT, [book.since])
            kept["left"] = cursor.fetchone()
    return kept["left"]


def approved(book: Book) -> Iterator[Evidence]:
    every, bad, _untold, _unsigned = _left(book)
    if not {"tickets_message.guard", "tickets_approval.guard"} <= book.triggers:
        yield failing(_("The guard in the database that asks for a person's approval is off."))
    yield none_of(
        bad,
        every,
        failed=_("%(bad)s of %(n)s messages with AI help left without an approval on record."),
        none_yet=_("No message with AI help is among those that left."),
        good=_("Each of the %(n)s messages that left has its approval on record."),
    )


def told(book: Book) -> Iterator[Evidence]:
    every, _alone, bad, _unsigned = _left(book)
    yield none_of(
        bad,
        every,
        failed=_("%(bad)s of %(n)s messages left without the line in their text."),
        none_yet=_("No message with AI help is among those that left."),
        good=_("The line stands in each of the %(n)s messages that left."),
    )


def signed(book: Book) -> Iterator[Evidence]:
    every, _alone, _untold, bad = _left(book)
    yield none_of(
        bad,
        every,
        failed=_("%(bad)s of %(n)s messages with AI help name nobody who sent them."),
        none_yet=_("No message with AI help is among those that left."),
        good=_("Each of the %(n)s messages with AI help has a person who sent it."),
    )


def kept(book: Book) -> Iterator[Evidence]:
    """Finished requests that should be gone; nothing to say where the rules keep them all."""
    if book.rules.retention_days is None:
        return
    late = keeping.late(book.rules.retention_days, book.now)
    if late:
        yield failing(_("%(n)s finished requests are still here after their day.") % {"n": late})
    else:
        yield working(_("No finished request is still here after its day."))


def register() -> None:
    """Called once, in AppConfig.ready."""
    parts = {1: approved, 4: told, 5: signed, 49: kept}
    for number, part in parts.items():
        also(number)(part)
