"""Which published articles have the words of a question: stemmed in each language, typos and compounds forgiven."""

from __future__ import annotations

import difflib
import math
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from django.db import connection

from helpdesk.tenancy.scope import current_organization_id

_ARTICLES = """
SELECT id, language, tsvector_to_array(words), tsvector_to_array(ts_filter(words, '{a}'))
FROM tickets_article WHERE status = 'published'
"""
_STATE = "SELECT count(*), max(updated_at), sum(id) FROM tickets_article WHERE status = 'published'"
#: The configuration of each language of articles, as the migration wrote it into the column.
_STEMS = """
SELECT language, tsvector_to_array(to_tsvector(configuration::regconfig, %s)) FROM (VALUES
    ('en', 'english'), ('de', 'german'), ('fr', 'french'), ('es', 'spanish'), ('it', 'italian'), ('nl', 'dutch'),
    ('pt', 'portuguese'), ('', 'simple')) AS known (language, configuration)
"""
_KEPT = 16
_TITLE, _BODY, _ALIKE = 1.0, 0.75, 0.8
#: What a word that nobody wrote weighs beside the others.
_UNKNOWN = 0.6
#: A shorter word is part of too many others.
_COMPOUND = 4


@dataclass
class _Index:
    """The words of an organization's articles, as the database stems them."""

    articles: list[tuple[int, str, frozenset[str], frozenset[str]]]
    vocabulary: dict[str, list[str]] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)


_indexes: OrderedDict[tuple[object, ...], _Index] = OrderedDict()
_lock = Lock()


def by_words(question: str) -> dict[int, float]:
    """Article id -> the share of the question's telling words that it has, 0 to 1; only those with any.

    Two queries where nothing changed since the last question, three otherwise.
    """
    index = _index()
    if not index.articles:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, [question])
        stems = {language: frozenset(words) for language, words in cursor.fetchall()}
    wanted = {
        language: _weighted(index, language, stems.get(language, stems.get("", frozenset())))
        for language in {article[1] for article in index.articles}
    }
    scores = {pk: _score(words, title, wanted[language]) for pk, language, words, title in index.articles}
    return {pk: score for pk, score in scores.items() if score > 0}


def _index() -> _Index:
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        key = (str(current_organization_id()), *cursor.fetchone())
        with _lock:
            known = _indexes.get(key)
        if known is None:
            cursor.execute(_ARTICLES)
            known = _make(
                [(pk, lang, frozenset(all_), frozenset(title)) for pk, lang, all_, title in cursor.fetchall()]
            )
            _remember(key, known)
    return known


def _make(articles: list[tuple[int, str, frozenset[str], frozenset[str]]]) -> _Index:
    index = _Index(articles)
    for _pk, language, words, _title in articles:
        index.counts.update((language, word) for word in words)
    for language, word in index.counts:
        index.vocabulary.setdefault(language, []).append(word)
    return index


def _remember(key: tuple[object, ...], index: _Index) -> None:
    with _lock:
        for old in [one for one in _indexes if one[0] == key[0]]:
            del _indexes[old]
        _indexes[key] = index
        while len(_indexes) > _KEPT:
            _indexes.popitem(last=False)


@dataclass(frozen=True)
class _Wanted:
    """A word of the question: how much it tells, and how well words of the articles stand for it."""

    weight: float
    exact: str
    alike: dict[str, float]


def _weighted(index: _Index, language: str, stems: frozenset[str]) -> list[_Wanted]:
    """Rare words tell more; a word that no article has stands for the nearest that one has."""
    size = sum(article[1] == language for article in index.articles)
    vocabulary = index.vocabulary.get(language, [])
    found = []
    for stem in sorted(stems):
        count = index.counts[language, stem]
        alike = _parts(stem, vocabulary) or ({} if count else _mistyped(stem, vocabulary))
        seen = count or min((index.counts[language, one] for one in alike), default=0)
        # A word of all articles tells little, one of none tells that something else is meant.
        weight = math.log(1 + size / seen) if seen else math.log(1 + size) * _UNKNOWN
        found.append(_Wanted(weight, stem, alike))
    return found


def _parts(stem: str, vocabulary: list[str]) -> dict[str, float]:
    """Words of which it is a part or that are part of it: German and others write them together."""
    found = {}
    for word in vocabulary:
        short, long = sorted((stem, word), key=len)
        if len(short) >= _COMPOUND and short != long and (long.startswith(short) or long.endswith(short)):
            found[word] = _ALIKE * (0.4 + 0.6 * len(short) / len(long))
    return found


def _mistyped(stem: str, vocabulary: list[str]) -> dict[str, float]:
    """The nearest words of nearly the same length."""
    near = [word for word in vocabulary if abs(len(word) - len(stem)) <= 2 and word[:1].isalpha()]
    close = difflib.get_close_matches(stem, near, n=2, cutoff=0.78) if len(stem) > 3 else []
    return dict.fromkeys(close, _ALIKE)


def _score(words: frozenset[str], title: frozenset[str], wanted: list[_Wanted]) -> float:
    whole = sum(one.weight for one in wanted)
    if not whole:
        return 0.0
    return sum(one.weight * _match(words, title, one) for one in wanted) / whole


def _match(words: frozenset[str], title: frozenset[str], one: _Wanted) -> float:
    """How well an article has one word: in the title best, and whole better than in part."""
    best = _TITLE if one.exact in title else _BODY if one.exact in words else 0.0
    for word, likeness in one.alike.items():
        if word in words:
            best = max(best, likeness * (_TITLE if word in title else _BODY))
    return best
