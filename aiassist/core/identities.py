"""Find numbers that states and insurances give to people, by checksums or the words before them; and births."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stdnum import bitcoin, verhoeff
from stdnum.br import cpf
from stdnum.ch import ssn as ahv
from stdnum.cn import ric
from stdnum.cz import rc
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.mx import curp
from stdnum.se import personnummer
from stdnum.us import ssn

from aiassist.core.found import Found, after_order_word


def _is_aadhaar(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return verhoeff.is_valid(digits) and digits != digits[::-1]


#: Shapes that are unlike an order number; each is checked by its checksum, or by its date, before it counts.
_IDS: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(r"(?<![\w-])\d{3}([- ])\d{2}\1\d{4}(?![\w-])"), ssn.is_valid),
    (re.compile(r"\b\d{8}[ -]?[A-HJ-NP-TV-Z]\b"), dni.is_valid),
    (re.compile(r"\b[XYZ][ -]?\d{7}[ -]?[A-Z]\b"), nie.is_valid),
    (re.compile(r"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b", re.IGNORECASE), codicefiscale.is_valid),
    (re.compile(r"\b[12] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}\b"), nir.is_valid),
    (
        re.compile(r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(?:\d{2} ?){3}[A-D]\b"),
        bool,
    ),
    (re.compile(r"\b756\.?\d{4}\.?\d{4}\.?\d{2}\b"), ahv.is_valid),
    (re.compile(r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b"), cpf.is_valid),
    (re.compile(r"\b[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d\b"), curp.is_valid),
    (re.compile(r"\b[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]\b"), bool),
    (re.compile(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]\b"), hetu.is_valid),
    (re.compile(r"(?<![\w-])(?:19|20)?\d{6}[-+]\d{4}(?![\w-])"), personnummer.is_valid),
    (re.compile(r"(?<![\w-])\d{6}-\d{4}(?![\w-])"), cpr.is_valid),
    (re.compile(r"(?<![\w/])\d{6}/\d{3,4}(?![\w/])"), rc.is_valid),
    (re.compile(r"\b\d{17}[\dX]\b"), ric.is_valid),
    (re.compile(r"(?<![\w-])[2-9]\d{3}([ -])\d{4}\1\d{4}(?![\w-]| \d)"), _is_aadhaar),
    (re.compile(r"\b(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[0-9a-z]{25,60})\b"), bitcoin.is_valid),
    (re.compile(r"\b0x[0-9a-fA-F]{40}\b"), bool),
    (re.compile(r"\b(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}\b", re.IGNORECASE), bool),
)

_WORDS = (
    r"ssn|social (?:security|insurance)|sin|itin|ein|tin|tax(?:payer)?(?: id(?:entification)?| file)?|national (?:id(?:entity)?|insurance)"
    r"|nino|nhs|medicare|medicaid|driv(?:er'?s?|ing|ers) licen[cs]e|licen[cs]e plate|number plate|passport|id[- ]card|identity card"
    r"|residence permit|health (?:card|insurance)|insurance policy|patient|imei|vin|bank account|sort code|routing|swift account"
    r"|reisepass\w*|pass-?nr|personalausweis\w*|ausweis\w*|führerschein\w*|steuer-?\s?(?:id|nummer|identifikationsnummer)\w*"
    r"|sozialversicherungs\w*|rentenversicherungs\w*|krankenversicher\w*|versicherten\w*|ahv\w*|konto-?(?:nummer|nr)|blz|kennzeichen"
    r"|bsn|burgerservicenummer|rijbewijs\w*|passeport|carte d['’]identité|permis de conduire|sécurité sociale|numéro de compte|immatriculation"
    r"|pasaporte|dni|nie|nif|seguridad social|permiso de conducir|carnet de conducir|número de cuenta|matrícula|curp|rfc"
    r"|codice fiscale|carta d['’]identità|patente|pesel|cpf|cpr|personnummer|fødselsnummer|hetu|aadhaar|aadhar|pan card"
)
_ID_WORD = re.compile(
    rf"(?<!\w)(?:{_WORDS})(?:[\s-]*(?:number|no|nr|num|nummer|numéro|número|n°|nº|id|code|#)\.?)*"
    r"[\s.:#=(]*(?:is|ist|lautet|est|es|was|:)?[\s:#]*"
    r"(?P<value>(?:[A-Z]{1,3}[ -])?(?=[A-Z0-9./-]*\d[A-Z0-9]*[./-]?\d)[A-Z0-9][A-Z0-9./-]{1,22}(?: (?=[A-Z0-9-]*\d)[A-Z0-9-]+)*(?: [A-D]\b)?)(?!\w)",
    re.IGNORECASE,
)


def find_identities(text: str) -> Iterator[Found]:
    """Yield numbers of passports, insurances, taxes, cars ...: checked ones anywhere, any after a word for one."""
    if not any(map(str.isdigit, text)):
        return
    for pattern, valid in _IDS:
        for match in pattern.finditer(text):
            if valid(match[0]) and not after_order_word(text, match.start()):
                yield Found(match.start(), match.end(), "ID")
    for match in _ID_WORD.finditer(text):
        end = match.start("value") + len(match["value"].rstrip("./-"))
        if end - match.start("value") >= 5:
            yield Found(match.start("value"), end, "ID")


_MONTHS = r"(?:jan|feb|mar|mär|mae|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|déc|janv|févr|avr|juin|juil|août|ene|abr|ago|dic)\w*\.?"
_DAY = (
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./ ]\s?\d{1,2}[-./ ]\s?(?:\d{4}|\d{2})"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.|er)?(?: of| de)? {_MONTHS},?(?: de)? (?:\d{{4}}|\d{{2}})|{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
)
_BIRTH = re.compile(
    r"(?<!\w)(?:born|birth\s?day|birth\s?date|birth|d\.?o\.?b\.?|geboren|geb\.?|geburtsdatum|geburtstag|geburts\w+|née?|naissance|anniversaire"
    r"|nacid[oa]|nacimiento|cumpleaños|nat[oa]|nascita|nascid[oa]|nascimento|geboortedatum)(?:\W+\w+){0,4}?\W{0,4}"
    rf"(?P<value>{_DAY})(?!\w)",
    re.IGNORECASE,
)


def find_births(text: str) -> Iterator[Found]:
    """Yield dates that a word for being born stands before."""
    if any(map(str.isdigit, text)):
        for match in _BIRTH.finditer(text):
            yield Found(match.start("value"), match.end("value"), "BIRTH")
