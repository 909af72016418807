"""What a text gives away: amounts of goodwill, found by local rules in four languages; a floor only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MICRO = 1_000_000
#: Something is given and nothing says how much: the least there is.
UNSIZED = 1

#: A refund of what was paid is the customer's own money and no goodwill.
_GIVES = re.compile(
    r"\b(?:goodwill|vouchers?|gift cards?|coupons?|store credit|credit notes?|compensat\w+|discounts?|on the house"
    r"|kulanz\w*|gutschein\w*|gutschrift\w*|entschädig\w+|rabatt\w*|preisnachlass|nachlass|ausgleichszahlung"
    r"|geste commercial|bons? d['’]achat|chèques?-cadeaux?|dédommag\w+|indemnis\w+|remises?|offert(?:e|s|es)?"
    r"|vales?|cup[oó]n(?:es)?|compensaci[oó]n|compensar\w*|indemniza\w+|descuentos?|bonificaci[oó]n|regal\w+)\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\b(?:not|no|cannot|can't|unable|never|kein\w*|nicht|leider|ne|pas|aucun\w*|sin|nunca|ning[uú]n\w*)\b",
    re.IGNORECASE,
)
_SIGN = r"(?:€|\$|£|eur\b|usd\b|gbp\b|chf\b|euros?\b|dollars?\b|pounds?\b|franken\b|francs?\b|d[oó]lares\b|libras\b)"
_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(rf"{_SIGN}\s?(?P<after>{_NUMBER})|(?P<before>{_NUMBER})\s?{_SIGN}", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def promised_micro(text: str, sources: Iterable[str] = ()) -> int:
    """The largest gift that a text promises, in millionths of its currency; 0 where it promises none.

    What a published source promises in the same amount is the shop's word and not this answer's. Currencies are not
    told apart: an amount is compared as a number.
    """
    known = {amount for source in sources for amount in _gifts(source)}
    return max((amount for amount in _gifts(text) if amount not in known), default=0)


def _gifts(text: str) -> Iterator[int]:
    for sentence in _SENTENCE.split(text):
        given = _GIVES.search(sentence)
        if given and not _REFUSES.search(sentence):
            yield _nearest(sentence, given.start(), given.end())


def _nearest(sentence: str, start: int, end: int) -> int:
    """Of several amounts the one beside the word: "a voucher of 20 € for orders above 50 €" gives 20."""
    found = [
        (min(abs(one.start() - end), abs(start - one.end())), _micro(one["after"] or one["before"]))
        for one in _AMOUNT.finditer(sentence)
    ]
    return min(found)[1] if found else UNSIZED


def _micro(number: str) -> int:
    """ "1.234,50", "1,234.50" and "20" as millionths."""
    plain = re.sub(r"[ ']", "", number)
    whole, mark, cents = plain, "", ""
    if match := re.fullmatch(r"(.*)([.,])(\d{1,2})", plain):
        whole, mark, cents = match[1], match[2], match[3]
    digits = re.sub(r"[.,]", "", whole)
    return int(digits) * MICRO + (int(cents.ljust(2, "0")) * MICRO // 100 if mark else 0)
