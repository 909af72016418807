"""How a member wants to be told: which kinds of notice, which of them by mail too, after how long, with what sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from helpdesk.people.models import Membership

#: Minutes without looking before a mail goes; 0 is never by mail.
AWAY_CHOICES: Final = (5, 10, 30, 120)
#: What a colleague did on purpose is mailed unless the member says otherwise; what happens by itself is not.
BY_MAIL: Final = frozenset({"mentioned", "assigned", "asked"})


@dataclass(frozen=True)
class NoticeChoices:
    """What is in force for one member."""

    muted: frozenset[str] = frozenset()  # kinds that are not told at all
    by_mail: frozenset[str] = BY_MAIL
    away_minutes: int = 10
    sound: bool = False

    def tells(self, kind: str) -> bool:
        """Whether the member wants to know of this kind."""
        return kind not in self.muted

    def mails(self, kind: str) -> bool:
        """Whether it is mailed as well when the member does not look."""
        return self.tells(kind) and kind in self.by_mail


def choices_of(member: Membership) -> NoticeChoices:
    """The member's choices; whatever is missing or not understood is the default."""
    told: Mapping[str, Any] = member.told if isinstance(member.told, dict) else {}
    minutes = told.get("away_minutes")
    return NoticeChoices(
        muted=frozenset(_texts(told.get("muted"), ())),
        by_mail=frozenset(_texts(told.get("by_mail"), BY_MAIL)),
        away_minutes=minutes if minutes in AWAY_CHOICES else NoticeChoices.away_minutes,
        sound=told.get("sound") is True,
    )


def _texts(value: Any, default: Iterable[str]) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else list(default)


@transaction.atomic
def choose(*, member: Membership, choices: NoticeChoices) -> None:
    """Keep the member's own choices; in force for the next notice."""
    member.told = {
        "muted": sorted(choices.muted),
        "by_mail": sorted(choices.by_mail),
        "away_minutes": choices.away_minutes,
        "sound": choices.sound,
    }
    member.save(update_fields=["told"])
