"""How urgent a message is, by what it says of the matter: never by its mood, its length or its exclamation marks."""

from __future__ import annotations

import re
from functools import cache

from aiassist.core.text import fold

LOW, NORMAL, HIGH, URGENT = 1, 2, 3, 4

#: Reason -> priority and phrases (en, de, fr, es), first that fits. "I am furious" and "URGENT" are no matter.
RULES: dict[str, tuple[int, str]] = {
    "danger": (
        URGENT,
        r"(?:caught|on) fire|smok(?:es|ing|e) (?:from|coming|out)|electric shock|gas leak|smell of gas"
        r"|sparks|burn(?:t|ed|s) my"
        r"|overheat\w*|explod\w*|brennt|rauch\w* aus|stromschlag|gasgeruch|funken|uberhitz\w*|explodier\w*"
        r"|a pris feu|fumee|decharge electrique|fuite de gaz|etincelles|surchauff\w*|se incendi\w*|humo"
        r"|descarga electrica"
        r"|fuga de gas|chispas|sobrecalent\w*",
    ),
    "fraud": (
        URGENT,
        r"(?:did not|didn't|never) (?:make|order|authori[sz]e) (?:this|that|it|the (?:payment|order|purchase))"
        r"|unauthori[sz]ed"
        r"|(?:account|card) (?:was |has been |is )?(?:hacked|stolen|compromised)"
        r"|somebody else (?:is using|ordered|used)"
        r"|(?:konto|karte)\w* (?:wurde )?(?:gehackt|gestohlen)|nicht (?:von mir|autorisiert)"
        r"|compte (?:a ete )?pirate|carte volee"
        r"|non autorise\w*|cuenta (?:ha sido )?hackeada|tarjeta robada|no autorizad\w*",
    ),
    "down": (
        HIGH,
        r"(?:cannot|can't|can not|unable to) (?:log ?in|sign ?in|check ?out|pay|access)|locked out"
        r"|(?:website|site|shop|app) is down"
        r"|nothing works|kann mich nicht (?:anmelden|einloggen)"
        r"|(?:seite|shop|app) (?:ist )?(?:nicht erreichbar|down)|ausgesperrt"
        r"|impossible de (?:me connecter|payer|acceder)|site (?:est )?(?:en panne|inaccessible)"
        r"|no puedo (?:entrar|acceder|pagar|iniciar)"
        r"|(?:web|pagina|tienda) (?:no funciona|caida)",
    ),
    "paid_twice": (
        HIGH,
        r"(?:charged|paid|billed|debited) (?:me )?(?:twice|two times|double)|double (?:charge|payment)"
        r"|zweimal (?:abgebucht|bezahlt|belastet)"
        r"|doppelt (?:abgebucht|bezahlt|belastet)|(?:preleve|debite|paye)\w* deux fois"
        r"|cobrad\w* dos veces|doble cargo",
    ),
    "soon": (
        HIGH,
        r"(?:need|arrive|leave|fly|travel|flight|event|wedding|party|deadline|delivery)\w*\b[^.!?\n]{0,40}\b"
        r"(?:today|tonight|tomorrow|this afternoon|in (?:two|three|\d{1,2}) hours)"
        r"|(?:brauche|fliege|reise|hochzeit|termin)\w*\b[^.!?\n]{0,40}\b(?:heute|morgen)\b"
        r"|(?:besoin|part|vol|mariage)\w*\b[^.!?\n]{0,40}\b(?:aujourd'hui|ce soir|demain)"
        r"|(?:necesito|salgo|vuelo|boda)\w*\b[^.!?\n]{0,40}\b(?:hoy|esta noche|manana)",
    ),
}


def urgency(text: str) -> tuple[int, str]:
    """Return the priority (2 where nothing speaks for another one) and the name of the rule that says so."""
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    folded = fold(own).replace("’", "'")
    for name, (priority, pattern) in _compiled().items():
        if pattern.search(folded):
            return priority, name
    return NORMAL, ""


@cache
def _compiled() -> dict[str, tuple[int, re.Pattern[str]]]:
    return {
        name: (priority, re.compile(rf"(?<!\w)(?:{phrases})")) for name, (priority, phrases) in RULES.items()
    }
