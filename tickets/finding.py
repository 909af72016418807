"""Find the articles that answer a question: by words here, by meaning where a room above registered a way to tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from tickets.models import Article, ArticleStatus
from tickets.selectors.words import by_words

log = structlog.get_logger(__name__)

QUESTION_LETTERS = 300
PASSAGE_LETTERS = 320
#: Below it an article is not about the question. Chosen on `tests/questions.py`: see the AI room's `test_finding.py`.
THRESHOLD = 0.26
#: What is far behind the best is not shown beside it.
_BEHIND = 0.5
#: The model of meaning knows English: elsewhere the words count more.
_MEANING_SHARE = {"en": 0.75}
_MEANING_SHARE_ELSEWHERE = 0.5
_OWN_LANGUAGE = 0.06


@dataclass(frozen=True)
class Meant:
    """What a finder says of an article: how near it is in meaning (0 to 1), and the passage that is nearest."""

    score: float
    passage: str


@dataclass(frozen=True)
class Answer:
    """An article that answers, and the part of it that does."""

    article_id: int
    title: str
    slug: str
    language: str
    passage: str
    score: float


Finder = Callable[[str], dict[int, Meant]]
_finders: list[Finder] = []


def register_finder(finder: Finder) -> None:
    """Add a way to tell by meaning; called in `AppConfig.ready`. It gets a question and runs in the scope."""
    if finder not in _finders:
        _finders.append(finder)


def find_answers(
    question: str, *, language: str = "en", limit: int = 5, words_only: bool = False
) -> list[Answer]:
    """Published articles that answer the question, best first; those in the reader's language are preferred.

    Nothing is written by an AI and nothing is kept or logged of the question. `words_only` asks no model, for
    customers who said no to AI. A constant number of queries.
    """
    question = " ".join(question.replace("\x00", "").split())[:QUESTION_LETTERS]
    if len(question) < 2:
        return []
    words, meant = by_words(question), None if words_only else _meant(question)
    rows = Article.objects.filter(status=ArticleStatus.PUBLISHED, pk__in=words.keys() | (meant or {}).keys())
    languages = dict(rows.values_list("pk", "language"))
    scores = {
        pk: _together(words.get(pk, 0.0), meant, pk, known) + (_OWN_LANGUAGE if known == language else 0)
        for pk, known in languages.items()
    }
    best = sorted(scores, key=lambda pk: -scores[pk])[:limit]
    shown = [pk for pk in best if scores[pk] >= max(THRESHOLD, _BEHIND * scores[best[0]])]
    articles = rows.in_bulk(shown)
    return [
        _answer(articles[pk], question, (meant or {}).get(pk), scores[pk]) for pk in shown if pk in articles
    ]


def _meant(question: str) -> dict[int, Meant] | None:
    """What the finders say; None where there is none that works."""
    found: dict[int, Meant] | None = None
    for finder in _finders:
        try:
            found = (found or {}) | finder(question)
        except Exception as error:  # noqa: BLE001 - a model that does not load must not close the help centre
            log.warning("finder_failed", error=type(error).__name__)
    return found


def _together(words: float, meant: dict[int, Meant] | None, pk: int, language: str) -> float:
    """One figure of both; without a finder the words decide alone."""
    if meant is None:
        return words
    share = _MEANING_SHARE.get(language, _MEANING_SHARE_ELSEWHERE)
    return share * (meant[pk].score if pk in meant else 0.0) + (1 - share) * words


def _answer(article: Article, question: str, meant: Meant | None, score: float) -> Answer:
    english = article.language == "en"
    passage = meant.passage if meant and english else article.body
    passage = best_passage(passage, question) if len(passage) > PASSAGE_LETTERS else passage
    return Answer(article.pk, article.title, article.slug, article.language, _cut(passage), round(score, 4))


def best_passage(body: str, question: str) -> str:
    """The paragraph that shares the most beginnings of words with the question, with a lead-in's list."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", body) if part.strip()] or [body]
    asked = {word[:5] for word in re.findall(r"\w{3,}", question.lower())}

    def shared(place: int) -> tuple[int, int]:
        words = {word[:5] for word in re.findall(r"\w{3,}", paragraphs[place].lower())}
        return len(asked & words), -place

    return paragraphs[max(range(len(paragraphs)), key=shared)]


def _cut(passage: str) -> str:
    text = passage.strip()
    if len(text) <= PASSAGE_LETTERS:
        return text
    end = max(text.rfind(mark, 0, PASSAGE_LETTERS) for mark in (". ", "! ", "? ", "\n"))
    return (
        text[: end + 1].strip()
        if end > PASSAGE_LETTERS // 2
        else f"{text[:PASSAGE_LETTERS].rsplit(' ', 1)[0]}…"
    )
