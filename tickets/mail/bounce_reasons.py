"""Why a mail came back: the words and status codes of mail servers, sorted into a few reasons."""

from __future__ import annotations

import re
from typing import Final, Literal

Severity = Literal["hard", "soft"]

# Reasons that mean: this address will not work again. All others may pass or are about us, not the address.
HARD: Final = frozenset({"unknown_user", "unknown_host", "moved", "accepts_no_mail"})

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_SMTP_CODE = re.compile(r"(?<![\d.\[-])([45]\d\d)(?=[ \-#]|$)(?![ -]\d+\.\d+\.\d+\.\d+)")

# First match wins: what is said in words beats codes, and the narrow cause beats the broad one.
_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("unknown_host", r"account or domain may not exist"),
    ("undelivered", r"malformed or unexpected name server"),
    (
        "mailbox_full",
        (
            r"(?:mail ?box|inbox|account|storage|disk|user|recipient'?s? ?\w{0,12})[^.\n]{0,40}(?:is "
            r"|are )?(?:full|over[ -]?quota)|over ?quota"
            r"|quota (?:is )?exceed|exceed\w{0,12} (?:its |the |his |her |their )?(?:storage |mail ?box "
            r"|disk )?(?:quota|storage|size limit)"
            r"|mailbox[^.\n]{0,30}exceed|insufficient (?:system |disk )?(?:storage|space)"
            r"|not enough (?:storage|space)|quota violation"
            r"|out of (?:storage|space)|no space left|would exceed"
        ),
    ),
    (
        "too_big",
        (
            r"(?:message|mail|size|length)[^.\n]{0,40}(?:too (?:big|large)|exceed\w{0,12}[^.\n]{0,30}(?:limit"
            r"|maximum|size))|too (?:big|large)"
        ),
    ),
    (
        "authentication",
        (
            r"\bdmarc\b|\bdkim\b|\bspf\b|sender policy framework|sender authentication"
            r"|unauthenticated (?:e-?mail|sender)|fail\w{0,12} authenticat"
            r"|(?:e-?mail|message|sender)[^.\n]{0,20} (?:is|was) (?:unauthenticated|not authenticated)"
        ),
    ),
    (
        "blocked",
        (
            r"black ?list|block ?list|\bblocked\b|spamhaus|\brbl\b|dnsbl|\breputation\b|reverse dns|\bptr\b"
            r"|\brdns\b|access denied|banned"
            r"|ip (?:address )?[^.\n]{0,30}(?:rejected|denied|listed|refused)|unverifyable sending"
            r"|client host[^.\n]{0,60}(?:rejected|denied)"
            r"|connections? (?:not accepted|rejected|refused) from|(?:bad|unresolvable"
            r"|cannot find your) (?:host|hostname)|helo"
        ),
    ),
    (
        "rate_limit",
        (
            r"too many|rate limit|too fast|throttl|exceeded the (?:maximum"
            r"|allowed)[^.\n]{0,30}(?:connections|messages|rate)|limit exceeded"
            r"|unusual(?:ly high)? rate|try again later|greylist|message rate"
        ),
    ),
    (
        "spam",
        (
            r"\bspam\w{0,12}\b|\bvirus\b|malware|bulk e-?mail|unsolicited|phish|suspicious|content (?:filter"
            r"|reject|block)|rejected (?:by|for) (?:content|policy)"
        ),
    ),
    (
        "policy",
        (
            r"policy|prohibit|not rfc|rfc ?\d+|non-?compliant|non-?conform"
            r"|relay(?:ing)? (?:access )?(?:denied|not (?:permitted|allowed))"
            r"|unable to relay|not authori[sz]ed|not permitted|we do not relay|headers? (?:is"
            r"|are)? ?(?:missing|invalid)|multiple from|tls (?:is )?required"
        ),
    ),
    (
        "sender_rejected",
        (
            r"sender (?:address |domain )?(?:was )?(?:rejected|denied|refused|unknown|invalid|verify failed)"
            r"|invalid sender|from address[^.\n]{0,30}reject"
            r"|domain of sender|sender's? (?:domain|address)|from:\s*domain is invalid|provide a valid from"
            r"|bad (?:sender|return)"
        ),
    ),
    (
        "disabled",
        (
            r"(?:account|mail ?box|user|address|recipient)[^.\n]{0,40}(?:disabled|suspend|inactive|deactivat"
            r"|discontinued|locked|expired|on hold)"
            r"|not (?:currently )?active|temporarily (?:disabled|suspended)|inactive (?:user|account|mailbox)"
        ),
    ),
    (
        "unknown_host",
        (
            r"host (?:name )?(?:is )?(?:unknown|not found|lookup (?:did not complete|failure))"
            r"|unknown (?:host|domain)|unrout(?:e)?able|domain[^.\n]{0,50}"
            r"(?:not (?:exist|found|valid)|does(?:n't| not) exist|could not be found|invalid)"
            r"|name (?:or )?service (?:error|not known)|nxdomain"
            r"|no (?:mx|such (?:host|domain))|dns (?:lookup )?(?:failure|error)"
            r"|host or domain name not found|bad destination (?:host|system)"
            r"|account or domain may not exist|cannot find[^.\n]{0,30}(?:domain|host)"
            r"|can't find[^.\n]{0,30}host|non-?existent (?:domain|host)"
        ),
    ),
    (
        "moved",
        (
            r"(?:has|have) moved|has changed (?:his|her|their|its)? ?(?:address|e-?mail)"
            r"|no forwarding address|new address is"
        ),
    ),
    (
        "accepts_no_mail",
        (
            r"null ?mx|does not accept (?:any )?(?:e-?)?mail|not accepting (?:network )?(?:messages|mail)"
            r"|no longer accept(?:s|ing)|accepts no mail"
        ),
    ),
    (
        "unknown_user",
        (
            r"(?:user|recipient|mail ?box|account|address|alias|addressee"
            r"|mailbox name)s?[^.\n]{0,60}(?:unknown|not (?:found|exist|known|listed|recogni)|"
            r"does(?:n't| not) exist|doesn't have|do(?:es)? not have|invalid|no longer (?:valid|exists)"
            r"|not a valid|rejected: undeliverable)"
            r"|(?:unknown|no such|invalid|non-?existent|bad|illegal|unrecogni[sz]ed"
            r"|undefined) (?:or (?:illegal|invalid) )?(?:local )?"
            r"(?:user|recipient|mail ?box|account|address|alias|person|addressee|destination mailbox)"
            r"|no (?:mailbox|account|user|one)(?: \w{1,30}){0,3} (?:here|by that name|with)"
            r"|not (?:our|a) (?:customer|local|known) ?(?:user)?|not our customer"
            r"|not listed in|does not like recipient|couldn't be found|wasn't found at|is not a known user"
            r"|recipnotfound|no valid recipients?"
            r"|existe pas|unbekannt|kein solcher|inconnu|desconocid|не найден|未登録|アドレスが見つか"
        ),
    ),
    (
        "undelivered",
        (
            r"time[d-]? ?out|expired|not been delivered|retry time|connection (?:refused|reset|closed|lost"
            r"|dropped)|delivery (?:has been |is |was )?delayed"
            r"|unreachable|no route|could not (?:be )?(?:connect|reach)|undelivered for|(?:unable"
            r"|not able) to (?:connect|deliver)|loop|too many hops|deferred"
            r"|still being retried|server (?:is )?(?:not responding|down|unavailable|busy)|temporar"
            r"|wasn't able to establish|no answer from host"
        ),
    ),
    (
        "server_error",
        (
            r"system (?:error|config)|internal error|configuration|command (?:died|failed)|mailer|i/o error"
            r"|\bpipe\b|unexpected"
        ),
    ),
)
_PATTERNS: Final = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _WORDS)

_BY_STATUS: Final = {
    "1.1": "unknown_user",
    "1.10": "unknown_user",
    "1.351": "unknown_user",
    "1.2": "unknown_host",
    "1.3": "unknown_user",
    "1.6": "moved",
    "1.7": "sender_rejected",
    "1.8": "sender_rejected",
    "2.0": "unknown_user_maybe",
    "2.1": "disabled",
    "2.2": "mailbox_full",
    "2.3": "too_big",
    "3.2": "accepts_no_mail",
    "3.4": "too_big",
    "4.4": "unknown_host",
    "4.7": "undelivered",
    "7.1": "policy",
    "7.25": "blocked",
    "7.26": "authentication",
    "7.27": "accepts_no_mail",
    "7.509": "authentication",
    "7.606": "blocked",
    "7.650": "blocked",
}


def status_of(text: str) -> str | None:
    """The first enhanced status code (RFC 3463) in a server's words."""
    match = _STATUS.search(text)
    return match[0] if match else None


def smtp_code_of(text: str) -> str | None:
    """The first SMTP failure code in a server's words."""
    match = _SMTP_CODE.search(text)
    return match[1] if match else None


def reason_of(words: str, status: str | None) -> str:
    """One reason for what a server said; `other` when it said nothing we know."""
    narrow = _BY_STATUS.get(status[2:], "") if status and status[:2] in {"4.", "5."} else ""
    if narrow in {"mailbox_full", "moved", "authentication", "blocked"}:
        return narrow
    for name, pattern in _PATTERNS:
        if pattern.search(words):
            return name
    return narrow if narrow and not narrow.endswith("_maybe") else "other"


def severity_of(reason: str, status: str | None, code: str | None) -> Severity:
    """Hard when the address itself is at fault and the server did not call it temporary."""
    temporary = (status or "").startswith("4.") or (not status and (code or "").startswith("4"))
    return "hard" if reason in HARD and not temporary else "soft"
