"""Find names by the words before them: a greeting, a signature, "my name is". No list of names and no model decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aiassist.core.found import Found
from aiassist.core.lexicon import EVERYDAY, FIRST, FOREIGN, KNOWN, NAME, flags_of
from aiassist.core.text import word_set

_PART = r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*\.?"
_NAME = rf"(?P<name>{_PART}(?:[ \t]+(?:(?:van|von|der|den|de|da|di|del|la|le|el|bin|al|zu)[ \t]+){{0,2}}{_PART}){{0,3}})"
#: What surely stands before a name; a word after it is one unless it is an everyday word.
_BEFORE = re.compile(
    r"(?:(?<!\w)(?:my|his|her|the|your|full|first|last|our) (?:full |first |last |real |sur)?name(?: is|'s|’s|:)|(?<!\w)name[ \t]*:"
    r"|(?<!\w)(?:i'm called|i am called|call me|calls? me|i go by|named|signed by|attn:?|c/o|on behalf of|in the name of)"
    r"|(?<!\w)(?:under|speaking (?:to|with)|spoke (?:to|with)|talked (?:to|with)|by name of|thank you|thanks,?|thx|cheers,?)"
    r"|(?<!\w)(?:this is|it's|it is|hier ist|hier spricht|hier schreibt|ich heiße|ich heisse|mein name ist|heißt)"
    r"|(?<!\w)(?:je m['’]appelle|mon nom est|moi c['’]est|c['’]est|au nom de|me llamo|mi nombre es|se llama|s['’]appelle|a nombre de)"
    r"|(?<!\w)(?:hi|hello|hey|dear|hallo|liebe[rs]?|moin|servus|bonjour|bonsoir|salut|chère?|hola|querid[oa]|estimad[oa]|danke,?|merci,?|gracias,?)"
    r"|(?<!\w)(?:mr|mrs|ms|miss|dr|prof|herrn?|frau|mme|mlle|monsieur|madame|sra?|srta|señora?|don|doña)\.?"
    r")[ \t]+" + _NAME,
    re.IGNORECASE,
)
#: A name may follow these, but so may much else: only a first name counts.
_WEAK = re.compile(
    r"\b(?:thank you|thanks,?|thx|cheers,?|this is|it's|it is|c['’]est|under|don|danke,?|merci,?|gracias,?|named|heißt|call me|calls? me)[ \t]",
    re.IGNORECASE,
)
_END = re.compile(r"[ \t]*[.,!]*[ \t]*(?:\n|$|,)")
_CLOSING = re.compile(
    r"(?:^|\n)[ \t]*(?:(?:kind|best|warm|many|kindest|warmest)?[ \t]*(?:regards|wishes|greetings)|all the best|best|cheers|thanks(?: again| a lot| in advance)?"
    r"|thank you|thx|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|mit freundlichen grüßen|mit freundlichen grüssen|freundliche grüße|viele grüße"
    r"|liebe grüße|beste grüße|schöne grüße|herzliche grüße|gruß|grüße|freundlichst|mfg|lg|vg|danke|vielen dank|(?:bien )?cordialement|bien à vous|merci"
    r"|amicalement|à bientôt|(?:un )?saludos?|un cordial saludo|saludos cordiales|atentamente|gracias|muchas gracias|un abrazo)[ \t]*[,.!]?[ \t]*\n+[ \t]*"
    + _NAME
    + r"[ \t]*[,.]?[ \t]*(?=\n|$)",
    re.IGNORECASE,
)
#: "Adam's card", and "Adam, can you", and "Adam from your team" at the beginning of a sentence.
_OWNER = re.compile(r"(?<!\w)(?P<name>[^\W\d_]{3,})['’]s[ \t]+(?=[a-z])")
_SPOKEN_TO = re.compile(
    r"(?:^|[.!?\n][ \t]*)(?P<name>[^\W\d_]{2,})(?:,[ \t]+(?:can|could|would|will|are|do|did|please|thank|i|you|we|kannst|können|bitte|pouvez)(?!\w)"
    r"|[ \t]+from[ \t]+(?:your|the|support|sales)(?!\w))",
    re.IGNORECASE,
)
_NOBODY = word_set(
    "it's that what here where there let she he who how when why this one today tomorrow yesterday tonight please now"
    "there all team everyone everybody again sir madam support service customer customers you so very much for in a an the and or is"
    " not no guys folks friends ladies gentlemen shop staff dear help helpdesk colleagues company hi hello it to from of my your our"
    " zusammen damen herren kunde kunden kundendienst leute liebes alle im voraus für schön sehr tous toutes équipe monsieur madame"
    " messieurs mesdames beaucoup pour bien d'avance todos todas equipo señores amigos señor señora por de antemano buenas buenos"
    " well once already also just only what why when who how true false fine okay ok urgent wrong right me us them him her"
)


def find_cued(text: str) -> Iterator[Found]:
    """Yield names that a greeting, a signature or a word for a name introduces."""
    for match in _BEFORE.finditer(text):
        weak = _WEAK.match(match[0]) is not None
        name = match["name"]
        # "thanks nkechi": a word that no list has, alone before the end, is as surely a name as one that lists have.
        if flags_of(name) == 0 and " " not in name and len(name) > 3 and _END.match(text, match.end()):
            if name.lower() not in _NOBODY:
                yield Found(match.start("name"), match.end("name"), "PERSON")
            continue
        yield from _place(match, weak=weak)
    for pattern in (_OWNER, _SPOKEN_TO):
        for match in pattern.finditer(text):
            word = match["name"]
            if word[0].isupper() and flags_of(word) & FIRST and word.lower() not in _NOBODY:
                yield Found(match.start("name"), match.end("name"), "PERSON")
    for match in _CLOSING.finditer(text):
        if _is_name(match["name"].split()[0], weak=False):
            yield Found(match.start("name"), match.end("name"), "PERSON")


def _place(match: re.Match[str], *, weak: bool) -> Iterator[Found]:
    """As many words of the match as can be a name."""
    start = end = match.start("name")
    for word in re.finditer(r"\S+", match["name"]):
        if not _is_name(word[0], weak=weak):
            break
        end = start + word.end()
        weak = False
        if word[0].islower() != match["name"].split()[0].islower():
            break
    if end > start:
        yield Found(start, end, "PERSON")


def _is_name(word: str, *, weak: bool) -> bool:
    """Whether a word where a name is expected is one: a first name, or one that is no everyday word."""
    plain = word.strip(".,;:!?'’")
    if len(plain) < 2 or plain.lower() in _NOBODY:
        return False
    flags = flags_of(plain)
    if flags & FIRST:
        return True
    if weak:
        return bool(flags & NAME) and plain[0].isupper() and not flags & (EVERYDAY | KNOWN | FOREIGN)
    if plain[0].isupper():
        return not flags & EVERYDAY or bool(flags & NAME and not flags & FOREIGN)
    return bool(flags & NAME) and not flags & (EVERYDAY | KNOWN | FOREIGN)
