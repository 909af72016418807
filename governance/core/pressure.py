"""Words that press a customer, found by local rules in the languages of the shipped mails: a floor only."""

from __future__ import annotations

import re

from governance.core.sentence import gettext_noop

UPSELL = "upsell"

PRESSURE_WORDS = {
    "hurry": gettext_noop("it hurries"),
    "scarcity": gettext_noop("it claims that there is little left"),
    "fear": gettext_noop("it frightens"),
    "blame": gettext_noop("it blames"),
    UPSELL: gettext_noop("it offers something nobody asked for"),
}

_RULES = {
    "hurry": (
        r"act now|hurry|last chance|only today|before it'?s too late|don'?t miss",
        r"nur (?:noch )?heute|jetzt zugreifen|letzte chance|schnell sein|bevor es zu spät",
        r"dernière chance|dépêchez|seulement aujourd'hui|avant qu'il ne soit trop tard",
        r"última oportunidad|date prisa|dese prisa|solo hoy|antes de que sea tarde",
    ),
    "scarcity": (
        r"only \w+ left|almost sold out|selling fast|while (?:stocks|supplies) last",
        r"nur noch (?:wenige|\d+) (?:stück|übrig|verfügbar)|fast ausverkauft|solange der vorrat reicht",
        r"plus que quelques|presque épuisé|dans la limite des stocks",
        r"quedan pocas|quedan pocos|casi agotado|hasta agotar existencias",
    ),
    "fear": (
        r"you will regret|you'?ll lose everything|or else",
        r"sie werden es bereuen|sonst verlieren sie",
        r"vous (?:allez )?(?:le )?regrette",
        r"se arrepentirá|lo lamentará",
    ),
    "blame": (
        r"your own fault|you should have known|you failed to",
        r"ihre eigene schuld|selbst schuld|hätten sie wissen müssen",
        r"de votre faute|vous auriez dû savoir",
        r"su propia culpa|debería haberlo sabido",
    ),
    UPSELL: (
        r"why not (?:also )?(?:add|try|upgrade)|upgrade (?:now|today)|you may also like|special offer for you",
        r"jetzt upgraden|das könnte ihnen auch gefallen|sonderangebot für sie",
        r"vous aimerez aussi|passez à la version supérieure|offre spéciale pour vous",
        r"también le puede gustar|oferta especial para usted|actualice ahora",
    ),
}
_FOUND = {kind: re.compile(rf"\b(?:{'|'.join(rules)})", re.IGNORECASE) for kind, rules in _RULES.items()}


def pressure(text: str) -> frozenset[str]:
    """The kinds of pressure in this text; empty when none of the rules finds any."""
    return frozenset(kind for kind, rule in _FOUND.items() if rule.search(text))
