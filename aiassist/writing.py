"""Words of a draft while a service writes them: shown, held against leaks, recognised in a paste, approved by nobody.

What is shown stands in an AIText of a decision that has no explanation before the draft is checked, so a paste of it
cannot be approved; what is held back later never can be.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import Error
from django.utils import timezone

from aiassist.core import leaks, redact
from aiassist.drafting_models import Writing
from aiassist.work import Asked, Prepared
from helpdesk.live.events import publish_on_commit
from helpdesk.people.models import Customer
from helpdesk.tenancy.scope import organization_scope
from tickets.content import text_hash
from tickets.models import AIText, Message

log = structlog.get_logger(__name__)
#: Words are stored at most so often: a reader does not read faster, and each time is a short transaction.
STORE_EVERY = 0.7
#: A worker that died leaves its words behind; they are not shown for longer than this.
FRESH = timedelta(minutes=3)
PARTIAL = "partial"
_SENTENCE_END = re.compile(r"[.!?…]\s+")


@dataclass
class Listener:
    """Hears the words of one call. Whatever goes wrong here, the draft goes on."""

    organization_id: UUID
    prepared: Prepared
    asked: Asked
    given: tuple[str, ...] = field(repr=False)
    _stored: float = float("-inf")
    _shown: str = field(default="", repr=False)
    _silent: bool = False

    def __call__(self, words: str) -> None:
        """Store what may be shown of the words so far."""
        if self._silent or time.monotonic() - self._stored < STORE_EVERY:
            return
        self._stored = time.monotonic()
        try:
            self._store(words)
        except Error as error:
            log.warning("words_not_stored", error=type(error).__name__)

    def _store(self, words: str) -> None:
        names = leaks.new_names(words, given=self.given)
        found = leaks.scan(words, given=self.given, mapping=self.asked.mapping)
        with organization_scope(self.organization_id):
            if found or (names and Customer.objects.filter(name__in=names).exists()):
                self._silent = True
                clear(self.prepared.message_id)
                return
            self._show(redact.restore(words, self.asked.mapping))

    def _show(self, text: str) -> None:
        if text == self._shown:
            return
        piece = text[_sentence_start(self._shown) :] if text.startswith(self._shown) else text
        message = Message.objects.select_related("ticket").get(pk=self.prepared.message_id)
        values = {"decision_id": self.prepared.decision_id, "text": text, "updated_at": timezone.now()}
        Writing.objects.update_or_create(message=message, defaults=values)
        AIText.objects.create(
            ticket_id=message.ticket_id,
            decision_id=self.prepared.decision_id,
            kind=PARTIAL,
            text=piece.strip(),
            text_hash=text_hash(piece.strip()),
            exempt=[one.text for one in self.asked.request.passages],
        )
        self._shown = text
        publish_on_commit("draft", ticket=message.ticket.merged_into_id or message.ticket_id)


def _sentence_start(shown: str) -> int:
    """Where the last whole sentence begins: a paste is known again by whole sentences, not by half ones."""
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(shown))]
    return ends[-2] if len(ends) > 1 else 0


def clear(message_id: int) -> None:
    """The words under way are over: a draft stands in their place, or nothing does."""
    Writing.objects.filter(message_id=message_id).delete()


def so_far(message_id: int) -> str:
    """What may be shown of the draft that is being written; empty where none is."""
    fresh = Writing.objects.filter(message_id=message_id, updated_at__gt=timezone.now() - FRESH)
    return fresh.values_list("text", flat=True).first() or ""
