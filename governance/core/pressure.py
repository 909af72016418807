"""Words that press a customer, found by local rules in the languages of the shipped mails: a floor only.

What a text may say depends on what it answers: an offer answers a question about offers, and presses somebody who
wants to cancel. `manage.py evaluate pressure` says how much of it is found, and how often it is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import combinations

from governance.core import pressure_words
from governance.core.pressure_weights import CONSTANTS, KINDS, WEIGHTS
from governance.core.sentence import gettext_noop

UPSELL = "upsell"
HINDER = "hinder"
OFFER_FIRST = "offer_first"

PRESSURE_WORDS = {
    "hurry": gettext_noop("it hurries"),
    "scarcity": gettext_noop("it claims that there is little left"),
    "fear": gettext_noop("it frightens"),
    "blame": gettext_noop("it blames"),
    "price": gettext_noop("it makes a price for one person"),
    HINDER: gettext_noop("it makes it hard to leave or to get money back"),
    OFFER_FIRST: gettext_noop("it makes an offer before it answers a wish to leave"),
    UPSELL: gettext_noop("it offers something nobody asked for"),
}

#: From this sum of weights on a sentence presses. Chosen with the texts for training, never with the kept drafts.
THRESHOLD = 0.25
RULES = "rules"

#: Letters that look like others: what looks like a word is one for whoever reads it.
_LOOKS = str.maketrans("’ʼ`–‑аеосріухοα", "'''--aeocpiyxoa")
_END = re.compile(r"(?<=[.!?…:])\s+|\s*\n\s*")


def pressure(text: str, asked: str = "") -> frozenset[str]:
    """The kinds of pressure in this text; empty when none is found.

    `asked` is what the customer wrote. Without it an offer counts as one that nobody asked for, and only words that
    hinder whoever reads them count as hindering.
    """
    plain, leaving = folded(text), leaves(asked)
    found = _by_rules(plain) | {_by_weights(folded(part)) for part in _END.split(text)} - {""}
    if not leaving:
        found -= {HINDER} - _by_rules(plain)
        return frozenset(found - ({UPSELL} if shops(asked) else set()))
    found |= {HINDER} if _rule("WHERE_THEY_LEAVE").search(plain) else set()
    return frozenset(found | ({OFFER_FIRST} if _offers_first(plain) else set()))


def leaves(asked: str) -> bool:
    """Whether the customer wants to cancel, to give something back, or their money."""
    return _rule("LEAVING").search(folded(asked)) is not None


def shops(asked: str) -> bool:
    """Whether the customer asks what there is to have: then an offer is an answer."""
    return _rule("SHOPPING").search(folded(asked)) is not None


def folded(text: str) -> str:
    """Small letters without accents, hidden signs and look-alikes, each run of spaces one."""
    shown = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    apart = unicodedata.normalize("NFKD", shown.casefold().translate(_LOOKS))
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).split())


def signs(plain: str) -> frozenset[str]:
    """What a folded sentence has for the weights: classes of words, each two of them, and whether a rule finds it."""
    alone = sorted(name for name in pressure_words.CUES if _rule(name).search(plain))
    alone += [sign for sign in "!?" if sign in plain]
    pairs = [f"{one}+{other}" for one, other in combinations(alone, 2)]
    return frozenset([*alone, *pairs, *([RULES] if _by_rules(plain) else [])])


def _by_rules(plain: str) -> set[str]:
    return {kind for kind in pressure_words.RULES if _rule(kind).search(plain)}


def _by_weights(plain: str) -> str:
    """The kind of a sentence that the weights call pressing, or nothing."""
    rows = [WEIGHTS[sign] for sign in signs(plain) if sign in WEIGHTS]
    sums = [constant + sum(column) for constant, *column in zip(CONSTANTS, *rows, strict=True)]
    if sums[0] < THRESHOLD:
        return ""
    return max(zip(sums[1:], KINDS, strict=True))[1]


def _offers_first(plain: str) -> bool:
    """Whether an offer stands before the first sentence that answers the wish to leave."""
    offer = _rule("OFFER").search(plain)
    if offer is None:
        return False
    answer = _rule("ANSWERED").search(plain)
    return answer is None or offer.start() < answer.start()


@cache
def _rule(name: str) -> re.Pattern[str]:
    listed = pressure_words.RULES.get(name) or pressure_words.CUES.get(name) or getattr(pressure_words, name)
    lines = [f"(?:{line})" for line in listed.strip().splitlines()]
    whole = r"(?!\w)" if name in pressure_words.CUES else ""
    return re.compile(rf"(?<!\w)(?:{'|'.join(lines)}){whole}")
