"""Part what a customer wrote now from the earlier mail quoted with it, in the languages clients speak."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_LINES: Final = 20_000

# How clients say "wrote": with a date or an address beside it and a colon behind it, a quote begins.
_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|geschrieben|a écrit|écrit|escribió|escribio|ha scritto|scrisse|escreveu"
    r"|schreef"
    r"|skrev|kirjoitti|napisał(?:a|\(a\))?|pisze|написал(?:а|\(а\))?|пишет|писал(?:а|\(а\))?|пише"
    r"|написав|napsal(?:a|\(a\))?"
    r"|napísal(?:a|\(a\))?|írta|a scris|yazdı|έγραψε|rakstīja|rašė|kirjutas|je napisao|je napisal(?:a)?"
    r"|đã viết|menulis"
    r"|ha escrit|idatzi du|skrifaði)\b|написа|写道|寫道|書きました|のメール|님이 작성|작성:|כתב|كتب",
    re.IGNORECASE,
)
_START = re.compile(
    r"(?:on|am|le|el|il|em|op|den|w dniu|dnia|dne|dňa|a|pe|în data de|på|in data|no dia|at|vào|pada|στις"
    r"|kl\.?)\b|\d|в |"
    r"(?:mon|tue|wed|thu|fri|sat|sun|пн|вт|ср|чт|пт|сб|вс)|[\"<]|\S+@",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d\d"
    r"|\d{1,2}\.? \w{3,}|\d+ ?[年月日년월일]"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_QUOTED = re.compile(r"\s{0,3}(?:>|\|\s)")

_ORIGINAL = re.compile(
    r"[\s>*]*[-_=—]{2,}\s*(?:original(?: message| mail| email|[- ]?nachricht|bericht|meddelelse|melding)?"
    r"|ursprüngliche (?:nachricht|mail)"
    r"|(?:message|mail|courriel) (?:d'origine|d’origine|original|transféré d'origine)|message initial"
    r"|mensaje original"
    r"|mensagem original|messaggio originale|oorspronkelijk bericht|originalmeddelande"
    r"|opprinnelig melding|oprindelig meddelelse"
    r"|ursprungligt meddelande|wiadomość oryginalna|oryginalna wiadomość|исходное сообщение"
    r"|původní zpráva|alkuperäinen viesti"
    r"|eredeti üzenet|orijinal (?:mesaj|ileti)|原始邮件|原始郵件|元のメッセージ"
    r"|original appointment|reply message|reply above)"
    r"\s*[-_=—]{0,}\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"[\s>*]*(?:[-_=—]{2,}\s*(?:forwarded|weitergeleitete|message transféré|courriel transféré"
    r"|mensaje reenviado|messaggio inoltrato"
    r"|mensagem encaminhada|doorgestuurd|vidarebefordrat|videresendt|переадресован|пересылаемое"
    r"|przekazana|edelleenlähetetty|转发)"
    r"|begin forwarded message|anfang der weitergeleiteten|début du message (?:réexpédié|transféré)"
    r"|inicio del mensaje reenviado"
    r"|inizio messaggio inoltrato|begin doorgestuurd)",
    re.IGNORECASE,
)
_HEADER: Final = {
    "from": "from|von|de|da|van|från|fra|od|от|від|kimden|expéditeur|remitente|mittente|lähettäjä|feladó"
    "|发件人|寄件者|差出人|보낸 ?사람",
    "sent": "sent|gesendet|envoyé(?: le)?|enviad[oa](?: el| em)?|inviato|verzonden|skickat|sendt|wysłano"
    "|wysłane|отправлено|gönderildi|gönderilme tarihi|odesláno|lähetetty|elküldve"
    "|发送时间|寄件日期|送信日時|보낸 ?날짜",
    "date": "date|datum|fecha|data|dato|дата|tarih|päivämäärä|日期|日付|날짜",
    "to": "to|an|à|a|para|per|aan|till|til|do|кому|kime|komu|destinataire|vastaanottaja|címzett|cc|kopie"
    "|收件人|宛先|받는 ?사람",
    "subject": "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|тема|konu|předmět|aihe"
    "|tárgy|主题|主旨|件名|제목",
}
_HEADER_LINE: Final = tuple(
    (kind, re.compile(rf"[\s>*_]*(?:{words})\s*\*?\s*[:：]", re.IGNORECASE))
    for kind, words in _HEADER.items()
)
_RULE = re.compile(r"[\s>]*[-_=—*]{3,}\s*\Z")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    quoted: bool

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def split_reply(text: str) -> tuple[str, str]:
    """What is new, and the quoted rest. A mail of nothing but quotes is new, so only an empty one gives none.

    A forwarded mail is what its sender wants us to read, so it is new; so are quoted lines answered in turn.
    """
    if text.count("\n") > MAX_LINES:
        return text.strip(), ""
    lines = [_Line(line, bool(_QUOTED.match(line))) for line in text.split("\n")]
    forward = next((index for index, line in enumerate(lines) if _FORWARDED.match(line.text)), len(lines))
    cut = _history_start(lines, forward)
    kept, quoted = _without_quotes(lines[:cut])
    if not _says_something(kept):
        below, above = _answer_below(lines, cut)
        kept, quoted, cut = (below, above, len(lines)) if below else (lines, [], len(lines))
    rest = [*quoted, *lines[cut:]]
    return _joined(kept), _joined(rest)


def _says_something(lines: list[_Line]) -> bool:
    return any(not line.blank and not _RULE.match(line.text) for line in lines)


def _joined(lines: list[_Line]) -> str:
    return "\n".join(line.text.rstrip() for line in lines).strip()


def _history_start(lines: list[_Line], end: int) -> int:
    """The line where earlier mail begins and does not end again, or the number of lines."""
    for index in range(end):
        line = lines[index]
        if line.blank:
            continue
        if _ORIGINAL.fullmatch(line.text) or _header_block(lines, index):
            return _with_rule(lines, index)
        length = _attribution(lines, index)
        if length and not _answered(lines, index + length):
            return _with_rule(lines, index)
    return len(lines)


def _with_rule(lines: list[_Line], index: int) -> int:
    """Take in a ruled line right above."""
    above = index
    while above > 0 and lines[above - 1].blank:
        above -= 1
    return above - 1 if above > 0 and _RULE.match(lines[above - 1].text) else index


def _header_block(lines: list[_Line], start: int) -> bool:
    """Three or more different header lines, close together, one naming the sender."""
    if not any(pattern.match(lines[start].text) for _, pattern in _HEADER_LINE):
        return False
    kinds: set[str] = set()
    misses = 0
    for line in lines[start : start + 14]:
        found = {kind for kind, pattern in _HEADER_LINE if pattern.match(line.text)}
        kinds |= found
        misses = 0 if found else misses + (0 if line.blank else 1)
        if misses > 2:
            break
    # A customer's "From: Berlin, To: Paris, Date: 3 May" is no mail header: no subject, nothing sent.
    return "from" in kinds and bool(kinds & {"subject", "sent"}) and len(kinds) >= 3


def _attribution(lines: list[_Line], start: int) -> int:
    """How many lines from `start` are an "On DATE, NAME wrote:", 0 when they are none."""
    if lines[start].quoted:
        return 0
    joined = ""
    for count, line in enumerate(lines[start : start + 4], start=1):
        if line.blank or (count > 1 and line.quoted):
            return 0
        joined = f"{joined} {line.text.strip()}".strip()
        if len(joined) > 500:
            return 0
        if joined.endswith((":", "：", ": *", ":*")):
            found = _introduces(joined, lines, start + count) and not _begins_later(lines, start, count)
            return count if found else 0
    return 0


def _begins_later(lines: list[_Line], start: int, count: int) -> bool:
    """Whether the first line is still the customer's: the date, if any, stands in a line further down."""
    texts = [line.text.strip() for line in lines[start : start + count]]
    whole = bool(_MOMENT.search(" ".join(texts)))
    suffixes = [" ".join(texts[skip:]) for skip in range(1, count)]
    return any(
        _introduces(item, lines, start + count) and bool(_MOMENT.search(item)) == whole for item in suffixes
    )


def _introduces(joined: str, lines: list[_Line], after: int) -> bool:
    moment, address = bool(_MOMENT.search(joined)), bool(_MAIL.search(joined))
    following = next((line for line in lines[after:] if not line.blank), None)
    quote_follows = following is not None and following.quoted
    if _WROTE.search(joined):
        return quote_follows or (bool(_START.match(joined.lstrip("*_ "))) and moment)
    # Some clients write no verb at all: `26.06.2014, 14:41, "Name" <name@host>:`.
    return moment and (address or quote_follows) and len(joined) < 200 and bool(_START.match(joined))


def _answered(lines: list[_Line], start: int) -> bool:
    """Whether unquoted words follow a quote marked with `>`: history ended, an answer stands below."""
    seen_quote = False
    for line in lines[start:]:
        if line.quoted:
            seen_quote = True
        elif not line.blank:
            return seen_quote
    return False


def _without_quotes(lines: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    """Take a closing quote off; a quote above one single answer too. Quotes answered in between stay."""
    body, tail = _closing_quote(lines)
    blocks = _quote_blocks(body)
    if len(blocks) != 1:
        return body, tail
    start, end = blocks[0]
    used = _used(body, start)
    before, after = body[:start], body[end:]
    near = range(max(0, used - 4), used)
    opening = next((index for index in near if index + _attribution(body, index) == used), start)
    if not _says_something(before[:opening]) and _says_something(after):
        return after, [*body[:end], *tail]
    return body, tail


def _used(lines: list[_Line], start: int) -> int:
    """The end of the last text before `start`."""
    while start > 0 and lines[start - 1].blank:
        start -= 1
    return start


def _closing_quote(lines: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    end = _used(lines, len(lines))
    start = end
    while start > 0 and (lines[start - 1].quoted or lines[start - 1].blank):
        start -= 1
    if not any(line.quoted for line in lines[start:end]):
        return lines, []
    for back in range(1, 5):  # the line that introduces the quote goes with it
        if start - back >= 0 and _attribution(lines, start - back) == back:
            return lines[: start - back], lines[start - back :]
    return lines[:start], lines[start:]


def _quote_blocks(lines: list[_Line]) -> list[tuple[int, int]]:
    blocks: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if line.quoted and blocks and all(item.blank for item in lines[blocks[-1][1] : index]):
            blocks[-1] = (blocks[-1][0], index + 1)
        elif line.quoted:
            blocks.append((index, index + 1))
    return blocks


def _answer_below(lines: list[_Line], cut: int) -> tuple[list[_Line], list[_Line]]:
    """For mails that begin with the quote: the unquoted end, when quoting is marked."""
    last = max((index for index, line in enumerate(lines) if line.quoted), default=-1)
    if last < cut:
        return [], []
    return (lines[last + 1 :], lines[: last + 1]) if _says_something(lines[last + 1 :]) else ([], [])
