"""Find names of people and street addresses by how they are written and what stands around them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pycrfsuite

from aiassist.core.found import Found, after_order_word
from aiassist.core.lexicon import EVERYDAY, FIRST, FOREIGN, KNOWN, NAME, PLACE, STREET, flags_of, words
from aiassist.core.text import word_set
from aiassist.core.tokens import Token, features, tokenize

PATH = Path(__file__).parent / "data" / "names.crfsuite"
KINDS = {"P": "PERSON", "A": "ADDRESS"}
#: From how likely on a token is masked. A name that leaves the building is worse than a word too many, so a word that
#: is written like a name needs little; a small everyday word needs much.
CAPITAL_FROM, PERSON_FROM, UNKNOWN_FROM, EVERYDAY_FROM, SMALL_FROM, ADDRESS_FROM = (
    0.08,
    0.2,
    0.35,
    0.5,
    0.6,
    0.4,
)

#: Words that the model may take for names where a text is short.
_NEVER = word_set(
    "iban bic swift ean gtin isbn sku pin puk tan otp atm vat iva tva sepa tel fax mobile e-mail email phone id nr no usd eur gbp"
    " chf aud cad jpy visa mastercard maestro amex paypal klarna sir madam team support god ok okay pdf csv html url wifi usb"
    " mwst ust sms faq app api easter christmas ostern weihnachten pâques noël"
)
#: Where one of these stands, a name in small letters may follow.
_CUES = word_set(
    "name names named thanks thank thx merci danke gracias call called calls surname nickname dear hi hello hey mr mrs ms miss dr prof regards cheers sincerely"
    " best wishes greetings husband wife mother father son daughter brother sister friend colleague boss neighbour neighbor"
    " from by with signed attn said says told asked spoke speak talked address live lives zip postcode postal"
    " heiße heisse heißt ich bin hier herr frau hallo lieber liebe gruß grüße lg mfg wohne adresse anschrift"
    " appelle suis nom bonjour cher chère monsieur madame cordialement adresse habite"
    " llamo soy nombre hola señor señora don doña saludos dirección vivo"
)
#: Everyday words that are also first names; in small letters they are words.
_WORDS_FIRST = word_set(
    "will may can do so an in no my me more see so go has had was the any all ever add else too even page price star"
    " cash made long come sure us many fee new reason store link less age soon as are am one of over them via most post bank"
    " extra give place hour mean fine well bad edit currencies passcode contactless refunded atms crypto topup"
    " love sun joy case art chance penny bill mark pat rich sue grace faith hope summer"
)
_ALPHABETIC = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = frozenset('.!?:\n>"(')

_lock = threading.Lock()


@cache
def _tagger() -> pycrfsuite.Tagger:
    """The model of this process; it holds the last text, so one thread at a time uses it."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(PATH))
    return tagger


@cache
def _plain() -> frozenset[str]:
    """Everyday words that are nobody's first name and no part of an address."""
    everyday = EVERYDAY | KNOWN | FOREIGN
    found = {
        word
        for word, flags in words().items()
        if flags & everyday and not flags & FIRST and (flags & EVERYDAY or not flags & PLACE)
    }
    return frozenset(found | _WORDS_FIRST) - _CUES


def may_name(text: str) -> bool:
    """Whether a name or an address can stand in the text at all: a cheap look that may only err towards yes.

    It cannot where every word is an everyday word in small letters or begins a sentence.
    """
    plain = _plain()
    digits = not text.isalpha() and any(map(str.isdigit, text))
    for match in _ALPHABETIC.finditer(text):
        word = match[0]
        small = word.lower()
        base = small.replace("’", "'").partition("'")[0]
        if len(base) > 1 and base not in plain and base not in _NEVER and base not in _CONTRACTED:
            return True
        if word not in {small, "I"} and small not in _NEVER and not _begins(text, match.start()):
            return True
        if digits and words().get(small, 0) & STREET:
            return True
    return False


_CONTRACTED = word_set(
    "i don can it what won isn aren didn doesn couldn wouldn shouldn haven hasn wasn weren that let there"
)


def _begins(text: str, start: int) -> bool:
    before = text[:start].rstrip(" ")
    return not before or before[-1] in _SENTENCE_END


def find_names(text: str, taken: Sequence[Found] = ()) -> Iterator[Found]:
    """Yield people and addresses, whole: words of one name or address that stand side by side are one place.

    `taken` are the places of structured data; each is seen as one word of its kind.
    """
    tokens = visible(text, taken)
    if tokens:
        for one in _runs(tokens, _labels(tokens)):
            number = text[one.start : one.end].isdigit()
            if one.kind == "PERSON" and any(map(str.isdigit, text[one.start : one.end])):
                continue  # a serial number
            # "order 7719 2204": the first number belongs to the second.
            if not number or not after_order_word(text, len(text[: one.start].rstrip("0123456789 -./"))):
                yield one


def visible(text: str, taken: Sequence[Found]) -> list[Token]:
    """The tokens outside `taken`, and one without letters for each place in it."""
    tokens = tokenize(text)
    for one in sorted(taken, reverse=True):
        inside = [i for i, token in enumerate(tokens) if token.start < one.end and token.end > one.start]
        if inside:
            tokens[inside[0] : inside[-1] + 1] = [Token(one.start, 0, f"@{one.kind}")]
    return tokens


def _labels(tokens: Sequence[Token]) -> list[str]:
    rows = features(tokens, flags_of)
    with _lock:
        tagger = _tagger()
        tagger.set(rows)
        likely = [(tagger.marginal("P", index), tagger.marginal("A", index)) for index in range(len(tokens))]
    before = ["\n", *(token.text for token in tokens)]
    return [
        _label(token.text, earlier, person, address)
        for token, earlier, (person, address) in zip(tokens, before, likely, strict=False)
    ]


def _label(word: str, before: str, person: float, address: float) -> str:
    if address >= ADDRESS_FROM and address >= person:
        return "A"
    if person < CAPITAL_FROM or word.lower() in _NEVER:
        return ""
    if not word[0].isalpha():
        return "P" if person >= EVERYDAY_FROM else ""
    flags = flags_of(word)
    if word.islower():
        needed = SMALL_FROM if flags & (EVERYDAY | KNOWN | FOREIGN) else EVERYDAY_FROM
    elif flags & FIRST and before[0].isalpha() and not word.isupper():
        needed = CAPITAL_FROM  # "I asked Bill": inside a sentence nothing else makes the word begin like that
    else:
        needed = (
            PERSON_FROM if flags & NAME and not flags & EVERYDAY else EVERYDAY_FROM if flags else UNKNOWN_FROM
        )
    return "P" if person >= needed else ""


def _runs(tokens: Sequence[Token], labels: Sequence[str]) -> Iterator[Found]:
    first = 0
    for index in range(1, len(tokens) + 1):
        if index < len(tokens) and labels[index] == labels[first]:
            continue
        if labels[first]:
            inside = [token for token in tokens[first:index] if token.text[0].isalnum()]
            if any(len(token.text) > 1 and token.text[0].isalpha() for token in inside) or _is_zip(inside):
                yield Found(inside[0].start, inside[-1].end, KINDS[labels[first]])
        first = index


def _is_zip(inside: Sequence[Token]) -> bool:
    """A postal code may stand alone; a shorter number or one letter alone is nothing."""
    return len(inside) == 1 and inside[0].text.isdigit() and 4 <= len(inside[0].text) <= 6
