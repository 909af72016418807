"""Keeps what the database says about rows out of the logs: it quotes them, and they hold what customers wrote."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

#: From PostgreSQL's second line ("DETAIL: Failing row contains (...)") to the next traceback of the chain.
_ABOUT_ROWS = re.compile(
    r"\n\s*(?:DETAIL|CONTEXT|HINT|LINE \d+):.*?(?=\n\n(?:The above exception was|During handling of)|\Z)",
    re.DOTALL,
)
#: Pages whose links let somebody in: what comes before the token, in the path of a page that failed.
NAMES = (
    *("enter", "invitation", "welcome", "off", "guest", "no-ai", "yes-ai", "ai", "why", "opinion"),
    *("confirm-email", "key"),  # of the library that signs people in
)
_LINK = re.compile(rf"/({'|'.join(NAMES)})/[^/\s\"']{{16,}}")


def discreet(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: leaves out rows quoted by the database, and tokens of links."""
    for name in ("event", "exception"):
        if isinstance(event.get(name), str):
            event[name] = _LINK.sub(r"/\1/...", _ABOUT_ROWS.sub(" [details left out]", event[name]))
    return event
