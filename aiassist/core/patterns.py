"""Find structured personal data: each kind by its shape and, where it has one, by its checksum."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator

import phonenumbers
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from aiassist.core.found import Found, after_order_word
from aiassist.core.identities import find_births, find_identities
from aiassist.core.secrets import find_keys, find_passwords

__all__ = ["Found", "after_order_word", "find_structured", "has_secret", "normal"]


def find_structured(text: str) -> Iterator[Found]:
    """Yield what is found, surest kinds first; places may overlap, the caller keeps the first."""
    for finder in _FINDERS:
        yield from finder(text)


def normal(kind: str, value: str) -> str:
    """One spelling for all the ways in which the same value can be written."""
    if kind == "PHONE":
        return re.sub(r"\D", "", value).lstrip("0")[-8:]  # with or without the country
    if kind in {"CARD", "IBAN", "ID"}:
        return re.sub(r"[\W_]", "", value).upper()
    return " ".join(value.split()).casefold()


_EMAIL = re.compile(r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?![\w@])")
_OBFUSCATED = re.compile(
    r"(?<![\w.])[\w.+-]{1,64}\s?[\[({]\s?(?:at|ät|arroba)\s?[\])}]\s?[\w-]+(?:\s?[\[({]\s?(?:dot|punkt|punto)\s?[\])}]\s?|\.)[a-z]{2,10}\b",
    re.IGNORECASE,
)


def _emails(text: str) -> Iterator[Found]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            # A quote or bracket before the address belongs to the sentence.
            lead = len(match[0]) - len(match[0].lstrip("'`*{|}=/"))
            yield Found(match.start() + lead, match.end(), "EMAIL")
    for match in _OBFUSCATED.finditer(text):
        yield Found(match.start(), match.end(), "EMAIL")


_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'”»\]]+", re.IGNORECASE)
_SECRET_PARAMETER = re.compile(
    r"[?&#;](?:[\w-]*(?:token|key|sig|signature|auth|session|sid|secret|password|passwd|pwd|code|otp|hash|email"
    r"|e-mail|mail|phone|user|name|id))=[^&#]+",
    re.IGNORECASE,
)
_RANDOM = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}")


def _links(text: str) -> Iterator[Found]:
    """A link may lead to somebody's page; what leads to our own pages is for the caller to keep."""
    for match in _URL.finditer(text):
        link = match[0].rstrip(".,;:!?)")
        yield Found(match.start(), match.start() + len(link), "LINK")


def has_secret(link: str) -> bool:
    """Whether a link carries a token, a key or somebody's address: it is masked wherever it leads."""
    random = _RANDOM.search(link.partition("//")[2])
    return bool(_SECRET_PARAMETER.search(link) or random or re.search(r"//[^/]*@", link))


_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}\b", re.IGNORECASE)


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        end = _longest_iban(match[0])
        if end:
            yield Found(match.start(), match.start() + end, "IBAN")


def _longest_iban(run: str) -> int:
    """The words after an account number look like more of it: take the longest start with a right checksum."""
    for end in range(len(run), 14, -1):
        compact = re.sub(r"[ -]", "", run[:end]).upper()
        if (
            run[end - 1].isalnum()
            and (end == len(run) or not run[end].isalnum())
            and 15 <= len(compact) <= 34
            and mod_97_10.is_valid(compact[4:] + compact[:4])
        ):
            return end
    return 0


_CARD = re.compile(r"(?<![\w-])(?:\d[ -]?){12,18}\d(?![\w-])")
_CARD_GROUPS = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5}")
_CARD_WORD = re.compile(r"card|visa|master|amex|karte|carte|tarjeta|carta|kaart|cartão", re.IGNORECASE)


def _cards(text: str) -> Iterator[Found]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if not luhn.is_valid(digits) or digits[0] in "0789" or len(set(digits)) < 2:
            continue
        grouped = _CARD_GROUPS.fullmatch(match[0]) is not None
        near = _CARD_WORD.search(text[max(0, match.start() - 40) : match.start()])
        if near or grouped or not after_order_word(text, match.start()):
            yield Found(match.start(), match.end(), "CARD")


_IP4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IP6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_VERSION_BEFORE = re.compile(r"(?:version|v|release|firmware|build)\s*\.?$", re.IGNORECASE)


def _ips(text: str) -> Iterator[Found]:
    for pattern in (_IP4, _IP6):
        for match in pattern.finditer(text):
            if _is_ip(match[0]) and not _VERSION_BEFORE.search(
                text[max(0, match.start() - 12) : match.start()]
            ):
                yield Found(match.start(), match.end(), "IP")


def _is_ip(value: str) -> bool:
    if ":" in value and sum(bool(part) for part in value.split(":")) < 3:
        return False
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


_PHONE = re.compile(
    r"(?<![\w/.-])(?<!\d[,:])(?:\+|00|\()?\(?\d(?:[ \t\u00a0./()\-–]{0,3}\d){5,16}"
    r"(?:\s?(?:x|ext\.?|#)\s?\d{1,6})?(?!\w|-\d|[.,]\d)"
)
_PHONE_WORD_AFTER = re.compile(
    r"[ -]?\(?(?:office|fax|mobile|cell|home|work|phone|tel|privat|mobil|handy|telefon|portable|móvil)\b",
    re.IGNORECASE,
)
_PHONE_WORD = re.compile(
    r"(?:phone|call|tel\b|tel[.:]|telephone|mobile|cell|fax|whats\s?app|sms|text me|ring|reach|contact|dial"
    r"|telefon|handy|mobil|ruf|anruf|erreich|téléphone|portable|appel|joindre|teléfono|móvil|llám|llam|cellulare"
    r"|telefono|chiam|telefoon|bel\b|telefone|telemóvel|number is|my number|nummer ist)\W*(?:\w+\W+){0,6}$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4})(?:[ T]\d{1,2}[:.]\d{2})?"
)
_AMOUNT = re.compile(r"\d{1,3}(?:[., ]\d{3})+(?:[.,]\d{1,2})?|\d+[.,]\d{1,2}")
_REGIONS = (
    "US",
    "GB",
    "DE",
    "FR",
    "ES",
    "IT",
    "NL",
    "PT",
    "AT",
    "CH",
    "BE",
    "AU",
    "IN",
    "BR",
    "MX",
    "IE",
    "PL",
    "SE",
)


def _phones(text: str) -> Iterator[Found]:
    for match in _PHONE.finditer(text):
        if _is_phone(text, match):
            yield Found(match.start(), match.end(), "PHONE")


def _is_phone(text: str, match: re.Match[str]) -> bool:
    value = match[0]
    if _DATE.match(text, match.start()) or after_order_word(text, match.start()):
        return False
    before = text[max(0, match.start() - 60) : match.start()]
    if _PHONE_WORD.search(before) or _PHONE_WORD_AFTER.match(text, match.end()):
        return True
    if _AMOUNT.fullmatch(value):
        return False
    if value.startswith(("+", "00")):
        return _possible(value if value[0] == "+" else f"+{value[2:]}", None)
    separated = re.search(r"\d[\s./()\-–]+\d", value) is not None
    # A bare run of digits is as likely an order number; only the national 0 tells it from one.
    if not separated and not value.startswith("0"):
        return False
    return any(_possible(value, region) for region in _REGIONS)


def _possible(value: str, region: str | None) -> bool:
    try:
        parsed = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) if region else phonenumbers.is_possible_number(parsed)


_FINDERS: tuple[Callable[[str], Iterator[Found]], ...] = (
    _emails,
    _links,
    find_keys,
    find_passwords,
    _ibans,
    find_identities,
    find_births,
    _cards,
    _ips,
    _phones,
)
