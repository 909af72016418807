"""What of an earlier answer may serve another customer: no personal data, none of the customer's words, no promise."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from aiassist.core import redact
from aiassist.core.commitments import commitments, is_neutral
from aiassist.core.people import KnownPerson
from aiassist.core.text import essence, sentences, words

#: So many words in a row that the customer wrote too are a quotation.
_SHINGLE = 5
#: Fewer letters than this answer nothing by themselves.
LEAST_LETTERS = 60
_PLACEHOLDER = re.compile(r"\[[A-Z]+_\d[\d_]*\]")


def reusable(
    answer: str,
    *,
    asked: Iterable[str],
    people: Sequence[KnownPerson] = (),
    keep: Sequence[str] = (),
    published: Collection[str] = (),
) -> str:
    """Return the sentences of `answer` that are true for others as well; empty where too little is left.

    Out goes each sentence with personal data (`people` are known by name; a name whose words are all `published`, in
    articles, is a product's), with five words in a row that the customer wrote (`asked`), with a promise of money, a
    date or a legal position, and every greeting.
    """
    told = frozenset(shingle for text in asked for shingle in _shingles(text))
    hidden = redact.mask(essence(answer), known=people, keep=keep)
    theirs = {word for one in people for word in words(one.name)}
    products = {
        name: value
        for name, value in hidden.mapping.items()
        if name.startswith("[PERSON_")
        and theirs.isdisjoint(found := words(value))
        and set(found) <= set(published)
    }
    masked = redact.restore(hidden.text, products)
    kept = [
        one.text
        for one in sentences(masked)
        if not _PLACEHOLDER.search(one.text)
        and not commitments(one.text)
        and not is_neutral(one.text)
        and told.isdisjoint(_shingles(one.text))
    ]
    text = "\n".join(kept)
    return text if len(text) >= LEAST_LETTERS else ""


def _shingles(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + _SHINGLE]) for start in range(len(found) - _SHINGLE + 1)}
