"""Find passwords, codes, keys and tokens: by the word before them, or by how such keys are made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aiassist.core.found import Found

_PASSWORD_WORD = (
    r"(?:pass\s?words?|passwd|pwd|pw|passw|login code|log-in code|sms code|2fa code|security answer|pass\s?code|pass\s?phrase|pin(?:[\s-]?code)?|otp|tan|security code|access code"
    r"|one[- ]time code|verification code|cvv2?|cvc2?|secret|api[ _-]?key|access[ _-]?token"
    r"|pass\s?wort|kenn\s?wort|zugangscode|sicherheitscode|geheimzahl|losung"
    r"|mot de passe|mdp|code secret|code d['’]accès|contrase(?:ñ|n)a|clave|código de acceso|wachtwoord"
    r"|senha|parola d['’]ordine)"
)
_IS = r"(?:(?:is|was|are|ist|war|lautet|est|es|era|é|è)(?!\w|['’])|=|:|->|→)"
_PASSWORD = re.compile(
    rf"(?<!\w){_PASSWORD_WORD}(?:\s+(?:for|of|für|pour|de|para)\s+(?:\w+\s+){{0,3}}?\w+)?"
    rf"(?P<link>\s*(?:{_IS}\s*:?\s*(?:set to\s+|now\s+|still\s+)?|\s(?=[\"'“„«`])|\s(?:to|into|auf|with|mit|zu|por|en|by)\s+(?=\S*[\d!#$%&*+@^~])|\s(?:number\s|no\.?\s|nummer\s)?(?=\S*\d)))"
    r"(?P<quote>[\"'“”„«»`]?)(?P<value>[^\s\"“”„«»`]{3,64})",
    re.IGNORECASE,
)
_NOT_A_PASSWORD = re.compile(
    r"(?:not|no|wrong|incorrect|invalid|expired|correct|right|required|needed|too|never|always|still|being|been|in|on"
    r"|lost|forgotten|denied|unlocked|declined|disabled|enabled|stolen|compromised|visible|secure|gone|used|using|given|the|my|a|an|that|this|it|what|asking|refused|rejected|blocked|locked|weak|strong|safe|reset"
    r"|changed|protected|case|saved|unknown|missing|different|same|ok|okay|fine|accepted|working|broken|set|sent"
    r"|nicht|falsch|richtig|abgelaufen|ungültig|korrekt|gesperrt|weg|vergessen|zu|kein|das|die|der|mein|immer"
    r"|pas|incorrecte?|faux|expiré|oublié|refusé|le|la|mon|trop|bloqué|incorrecta|caducada|olvidada|mi|demasiado"
    r"|bloqueada|and|or|but|because|so|if|when|only|just|has|have|does|doesn't|won't|isn't)[.,;:!?)]*",
    re.IGNORECASE,
)


def find_passwords(text: str) -> Iterator[Found]:
    """Yield what follows "my password is", "PIN:" and their like, unless it is a word about the password."""
    if not _HINT.search(text):
        return
    yield from _codes(text)
    for match in _PASSWORD.finditer(text):
        value = match["value"].rstrip(".,;:!?)'") or match["value"]
        plain = not re.search(r"[\d\W_]", value) and value in {value.lower(), value.capitalize()}
        if _NOT_A_PASSWORD.fullmatch(value) and not match["quote"]:
            continue
        if (
            plain
            and not match["quote"]
            and not _ends_clause(text, match.start("value") + len(value), match["link"])
        ):
            continue
        yield Found(match.start("value"), match.start("value") + len(value), "PASSWORD")


#: Without one of these letters' words there is no password, which spares most texts the long look.
_HINT = re.compile(
    r"pass|p(?:in|wd?)\b|otp|tan\b|cod[eo]|cvv|cvc|secre|key|token|wort|zahl|losung|mdp|contrase|clave|senha|parola|wachtw|answer",
    re.IGNORECASE,
)


def _ends_clause(text: str, end: int, link: str) -> bool:
    """A plain word is a password after a colon, or as the last word of its clause ("my password is sunshine")."""
    if ":" in link or "=" in link:
        return True
    return re.match(r"\s*(?:[.,;!?)\n]|$|and\b|und\b|et\b|y\b)", text[end:]) is not None


_CODE = re.compile(
    r"(?<!\w)code[:\s]+(?:is\s+|ist\s+)?(?P<value>\d{4,8}|\d{3}[ -]\d{3})(?!\w)", re.IGNORECASE
)
_CODE_OF = re.compile(
    r"verif|texted|\bsms\b|one[- ]time|authenticat|2fa|\blog[- ]?in|sign[- ]?in|unlock|bestätigung|anmelde",
    re.IGNORECASE,
)


def _codes(text: str) -> Iterator[Found]:
    for match in _CODE.finditer(text):
        if _CODE_OF.search(text[max(0, match.start() - 50) : match.end() + 60]):
            yield Found(match.start("value"), match.end("value"), "PASSWORD")


#: Keys that say by their beginning whose they are, and texts that nobody but a machine writes.
_KEYS = re.compile(
    r"(?<![\w-])(?:"
    r"sk-[\w-]{16,}|[sprw]k_(?:live|test)_\w{10,}|whsec_\w{10,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|xox[abeprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}"
    r"|npm_\w{30,}|pypi-[\w-]{30,}|hf_\w{20,}|key-[0-9a-f]{32}|shpat_[0-9a-f]{20,}|EAA\w{40,}|dop_v1_[0-9a-f]{30,}"
    r"|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
    r")"
)
_BEARER = re.compile(
    r"\b(?:bearer|basic|authorization:?(?: bearer| basic)?)\s+(?P<value>[\w.~+/=-]{16,})", re.IGNORECASE
)
_KEY_WORD = re.compile(
    r"(?<!\w)(?:(?:api|access|secret|private|auth|licen[cs]e|activation|session|client|webhook|signing|refresh|bot|recovery|backup|seed)"
    r"[ _-]?)?(?:keys?|tokens?|secrets?|schlüssel|clef?|clave|credentials?|phrase)(?:\s+\w+){0,2}?\s*(?:[=:]|is|ist|est|es|->)?\s*"
    r"[\"'“`]?(?P<value>[\w.~+/=-]{8,128})",
    re.IGNORECASE,
)


def find_keys(text: str) -> Iterator[Found]:
    """Yield keys and tokens of services, bearer tokens, private keys, and random letters after a word for a key."""
    for match in _KEYS.finditer(text):
        yield Found(match.start(), match.end(), "PASSWORD")
    for match in _BEARER.finditer(text):
        if _looks_random(match["value"]):
            yield Found(match.start("value"), match.end("value"), "PASSWORD")
    for match in _KEY_WORD.finditer(text):
        value = match["value"].rstrip(".")
        if _looks_random(value):
            yield Found(match.start("value"), match.start("value") + len(value), "PASSWORD")


def _looks_random(value: str) -> bool:
    """Letters and digits in one, as no word and no date has them."""
    letters, digits = sum(map(str.isalpha, value)), sum(map(str.isdigit, value))
    return letters >= 3 and digits >= 2 and len(value) >= 8
