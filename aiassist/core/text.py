"""Cut text into sentences and words, and tell the customer's question from the rest of a mail."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|no|nr|mr|mrs|ms|dr|prof|st|vs|approx|incl|excl|max|min|tel|art|p\.m|a\.m|[a-z]"
    r"|z\.b|d\.h|bzw|ca|ggf|u\.a|inkl|zzgl|evtl|usw|str|ex|env|p\.ej|núm|sr|sra|\d{1,2})\.$",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…]+[\"'”»)\]]*(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*•–]|\d{1,2}[.)])\s)|\n(?=#)|(?<=:)\n")
_LIST_MARK = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")

_STOP_TEXT = """
a an the this that these those and or but if then so as at by for from in into of off on onto out over to up with without about
is am are was were be been being do does did done doing have has had having can could will would shall should may might must
i me my mine you your yours he him his she her hers it its we us our ours they them their theirs who whom whose which what
when where why how not no yes please hello hi dear thanks thank regards there here just also very too more most some any all
der die das den dem des ein eine einen einem einer eines und oder aber wenn dann so als an am bei für von im in ins aus auf zu
zum zur mit ohne über ist sind war waren sein bin hat haben hatte hatten habe kann können könnte wird werden würde soll sollte
muss müssen ich mich mir mein meine meinen meiner du sie ihr ihre ihren ihrem er es wir uns unser unsere nicht kein keine ja
nein bitte hallo danke guten tag wie was wann wo warum wer welche welcher welches auch sehr nur noch schon doch mal man
le la les l un une des du de d et ou mais si alors comme à au aux par pour dans en sur avec sans est sont était être ai as a
avons avez ont peut peux pouvez puis je j me m mon ma mes tu te ton ta tes il elle nous notre nos vous votre vos ils elles ce
cette ces ne pas non oui bonjour merci que qui quoi quand où pourquoi comment aussi très plus
el los las un una unos unas y o pero si entonces como al del por para en con sin es son era ser está están he ha han puede
puedo pueden yo mi mis tu tus su sus nos nuestro nuestra usted ustedes lo no sí hola gracias que qué quién cuándo dónde cómo
también muy más se
"""


def word_set(text: str) -> frozenset[str]:
    """The words of a text that is a list of words."""
    return frozenset(text.split())


STOP_WORDS = word_set(_STOP_TEXT)


class Sentence(NamedTuple):
    """A sentence and where it stands. `item` is set for a line of a list, `mark` is its bullet or number."""

    text: str
    start: int
    end: int
    mark: str = ""
    heading: bool = False


def sentences(text: str) -> list[Sentence]:
    """Cut into sentences, list items and headings; abbreviations and numbers do not end a sentence."""
    found: list[Sentence] = []
    start = 0
    for match in _END.finditer(text):
        if match[0].startswith(".") and _ABBREVIATION.search(
            text[max(start, match.start() - 12) : match.start() + 1]
        ):
            continue
        _add(found, text, start, match.end())
        start = match.end()
    _add(found, text, start, len(text))
    return found


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    raw = text[start:end]
    mark = _LIST_MARK.match(raw)
    heading = _HEADING.match(raw)
    # A heading is one line; what follows it is a sentence of its own.
    newline = raw.find("\n", heading.end()) if heading else -1
    if newline >= 0 and raw[newline:].strip():
        _add(found, text, start, start + newline)
        _add(found, text, start + newline, end)
        return
    lead = (mark or heading).end() if (mark or heading) else len(raw) - len(raw.lstrip())  # type: ignore[union-attr]
    content = raw[lead:].strip()
    if content:
        begin = start + raw.index(content, lead)
        bullet = mark[0].strip() if mark else ""
        found.append(
            Sentence(" ".join(content.split()), begin, begin + len(content), bullet, heading is not None)
        )


def fold(text: str) -> str:
    """Small letters, no accents: for comparing, not for offsets."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """All words, folded."""
    return [fold(word) for word in _WORD.findall(text)]


_FOLDED_STOP = frozenset(fold(word) for word in STOP_WORDS)
_ENDINGS = re.compile(
    r"(?:ungen|ung|ments?|ations?|tions?|ings?|ies|ied|ers?|ens?|ed|es|s|en|er|em|e|n|t|ly)$"
)


def stem(word: str) -> str:
    """A rough stem, the same for most forms of a word in four languages; short words stay."""
    if len(word) <= 4 or any(letter.isdigit() for letter in word):
        return word.rstrip("s") if len(word) == 4 else word
    cut = _ENDINGS.sub("", word)
    return cut if len(cut) >= 4 else word[:4]


def content(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order."""
    return [stem(word) for word in words(text) if word not in _FOLDED_STOP]


_GREETING = re.compile(
    r"^\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|liebe[rs]?"
    r"|moin|servus|grüezi|bonjour|bonsoir|cher|chère|chers|madame|salut|hola|buen[oa]s|estimad[oa]s?|querid[oa]|ciao|buongiorno"
    r"|beste|geachte|olá|caro)\b[^.?!\n]{0,50}(?:[,!.:]|\n|$)",
    re.IGNORECASE,
)
_CLOSING_TEXT = (
    r"(?:(?:kind|best|warm|many)?\s*(?:regards|wishes)|(?:yours )?(?:sincerely|faithfully)|cheers|(?:many )?thanks(?: in advance| again| a lot)?"
    r"|thank you(?: very much| so much| in advance| again)?|thx|best|(?:mit )?(?:freundlichen?|besten|liebe[n]?|viele|schöne) grü(?:ß|ss)en?"
    r"|mfg|lg|vg|danke(?: im voraus| schön)?|vielen dank(?: im voraus)?|besten dank|(?:bien )?cordialement|bien à vous|merci(?: d'avance| beaucoup)?"
    r"|(?:un )?(?:cordial(?:es)? )?saludos?(?: cordiales)?|atentamente|(?:muchas )?gracias(?: de antemano)?|met vriendelijke groet(?:en)?"
    r"|cordiali saluti|grazie|obrigad[oa])"
)
_CLOSING = re.compile(rf"^\s*{_CLOSING_TEXT}\s*[,.!]*\s*$", re.IGNORECASE)
_ASKS = re.compile(
    r"\?|\b(?:how|what|when|where|why|which|who|can (?:i|you|we)|could (?:i|you|we)|do you|does|is it|is there|are there|would you|may i"
    r"|i (?:want|need|would like|wish|wonder)|please|wie|was|wann|wo|warum|welche|kann ich|können sie|könnten sie|gibt es|möchte|bitte"
    r"|comment|quand|où|pourquoi|quel|puis-je|pouvez-vous|est-ce|je (?:veux|voudrais|souhaite)|cómo|cuándo|dónde|por qué|puedo|pueden|quiero)\b",
    re.IGNORECASE,
)


def essence(message: str) -> str:
    """The message without greeting, sign-off and quoted lines."""
    lines: list[str] = []
    for line in message.splitlines():
        if line.lstrip().startswith(">"):
            continue
        if lines and (_CLOSING.match(line) or line.strip() == "--"):
            break
        lines.append(line)
    kept = "\n".join(lines).strip()
    greeting = _GREETING.match(kept)
    if greeting and kept[greeting.end() :].strip():
        kept = kept[greeting.end() :].strip()
    return kept


def questions(message: str, limit: int = 3) -> list[str]:
    """The sentences that ask for something; real question marks first."""
    asking = [
        part.text
        for part in sentences(essence(message))
        if _ASKS.search(part.text) and len(content(part.text)) >= 2
    ]
    marked = [text for text in asking if "?" in text]
    return (marked or asking)[:limit]
