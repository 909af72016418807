"""What customers say, for the owner: how much they trust us, which themes they name, and words without names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from governance import figures
from governance.core.themes import THEME_WORDS, themes_of
from governance.models import SurveyAnswer
from governance.services.survey import LEAST, MOST, TRUST

LOOKS_BACK = timedelta(days=90)
#: A theme that fewer customers named could point at one of them; so could fewer words than this.
SHOWN_FROM = 5
#: The newest words that are read for themes, and of those how many are shown.
MOST_READ = 2_000
MOST_SHOWN = 50


@dataclass(frozen=True)
class Theme:
    """Something that customers write about: how many, and how much those trust us on average."""

    key: str
    words: str
    count: int
    mean: float


@dataclass(frozen=True)
class Opinions:
    """90 days: how many customers tapped, and from five on how often each answer, themes, and words without names."""

    count: int
    taps: tuple[tuple[int, int], ...]
    themes: tuple[Theme, ...]
    hidden: int
    texts: tuple[tuple[int, str], ...]
    written: int


def opinions(now: datetime | None = None) -> Opinions:
    """Read them. One query."""
    since = (now or timezone.now()) - LOOKS_BACK
    rows = SurveyAnswer.objects.filter(question=TRUST, created_at__gte=since).exclude(score=None)
    found = list(rows.order_by("-created_at").values_list("score", "text")[:MOST_READ])
    taps = Counter(score for score, _text in found)
    texts = [(score, text) for score, text in found if score is not None and text.strip()]
    shown, hidden = _themes(texts)
    return Opinions(
        count=len(found),
        taps=tuple((score, taps[score]) for score in range(MOST, LEAST - 1, -1))
        if len(found) >= SHOWN_FROM
        else (),
        themes=shown,
        hidden=hidden,
        texts=tuple(sorted(texts[:MOST_SHOWN])) if len(texts) >= SHOWN_FROM else (),
        written=len(texts),
    )


def _themes(texts: list[tuple[int, str]]) -> tuple[tuple[Theme, ...], int]:
    """Themes that enough customers named, most frequent first, and how many others there are."""
    scores: dict[str, list[int]] = {}
    for score, text in texts:
        for theme in themes_of(text):
            scores.setdefault(theme, []).append(score)
    enough = [(key, rows) for key, rows in scores.items() if len(rows) >= SHOWN_FROM]
    themes = [Theme(key, _(THEME_WORDS[key]), len(rows), sum(rows) / len(rows)) for key, rows in enough]
    return tuple(sorted(themes, key=lambda one: (-one.count, one.key))), len(scores) - len(enough)


def named_by_the_unhappy(now: datetime | None = None) -> list[Theme]:
    """Of the themes of the last 30 days, those of customers who trust us little; for a finding. One query."""
    since = (now or timezone.now()) - figures.WINDOW
    rows = SurveyAnswer.objects.filter(question=TRUST, created_at__gte=since, score__lte=2).exclude(text="")
    found = rows.values_list("score", "text")[:MOST_READ]
    return list(_themes([(score, text) for score, text in found if score is not None])[0])
