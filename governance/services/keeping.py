"""How long finished requests stay: the room that has them says how many a rule would delete; this asks it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_counter: Callable[[int], int] | None = None


def offer(counter: Callable[[int], int]) -> None:
    """Say who counts the requests that a rule of so many days would delete today (from `AppConfig.ready`)."""
    global _counter  # noqa: PLW0603 - one registry, filled once in AppConfig.ready
    _counter = counter


def said_today(days: int | None) -> str:
    """The sentence for whoever sets the rule: what would go if it were in force today. Empty where it keeps all."""
    if days is None or _counter is None:
        return ""
    count = _counter(days)
    if not count:
        return _("Today no request is that old.")
    words = ngettext(
        "Today that would be %(n)s request. You get a mail seven days before anything goes.",
        "Today that would be %(n)s requests. You get a mail seven days before anything goes.",
        count,
    )
    return words % {"n": count}
